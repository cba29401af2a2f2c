//! What a flow reports while it runs: progress, warnings and traces, as values.
//!
//! A flow hands them to a [`Notices`]; the command line words and prints them, a library
//! forwards them to a callback. No value holds a secret.

use std::cell::RefCell;
use std::fmt;
use std::time::Duration;

/// One thing that a flow reports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Tells the user what happens or what to do now.
    Info(Info),
    /// Something failed that does not stop the command.
    Warning(Warning),
    /// A decision or a step, for somebody who looks for the cause of something.
    Trace(Trace),
}

/// A step that the user sees or takes part in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Info {
    /// A command goes on with a sign-in, for this reason.
    SignInStarts {
        /// A finished sentence that names the session.
        reason: String,
    },
    /// Another process is signing in to the same session.
    WaitingForSignIn { session: String, pid: u32 },
    /// A browser was started at the authorization page.
    BrowserOpened { session: String, url: String },
    /// The user must open the authorization page.
    OpenInBrowser { session: String, url: String },
    /// A browser was started at the device page, which shows `code`.
    BrowserOpenedForCode {
        session: String,
        url: String,
        code: String,
    },
    /// The user must open the device page on any device and type the code.
    EnterCode {
        session: String,
        url: String,
        code: String,
        /// The page with the code already in it, where the service gives one.
        url_with_code: Option<String>,
    },
    /// The sign-in waits for the user at most this long.
    WaitingForUser { limit: Duration },
    /// The address at which the browser ends may be pasted into the terminal.
    PasteAccepted,
    /// The pasted text is not the redirect address of this sign-in.
    PasteRejected,
    /// The browser that was started ended at once. `url` repeats the page of the device flow.
    BrowserFailed { url: Option<String> },
    /// A signal arrived while a refresh token was being spent; the process ends after it.
    EndingAfterRefresh,
    /// A variable selects another profile than the trusted `.aws-sso` file.
    DirectoryOutranked {
        variable: String,
        profile: String,
        file: String,
        /// The role that the file selects, as people are told of it.
        role: String,
    },
}

/// A failure that costs something but does not stop the command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A lock file exists and cannot be opened; the command goes on without the lock.
    LockNotOpened { directory: String, error: String },
    /// A refreshed token could not be written.
    TokenNotStored { error: String },
    /// Role credentials were delivered and not written.
    CredentialsNotStored { path: String, reason: String },
    /// A client registration could not be written.
    RegistrationNotStored { path: String, error: String },
    /// A listing could not be written.
    ListingNotStored { path: String, error: String },
    /// A rejected file could not be deleted.
    FileNotRemoved { path: String, error: String },
    /// The list of cached roles cannot be read, so a sign-out may miss files.
    RoleIndexUnreadable { path: String, error: String },
    /// New credentials have expired by this computer's clock.
    CredentialsExpiredByClock,
    /// Another user of this computer requested the one-time console address.
    ForeignConsoleRequest,
}

