//! Signs in with the device authorization grant (RFC 8628): the user approves a code on any
//! device.

use std::time::Duration;

use crate::aws::{DeviceAuthorization, GrantRequest};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::login_flow::SIGN_IN_LIMIT;
use crate::domain::session::oauth::{DevicePoll, PollStep};
use crate::domain::session::registration::Grant;
use crate::domain::session::token::RegisteredClient;
use crate::error::Result;
use crate::notice::Info;
use crate::os::browser::Browser;
use crate::os::clock;

use super::messages::{call_failed, denied, open_browser, report_waiting, unfinished};
use super::pkce::SignedIn;
use super::register::registration;
use crate::flow::session_client::SessionClient;

/// Signs in with a device code.
pub fn sign_in(client: &SessionClient, start_url: &str, open: bool) -> Result<SignedIn> {
    let (registered, device) = start(client, start_url)?;
    let elapsed = || client.deadline.elapsed().as_secs();
    let began = elapsed();
    let mut poll = DevicePoll::new(device.interval, device.expires_in, SIGN_IN_LIMIT.as_secs());
    // The first request comes before the code is shown: it may be approved already.
    let mut browser = None;
    let mut shown_to_user = false;
    loop {
        let (aws, limit) = (client.aws()?, client.request_limit());
        let grant = GrantRequest::DeviceCode(&device.device_code);
        let failure = match aws.create_token(&registered, grant, limit, None) {
            Ok(reply) => return Ok((registered, reply, None)),
            Err(failure) => failure,
        };
        match poll.after(failure.kind, elapsed() - began) {
            PollStep::Wait(seconds) => {
                if !std::mem::replace(&mut shown_to_user, true) {
                    browser = show_code(client, &device, open);
                }
                wait(client, &mut browser, &device, seconds);
                if client.deadline.is_over() {
                    return Err(unfinished(client));
                }
            }
            PollStep::Expired => return Err(unfinished(client)),
            PollStep::Fail if failure.kind == FailureKind::AccessDenied => {
                return Err(denied(client, "it was denied in the browser"));
            }
            PollStep::Fail => return Err(call_failed(client, failure)),
        }
    }
}

/// Requests a device code. A cached client registration that the service does not know any more
/// is replaced, once.
fn start(
    client: &SessionClient,
    start_url: &str,
) -> Result<(RegisteredClient, DeviceAuthorization)> {
    let mut anew = false;
    loop {
        let registered = registration(client, start_url, Grant::DeviceCode, anew)?.client;
        let (aws, limit) = (client.aws()?, client.request_limit());
        match aws.start_device_authorization(&registered, start_url, limit) {
            Ok(device) => return Ok((registered, device)),
            Err(failure) if failure.kind == FailureKind::InvalidClient && !anew => anew = true,
            Err(failure) => return Err(call_failed(client, failure)),
        }
    }
}

fn show_code(client: &SessionClient, device: &DeviceAuthorization, open: bool) -> Option<Browser> {
    let ctx = client.ctx;
    let complete = device.verification_uri_complete.as_deref();
    let address = complete.unwrap_or(&device.verification_uri);
    let browser = open_browser(client, address, open);
    let session = client.session.label().to_owned();
    let url = device.verification_uri.clone();
    let code = device.user_code.clone();
    ctx.notices().info(match browser {
        Some(_) => Info::BrowserOpenedForCode { session, url, code },
        None => Info::EnterCode {
            session,
            url,
            code,
            url_with_code: complete.map(str::to_owned),
        },
    });
    report_waiting(client);
    browser
}

fn wait(
    client: &SessionClient,
    browser: &mut Option<Browser>,
    device: &DeviceAuthorization,
    seconds: u64,
) {
    const POLL_INTERVAL: Duration = Duration::from_millis(200);
    let mut left = Duration::from_secs(seconds).min(client.deadline.left());
    while !left.is_zero() {
        clock::sleep(left.min(POLL_INTERVAL));
        left = left.saturating_sub(POLL_INTERVAL);
        if browser
            .as_mut()
            .is_some_and(|browser| !browser.retry_if_failed())
        {
            *browser = None;
            client.ctx.notices().info(Info::BrowserFailed {
                url: Some(device.verification_uri.clone()),
            });
        }
    }
}
