//! The device code grant: one poll of a device code (RFC 8628 §3.5).
//!
//! The first poll may come at once, since AWS CLI polls before it asks the user. The interval
//! then counts from poll to poll, and each poll that is too fast lengthens it permanently.

use super::{OidcException, error_response};
use crate::http::Response;
use crate::state::State;
use crate::state::records::Decision;

/// Tolerated shortfall of the interval: clients start measuring at another moment.
const POLL_TOLERANCE_MS: u64 = 50;

/// Redeems a device code and returns the portal session if the user has approved.
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
            "The device code belongs to another client",
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
        // The interval cannot be measured after the clock was moved back.
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
