//! The device grant: one poll of a device code (RFC 8628 §3.5).
//!
//! The first poll may come at once, for AWS CLI tries before it asks the user; from then on
//! the interval counts from poll to poll, and a hasty one makes it longer for good.

use super::{Exception, refuse};
use crate::http::Response;
use crate::state::State;
use crate::state::records::Decision;

/// What the interval may be short of: clients measure it from another moment than we do.
const TOLERANCE_MS: u64 = 50;

/// The portal session a poll leads to, once the user approved.
pub(super) fn poll(
    state: &mut State,
    device_code: &str,
    client_id: &str,
    now: u64,
) -> Result<String, Response> {
    let strict = state.options.strict_interval;
    let Some(device) = state.devices.get_mut(device_code) else {
        return Err(refuse(
            Exception::InvalidGrant,
            "Invalid device code provided",
        ));
    };
    if device.client_id != client_id {
        return Err(refuse(
            Exception::InvalidGrant,
            "The device code is another client's",
        ));
    }
    if device.redeemed {
        return Err(refuse(
            Exception::InvalidGrant,
            "The device code has been used",
        ));
    }
    if device.expires <= now {
        return Err(refuse(Exception::ExpiredToken, "Device code has expired"));
    }
    let previous = device.last_poll.replace(now);
    let hasty = previous.is_some_and(|then| {
        // A clock that was moved back says nothing about haste.
        now >= then && now - then + TOLERANCE_MS < device.interval.saturating_mul(1000)
    });
    if strict && hasty {
        device.interval = device.interval.saturating_add(5);
        return Err(refuse(
            Exception::SlowDown,
            "Polling too fast: wait five seconds longer",
        ));
    }
    match device.decision {
        None => Err(refuse(
            Exception::AuthorizationPending,
            "The user has not answered yet",
        )),
        Some(Decision::Deny) => Err(refuse(Exception::AccessDenied, "The user denied access")),
        Some(Decision::Approve) => {
            device.redeemed = true;
            let start_url = device.start_url.clone();
            Ok(state.sign_in(&start_url, now))
        }
    }
}
