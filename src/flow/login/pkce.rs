//! Signs in with the authorization code grant and PKCE (RFC 7636) over a loopback redirect
//! (RFC 8252 section 7.3).

use std::time::Duration;

use crate::aws::GrantRequest;
use crate::domain::net::failure::FailureKind;
use crate::domain::secret::Secret;
use crate::domain::session::callback_page::{self, CallbackPage};
use crate::domain::session::definition::DEFAULT_SCOPE;
use crate::domain::session::oauth::{self, Callback};
use crate::domain::session::registration::{Grant, Registration};
use crate::domain::session::token::{RegisteredClient, TokenReply};
use crate::error::{Error, Result};
use crate::notice::{Info, Warning};
use crate::os::browser::Browser;
use crate::os::clock::random_bytes;
use crate::os::listener::{CallbackRequest, Listener, ListenerEvent, MAX_CONNECTIONS};
use crate::os::store::item::StoredItem;
use crate::os::terminal::PasteReader;

use super::messages::{
    call_failed, denied, no_browser, open_browser, report_waiting, sign_in_again, unfinished,
};
use super::register::registration;
use crate::flow::session_client::SessionClient;
use crate::flow::token::stored_token::remove_or_warn;

/// Result of a sign-in, with the browser tabs that wait for its end.
pub type SignedIn = (RegisteredClient, TokenReply, Option<WaitingTabs>);

/// Browser tabs that wait for the result of the sign-in: the one with the authorization code, and
/// others in which the user approved it as well.
#[derive(Debug)]
pub struct WaitingTabs {
    listener: Listener,
    first: Option<CallbackRequest>,
    state: String,
}

impl WaitingTabs {
    /// Shows a page in all of them.
    pub fn show(mut self, page: CallbackPage) {
        let html = callback_page::html(page);
        if let Some(request) = self.first.take() {
            request.respond("200 OK", &html);
        }
        // At most as many as the listener holds, or new ones could keep this process here.
        for _ in 0..MAX_CONNECTIONS {
            let Some(request) = self.listener.try_next() else {
                return;
            };
            match callback_in(&request, &self.state) {
                Some(_) => request.respond("200 OK", &html),
                None => refuse(request, &self.state),
            }
        }
    }
}

/// Signs in. `paste`: a user can paste the redirect URL if the browser does not reach the
/// listener. `browser_only`: nobody would see a URL.
pub fn sign_in(
    client: &SessionClient,
    start_url: &str,
    open: bool,
    paste: bool,
    browser_only: bool,
) -> Result<SignedIn> {
    let registration = registration(client, start_url, Grant::AuthorizationCode, false)?;
    // The listener is bound before the browser opens, so that no redirect comes too early.
    let mut listener = Listener::bind()?;
    let redirect_uri = oauth::redirect_uri(listener.port);
    let verifier = oauth::verifier(&random_bytes()?);
    let state = oauth::state(random_bytes()?);
    let scopes = registration
        .scopes
        .clone()
        .unwrap_or_else(|| vec![DEFAULT_SCOPE.to_owned()]);
    let address = oauth::authorize_url(
        client.aws()?.oidc_url(),
        &registration.client.id,
        &redirect_uri,
        &state,
        &oauth::challenge(&verifier),
        &scopes,
    );
    let browser = show_url(client, &address, open);
    if browser.is_none() && browser_only {
        return Err(no_browser(client));
    }
    let (answer, first) =
        wait_for_callback(client, &mut listener, &state, browser, paste, browser_only)
            .inspect_err(|_| {
                // A service that does not know the client shows its error to the user and never
                // redirects, so the next sign-in registers a new client.
                forget_registration(client);
            })?;
    let tabs = WaitingTabs {
        listener,
        first,
        state,
    };
    let (outcome, page) = match &answer {
        Callback::Code(code) => (
            exchange_code(client, &registration, code, &verifier, &redirect_uri),
            callback_page::FAILED,
        ),
        Callback::Denied(reason) => (Err(denied(client, reason)), callback_page::DENIED),
        Callback::WrongState | Callback::NotOurs => {
            (Err(unfinished(client)), callback_page::FAILED)
        }
    };
    match outcome {
        Ok(reply) => Ok((registration.client, reply, Some(tabs))),
        Err(error) => {
            tabs.show(page);
            Err(error)
        }
    }
}

fn show_url(client: &SessionClient, address: &str, open: bool) -> Option<Browser> {
    let ctx = client.ctx;
    let browser = open_browser(client, address, open);
    let session = client.session.label().to_owned();
    let url = address.to_owned();
    ctx.notices().info(match browser {
        Some(_) => Info::BrowserOpened { session, url },
        None => Info::OpenInBrowser { session, url },
    });
    report_waiting(client);
    browser
}

