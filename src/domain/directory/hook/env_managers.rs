//! Variables that direnv or mise has set for a directory.
//!
//! Both remember in a variable what they have set, to take it back: direnv as compressed JSON, mise
//! as compressed MessagePack.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde_json::Value;

use crate::domain::vars::Vars;

/// Longest record that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// Returns `true` if one of them has set the variable to this value.
pub fn is_given(name: &str, value: &str, env: Vars) -> bool {
    is_by_direnv(name, value, env) == Some(true) || is_by_mise(name, value, env) == Some(true)
}

fn is_by_direnv(name: &str, value: &str, env: Vars) -> Option<bool> {
    let record = URL_SAFE.decode(env("DIRENV_DIFF")?).ok()?;
    let record = decompress_to_vec_zlib_with_limit(&record, MAX_BYTES).ok()?;
    let record: Value = serde_json::from_slice(&record).ok()?;
    Some(record.get("n")?.get(name)? == value)
}

fn is_by_mise(name: &str, value: &str, env: Vars) -> Option<bool> {
    let record = STANDARD_NO_PAD.decode(env("__MISE_DIFF")?).ok()?;
    let record = decompress_to_vec_zlib_with_limit(&record, MAX_BYTES).ok()?;
    // The name with another value is among the earlier values.
    let entry = [text(name)?, text(value)?].concat();
    memchr::memmem::find(&record, &entry).map(|_| true)
}

/// Returns a text as MessagePack.
fn text(text: &str) -> Option<Vec<u8>> {
    let length = u8::try_from(text.len()).ok()?;
    let header = match length {
        0..32 => vec![0xa0 | length],
        _ => vec![0xd9, length],
    };
    Some([&header, text.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_direnv_and_mise_are_recognized() {
        // The second was written by mise 2026.9.15.
        let direnv = "eJyrVipQsqqu1VHKA1JKjuHB8QFB_m6ePq5KVkolGamZRcVKtbUA0uULmw==";
        let mise = "eAFrXpyfk9KwOC+1vHG1Y3hwfECQv5unj+uykozUzKLiJQWJJRkTACGoD3A";
        for (record, text) in [("DIRENV_DIFF", direnv), ("__MISE_DIFF", mise)] {
            let env = |name: &str| (name == record).then(|| text.to_owned());
            assert!(is_given("AWS_PROFILE", "theirs", &env), "{record}");
            assert!(!is_given("AWS_PROFILE", "their", &env), "{record}");
            assert!(!is_given("AWS_DEFAULT_PROFILE", "theirs", &env), "{record}");
            let broken = |name: &str| (name == record).then(|| text[..20].to_owned());
            assert!(!is_given("AWS_PROFILE", "theirs", &broken), "{record}");
        }
    }
}
