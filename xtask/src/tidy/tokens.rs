//! A lexer for Rust that separates code from comments and literals.
//!
//! It must never take text for code, because the rules would then report false findings. It may
//! fail on syntax that nobody writes.

#[derive(Debug, PartialEq, Clone)]
pub(super) enum Token {
    Word(String),
    /// `::`
    Colons,
    Sign(char),
}

/// Splits code into tokens, each with its one-based line. The code must have passed
/// [`blank_text`].
pub(super) fn tokens(code: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    for (index, text) in code.lines().enumerate() {
        let line = index + 1;
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (token, after) = rest.split_at(length);
            tokens.push((
                line,
                match token {
                    "::" => Token::Colons,
                    _ if is_word(first) => Token::Word(token.to_string()),
                    _ => Token::Sign(first),
                },
            ));
            rest = after.trim_start();
        }
    }
    tokens
}

/// Replaces comments, strings and character literals by spaces. Line breaks stay.
pub(super) fn blank_text(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let after_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        match end_of_text(&chars, at, after_word) {
            Some(end) => {
                let blank = |c: &char| if *c == '\n' { '\n' } else { ' ' };
                code.extend(chars[at..end].iter().map(blank));
                at = end;
            }
            None => {
                code.push(chars[at]);
                at += 1;
            }
        }
    }
    code
}

/// End of the comment or literal that starts at `at`, if one does.
fn end_of_text(chars: &[char], at: usize, after_word: bool) -> Option<usize> {
    let next = |offset: usize| chars.get(at + offset).copied();
    match chars[at] {
        '/' if next(1) == Some('/') => Some(find(chars, at, |rest| rest[0] == '\n')),
        '/' if next(1) == Some('*') => Some(end_of_block(chars, at)),
        '"' => Some(end_of_string(chars, at + 1)),
        'r' if !after_word || matches!(chars[at - 1], 'b' | 'c') => {
            end_of_raw_string(chars, at + 1)
        }
        // `'a'` is a character literal; the lifetime `'a` has no second quote.
        '\'' if next(1) == Some('\\') => {
            Some((find(chars, at + 3, |rest| rest[0] == '\'') + 1).min(chars.len()))
        }
        '\'' if next(2) == Some('\'') => Some(at + 3),
        _ => None,
    }
}

fn find(chars: &[char], from: usize, stop: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len())
        .find(|&at| stop(&chars[at..]))
        .unwrap_or(chars.len())
}

fn end_of_block(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// End of the raw string whose `#`s or quote start at `start`.
fn end_of_raw_string(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start..].iter().take_while(|c| **c == '#').count();
    if chars.get(start + hashes) != Some(&'"') {
        return None;
    }
    let end = [vec!['"'], vec!['#'; hashes]].concat();
    let at = find(chars, start + hashes + 1, |rest| rest.starts_with(&end));
    Some((at + end.len()).min(chars.len()))
}

#[cfg(test)]
mod tests {
    use super::blank_text;

    #[test]
    fn comments_and_literals_are_blanked() {
        let text =
            "a /* b /* c */ d */ e // f\n\"g \\\" h\" i r#\"j \" k\"# l b'm' 'n' '\\'' 'life";
        let words: Vec<&str> = "a e i l b 'life".split(' ').collect();
        assert_eq!(
            blank_text(text).split_whitespace().collect::<Vec<_>>(),
            words
        );
    }

    #[test]
    fn line_breaks_are_kept() {
        assert_eq!(blank_text("\"a\nb\"\nc").lines().count(), 3);
    }
}
