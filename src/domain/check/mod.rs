//! What `sso check` finds: stages, findings, and the exit code that they come to.
//!
//! Facts come in as arguments; which of them are collected, and how, is for the flow.

mod environment;
mod files;
pub mod hook_line;
mod profiles;
mod stages;

use crate::error::{Error, Hint};

use super::net::failure::{Failure, FailureKind};
use super::text::sanitize;

pub use environment::{Shell, environment};
pub use files::{Fact, Holds, files};
pub use profiles::{helper_lines, helpers, profiles};
pub use stages::{Chosen, account, instance, listing, role, role_anywhere};

/// The exit codes beyond 0, 1 and 2. Those that aws-sso-util has are its own.
pub mod exit {
    /// The configuration, or the profile, cannot be used.
    pub const CONFIG: u8 = 100;
    /// There is no Identity Center instance.
    pub const NO_INSTANCE: u8 = 101;
    /// There are some, and none is meant.
    pub const NO_MATCH: u8 = 102;
    /// Several could be meant.
    pub const NOT_UNIQUE: u8 = 103;
    /// A service cannot be reached.
    pub const UNREACHABLE: u8 = 110;
    /// A certificate is not accepted.
    pub const CERTIFICATE: u8 = 111;
    /// Something else answers in a service's place.
    pub const NOT_THE_SERVICE: u8 = 112;
    /// A network setting cannot be used.
    pub const SETTINGS: u8 = 113;
    /// The clock is off.
    pub const CLOCK: u8 = 120;
    /// There is no usable token.
    pub const TOKEN: u8 = 201;
    /// No access to the account, or no role in it.
    pub const ACCOUNT: u8 = 202;
    /// The role is in no account.
    pub const ROLE_NOWHERE: u8 = 203;
    /// The role is not in this account.
    pub const ROLE: u8 = 204;
    /// No credentials for the role.
    pub const CREDENTIALS: u8 = 205;
    /// The credentials are not accepted, or are another's.
    pub const IDENTITY: u8 = 206;
    /// A service fails, or wants fewer requests.
    pub const SERVICE: u8 = 207;
    /// With `--strict`: there are warnings, and nothing worse.
    pub const WARNINGS: u8 = 220;
}

/// What is looked at, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The files, and the profile in them.
    Config,
    /// Which Identity Center instance.
    Instance,
    /// Names, proxy, TLS, and that the services answer.
    Endpoint,
    /// Against the services' clocks.
    Clock,
    /// The sign-in.
    Token,
    /// Whether the session may use the account.
    Account,
    /// And the role in it.
    Role,
    /// Whether the portal gives credentials.
    Credentials,
    /// Whether AWS accepts them, and as whose.
    Identity,
    /// What works, and will surprise somebody.
    Traps,
}

impl Stage {
    /// Its name in the table and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Config => "config",
            Stage::Instance => "instance",
            Stage::Endpoint => "endpoint",
            Stage::Clock => "clock",
            Stage::Token => "token",
            Stage::Account => "account",
            Stage::Role => "role",
            Stage::Credentials => "credentials",
            Stage::Identity => "identity",
            Stage::Traps => "traps",
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does not work, and this is the exit code for it.
    Error(u8),
    /// It works, and may not do what is meant.
    Warning,
}

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name for programs; it stays the same.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is so.
    pub what: String,
    /// Where: a file and a line, or a variable.
    pub place: Option<String>,
    /// What to do, a command as far as there is one.
    pub fix: Option<Hint>,
}

impl Finding {
    /// An error.
    pub fn error(code: &'static str, exit: u8, what: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: Severity::Error(exit),
            what: what.into(),
            place: None,
            fix: None,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, what: impl Into<String>) -> Finding {
        Finding {
            severity: Severity::Warning,
            ..Finding::error(code, 0, what)
        }
    }

    /// The same, and where it is.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Finding {
        Finding {
            place: Some(place.into()),
            ..self
        }
    }

    /// The same, and what to do.
    #[must_use]
    pub fn fix(self, fix: impl Into<Hint>) -> Finding {
        Finding {
            fix: Some(fix.into()),
            ..self
        }
    }

    /// What another command would have said.
    pub fn of_error(code: &'static str, exit: u8, error: &Error) -> Finding {
        Finding {
            place: place_in(error.message()).or_else(|| match error.advice()? {
                Hint::Text(text) => place_in(text),
                _ => None,
            }),
            fix: error.advice().cloned(),
            ..Finding::error(code, exit, error.message())
        }
    }

    /// A call that failed, in what another command would have said.
    pub fn of_failure(failure: &Failure, said: &Error, otherwise: (&'static str, u8)) -> Finding {
        let (code, exit) = code_of(failure.kind).unwrap_or(otherwise);
        Finding::of_error(code, exit, said)
    }
}

