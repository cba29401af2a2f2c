//! The AWS console of a role: its address, and the way to a browser.
//!
//! An address with a sign-in token is never an argument of another program, for every user of
//! this computer sees those. The browser gets an address of our own, which leads on once.

use std::time::Duration;

use crate::context::Context;
use crate::domain::role::console::{self, Sign};
use crate::domain::secret::Secret;
use crate::domain::session::auth_error::AuthError;
use crate::domain::session::callback_page;
use crate::domain::session::oauth;
use crate::domain::target::Target;
use crate::domain::target::instance::Instance;
use crate::domain::target::request::Request;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::notice::{Trace, Warning};
use crate::os::browser::{Browser, Who};
use crate::os::clock::{Deadline, random};
use crate::os::listener::{Event, Listener, Request as Asked};

use super::credentials::{self, SignIn};
use super::session_client::SessionClient;
use super::{resolve, resolve_config};

/// How long a browser may take to come for the address.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it is watched whether an opener fails.
const WATCHED: Duration = Duration::from_secs(2);

const BEAT: Duration = Duration::from_millis(100);

/// What is wanted of a sign-in by token.
#[derive(Clone, Copy, Debug)]
pub struct Federation {
    /// How long the console's session lasts; by default as long as the credentials.
    pub minutes: Option<u32>,
    /// End the browser's session with the console before.
    pub first_out: bool,
    /// Whether to sign in to the session when that is needed.
    pub sign_in: SignIn,
}

/// An address of the console.
#[derive(Clone, Debug)]
pub enum Link {
    /// It says only what the portal is to show.
    Portal(String),
    /// It signs in.
    SignedIn(Secret),
}

/// The link of the portal to a role.
pub fn portal(
    ctx: &Context,
    request: &Request,
    destination: Option<&str>,
) -> Result<(Target, Link)> {
    let target = resolve::target(ctx, request)?;
    let instance = resolve_config::instance_of(ctx, &target)?;
    let destination = destination
        .map(|wanted| place(&target, &instance)?.destination(wanted))
        .transpose()?;
    let link = console::portal_link(
        &instance.session.start_url,
        target.account(),
        target.role(),
        destination.as_deref(),
    );
    Ok((target, Link::Portal(link)))
}

/// The address that signs in with the credentials of a role.
pub fn federated(
    ctx: &Context,
    request: &Request,
    destination: Option<&str>,
    wish: Federation,
) -> Result<(Target, Link)> {
    let target = resolve::target(ctx, request)?;
    let instance = resolve_config::instance_of(ctx, &target)?;
    let place = place(&target, &instance)?;
    let destination = place.destination(destination.unwrap_or("/"))?;
    let credentials = credentials::get(ctx, &target, wish.sign_in)?;
    let client = SessionClient::new(ctx, &instance, None)?;
    ctx.notices().trace(|| Trace::RequestingSigninToken {
        host: place.federation().to_string(),
    });
    let token = client
        .aws()?
        .signin_token(&place, &credentials, wish.minutes, client.request_limit())?
        .map_err(|failure| {
            let error = AuthError::Failed(failure).into_error(&client.session, None, ctx.now());
            error.within("the console gives no sign-in token")
        })?;
    let issuer = &client.session.start_url;
    let link = place.login(&token, &destination, issuer, wish.first_out);
    Ok((target, Link::SignedIn(link)))
}

fn place(target: &Target, instance: &Instance) -> Result<Sign> {
    Sign::of(target.region().unwrap_or(&instance.session.region))
}

/// Opens it in a browser, and stays until that has it.
pub fn open(ctx: &Context, link: &Link, who: &Who) -> Result<()> {
    match link {
        Link::Portal(address) => watch(start(ctx, address, who)?, who),
        Link::SignedIn(address) => lead_on(ctx, address, who),
    }
}

fn start(ctx: &Context, address: &str, who: &Who) -> Result<Browser> {
    let variable = ctx.var("BROWSER");
    Browser::open_as(who.clone(), address, variable.as_deref()).ok_or_else(|| none(who))
}

fn none(who: &Who) -> Error {
    match who {
        Who::Usual => Error::system("no browser could be opened").hint(Hint::SetBrowserOrPrint),
        Who::Container(name) => Error::system(format!(
            "no Firefox could be opened for the container \"{}\"",
            sanitize(name)
        ))
        .hint(Hint::InstallFirefoxOrPrint),
        Who::Profile(name) => Error::system(format!(
            "no browser could be opened with the profile \"{}\"",
            sanitize(name)
        ))
        .hint(Hint::InstallBrowserOrPrint),
    }
}

/// An opener that fails says so within a moment; a browser stays.
fn watch(mut browser: Browser, who: &Who) -> Result<()> {
    let deadline = Deadline::after(WATCHED);
    while !deadline.is_over() {
        if !browser.is_fine() {
            return Err(none(who));
        }
        if browser.has_ended() {
            break;
        }
        crate::os::clock::sleep(BEAT);
    }
    Ok(())
}

/// The one-time redirect. Its address can be guessed by nobody, and read by other users in the
/// list of processes: so it leads on only once, and whoever comes must be this user.
fn lead_on(ctx: &Context, address: &Secret, who: &Who) -> Result<()> {
    let mut listener = Listener::bind().map_err(|error| error.hint(Hint::PrintAndOpenSoon))?;
    let path = format!("/{}", oauth::state(random()?));
    let own = format!("http://127.0.0.1:{}{path}", listener.port());
    let mut browser = start(ctx, &own, who)?;
    let deadline = Deadline::after(PATIENCE);
    while !deadline.is_over() {
        if let Event::Request(request) = listener.wait(BEAT, false) {
            match judge(&request, &path) {
                Verdict::LeadOn => {
                    request.redirect(address);
                    return Ok(());
                }
                Verdict::Foreign => {
                    ctx.notices().warn(Warning::ForeignConsoleRequest);
                    request.answer(
                        "403 Forbidden",
                        &callback_page::html(callback_page::NOT_FOUND),
                    );
                }
                Verdict::Other => request.answer(
                    "404 Not Found",
                    &callback_page::html(callback_page::NOT_FOUND),
                ),
            }
        }
        if !browser.is_fine() {
            return Err(none(who));
        }
    }
    Err(
        Error::system("the browser did not ask for the console's address within a minute")
            .hint(Hint::RepeatOrPrint),
    )
}

enum Verdict {
    LeadOn,
    Foreign,
    Other,
}

fn judge(request: &Asked, path: &str) -> Verdict {
    match request.method == "GET" && request.target == path {
        false => Verdict::Other,
        true if request.is_of_another_user() => Verdict::Foreign,
        true => Verdict::LeadOn,
    }
}
