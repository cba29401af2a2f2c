//! Opens the AWS console of a role.
//!
//! A URL with a sign-in token is never an argument of another program, because every user of
//! this computer can read the arguments of processes. The browser gets a loopback URL instead,
//! which redirects once.

use std::time::Duration;

use crate::context::Context;
use crate::domain::role::console::{self, ConsoleEndpoints};
use crate::domain::secret::Secret;
use crate::domain::session::auth_error::AuthError;
use crate::domain::session::callback_page;
use crate::domain::session::oauth;
use crate::domain::target::{Instance, Target};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::notice::Warning;
use crate::os::browser::{Browser, BrowserProfile};
use crate::os::clock::{Deadline, random_bytes};
use crate::os::listener::{Listener, ListenerEvent};

use super::credentials::{self, SignIn};
use super::resolve_config;
use super::session_client::SessionClient;

/// Time within which the browser must request the loopback URL.
const REDIRECT_LIMIT: Duration = Duration::from_secs(60);

/// Time within which a browser launcher reports a failure.
const LAUNCH_LIMIT: Duration = Duration::from_secs(2);

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Options of a console sign-in with role credentials.
#[derive(Clone, Copy, Debug)]
pub struct FederationOptions {
    /// Duration of the console session in minutes; by default that of the credentials.
    pub minutes: Option<u32>,
    /// Whether to end the browser's present console session first.
    pub first_out: bool,
    /// Whether to sign in to the session if that is needed.
    pub sign_in: SignIn,
}

/// URL of the console.
#[derive(Clone, Debug)]
pub enum ConsoleLink {
    /// A link of the access portal, which holds no secret.
    Portal(String),
    /// A link with a sign-in token.
    SignedIn(Secret),
}

/// Returns the link of the access portal to a role.
pub fn portal_link(
    ctx: &Context,
    target: &Target,
    destination: Option<&str>,
) -> Result<ConsoleLink> {
    let instance = resolve_config::instance_of(ctx, target)?;
    let destination = destination
        .map(|wanted| sign_in_site(target, &instance)?.destination(wanted))
        .transpose()?;
    let link = console::portal_link(
        &instance.session.start_url,
        &target.id.account,
        &target.id.role,
        destination.as_deref(),
    );
    Ok(ConsoleLink::Portal(link))
}

/// Returns the link that signs in with the credentials of a role.
///
/// Source: "Enabling custom identity broker access to the AWS console", IAM User Guide.
pub fn federated_link(
    ctx: &Context,
    target: &Target,
    destination: Option<&str>,
    options: FederationOptions,
) -> Result<ConsoleLink> {
    let instance = resolve_config::instance_of(ctx, target)?;
    let site = sign_in_site(target, &instance)?;
    let destination = site.destination(destination.unwrap_or("/"))?;
    let credentials = credentials::get(ctx, target, options.sign_in)?;
    let client = SessionClient::new(ctx, &instance, None)?;
    ctx.trace(|| format!("asking {} for a sign-in token", site.federation()));
    let token = client
        .aws()?
        .get_signin_token(&site, &credentials, options.minutes, client.request_limit())?
        .map_err(|failure| {
            let error = AuthError::Failed(failure).into_error(&client.session, None, ctx.now());
            error.within("the console gives no sign-in token")
        })?;
    let issuer = &client.session.start_url;
    let link = site.login(&token, &destination, issuer, options.first_out);
    Ok(ConsoleLink::SignedIn(link))
}

fn sign_in_site(target: &Target, instance: &Instance) -> Result<ConsoleEndpoints> {
    ConsoleEndpoints::of(target.region.as_deref().unwrap_or(&instance.session.region))
}

/// Opens a link in a browser and returns once the browser has it.
pub fn open(ctx: &Context, link: &ConsoleLink, who: &BrowserProfile) -> Result<()> {
    match link {
        ConsoleLink::Portal(address) => wait_for_launch(start(ctx, address, who)?, who),
        ConsoleLink::SignedIn(address) => redirect_once(ctx, address, who),
    }
}

fn start(ctx: &Context, address: &str, who: &BrowserProfile) -> Result<Browser> {
    let variable = ctx.var("BROWSER");
    Browser::open(who.clone(), address, variable.as_deref()).ok_or_else(|| no_browser(who))
}

fn no_browser(who: &BrowserProfile) -> Error {
    match who {
        BrowserProfile::Default => {
            Error::system("no browser could be opened").hint(Hint::SetBrowserOrPrint)
        }
        BrowserProfile::Container(name) => Error::system(format!(
            "no Firefox could be opened for the container \"{}\"",
            sanitize(name)
        ))
        .hint(Hint::InstallFirefoxOrPrint),
        BrowserProfile::Named(name) => Error::system(format!(
            "no browser could be opened with the profile \"{}\"",
            sanitize(name)
        ))
        .hint(Hint::InstallBrowserOrPrint),
    }
}

/// Waits until the launcher has failed or succeeded. A failing one ends within a moment; a
/// browser that was not running before keeps running.
fn wait_for_launch(mut browser: Browser, who: &BrowserProfile) -> Result<()> {
    let deadline = Deadline::after(LAUNCH_LIMIT);
    while !deadline.is_over() {
        if !browser.retry_if_failed() {
            return Err(no_browser(who));
        }
        if browser.has_ended() {
            break;
        }
        crate::os::clock::sleep(POLL_INTERVAL);
    }
    Ok(())
}

/// Redirects the browser once, from a loopback URL. Nobody can guess that URL, but other users
/// can read it in the list of processes, so only a process known to be this user's is redirected.
fn redirect_once(ctx: &Context, address: &Secret, who: &BrowserProfile) -> Result<()> {
    let mut listener = Listener::bind().map_err(|error| error.hint(Hint::PrintAndOpenSoon))?;
    let path = format!("/{}", oauth::state(random_bytes()?));
    let loopback_url = format!("http://127.0.0.1:{}{path}", listener.port);
    let mut browser = start(ctx, &loopback_url, who)?;
    let deadline = Deadline::after(REDIRECT_LIMIT);
    while !deadline.is_over() {
        if let ListenerEvent::Request(request) = listener.wait(POLL_INTERVAL, false) {
            let is_redirect = request.method == "GET" && request.target == path;
            let status = match is_redirect {
                true if request.is_from_this_user() => {
                    request.redirect(address);
                    return Ok(());
                }
                true => {
                    ctx.notices().warn(Warning::ForeignConsoleRequest);
                    "403 Forbidden"
                }
                false => "404 Not Found",
            };
            request.respond(status, &callback_page::html(callback_page::NOT_FOUND));
        }
        if !browser.retry_if_failed() {
            return Err(no_browser(who));
        }
    }
    Err(
        Error::system("the browser did not ask for the console's address within a minute")
            .hint(Hint::RepeatOrPrint),
    )
}
