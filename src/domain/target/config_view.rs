//! The sections of both configuration files that have been read: all of them, or the few that a
//! hot command needs.

use crate::domain::config::{Diagnostic, Document};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Sections of `~/.aws/config` and `~/.aws/credentials`.
#[derive(Clone, Copy, Debug)]
pub struct ConfigView<'a> {
    pub config: &'a Document,
    /// Its keys take precedence over those of the config file.
    pub credentials: &'a Document,
    /// Path of the config file, for messages.
    pub config_path: &'a str,
    pub credentials_path: &'a str,
    pub extent: ConfigExtent,
}

/// Part of the configuration files that was read, from the smallest to the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigExtent {
    /// Nothing. A request may be complete without the configuration.
    Nothing,
    /// One profile and the sso-sessions. Legacy sessions of other profiles are not known.
    Profile,
    /// One profile and all sessions: no profile defines a legacy session.
    Sessions,
    Whole,
}

impl ConfigView<'_> {
    /// Fails unless this part was read. The caller then asks again with everything, so users
    /// never see the error.
    pub fn require(&self, extent: ConfigExtent) -> Result<()> {
        if self.extent < extent {
            return Err(Error::configuration(
                "only a part of the configuration was read",
            ));
        }
        Ok(())
    }

    /// Returns a hint at a malformed line of the config file, which may have been meant as the
    /// section that is not found: the first such line, or the first whose problem contains a
    /// text.
    pub fn malformed_line(&self, text: Option<&str>) -> Option<String> {
        let contains = |what: &str| text.is_none_or(|text| what.contains(text));
        let mut problems = self.config.problems.iter();
        let problem = problems.find(|problem| contains(&problem.what))?;
        Some(format!(
            "look at {}:{}: {}",
            self.config_path,
            problem.line,
            sanitize(&problem.what)
        ))
    }
}

/// Returns the error for a section with a malformed line, which may have been meant as the key
/// that decides.
pub fn malformed_section_error(what: &str, problem: &Diagnostic, path: &str) -> Error {
    Error::configuration(format!("{what} cannot be read: {}", problem.what))
        .hint(format!("look at {path}:{}", problem.line))
}

/// Returns the error for a section without a required key.
pub fn missing_key_error(what: &str, key: &str, location: &str) -> Error {
    Error::configuration(format!("{what} has no {key} ({location})"))
        .hint(format!("add `{key} = …` to that section"))
}