/// A decision or a step of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trace {
    /// A line of the configuration that is ignored or read differently by other tools.
    ConfigLine {
        path: String,
        line: u32,
        problem: String,
    },
    /// A trusted `.aws-sso` file selects the target.
    DirectoryFileUsed { file: String },
    /// A `.aws-sso` file cannot be used where it is only consulted.
    DirectoryFileIgnored { reason: String },
    /// A profile's `credential_process` is this program.
    FollowingHelper { profile: String },
    /// The target is known.
    RoleResolved {
        role: String,
        account: String,
        session: String,
    },
    /// Role credentials came from this file.
    CredentialsFromCache { path: String },
    /// A credentials file cannot be parsed and is replaced.
    CredentialsUnreadable { path: String },
    /// A credentials file cannot be read at all.
    CredentialsNotReadable { error: String },
    /// The portal is asked for role credentials.
    FetchingCredentials { role: String, account: String },
    /// The portal answered 401; another token is tried.
    TokenRejected,
    /// The session changed during a fetch, so the result is not stored.
    CredentialsOutdated,
    /// A token is refreshed.
    RefreshingToken,
    /// The lock note says that this refresh token was refused.
    RefreshTokenRefused,
    /// A refresh failed while the token still has time.
    RefreshFailed { error: String },
    /// The session changed during a refresh, so the new token is not stored.
    RefreshedTokenOutdated,
    /// A refresh failed before a sign-in.
    RefreshBeforeSignInFailed { error: String },
    /// A token that the portal rejects is deleted.
    RemovingToken { path: String },
    /// The flow that a sign-in uses.
    SigningIn { flow: String },
    /// The company's own start URL redirects to this portal.
    StartUrlResolved { url: String, portal: String },
    /// The cached client registration fits.
    RegistrationReused,
    /// A client is registered.
    RegisteringClient,
    /// The redirect listener refused a request.
    CallbackRefused,
    /// A sign-out before a forced sign-in failed on the server.
    SignOutFailed { error: String },
    /// The list of cached roles could not be written.
    RoleIndexNotWritten { path: String, error: String },
    /// The federation endpoint is asked for a sign-in token.
    RequestingSigninToken { host: String },
    /// No background renewal could be started.
    RenewalNotStarted { error: String },
    /// The file system has no locks.
    LocksUnsupported,
    /// No lock file can be created here.
    LockNotCreated { directory: String, error: String },
    /// Another process holds a lock.
    WaitingForLock { pid: u32, purpose: LockPurpose },
    /// An edit of the configuration kept a copy of the file.
    ConfigCopied { path: String, copy: String },
}

/// The reason for which another process holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockPurpose {
    /// It refreshes the session's token.
    Refresh,
    /// It fetches the same role.
    FetchRole,
    /// It lists accounts and roles.
    Listing,
    /// It writes this configuration file.
    WriteConfig { path: String },
}

/// The receiver of notices.
pub struct Notices {
    receive: Box<dyn Fn(&Notice)>,
    traces: bool,
    /// Warnings that were given: each is given once.
    given: RefCell<Vec<Warning>>,
}

impl Notices {
    /// Sends notices to `receive`, and traces only if `traces` is set.
    pub fn new(traces: bool, receive: impl Fn(&Notice) + 'static) -> Notices {
        Notices {
            receive: Box::new(receive),
            traces,
            given: RefCell::default(),
        }
    }

    /// Reports progress.
    pub fn info(&self, info: Info) {
        (self.receive)(&Notice::Info(info));
    }

    /// Reports a warning; an equal one is dropped.
    pub fn warn(&self, warning: Warning) {
        if self.given.borrow().contains(&warning) {
            return;
        }
        self.given.borrow_mut().push(warning.clone());
        (self.receive)(&Notice::Warning(warning));
    }

    /// Reports a trace, which is built only if somebody receives it.
    pub fn trace(&self, trace: impl FnOnce() -> Trace) {
        if self.traces {
            (self.receive)(&Notice::Trace(trace()));
        }
    }
}

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notices")
            .field("traces", &self.traces)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    fn collected(traces: bool, report: impl Fn(&Notices)) -> Vec<Notice> {
        let seen: Rc<RefCell<Vec<Notice>>> = Rc::default();
        let sink = Rc::clone(&seen);
        report(&Notices::new(traces, move |notice| {
            sink.borrow_mut().push(notice.clone());
        }));
        seen.take()
    }

    #[test]
    fn a_warning_is_given_once() {
        let warning = |error: &str| Warning::TokenNotStored {
            error: error.to_owned(),
        };
        let seen = collected(false, |notices| {
            notices.warn(warning("a"));
            notices.warn(warning("a"));
            notices.warn(warning("b"));
        });
        assert_eq!(seen, [warning("a"), warning("b")].map(Notice::Warning));
    }

    #[test]
    fn traces_are_built_only_if_they_are_received() {
        let unwanted = collected(false, |notices| notices.trace(|| panic!("built")));
        assert_eq!(unwanted, []);
        let wanted = collected(true, |notices| notices.trace(|| Trace::TokenRejected));
        assert_eq!(wanted, [Notice::Trace(Trace::TokenRejected)]);
    }
}
