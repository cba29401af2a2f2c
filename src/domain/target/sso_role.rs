//! The resolved target: which session, account, role and region a command is about.

use crate::domain::cache::key::SessionKey;
use crate::domain::session::definition::Session;
use crate::domain::text::sanitize;

/// What a profile or the options came to. Role chains and others will stand here too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A role of a permission set, by way of an Identity Center session.
    SsoRole(SsoRole),
}

/// One role in one account, reached through one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoRole {
    /// The session.
    pub session: SessionRef,
    /// 12 digits, as text: it may begin with 0.
    pub account: String,
    /// The role's name.
    pub role: String,
    /// The region to hand on.
    pub region: Option<String>,
    /// The profile that was chosen, when one was.
    pub profile: Option<String>,
    /// The profile whose network settings count. Another one than `profile` when that one's
    /// credential_process named it.
    pub settings: Option<String>,
}

/// A session by name only, or with everything the configuration says about it. With all
/// of the target in the options, a warm call needs no more than the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionRef {
    /// Not looked up yet.
    Named(String),
    /// Looked up.
    Known(Session),
}

impl SessionRef {
    /// Which cache files are its own.
    pub fn key(&self) -> SessionKey {
        match self {
            SessionRef::Named(name) => SessionKey::Name(name.clone()),
            SessionRef::Known(session) => session.key(),
        }
    }

    /// What people call it.
    pub fn label(&self) -> &str {
        match self {
            SessionRef::Named(name) => name,
            SessionRef::Known(session) => session.label(),
        }
    }
}

impl SsoRole {
    /// `AWS_SSO_PROFILE`: the profile, or `ROLE@ACCOUNT`. Prompt themes evaluate it, so a
    /// name outside the plain characters is left out.
    pub fn display_name(&self) -> Option<String> {
        let name = match &self.profile {
            Some(profile) => profile.clone(),
            None => format!("{}@{}", self.role, self.account),
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_.@+=,:/-".contains(&b);
        let fits = !name.is_empty() && name.len() <= 128 && !name.starts_with('-');
        (fits && name.bytes().all(plain)).then_some(name)
    }
}

/// How people are told which role it is: `dev (111122223333 Admin, eu-west-1)`.
pub fn label(role: &SsoRole) -> String {
    let region = role.region.iter().map(|region| sanitize(region));
    match &role.profile {
        Some(profile) => {
            let mut parts = vec![format!("{} {}", role.account, sanitize(&role.role))];
            parts.extend(region);
            format!("{} ({})", sanitize(profile), parts.join(", "))
        }
        None => {
            let mut parts = vec![sanitize(role.session.label())];
            parts.extend(region);
            format!(
                "{}@{} ({})",
                sanitize(&role.role),
                role.account,
                parts.join(", ")
            )
        }
    }
}
