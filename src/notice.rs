//! Progress, warnings and traces that a flow reports while it runs.
//!
//! A flow passes them to a [`Notices`]; the command line formats and prints them, a library
//! forwards them to a callback. No notice contains a secret.

use std::cell::RefCell;
use std::time::Duration;

/// A report of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Progress, or something for the user to do now.
    Info(Info),
    /// A failure that does not stop the command.
    Warning(Warning),
    /// A decision or a step, for debugging. Names no command or flag.
    Trace(String),
}

/// A step that the user sees or takes part in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Info {
    /// A command continues with a sign-in.
    SignInStarts {
        /// Reason as a sentence that names the session.
        reason: String,
    },
    /// Another process is signing in to the same session.
    WaitingForSignIn {
        session: String,
        pid: u32,
    },
    /// A browser was started with the authorization page.
    BrowserOpened {
        session: String,
        url: String,
    },
    OpenInBrowser {
        session: String,
        url: String,
    },
    /// A browser was started with the device page, which shows `code`.
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
        /// URL that includes the code, if the service returned one.
        url_with_code: Option<String>,
    },
    /// The sign-in waits for the user, up to `limit`.
    WaitingForUser {
        limit: Duration,
    },
    /// The redirect URL may be pasted into the terminal.
    PasteAccepted,
    /// The pasted text is not the redirect URL of this sign-in.
    PasteRejected,
    /// The started browser exited at once. `url` is the page of the device flow.
    BrowserFailed {
        url: Option<String>,
    },
    /// The company's own start URL redirects to this portal.
    StartUrlResolved {
        url: String,
        portal: String,
    },
    /// A signal arrived during a refresh; the process exits after the refresh.
    EndingAfterRefresh,
    /// A variable selects a different profile than the trusted `.aws-sso` file.
    DirectoryOutranked {
        variable: String,
        profile: String,
        file: String,
        /// Role that the file selects, formatted for the user.
        role: String,
    },
}

/// A failure that does not stop the command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A lock file cannot be opened; the command continues without the lock.
    LockNotOpened {
        directory: String,
        error: String,
    },
    TokenNotStored {
        error: String,
    },
    /// `BROWSER` names no program that exists.
    BrowserNotFound {
        value: String,
    },
    /// A result was returned but could not be written.
    NotStored {
        /// Plural noun.
        what: &'static str,
        path: String,
        error: String,
    },
    RegistrationNotStored {
        path: String,
        error: String,
    },
    /// A rejected file could not be deleted.
    FileNotRemoved {
        path: String,
        error: String,
    },
    /// The index of cached roles cannot be read, so a sign-out may miss files.
    RoleIndexUnreadable {
        path: String,
        error: String,
    },
    /// New credentials are already expired by the local clock.
    CredentialsExpiredByClock,
    /// Another local user, or a process whose user is unknown, requested the one-time console
    /// URL.
    ForeignConsoleRequest,
    /// Another local user, or a process whose user is unknown, sent the callback of a sign-in.
    ForeignCallback {
        /// Whether the user can paste the redirect URL.
        paste: bool,
    },
}

/// Receiver of notices.
pub struct Notices {
    receive: Box<dyn Fn(&Notice)>,
    traces: bool,
    /// Warnings already sent; each is sent once.
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

    /// Reports a warning, once.
    pub fn warn(&self, warning: Warning) {
        if self.given.borrow().contains(&warning) {
            return;
        }
        self.given.borrow_mut().push(warning.clone());
        (self.receive)(&Notice::Warning(warning));
    }

    /// Reports a trace, which is built only if traces are on.
    pub fn trace(&self, text: impl FnOnce() -> String) {
        if self.traces {
            (self.receive)(&Notice::Trace(text()));
        }
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
        let wanted = collected(true, |notices| notices.trace(|| "a".to_owned()));
        assert_eq!(wanted, [Notice::Trace("a".to_owned())]);
    }
}
