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

/// Returns the value before the one that one of them has set, empty if there was none; `None` if
/// this value is not theirs.
pub fn value_before(name: &str, value: &str, env: Vars) -> Option<String> {
    before_direnv(name, value, env).or_else(|| before_mise(name, value, env))
}

fn before_direnv(name: &str, value: &str, env: Vars) -> Option<String> {
    let record = URL_SAFE.decode(env("DIRENV_DIFF")?).ok()?;
    let record = decompress_to_vec_zlib_with_limit(&record, MAX_BYTES).ok()?;
    let record: Value = serde_json::from_slice(&record).ok()?;
    let before = || record.get("p")?.get(name)?.as_str();
    (record.get("n")?.get(name)? == value).then(|| before().unwrap_or_default().to_owned())
}

fn before_mise(name: &str, value: &str, env: Vars) -> Option<String> {
    let record = STANDARD_NO_PAD.decode(env("__MISE_DIFF")?).ok()?;
    let record = decompress_to_vec_zlib_with_limit(&record, MAX_BYTES).ok()?;
    // The earlier values come first.
    let (name, value) = (text(name)?, text(value)?);
    let given = memchr::memmem::find(&record, &[&name[..], &value].concat())?;
    let before = memchr::memmem::find(&record[..given], &name);
    let before = before.and_then(|at| first_text(&record[at + name.len()..]));
    Some(before.unwrap_or_default().to_owned())
}

/// Returns the text at the start of this MessagePack.
fn first_text(bytes: &[u8]) -> Option<&str> {
    let (length, rest) = match bytes {
        [header @ 0xa0..=0xbf, rest @ ..] => (header & 0x1f, rest),
        [0xd9, length, rest @ ..] => (*length, rest),
        _ => return None,
    };
    std::str::from_utf8(rest.get(..length.into())?).ok()
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
        // The contents as of direnv 2.32.1 and mise 2026.9.15.
        let direnv = "eJyrVipQsqpWcgwPjg8I8nfz9HFVslJKSixOVarVUcrDlCrJSM0sKlaqrQUA5VARUw==";
        let mise = "eJxrXpyfk9K42jE8OD4gyN/N08d1SVJicerivNRyFNFlJRmpmUXFSwoSSzImAABHGhW2";
        for (record, text) in [("DIRENV_DIFF", direnv), ("__MISE_DIFF", mise)] {
            let env = |name: &str| (name == record).then(|| text.to_owned());
            let before = |name, value| value_before(name, value, &env);
            assert_eq!(before("AWS_PROFILE", "theirs").as_deref(), Some("base"));
            assert_eq!(before("AWS_PROFILE", "their"), None, "{record}");
            assert_eq!(before("AWS_DEFAULT_PROFILE", "theirs"), None, "{record}");
            let broken = |name: &str| (name == record).then(|| text[..20].to_owned());
            assert_eq!(value_before("AWS_PROFILE", "theirs", &broken), None);
        }
    }
}
