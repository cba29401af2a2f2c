//! Foreign names made fit to be shown.
//!
//! Names come from configuration files and from the portal; a terminal would obey the
//! escapes in them. Nothing here is for values that go to a program.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with every control character replaced, cut to a line that can be read.
pub fn sanitize(text: &str) -> String {
    const MOST: usize = 200;
    let mut out: String = text
        .chars()
        .take(MOST)
        .map(|c| if is_hostile(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}

/// How many columns of a terminal a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text with blanks behind it, up to so many columns.
pub fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
}

/// The beginning of a text, so much of it as fits.
pub fn cut(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let over = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    over.map_or(text, |(at, _)| text.split_at(at).0)
}

/// Control characters, and the marks that reorder or hide text.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{cut, padded, sanitize};

    #[test]
    fn columns_are_counted_as_terminals_do() {
        for text in ["ab", "\u{fc}\u{e9}", "e\u{301}x", "\u{6771}"] {
            assert_eq!(padded(text, 4), format!("{text}  "));
            assert_eq!(cut(&format!("{text}\u{4eac}"), 3), text);
        }
        assert_eq!((padded("abc", 2), cut("", 2)), ("abc".to_owned(), ""));
    }

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(
            sanitize("a\u{1b}[31mb\nc\u{202e}d"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}d"
        );
        assert_eq!(sanitize(&"x".repeat(300)).chars().count(), 201);
    }
}
