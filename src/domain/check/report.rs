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

/// Result of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Stage.
    pub stage: Stage,
    /// Short result, or the reason for skipping the stage.
    pub detail: String,
    /// Whether the stage ran.
    pub checked: bool,
    /// Errors and warnings.
    pub findings: Vec<Finding>,
}

/// StageState of a stage.
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

impl Report {
    /// Creates the report of a stage that ran.
    pub fn of(stage: Stage, detail: impl Into<String>, findings: Vec<Finding>) -> Report {
        Report {
            stage,
            detail: detail.into(),
            checked: true,
            findings,
        }
    }

    /// Creates the report of a failed stage.
    pub fn failed(stage: Stage, finding: Finding) -> Report {
        Report::of(stage, "", vec![finding])
    }

    /// Creates the report of a skipped stage.
    pub fn skipped(stage: Stage, why: &str) -> Report {
        Report {
            checked: false,
            ..Report::of(stage, format!("skipped because {why}"), Vec::new())
        }
    }

    /// Returns the state of the stage.
    pub fn state(&self) -> StageState {
        let has = |wanted: fn(&Severity) -> bool| {
            self.findings
                .iter()
                .any(|finding| wanted(&finding.severity))
        };
        if has(|severity| matches!(severity, Severity::Error(_))) {
            StageState::Fail
        } else if has(|severity| *severity == Severity::Warning) {
            StageState::Warn
        } else if self.checked {
            StageState::Ok
        } else {
            StageState::Skipped
        }
    }
}

/// Returns the exit code of the first error: later ones are often its consequence.
pub fn exit_code(reports: &[Report], strict: bool) -> u8 {
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
        assert_eq!(exit_code(&[], true), 0);
        assert_eq!(exit_code(std::slice::from_ref(&fine), true), 0);
        assert_eq!(exit_code(&[fine.clone(), warned.clone()], false), 0);
        assert_eq!(exit_code(&[fine.clone(), warned.clone()], true), 220);
        assert_eq!(exit_code(&[warned, failed(201), failed(205)], true), 201);
        assert_eq!(fine.state(), StageState::Ok);
        assert_eq!(failed(1).state(), StageState::Fail);
        assert_eq!(
            Report::skipped(Stage::Clock, "x").state(),
            StageState::Skipped
        );
    }
}
