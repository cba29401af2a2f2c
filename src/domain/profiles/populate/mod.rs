//! A profile for every account, role and region: which ones there should be, and what that
//! changes in a config file.
//!
//! `choice` says which roles are meant, `wanted` what the profiles are, `plan` what has to be
//! edited. Nothing here lists, reads a file or writes one. A profile that was not generated
//! here, or was not handed over, is never changed.

mod desired;
mod ownership;
mod plan;
mod selector;

pub use desired::{Wanted, Wanting};
pub use ownership::MARK;
pub use plan::{Plan, plan};
pub use selector::Choice;

use crate::domain::listing::inventory::Account;
use crate::error::{Error, Hint, Result};

/// What profiles are asked for.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Only these roles; all, where there is none.
    pub include: Vec<Choice>,
    /// And none of these.
    pub exclude: Vec<Choice>,
    /// The regions of each role; the first counts that means it.
    pub regions_for: Vec<(Choice, Vec<String>)>,
    /// The regions of all other roles.
    pub regions: Vec<String>,
    /// How a profile gets its credentials.
    pub shape: Shape,
    /// Keys of every profile.
    pub set: Vec<(String, String)>,
    /// Whether profiles go whose role is not granted any more.
    pub prune: bool,
    /// Whether profiles of other origin are taken over.
    pub adopt: bool,
}

/// How a profile gets its credentials. Never both ways in one profile: SDKs disagree about
/// which wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `sso_session`, `sso_account_id`, `sso_role_name`.
    Native,
    /// Only `credential_process`, which calls the program at this path.
    Helper(String),
}

impl Wishes {
    fn means(&self, account: &Account, role: &str) -> bool {
        let any = |choices: &[Choice]| choices.iter().any(|choice| choice.means(account, role));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    fn regions_of(&self, account: &Account, role: &str) -> &[String] {
        let mut own = self.regions_for.iter();
        let own = own.find(|(choice, _)| choice.means(account, role));
        own.map_or(&self.regions, |(_, regions)| regions)
    }
}

/// `KEY=VALUE` of the command line. What says where credentials come from is not the user's
/// to set here.
pub fn setting(text: &str) -> Result<(String, String)> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(Error::usage("a setting has no `=`").hint(Hint::SettingExample));
    };
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    let ours = key.starts_with("sso_")
        || key.starts_with("aws_")
        || ownership::OURS.contains(&key.as_str())
        || matches!(
            key.as_str(),
            "role_arn" | "source_profile" | "credential_source"
        );
    if ours {
        let key = crate::domain::text::sanitize(&key);
        return Err(
            Error::usage(format!("{key} cannot be set for all profiles")).hint(Hint::KeyIsReserved),
        );
    }
    Ok((key, value.to_owned()))
}

#[cfg(test)]
mod tests;
