//! Text in terminal columns (wide characters take two, combining ones none), and lists of names.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::domain::text::sanitize;

/// Returns the number of columns that a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Returns the text, filled with spaces up to this number of columns.
pub fn padded(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(width(text));
    format!("{text}{:spaces$}", "")
}

/// Returns the longest prefix of a text that fits into this number of columns.
pub fn cut(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let over = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    over.map_or(text, |(at, _)| text.split_at(at).0)
}

/// Joins the first names with commas, and counts the others: `a, b and 3 more`.
pub fn abbreviate(names: &[impl AsRef<str>]) -> String {
    /// Number of names that a sentence lists.
    const MAX_NAMES: usize = 5;
    let first: Vec<String> = names
        .iter()
        .take(MAX_NAMES)
        .map(|name| sanitize(name.as_ref()))
        .collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, padded};

    #[test]
    fn columns_are_counted_as_terminals_do() {
        for text in ["ab", "\u{fc}\u{e9}", "e\u{301}x", "\u{6771}"] {
            assert_eq!(padded(text, 4), format!("{text}  "));
            assert_eq!(cut(&format!("{text}\u{4eac}"), 3), text);
        }
        assert_eq!((padded("abc", 2), cut("", 2)), ("abc".to_owned(), ""));
    }
}
