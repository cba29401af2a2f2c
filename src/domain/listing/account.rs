//! An account, as the portal lists it.

/// An account and its roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Account id: 12 digits.
    pub id: String,
    /// Name of the account, if it has one. Foreign input: see `text::sanitize`.
    pub name: Option<String>,
    /// E-mail address of its owner, if the portal tells it.
    pub email: Option<String>,
    /// Names of the roles, in the portal's order, each once. Foreign input as well.
    pub roles: Vec<String>,
}

impl Account {
    /// Returns the name by which the account is sorted: an empty one if it has none.
    pub fn sort_name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}
