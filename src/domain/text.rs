//! Foreign names made fit to be shown.
//!
//! Names come from configuration files and from the portal; a terminal would obey the
//! escapes in them. Nothing here is for values that go to a program.

/// The text with every control character replaced, cut to a line that can be read.
pub fn shown(text: &str) -> String {
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

/// Control characters, and the marks that reorder or hide text.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(
            shown("a\u{1b}[31mb\nc\u{202e}d"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}d"
        );
        assert_eq!(shown(&"x".repeat(300)).chars().count(), 201);
    }
}
