//! Stages of `sso check` and their results.

use super::finding::{Finding, Severity, exit};

/// Stages of the check, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Configuration files and profile.
    Config,
    /// Choice of the Identity Center instance.
    Instance,
    /// DNS, proxy, TLS, and responses of the services.
    Endpoint,
    /// Local clock against those of the services.
    Clock,
    /// Access token.
    Token,
    /// Access of the session to the account.
    Account,
    /// Role in the account.
    Role,
    /// Role credentials from the portal.
    Credentials,
    /// Identity that the STS reports for the credentials.
    Identity,
    /// Warnings about settings that work but may surprise.
    Warnings,
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
            Stage::Warnings => "traps",
        }
    }
}

/// Result of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageReport {
    pub stage: Stage,
    /// Short result, or the reason for skipping the stage.
    pub detail: String,
    /// Whether the stage ran.
    pub checked: bool,
    pub findings: Vec<Finding>,
}

/// State of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// No findings.
    Ok,
    /// Warnings only.
    Warn,
    /// At least one error.
    Fail,
    /// Not run.
    Skipped,
}

impl StageState {
    /// Its name in the table and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            StageState::Ok => "ok",
            StageState::Warn => "warn",
            StageState::Fail => "fail",
            StageState::Skipped => "skipped",
        }
    }
}

impl StageReport {
    /// Creates the report of a stage that ran.
    pub fn new(stage: Stage, detail: impl Into<String>, findings: Vec<Finding>) -> StageReport {
        StageReport {
            stage,
            detail: detail.into(),
            checked: true,
            findings,
        }
    }

    /// Creates the report of a stage without findings.
    pub fn ok(stage: Stage, detail: impl Into<String>) -> StageReport {
        StageReport::new(stage, detail, Vec::new())
    }

    /// Creates the report of a failed stage.
    pub fn failed(stage: Stage, finding: Finding) -> StageReport {
        StageReport::new(stage, "", vec![finding])
    }

    /// Creates the report of a skipped stage.
    pub fn skipped(stage: Stage, why: &str) -> StageReport {
        StageReport {
            checked: false,
            ..StageReport::ok(stage, format!("skipped because {why}"))
        }
    }

    /// Returns the state of the stage.
    pub fn state(&self) -> StageState {
        let mut severities = self.findings.iter().map(|finding| finding.severity);
        match self.checked {
            _ if severities.any(|severity| severity != Severity::Warning) => StageState::Fail,
            _ if !self.findings.is_empty() => StageState::Warn,
            true => StageState::Ok,
            false => StageState::Skipped,
        }
    }
}

/// Returns the exit code of the first error: later ones are often its consequence.
pub fn exit_code(reports: &[StageReport], strict: bool) -> u8 {
    let findings = || reports.iter().flat_map(|report| &report.findings);
    let error = findings().find_map(|finding| match finding.severity {
        Severity::Error(exit) => Some(exit),
        Severity::Warning => None,
    });
    let has_warnings = strict && findings().next().is_some();
    error.unwrap_or(if has_warnings { exit::WARNINGS } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_decides_and_warnings_only_when_asked() {
        let warned = StageReport::new(
            Stage::Warnings,
            "",
            vec![Finding::warning("a", "b"), Finding::warning("c", "d")],
        );
        let failed = |exit| StageReport::failed(Stage::Token, Finding::error("x", exit, "y"));
        let fine = StageReport::ok(Stage::Config, "");
        assert_eq!(exit_code(&[], true), 0);
        assert_eq!(exit_code(std::slice::from_ref(&fine), true), 0);
        assert_eq!(exit_code(&[fine.clone(), warned.clone()], false), 0);
        assert_eq!(exit_code(&[fine.clone(), warned.clone()], true), 220);
        assert_eq!(exit_code(&[warned, failed(201), failed(205)], true), 201);
        assert_eq!(fine.state(), StageState::Ok);
        assert_eq!(failed(1).state(), StageState::Fail);
        assert_eq!(
            StageReport::skipped(Stage::Clock, "x").state(),
            StageState::Skipped
        );
    }
}
