//! A `key = value` line taken apart.
//!
//! No knowledge of sections or of continuation lines.

use super::lines::{BLANKS, COMMENT};

#[derive(Debug, PartialEq)]
pub(super) struct Pair<'a> {
    pub key: &'a str,
    pub value: &'a str,
    /// A comment was cut off behind the value.
    pub commented: bool,
}

/// Takes a property line apart, or says why it is none.
pub(super) fn split(line: &str) -> Result<Pair<'_>, &'static str> {
    let line = line.trim_matches(BLANKS);
    let text = without_comment(line);
    let (key, value) = text.split_once('=').ok_or_else(|| {
        if text.contains(':') {
            "no `=` in this line; `:` separates key and value only for the AWS CLI"
        } else {
            "no `=` in this line"
        }
    })?;
    let key = key.trim_matches(BLANKS);
    if key.is_empty() {
        return Err("no key before the `=`");
    }
    Ok(Pair {
        key,
        value: value.trim_matches(BLANKS),
        commented: text.len() != line.len(),
    })
}

/// Takes a sub-property line apart. Here a comment behind the value belongs to the value, for
/// SDKs and the AWS CLI alike; the line must be a property without it, too.
pub(super) fn split_nested(line: &str) -> Result<Pair<'_>, &'static str> {
    split(line)?;
    let (key, value) = line.split_once('=').ok_or("no `=` in this line")?;
    Ok(Pair {
        key: key.trim_matches(BLANKS),
        value: value.trim_matches(BLANKS),
        commented: false,
    })
}

/// A comment behind a value needs white space before it: start URLs end in `#`.
fn without_comment(line: &str) -> &str {
    // Nearly every line has none, and looking for bytes is quicker than for characters.
    if !line.bytes().any(|byte| matches!(byte, b'#' | b';')) {
        return line;
    }
    for (index, _) in line.match_indices(COMMENT) {
        if let Some(before) = line.get(..index)
            && before.ends_with(char::is_whitespace)
        {
            return before;
        }
    }
    line
}
