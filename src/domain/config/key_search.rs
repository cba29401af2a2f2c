//! Whether a key stands anywhere: a look at how lines begin, which takes a small part of the
//! time of reading them.
//!
//! It may say yes where the reader takes nothing. Where it says no, no profile has the key.

use super::Dialect;
use super::lines::{Class, LONGEST, Lines};
use super::select::begins_session;

/// Whether a section that is not an sso-session may have this key.
pub fn mentions(bytes: &[u8], dialect: Dialect, key: &str) -> bool {
    let key = key.as_bytes();
    let mut in_session = false;
    Lines::of_file(bytes, LONGEST).any(|line| match line.class {
        Class::Header => {
            in_session = dialect == Dialect::Config && begins_session(line.text);
            false
        }
        Class::Property if !in_session => {
            let start = line.text.get(..key.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(key))
        }
        Class::Property | Class::Blank | Class::Comment | Class::Continuation => false,
    })
}
