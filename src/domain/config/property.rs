//! A key with its value, and a `Debug` output that cannot leak a secret.

use std::fmt;

/// A key, its value and, if the value is a block, its sub-properties.
#[derive(Clone, PartialEq)]
pub struct Property {
    /// Key in lower case; the key of a sub-property is kept as written.
    pub key: String,
    /// Trimmed value. Continuation lines, and the lines of a block, follow after `\n` each.
    pub value: String,
    /// One-based line.
    pub line: u32,
    /// Sub-properties: the indented lines below a key without a value.
    pub nested: Vec<Property>,
}

/// Keys whose values may appear in logs and panics. All others are hidden, because a list of
/// secret keys would always lack the next one.
const PUBLIC_KEYS: [&str; 14] = [
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "region",
    "output",
    "role_arn",
    "source_profile",
    "credential_source",
    "services",
    "use_fips_endpoint",
    "use_dualstack_endpoint",
];

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A stray indented line belongs to the value above it, so a value of several lines may
        // hold anything.
        let is_public = PUBLIC_KEYS.contains(&self.key.as_str()) && !self.value.contains('\n');
        let mut out = f.debug_struct("Property");
        out.field("key", &self.key);
        if is_public {
            out.field("value", &self.value);
        } else {
            out.field("value", &format_args!("(hidden)"));
        }
        out.field("line", &self.line)
            .field("nested", &self.nested)
            .finish()
    }
}
