//! The sections at hand: all of both files, or the part a hot command needs.

use crate::error::{Error, Result};

use super::profile::Profile;
use crate::domain::config::Document;

/// What has been read of `~/.aws/config` and `~/.aws/credentials`.
#[derive(Clone, Copy, Debug)]
pub struct ConfigView<'a> {
    /// Sections of the config file.
    pub config: &'a Document,
    /// Sections of the credentials file, whose keys lie over the config's.
    pub credentials: &'a Document,
    /// Path of the config file, for messages.
    pub config_path: &'a str,
    /// Path of the credentials file, for messages.
    pub credentials_path: &'a str,
    /// How much of the files these are.
    pub extent: Extent,
}

/// How much of the files has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Nothing: the request is complete without.
    Nothing,
    /// One profile and the sso-sessions. What else there is, legacy instances above all, is
    /// not known.
    Part,
    /// The same, where no profile brings an instance of its own: the sso-sessions are all the
    /// instances there are.
    Instances,
    /// Everything.
    Whole,
}

impl ConfigView<'_> {
    /// An answer that depends on everything there is must not be given from a part; the
    /// caller asks again with all of it.
    pub fn demand_whole(&self) -> Result<()> {
        match self.extent {
            Extent::Whole => Ok(()),
            Extent::Nothing | Extent::Part | Extent::Instances => Err(partial()),
        }
    }

    /// The same for an answer that depends on the instances there are.
    pub fn demand_instances(&self) -> Result<()> {
        match self.extent {
            Extent::Whole | Extent::Instances => Ok(()),
            Extent::Nothing | Extent::Part => Err(partial()),
        }
    }

    /// Names of the profiles, the first few of them.
    pub fn profile_names(&self, most: usize) -> Vec<String> {
        let profiles = Profile::all(self);
        profiles
            .iter()
            .take(most)
            .map(Profile::shown_name)
            .collect()
    }

    /// A line of the config file that is no section and was perhaps meant as one, for a
    /// hint where something is not found: the first, or the first that holds a text.
    pub fn refused(&self, text: Option<&str>) -> Option<String> {
        let holds = |what: &str| text.is_none_or(|text| what.contains(text));
        let problem = self
            .config
            .problems
            .iter()
            .find(|problem| holds(&problem.what))?;
        Some(format!(
            "look at {}:{}: {}",
            self.config_path,
            problem.line,
            crate::domain::text::sanitize(&problem.what)
        ))
    }

    /// Returns the profile whose name differs least from `name`, by at most two characters.
    pub fn similar_profile(&self, name: &str) -> Option<String> {
        /// The time grows with the product of both lengths, and nobody mistypes a longer name.
        const MAX_LENGTH: usize = 128;
        if name.len() > MAX_LENGTH {
            return None;
        }
        let candidates = self.profile_names(usize::MAX).into_iter();
        let (distance, candidate) = candidates
            .map(|candidate| (strsim::levenshtein(name, &candidate), candidate))
            .min_by_key(|(distance, _)| *distance)?;
        // Two changes turn any name of two characters into any other.
        (distance <= 2.min(name.len().saturating_sub(1))).then_some(candidate)
    }
}

fn partial() -> Error {
    Error::configuration("only a part of the configuration was read")
}

#[cfg(test)]
mod tests {
    use super::ConfigView;
    use crate::domain::config::{Dialect, Document, read};
    use crate::domain::target::config_view::Extent;

    #[test]
    fn similar_profile_differs_by_two_characters_at_most() {
        let text = "[profile prdo]\n[profile devv]\n[profile deev]\n[profile züri]\n[profile ab]\n";
        let config = read(text.as_bytes(), Dialect::Config);
        let view = ConfigView {
            config: &config,
            credentials: &Document::default(),
            config_path: "config",
            credentials_path: "credentials",
            extent: Extent::Whole,
        };
        for (name, similar) in [
            ("prod", Some("prdo")),
            ("dev", Some("devv")),
            ("devv", Some("devv")),
            ("zürich", Some("züri")),
            ("staging", None),
            ("c", None),
        ] {
            assert_eq!(view.similar_profile(name).as_deref(), similar, "{name}");
        }
    }
}
