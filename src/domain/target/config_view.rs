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

    /// A profile whose name is nearly this one.
    pub fn similar_profile(&self, name: &str) -> Option<String> {
        let mut best: Option<(usize, String)> = None;
        for candidate in self.profile_names(usize::MAX) {
            let distance = edit_distance(name, &candidate);
            if distance <= 2.min(name.len().saturating_sub(1))
                && best.as_ref().is_none_or(|(least, _)| distance < *least)
            {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, name)| name)
    }
}

fn partial() -> Error {
    Error::configuration("only a part of the configuration was read")
}

/// Levenshtein distance over bytes, cut off for long names because only near misses count.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 || a.len() > 128 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let swap = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = swap.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn distances() {
        assert_eq!(edit_distance("prod", "prdo"), 2);
        assert_eq!(edit_distance("dev", "devv"), 1);
        assert_eq!(edit_distance("a", "a"), 0);
    }
}
