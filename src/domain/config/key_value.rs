//! Parses `key = value` lines, without regard to sections and continuation lines.

use super::lines::{BLANKS, COMMENT_STARTS};

/// A parsed line.
#[derive(Debug, PartialEq)]
pub(super) struct KeyValue<'a> {
    pub key: &'a str,
    pub value: &'a str,
    /// Whether a comment was removed after the value.
    pub had_comment: bool,
}

/// Parses a property line, or returns the reason if it has no key or no `=`.
pub(super) fn parse(line: &str) -> Result<KeyValue<'_>, &'static str> {
    let line = line.trim_matches(BLANKS);
    let text = strip_comment(line);
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
    Ok(KeyValue {
        key,
        value: value.trim_matches(BLANKS),
        had_comment: text.len() != line.len(),
    })
}

/// Parses a sub-property line, in which a comment after the value is part of the value, for SDKs
/// and the AWS CLI alike. The line needs a key and a `=` before the comment.
pub(super) fn parse_nested(line: &str) -> Result<KeyValue<'_>, &'static str> {
    parse(line)?;
    let (key, value) = line.split_once('=').ok_or("no `=` in this line")?;
    Ok(KeyValue {
        key: key.trim_matches(BLANKS),
        value: value.trim_matches(BLANKS),
        had_comment: false,
    })
}

/// Removes a comment, which needs white space before it: start URLs end in `#`.
fn strip_comment(line: &str) -> &str {
    // Nearly every line has no comment, and searching bytes is faster than searching characters.
    if !line.bytes().any(|byte| matches!(byte, b'#' | b';')) {
        return line;
    }
    let starts = line.match_indices(COMMENT_STARTS);
    let mut texts = starts.filter_map(|(start, _)| line.get(..start));
    let text = texts.find(|text| text.ends_with(char::is_whitespace));
    text.unwrap_or(line)
}
