//! StartDeviceAuthorization: issues a device code and a user code.

use serde_json::json;

use super::request_body::{Body, Kind};
use super::{OidcException, authenticate, error_response};
use crate::http::{Request, Response, form};
use crate::state::records::{DEVICE_GRANT, DeviceAuthorization};
use crate::state::{State, expiry_after};

const MEMBERS: &[(&str, Kind)] = &[
    ("clientId", Kind::Text),
    ("clientSecret", Kind::Text),
    ("startUrl", Kind::Text),
];

pub(crate) fn start_device_authorization(
    state: &mut State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let body = Body::parse(request, MEMBERS)?;
    let client_id = body.required("clientId")?;
    let secret = body.required("clientSecret")?;
    let start_url = body.required("startUrl")?;
    let client = authenticate(state, client_id, secret, now)?;
    if !client.allows_grant(DEVICE_GRANT) {
        let text = "Client is not authorized for the device code grant";
        return Err(error_response(OidcException::UnauthorizedClient, text));
    }
    let known = &state.options.start_urls;
    if !start_url.starts_with("https://")
        || !(known.is_empty() || known.iter().any(|url| url == start_url))
    {
        return Err(error_response(
            OidcException::InvalidRequest,
            "Invalid startUrl provided",
        ));
    }
    let device_code = state.ids.url_safe(2);
    let user_code = state.ids.user_code();
    let device = DeviceAuthorization {
        user_code: user_code.clone(),
        client_id: client_id.to_owned(),
        start_url: start_url.to_owned(),
        expires: expiry_after(now, state.options.device_code_seconds),
        decision: state.take_preset_decision(),
        interval: state.options.interval,
        last_poll: None,
        redeemed: false,
    };
    state.devices.insert(device_code.clone(), device);
    let page = format!("{}/device", request.base);
    let reply = json!({
        "deviceCode": device_code,
        "userCode": user_code,
        "verificationUri": page,
        "verificationUriComplete": format!("{page}?user_code={}", form::percent_encode(&user_code)),
        "expiresIn": state.options.device_code_seconds,
        "interval": state.options.interval,
    });
    Ok(Response::json(200, &reply))
}
