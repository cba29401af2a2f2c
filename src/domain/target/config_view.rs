//! The sections of both configuration files that have been read: all of them, or the few that a
//! hot command needs.

use crate::domain::config::{Diagnostic, Document, format_header};
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

    /// Returns a hint at the first malformed line outside the sections, which may have been meant
    /// as a section that is not found.
    pub fn malformed_line(&self) -> Option<String> {
        self.find_problem(|_| true)
    }

    /// Returns a hint at the malformed header that was meant as this section.
    pub fn misspelt_header(&self, keyword: &str, name: &str) -> Option<String> {
        let header = format!("`{}`", format_header(keyword, name));
        self.find_problem(|what| what.contains(&header))
    }

    fn find_problem(&self, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let of = |document: &'_ Document, path| {
            let mut problems = document.problems.iter();
            let problem = problems.find(|problem| is_meant(&problem.what))?;
            let what = sanitize(&problem.what);
            Some(format!("look at {path}:{}: {what}", problem.line))
        };
        of(self.config, self.config_path).or_else(|| of(self.credentials, self.credentials_path))
    }
}

/// Returns the error for a section with a malformed line, which may have been meant as the key
/// that decides.
pub fn malformed_section_error(what: &str, problem: &Diagnostic, path: &str) -> Error {
    Error::configuration(format!("{what} cannot be read: {}", problem.what))
        .hint(format!("look at {path}:{}", problem.line))
}

/// Returns the error for a section without a required key. `misspelt` is a hint at a key that was
/// probably meant.
pub fn missing_key_error(what: &str, key: &str, location: &str, misspelt: Option<String>) -> Error {
    let hint = misspelt.unwrap_or_else(|| format!("add `{key} = …` to that section"));
    Error::configuration(format!("{what} has no {key} ({location})")).hint(hint)
}