/// Names a failure that is the network's or the service's; the others depend on what was
/// asked.
pub fn code_of(kind: FailureKind) -> Option<(&'static str, u8)> {
    Some(match kind {
        FailureKind::Network => ("unreachable", exit::UNREACHABLE),
        FailureKind::Timeout => ("timeout", exit::UNREACHABLE),
        FailureKind::Proxy => ("proxy", exit::UNREACHABLE),
        FailureKind::ProxyLogin => ("proxy_login", exit::UNREACHABLE),
        FailureKind::Certificate => ("certificate", exit::CERTIFICATE),
        FailureKind::NotTheService => ("not_the_service", exit::NOT_THE_SERVICE),
        FailureKind::Misconfigured => ("network_settings", exit::SETTINGS),
        FailureKind::Throttled => ("throttled", exit::SERVICE),
        FailureKind::Server => ("service_failed", exit::SERVICE),
        _ => return None,
    })
}

/// `FILE:LINE` in a sentence: in brackets, or after `look at`.
fn place_in(text: &str) -> Option<String> {
    let is_place = |word: &str| {
        let line = word.rsplit_once(':').map(|(_, line)| line);
        word.starts_with(['~', '/'])
            && line.is_some_and(|line| {
                !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    let words = text.split([' ', '(', ')', ',', ';']);
    words
        .map(|word| word.trim_end_matches(':'))
        .find(|word| is_place(word))
        .map(str::to_owned)
}

/// What a stage came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The stage.
    pub stage: Stage,
    /// What is so, in a few words; or why it was not looked at.
    pub detail: String,
    /// Whether it was looked at.
    pub checked: bool,
    /// What there is to know.
    pub findings: Vec<Finding>,
}

/// Its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing to say.
    Ok,
    /// With warnings.
    Warn,
    /// With an error.
    Fail,
    /// Not looked at.
    Skipped,
}

impl State {
    /// Its name in the table and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "fail",
            State::Skipped => "skipped",
        }
    }
}

impl Report {
    /// Of a stage that was looked at.
    pub fn of(stage: Stage, detail: impl Into<String>, findings: Vec<Finding>) -> Report {
        Report {
            stage,
            detail: detail.into(),
            checked: true,
            findings,
        }
    }

    /// Of a stage that failed.
    pub fn failed(stage: Stage, finding: Finding) -> Report {
        Report::of(stage, "", vec![finding])
    }

    /// Of a stage that could not be looked at, and why.
    pub fn skipped(stage: Stage, why: &str) -> Report {
        Report {
            checked: false,
            ..Report::of(stage, format!("skipped because {why}"), Vec::new())
        }
    }

    /// Its mark.
    pub fn state(&self) -> State {
        let has = |wanted: fn(&Severity) -> bool| {
            self.findings
                .iter()
                .any(|finding| wanted(&finding.severity))
        };
        if has(|severity| matches!(severity, Severity::Error(_))) {
            State::Fail
        } else if has(|severity| *severity == Severity::Warning) {
            State::Warn
        } else if self.checked {
            State::Ok
        } else {
            State::Skipped
        }
    }
}

/// The exit code: that of the first error, for what follows it is often its consequence.
pub fn verdict(reports: &[Report], strict: bool) -> u8 {
    let findings = || reports.iter().flat_map(|report| &report.findings);
    let error = findings().find_map(|finding| match finding.severity {
        Severity::Error(exit) => Some(exit),
        Severity::Warning => None,
    });
    match error {
        Some(exit) => exit,
        None if strict && findings().next().is_some() => exit::WARNINGS,
        None => 0,
    }
}

/// A name in quotes, fit for a terminal.
fn quoted(name: &str) -> String {
    format!("\"{}\"", sanitize(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_decides_and_warnings_only_when_asked() {
        let warned = Report::of(
            Stage::Traps,
            "",
            vec![Finding::warning("a", "b"), Finding::warning("c", "d")],
        );
        let failed = |exit| Report::failed(Stage::Token, Finding::error("x", exit, "y"));
        let fine = Report::of(Stage::Config, "", Vec::new());
        assert_eq!(verdict(&[], true), 0);
        assert_eq!(verdict(std::slice::from_ref(&fine), true), 0);
        assert_eq!(verdict(&[fine.clone(), warned.clone()], false), 0);
        assert_eq!(verdict(&[fine.clone(), warned.clone()], true), 220);
        assert_eq!(verdict(&[warned, failed(201), failed(205)], true), 201);
        assert_eq!(fine.state(), State::Ok);
        assert_eq!(failed(1).state(), State::Fail);
        assert_eq!(Report::skipped(Stage::Clock, "x").state(), State::Skipped);
    }

    #[test]
    fn places_are_found_in_sentences() {
        for (text, place) in [
            (
                "profile \"x\" has no sso_region (~/.aws/config:3)",
                Some("~/.aws/config:3"),
            ),
            ("look at /etc/aws:12: a line", Some("/etc/aws:12")),
            ("a (~/a:1 and ~/a:2)", Some("~/a:1")),
            ("nothing here: 12", None),
            ("https://x:443 /a: b", None),
        ] {
            assert_eq!(place_in(text).as_deref(), place, "{text}");
        }
    }

    #[test]
    fn error_and_hint_become_a_finding() {
        let error = Error::configuration("no x (~/c:1)").hint("add x");
        let finding = Finding::of_error("c", 100, &error);
        assert_eq!(finding.place.as_deref(), Some("~/c:1"));
        assert_eq!(finding.fix, Some("add x".into()));
    }
}
