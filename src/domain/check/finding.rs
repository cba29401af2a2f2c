//! Errors and warnings of `sso check`, and their exit codes.

use crate::domain::cache::key::RoleId;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::session::auth_error::AuthError;
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::{Error, Hint};

/// Exit codes beyond 0, 1 and 2. Codes that aws-sso-util also has mean the same there.
pub mod exit {
    /// The configuration or the profile is unusable.
    pub const CONFIG: u8 = 100;
    /// No Identity Center instance is configured.
    pub const NO_INSTANCE: u8 = 101;
    /// No configured instance matches.
    pub const NO_MATCH: u8 = 102;
    /// Several instances match.
    pub const NOT_UNIQUE: u8 = 103;
    /// A service is unreachable.
    pub const UNREACHABLE: u8 = 110;
    /// A certificate is rejected.
    pub const CERTIFICATE: u8 = 111;
    /// The response does not come from the AWS service.
    pub const NOT_THE_SERVICE: u8 = 112;
    /// A network setting is unusable.
    pub const SETTINGS: u8 = 113;
    /// The local clock is wrong.
    pub const CLOCK: u8 = 120;
    /// No usable token.
    pub const TOKEN: u8 = 201;
    /// No access to the account, or no role in it.
    pub const ACCOUNT: u8 = 202;
    /// No account has the role.
    pub const ROLE_NOWHERE: u8 = 203;
    /// The account lacks the role.
    pub const ROLE: u8 = 204;
    /// No credentials for the role.
    pub const CREDENTIALS: u8 = 205;
    /// The credentials are rejected, or belong to another account.
    pub const IDENTITY: u8 = 206;
    /// A service fails or throttles requests.
    pub const SERVICE: u8 = 207;
    /// With `--strict`: warnings but no errors.
    pub const WARNINGS: u8 = 220;
}

/// Severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Failure, with its exit code.
    Error(u8),
    /// Works, but possibly not as intended.
    Warning,
}

/// Error or warning of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable identifier in JSON.
    pub code: &'static str,
    pub severity: Severity,
    pub what: String,
    /// Location: `FILE:LINE`, a path or a variable.
    pub location: Option<String>,
    /// Remedy, a command if possible.
    pub fix: Option<Hint>,
}

impl Finding {
    /// Creates an error.
    pub fn error(code: &'static str, exit: u8, what: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: Severity::Error(exit),
            what: what.into(),
            location: None,
            fix: None,
        }
    }

    /// Creates a warning.
    pub fn warning(code: &'static str, what: impl Into<String>) -> Finding {
        Finding {
            severity: Severity::Warning,
            ..Finding::error(code, 0, what)
        }
    }

    /// Sets the location.
    #[must_use]
    pub fn at(self, location: impl Into<String>) -> Finding {
        Finding {
            location: Some(location.into()),
            ..self
        }
    }

    /// Sets the remedy.
    #[must_use]
    pub fn fix(self, fix: impl Into<Hint>) -> Finding {
        Finding {
            fix: Some(fix.into()),
            ..self
        }
    }

    /// Returns the command that opens the file of the finding at its line.
    pub fn edit_command(&self) -> Option<String> {
        let first = self.location.as_deref()?.split(", ").next()?;
        let (path, line) = first.rsplit_once(':')?;
        let line: u32 = line.parse().ok()?;
        Some(format!("vi +{line} {}", shell_path(path)))
    }

    /// Converts the error that another command would report.
    pub fn of_error(code: &'static str, exit: u8, error: &Error) -> Finding {
        Finding {
            location: location_in(error.message()).or_else(|| match error.advice()? {
                Hint::Text(text) => location_in(text),
                _ => None,
            }),
            fix: error.advice().cloned(),
            ..Finding::error(code, exit, error.message())
        }
    }

    /// Converts an error about settings of the network.
    pub fn network_settings(error: &Error) -> Finding {
        let finding = Finding::of_error("network_settings", exit::SETTINGS, error);
        let Some(Hint::Text(text)) = &finding.fix else {
            return finding;
        };
        let variable = find_variable(&finding.what).or_else(|| find_variable(text));
        match variable.filter(|_| !text.contains('`') && finding.edit_command().is_none()) {
            Some(variable) => {
                let fix = format!("{text}: `unset {variable}`");
                finding.fix(fix)
            }
            None => finding,
        }
    }

    /// Converts a failed call. `otherwise` has the codes of a kind without codes of its own.
    pub fn of_failure(
        failure: Failure,
        (session, role): (&Session, Option<&RoleId>),
        otherwise: (&'static str, u8),
        now: Timestamp,
    ) -> Finding {
        let (code, exit) = code_of(failure.kind).unwrap_or(otherwise);
        let error = AuthError::Failed(failure).into_error(session, role, now);
        Finding::of_error(code, exit, &error)
    }
}

/// Returns code and exit code of a network or service failure; others depend on the request.
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

/// Quotes a path for a shell. Shells expand only an unquoted tilde.
pub(super) fn shell_path(path: &str) -> String {
    let word = |path: &str| match shlex::try_quote(path) {
        Ok(word) => word.into_owned(),
        Err(_) => quoted(path),
    };
    match path.strip_prefix("~/") {
        Some(rest) => format!("~/{}", word(rest)),
        None => word(path),
    }
}

/// Finds the first environment variable in a sentence.
fn find_variable(text: &str) -> Option<String> {
    let mut words = text.split(|byte: char| !byte.is_ascii_alphanumeric() && byte != '_');
    let is_variable = |word: &&str| {
        let is_upper = |byte: u8| !byte.is_ascii_lowercase();
        word.contains('_') && word.bytes().all(is_upper) || word.ends_with("_proxy")
    };
    words.find(is_variable).map(str::to_owned)
}

/// Finds the first `FILE:LINE` in a sentence.
fn location_in(text: &str) -> Option<String> {
    let is_location = |word: &str| {
        let line = word.rsplit_once(':').map(|(_, line)| line);
        word.starts_with(['~', '/'])
            && line.is_some_and(|line| {
                !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    let words = text.split([' ', '(', ')', ',', ';']);
    words
        .map(|word| word.trim_end_matches(':'))
        .find(|word| is_location(word))
        .map(str::to_owned)
}

/// Quotes a name, safe to print on a terminal.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", sanitize(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_found_in_sentences() {
        for (text, location) in [
            (
                "profile \"x\" has no sso_region (~/.aws/config:3)",
                Some("~/.aws/config:3"),
            ),
            ("look at /etc/aws:12: a line", Some("/etc/aws:12")),
            ("a (~/a:1 and ~/a:2)", Some("~/a:1")),
            ("nothing here: 12", None),
            ("https://x:443 /a: b", None),
        ] {
            assert_eq!(location_in(text).as_deref(), location, "{text}");
        }
    }

    #[test]
    fn error_and_hint_become_a_finding() {
        let error = Error::configuration("no x (~/c:1)").hint("add x");
        let finding = Finding::of_error("c", 100, &error);
        assert_eq!(finding.location.as_deref(), Some("~/c:1"));
        assert_eq!(finding.fix, Some("add x".into()));
    }
}
