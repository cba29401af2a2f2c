//! The device flow (RFC 8628): a code here, the approval on any other device.

use std::time::Duration;

use crate::aws::{DeviceAuthorization, GrantRequest};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::oauth::{DevicePoll, Step};
use crate::domain::session::registration::Grant;
use crate::domain::session::token::{Client, TokenReply};
use crate::domain::text::shown;
use crate::error::Result;
use crate::os::browser::Browser;
use crate::os::clock;

use super::register::registration;
use super::{LIMIT, denied, flow_error, tell_to_wait, unfinished};
use crate::flow::session_client::Job;

/// Signs in.
pub fn sign_in(job: &Job, start_url: &str, open: bool) -> Result<(Client, TokenReply)> {
    let (client, device) = start(job, start_url)?;
    let elapsed = || job.deadline.elapsed().as_secs();
    let began = elapsed();
    let mut poll = DevicePoll::new(device.interval, device.expires_in, LIMIT.as_secs());
    // A first attempt before anybody is bothered: the code may be approved already.
    let mut browser = None;
    let mut shown_to_user = false;
    loop {
        let limit = job.request_limit();
        let attempt = job.aws()?.create_token(
            &client,
            GrantRequest::DeviceCode(&device.device_code),
            limit,
            None,
        );
        let failure = match attempt {
            Ok(reply) => return Ok((client, reply)),
            Err(failure) => failure,
        };
        match poll.after(failure.kind, elapsed() - began) {
            Step::Wait(seconds) => {
                if !std::mem::replace(&mut shown_to_user, true) {
                    browser = show(job, &device, open);
                }
                wait(job, &mut browser, &device, seconds);
                if job.deadline.is_over() {
                    return Err(unfinished(job));
                }
            }
            Step::Expired => return Err(unfinished(job)),
            Step::Fail if failure.kind == FailureKind::AccessDenied => {
                return Err(denied(job, "it was denied in the browser"));
            }
            Step::Fail => return Err(flow_error(job, failure)),
        }
    }
}

/// Registers where needed and asks for a code. A cached registration that the server does
/// not know any more is replaced, once.
fn start(job: &Job, start_url: &str) -> Result<(Client, DeviceAuthorization)> {
    let mut anew = false;
    loop {
        let client = registration(job, start_url, Grant::DeviceCode, anew)?.client;
        match job
            .aws()?
            .start_device(&client, start_url, job.request_limit())
        {
            Ok(device) => return Ok((client, device)),
            Err(failure) if failure.kind == FailureKind::InvalidClient && !anew => anew = true,
            Err(failure) => return Err(flow_error(job, failure)),
        }
    }
}

fn show(job: &Job, device: &DeviceAuthorization, open: bool) -> Option<Browser> {
    let ctx = job.ctx;
    let label = shown(job.session.label());
    let complete = device.verification_uri_complete.as_deref();
    let browser = open.then(|| {
        let address = complete.unwrap_or(&device.verification_uri);
        Browser::open(address, ctx.var("BROWSER").as_deref())
    });
    let code = shown(&device.user_code);
    let address = shown(&device.verification_uri);
    let browser = browser.flatten();
    match &browser {
        Some(_) => {
            ctx.say(&format!("A browser opens to sign in to {label}. Check that it shows this code:\n\n    {code}\n\nIf none opens, go to {address} and type the code."));
        }
        None => {
            ctx.say(&format!("To sign in to {label}, open this page on any device:\n\n    {address}\n\nand type this code:\n\n    {code}\n"));
            if let Some(complete) = complete {
                ctx.say(&format!(
                    "This address has the code in it:\n\n    {}\n",
                    shown(complete)
                ));
            }
        }
    }
    tell_to_wait(job);
    browser
}

fn wait(job: &Job, browser: &mut Option<Browser>, device: &DeviceAuthorization, seconds: u64) {
    const BEAT: Duration = Duration::from_millis(200);
    let mut left = Duration::from_secs(seconds).min(job.deadline.left());
    while !left.is_zero() {
        clock::sleep(left.min(BEAT));
        left = left.saturating_sub(BEAT);
        if browser.as_mut().is_some_and(|browser| !browser.is_fine()) {
            *browser = None;
            job.ctx.say(&format!(
                "No browser could be opened; go to {}",
                shown(&device.verification_uri)
            ));
        }
    }
}
