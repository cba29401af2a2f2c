//! One `key = value` of a section, with a `Debug` form that cannot leak a secret.
//!
//! Values are shown for keys known to be harmless and hidden for all others: a list of secret
//! keys would always lack the next one.

use std::fmt;

/// A key, its value and, where the value is a block, its sub-properties.
#[derive(Clone, PartialEq)]
pub struct Property {
    /// Lowercased; keys of sub-properties are kept as written.
    pub key: String,
    /// Trimmed. Continuation lines, those of a nested block too, follow after `\n` each.
    pub value: String,
    /// Counted from 1.
    pub line: u32,
    /// What stands indented below a key without a value.
    pub nested: Vec<Property>,
}

/// Keys whose values may appear in logs and panics.
const SHOWN: [&str; 14] = [
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
        // A stray indented line is part of the value above it, so only a single line is known to
        // be what the key promises.
        let shown = SHOWN.contains(&self.key.as_str()) && !self.value.contains('\n');
        let mut out = f.debug_struct("Property");
        out.field("key", &self.key);
        if shown {
            out.field("value", &self.value);
        } else {
            out.field("value", &format_args!("(hidden)"));
        }
        out.field("line", &self.line)
            .field("nested", &self.nested)
            .finish()
    }
}
