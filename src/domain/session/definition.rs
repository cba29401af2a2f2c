//! A session with one IAM Identity Center instance, as the configuration defines it.
//!
//! What is stored for it is the business of `token`; where it came from, of `resolve`.

use crate::domain::cache::key::SessionKey;
use crate::error::SessionSelector;

/// An `[sso-session]`, or the start URL and region of a legacy profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The name of the sso-session; a legacy profile has none.
    pub name: Option<String>,
    /// `sso_start_url`, letter by letter (it is hashed).
    pub start_url: String,
    /// `sso_region`: where the Identity Center instance is.
    pub region: String,
    /// `sso_registration_scopes` where configured, in their order (they are hashed too).
    pub scopes: Option<Vec<String>>,
    /// The profile whose legacy keys these are, where a profile led here.
    pub profile: Option<String>,
}

/// The scope without which no refresh token comes.
pub const DEFAULT_SCOPE: &str = "sso:account:access";

impl Session {
    /// A session without configured scopes.
    pub fn new(name: Option<&str>, start_url: &str, region: &str) -> Self {
        Session {
            name: name.map(str::to_owned),
            start_url: start_url.to_owned(),
            region: region.to_owned(),
            scopes: None,
            profile: None,
        }
    }

    /// Which cache files are its own.
    pub fn key(&self) -> SessionKey {
        match &self.name {
            Some(name) => SessionKey::Name(name.clone()),
            None => SessionKey::StartUrl(self.start_url.clone()),
        }
    }

    /// What people call it: the name, or the start URL of a legacy one.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.start_url)
    }

    /// Returns the session as a command line names it.
    pub fn selector(&self) -> Box<SessionSelector> {
        Box::new(SessionSelector {
            name: self.name.clone(),
            profile: self.profile.clone(),
            start_url: self.start_url.clone(),
            region: self.region.clone(),
        })
    }

    /// The scopes to ask for. A legacy profile asks for none, as the CLI does.
    pub fn requested_scopes(&self) -> Option<Vec<String>> {
        match (&self.name, &self.scopes) {
            (_, Some(scopes)) if !scopes.is_empty() => Some(scopes.clone()),
            (Some(_), _) => Some(vec![DEFAULT_SCOPE.to_owned()]),
            (None, _) => None,
        }
    }
}

/// Whether two start URLs mean the same instance: a trailing `/`, `#` or `#/` aside.
pub fn same_start_url(a: &str, b: &str) -> bool {
    trimmed(a) == trimmed(b)
}

/// The URL without what spellings of it differ in.
pub fn trimmed(url: &str) -> &str {
    url.trim_end_matches(['/', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_start_url() {
        let url = "https://x.awsapps.com/start";
        for other in ["", "/", "#", "#/", "/#/"] {
            assert!(same_start_url(url, &format!("{url}{other}")), "{other}");
        }
        assert!(!same_start_url(url, "https://x.awsapps.com/startle"));
    }
}
