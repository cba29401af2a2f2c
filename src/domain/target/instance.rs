//! The IAM Identity Center instance that a command talks to.

use crate::domain::session::definition::Session;

/// A session and the profile whose network settings apply to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The session.
    pub session: Session,
    /// Profile whose network settings apply; without one, those of the sso-session and of
    /// `[default]`.
    pub settings: Option<String>,
}
