//! Reads Rust just far enough for the rules: code without comments and strings.
//!
//! This is no parser. It must never mistake text for code, since the rules would then
//! find things that are not there; it may miss what nobody writes. Also the rule against
//! macros that mark unfinished work lives here, since it needs nothing else.

use super::tree::{Finding, Tree};

/// The words that mark unfinished or temporary code.
const UNFINISHED: [&str; 3] = ["todo", "unimplemented", "dbg"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust("") {
        if !text.trim_start_matches('\u{feff}').starts_with("//!") {
            let what = "the file must begin with a //! comment that says what it is for";
            findings.push(Finding::new(path, 1, what));
        }
        let tokens = tokens(&code(text));
        for pair in tokens.windows(2) {
            if let [(line, Token::Word(word)), (_, Token::Sign('!'))] = pair
                && UNFINISHED.contains(&word.as_str())
            {
                findings.push(Finding::new(path, *line, format!("{word}! must not stay")));
            }
        }
    }
    findings
}

#[derive(Debug, PartialEq, Clone)]
pub(super) enum Token {
    Word(String),
    /// `::`
    Colons,
    Sign(char),
}

/// The words and signs of some code, each with its line.
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

/// The text with comments, strings and characters blanked, line by line as before.
pub(super) fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let after_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        let end = end_of_text(&chars, at, after_word);
        match end {
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

/// Where the comment, string or character that begins here ends, if one begins here.
fn end_of_text(chars: &[char], at: usize, after_word: bool) -> Option<usize> {
    let next = |offset: usize| chars.get(at + offset).copied();
    match chars[at] {
        '/' if next(1) == Some('/') => Some(find(chars, at, |rest| rest[0] == '\n')),
        '/' if next(1) == Some('*') => Some(end_of_block(chars, at)),
        '"' => Some(end_of_string(chars, at + 1)),
        'r' if !after_word || matches!(chars[at - 1], 'b' | 'c') => raw_string(chars, at + 1),
        // A lifetime has no second quote two characters on.
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

/// The end of the raw string whose `#`s or quote begin here.
fn raw_string(chars: &[char], start: usize) -> Option<usize> {
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
    use super::super::tree::found;
    use super::{check, code};

    #[test]
    fn comments_and_strings_are_not_code() {
        let text =
            "a /* b /* c */ d */ e // f\n\"g \\\" h\" i r#\"j \" k\"# l b'm' 'n' '\\'' 'life";
        let words: Vec<&str> = "a e i l b 'life".split(' ').collect();
        assert_eq!(code(text).split_whitespace().collect::<Vec<_>>(), words);
    }

    #[test]
    fn lines_stay_where_they_are() {
        assert_eq!(code("\"a\nb\"\nc").lines().count(), 3);
    }

    #[test]
    fn unfinished_work_is_found() {
        let text = "//! x\nfn a() {\n    todo!()\n}\nfn b() { dbg!(1); unimplemented!() }\n";
        let found = found(check, &[("tests/it/main.rs", text)]);
        assert_eq!(
            found,
            [
                "tests/it/main.rs:3: todo! must not stay",
                "tests/it/main.rs:5: dbg! must not stay",
                "tests/it/main.rs:5: unimplemented! must not stay",
            ]
        );
    }

    #[test]
    fn words_about_unfinished_work_are_fine() {
        let text = "//! x\n// todo! is banned\nconst A: &str = \"dbg!\";\nfn todo() {}\n";
        assert!(found(check, &[("src/domain/a.rs", text)]).is_empty());
    }

    #[test]
    fn a_file_without_a_header_is_found() {
        let found = found(check, &[("src/domain/a.rs", "// no\nfn a() {}\n")]);
        assert!(
            found[0].starts_with("src/domain/a.rs:1: the file must begin"),
            "{found:?}"
        );
    }
}