/// Accepts a pasted redirect URL, if a terminal is present.
fn start_paste(client: &SessionClient, wanted: bool) -> Option<PasteReader> {
    let paste = wanted.then(PasteReader::start).flatten();
    paste.inspect(|_| client.ctx.notices().info(Info::PasteAccepted))
}

/// Waits for the redirect, from the browser or from the terminal.
fn wait_for_callback(
    client: &SessionClient,
    listener: &mut Listener,
    state: &str,
    mut browser: Option<Browser>,
    may_paste: bool,
    browser_only: bool,
) -> Result<(Callback, Option<CallbackRequest>)> {
    const POLL_INTERVAL: Duration = Duration::from_millis(200);
    let mut paste = start_paste(client, may_paste && browser.is_none());
    while !client.deadline.is_over() {
        match listener.wait(POLL_INTERVAL.min(client.deadline.left()), paste.is_some()) {
            ListenerEvent::Request(request) => match callback_in(&request, state) {
                Some(answer) if request.is_from_this_user() => {
                    return Ok((answer, Some(request)));
                }
                // Another user can read the browser's argument in the list of processes, and
                // would finish the sign-in with an identity of their own.
                Some(_) => {
                    paste = paste.or_else(|| start_paste(client, may_paste));
                    let paste = paste.is_some();
                    client
                        .ctx
                        .notices()
                        .warn(Warning::ForeignCallback { paste });
                    let html = callback_page::html(callback_page::FOREIGN);
                    request.respond("403 Forbidden", &html);
                }
                None => {
                    client.ctx.trace(|| {
                        "a request that is not the answer was refused; still listening".to_owned()
                    });
                    refuse(request, state);
                }
            },
            ListenerEvent::Input => {
                while let Some(line) = paste.as_mut().and_then(PasteReader::next_line) {
                    match oauth::parse_callback(&line, state) {
                        _ if line.is_empty() => {}
                        answer @ (Callback::Code(_) | Callback::Denied(_)) => {
                            return Ok((answer, None));
                        }
                        Callback::WrongState | Callback::NotOurs => {
                            client.ctx.notices().info(Info::PasteRejected);
                        }
                    }
                }
            }
            ListenerEvent::Nothing => {}
        }
        if browser
            .as_mut()
            .is_some_and(|browser| !browser.retry_if_failed())
        {
            browser = None;
            if browser_only {
                return Err(no_browser(client));
            }
            client.ctx.notices().info(Info::BrowserFailed { url: None });
            paste = paste.or_else(|| start_paste(client, may_paste));
        }
        if let Some(paste) = &mut paste {
            paste.deliver_signals();
        }
    }
    Err(unfinished(client))
}

/// Returns the callback of this sign-in, if the request is one.
fn callback_in(request: &CallbackRequest, state: &str) -> Option<Callback> {
    match oauth::parse_callback(&request.target, state) {
        answer @ (Callback::Code(_) | Callback::Denied(_)) if request.method == "GET" => {
            Some(answer)
        }
        _ => None,
    }
}

/// Answers a request that is no callback of this sign-in with an error.
fn refuse(request: CallbackRequest, state: &str) {
    let callback = oauth::parse_callback(&request.target, state);
    let (status, page) = match (request.method.as_str(), callback) {
        ("GET" | "HEAD", Callback::NotOurs) => ("404 Not Found", callback_page::NOT_FOUND),
        ("GET", _) => ("400 Bad Request", callback_page::WRONG_STATE),
        _ => ("405 Method Not Allowed", callback_page::NOT_FOUND),
    };
    request.respond(status, &callback_page::html(page));
}

fn exchange_code(
    client: &SessionClient,
    registration: &Registration,
    code: &Secret,
    verifier: &Secret,
    redirect_uri: &str,
) -> Result<TokenReply> {
    let grant = GrantRequest::AuthorizationCode {
        code,
        verifier,
        redirect_uri,
    };
    let reply =
        client
            .aws()?
            .create_token(&registration.client, grant, client.request_limit(), None);
    reply.map_err(|failure| match failure.kind {
        FailureKind::InvalidClient => {
            forget_registration(client);
            Error::sign_in("the cached client registration is not known any more, and was removed")
                .hint(sign_in_again(client))
        }
        FailureKind::InvalidGrant => {
            Error::sign_in(format!("the sign-in was not accepted: {}", failure.detail))
                .hint(sign_in_again(client))
        }
        FailureKind::ExpiredToken => unfinished(client),
        _ => call_failed(client, failure),
    })
}

/// Deletes the client registration, so that the next sign-in registers a new client.
fn forget_registration(client: &SessionClient) {
    remove_or_warn(client.ctx, StoredItem::Registration(&client.session));
}
