//! A session with one IAM Identity Center instance, as the configuration defines it.

use crate::domain::cache::key::SessionKey;
use crate::error::SessionSelector;

/// An `[sso-session]`, or the start URL and region of a legacy profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Name of the sso-session; `None` for a legacy profile.
    pub name: Option<String>,
    /// `sso_start_url`, unchanged because it is hashed.
    pub start_url: String,
    /// `sso_region`, the region of the Identity Center instance.
    pub region: String,
    /// `sso_registration_scopes`, in the configured order because they are hashed too.
    pub scopes: Option<Vec<String>>,
    /// Profile whose legacy keys define the session, if it was chosen by a profile.
    pub profile: Option<String>,
    /// Whether an sso-session has the name of that profile.
    pub is_profile_shadowed: bool,
}

/// Scope without which the server issues no refresh token.
pub const DEFAULT_SCOPE: &str = "sso:account:access";

impl Session {
    /// Creates a session without configured scopes.
    pub fn new(name: Option<&str>, start_url: &str, region: &str) -> Self {
        Session {
            name: name.map(str::to_owned),
            start_url: start_url.to_owned(),
            region: region.to_owned(),
            scopes: None,
            profile: None,
            is_profile_shadowed: false,
        }
    }

    /// Returns the key that names the session's cache files.
    pub fn key(&self) -> SessionKey {
        match &self.name {
            Some(name) => SessionKey::Name(name.clone()),
            None => SessionKey::StartUrl(self.start_url.clone()),
        }
    }

    /// Returns the name to show: the session name or, for a legacy profile, the start URL.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.start_url)
    }

    /// Returns `true` if both are sessions with one Identity Center instance.
    pub fn is_same_instance(&self, other: &Session) -> bool {
        self.region == other.region && same_start_url(&self.start_url, &other.start_url)
    }

    /// Returns the session in the form used by hints.
    pub fn selector(&self) -> Box<SessionSelector> {
        Box::new(SessionSelector {
            name: self.name.clone(),
            profile: self.profile.clone(),
            is_profile_shadowed: self.is_profile_shadowed,
            start_url: self.start_url.clone(),
            region: self.region.clone(),
        })
    }

    /// Returns the scopes to request. A legacy profile requests none, as in AWS CLI v2.
    pub fn requested_scopes(&self) -> Option<Vec<String>> {
        match (&self.name, &self.scopes) {
            (_, Some(scopes)) if !scopes.is_empty() => Some(scopes.clone()),
            (Some(_), _) => Some(vec![DEFAULT_SCOPE.to_owned()]),
            (None, _) => None,
        }
    }
}

/// Returns `true` if two start URLs differ at most in trailing `/` and `#` characters.
pub fn same_start_url(a: &str, b: &str) -> bool {
    trimmed(a) == trimmed(b)
}

/// Returns the URL without trailing `/` and `#` characters.
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
