//! The sections of both configuration files that have been read: all of them, or the few that a
//! hot command needs.

use crate::domain::config::Document;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Sections of `~/.aws/config` and `~/.aws/credentials`.
#[derive(Clone, Copy, Debug)]
pub struct ConfigView<'a> {
    /// Sections of the config file.
    pub config: &'a Document,
    /// Sections of the credentials file, whose keys take precedence over those of the config file.
    pub credentials: &'a Document,
    /// Path of the config file, for messages.
    pub config_path: &'a str,
    /// Path of the credentials file, for messages.
    pub credentials_path: &'a str,
    /// Part of the files that was read.
    pub extent: ConfigExtent,
}

/// Part of the configuration files that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigExtent {
    /// Nothing. A request may be complete without the configuration.
    Nothing,
    /// One profile and the sso-sessions. Legacy sessions of other profiles are not known.
    Profile,
    /// One profile and all sessions: no profile defines a legacy session.
    Sessions,
    /// Everything.
    Whole,
}

impl ConfigView<'_> {
    /// Fails unless everything was read. The caller then asks again with everything.
    pub fn require_whole(&self) -> Result<()> {
        match self.extent {
            ConfigExtent::Whole => Ok(()),
            ConfigExtent::Nothing | ConfigExtent::Profile | ConfigExtent::Sessions => {
                Err(partial())
            }
        }
    }

    /// Fails unless all sessions are known. The caller then asks again with everything.
    pub fn require_sessions(&self) -> Result<()> {
        match self.extent {
            ConfigExtent::Whole | ConfigExtent::Sessions => Ok(()),
            ConfigExtent::Nothing | ConfigExtent::Profile => Err(partial()),
        }
    }

    /// Returns a hint at a malformed line of the config file, which may have been meant as the
    /// section that is not found: the first such line, or the first whose problem contains a
    /// text.
    pub fn malformed_line(&self, text: Option<&str>) -> Option<String> {
        let contains = |what: &str| text.is_none_or(|text| what.contains(text));
        let problem = self
            .config
            .problems
            .iter()
            .find(|problem| contains(&problem.what))?;
        Some(format!(
            "look at {}:{}: {}",
            self.config_path,
            problem.line,
            sanitize(&problem.what)
        ))
    }
}

/// Returns the error that makes the caller read everything. Users never see it.
fn partial() -> Error {
    Error::configuration("only a part of the configuration was read")
}
