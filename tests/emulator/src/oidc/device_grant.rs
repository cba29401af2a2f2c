//! The device grant: one poll of a device code (RFC 8628 §3.5).
//!
//! The first poll may come at once, for AWS CLI tries before it asks the user; from then on
//! the interval counts from poll to poll, and a too_fast one makes it longer for good.

use super::{OidcException, error_response};
use crate::http::Response;
use crate::state::State;
use crate::state::records::Decision;

/// What the interval may be short of: clients measure it from another moment than we do.
const POLL_TOLERANCE_MS: u64 = 50;

/// The portal session a poll leads to, once the user approved.
pub(super) fn redeem_device_code(
    state: &mut State,
    device_code: &str,
    client_id: &str,
    now: u64,
) -> Result<String, Response> {
    let strict = state.options.strict_interval;
    let Some(device) = state.devices.get_mut(device_code) else {
        return Err(error_response(
            OidcException::InvalidGrant,
            "Invalid device code provided",
        ));
    };
    if device.client_id != client_id {
        return Err(error_response(
            OidcException::InvalidGrant,
            "The device code is another client's",
        ));
    }
    if device.redeemed {
        return Err(error_response(
            OidcException::InvalidGrant,
            "The device code has been used",
        ));
    }
    if device.expires <= now {
        return Err(error_response(
            OidcException::ExpiredToken,
            "Device code has expired",
        ));
    }
    let previous = device.last_poll.replace(now);
    let too_fast = previous.is_some_and(|then| {
        // A clock that was moved back says nothing about haste.
        now >= then && now - then + POLL_TOLERANCE_MS < device.interval.saturating_mul(1000)
    });
    if strict && too_fast {
        device.interval = device.interval.saturating_add(5);
        return Err(error_response(
            OidcException::SlowDown,
            "Polling too fast: wait five seconds longer",
        ));
    }
    match device.decision {
        None => Err(error_response(
            OidcException::AuthorizationPending,
            "The user has not answered yet",
        )),
        Some(Decision::Deny) => Err(error_response(
            OidcException::AccessDenied,
            "The user denied access",
        )),
        Some(Decision::Approve) => {
            device.redeemed = true;
            let start_url = device.start_url.clone();
            Ok(state.join_or_start_session(&start_url, now))
        }
    }
}
