//! Removes terminal escapes from text of configuration files and services.
//!
//! Values that are passed to a program are never sanitized.

/// Replaces [hostile](is_hostile) characters and truncates the text to 200 characters.
pub fn sanitize(text: &str) -> String {
    const MAX_CHARS: usize = 200;
    let mut out: String = text
        .chars()
        .take(MAX_CHARS)
        .map(|c| if is_hostile(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        out.push('…');
    }
    out
}

/// Returns `1 NOUN` or `N NOUNs`.
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Returns `true` for control characters, and for marks that reorder text or are invisible: bidi
/// marks, joiners, soft hyphens and tag characters.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(
            sanitize("a\u{1b}[31mb\nc\u{202e}d"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}d"
        );
        for c in [
            '\u{61c}',
            '\u{ad}',
            '\u{180e}',
            '\u{e0041}',
            '\u{2066}',
            '\u{feff}',
        ] {
            assert_eq!(sanitize(&format!("a{c}b")), "a\u{fffd}b", "{c:?}");
        }
        assert_eq!(sanitize(&"x".repeat(300)).chars().count(), 201);
    }
}
