//! The paths that some Rust code mentions, with the groups of `use` spelled out.
//!
//! `use std::{fs, time::Instant};` mentions `std::fs` and `std::time::Instant`, and so
//! does an expression that writes them in full. What an import was renamed to is not
//! followed: the import itself is seen.

use super::rust::{Token, code, tokens};

#[derive(Debug, PartialEq)]
pub(super) struct Mention {
    pub(super) line: usize,
    pub(super) segments: Vec<String>,
}

impl Mention {
    /// Whether the path is the given one or leads below it, or takes everything from above
    /// it with a `*`.
    pub(super) fn reaches(&self, path: &str) -> bool {
        let wanted: Vec<&str> = path.split("::").collect();
        let own = &self.segments;
        match own.last() {
            Some(last) if last == "*" => {
                let above = &own[..own.len() - 1];
                above.iter().zip(&wanted).all(|(a, b)| a == b)
            }
            _ => own.len() >= wanted.len() && own.iter().zip(&wanted).all(|(a, b)| a == b),
        }
    }
}

/// Every path of two segments or more, and single names that are imported.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    read(&tokens(&code(text)))
}

/// The same without the modules that are compiled only for tests.
pub(super) fn mentions_outside_tests(text: &str) -> Vec<Mention> {
    let mut tokens = tokens(&code(text));
    while let Some((start, end)) = test_module(&tokens) {
        tokens.drain(start..end);
    }
    read(&tokens)
}

fn read(tokens: &[(usize, Token)]) -> Vec<Mention> {
    let mut reader = Reader {
        tokens,
        at: 0,
        found: Vec::new(),
    };
    while reader.at < tokens.len() {
        reader.path(&[]);
    }
    reader.found
}

/// Where `#[cfg(test)] mod NAME { … }` begins and ends; other attributes may stand between.
fn test_module(tokens: &[(usize, Token)]) -> Option<(usize, usize)> {
    (0..tokens.len()).find_map(|start| {
        let is_test = [
            &["cfg", "(", "test"][..],
            &["cfg", "(", "all", "(", "test"][..],
        ]
        .iter()
        .any(|words| matches(tokens, start + 2, words));
        if !matches(tokens, start, &["#", "["]) || !is_test {
            return None;
        }
        let mut at = start;
        while matches(tokens, at, &["#", "["]) {
            at = closing(tokens, at + 1, '[', ']');
        }
        let is_module = matches(tokens, at, &["mod"]) && matches(tokens, at + 2, &["{"]);
        is_module.then(|| (start, closing(tokens, at + 2, '{', '}')))
    })
}

fn matches(tokens: &[(usize, Token)], at: usize, words: &[&str]) -> bool {
    words
        .iter()
        .enumerate()
        .all(|(offset, want)| match tokens.get(at + offset) {
            Some((_, Token::Word(word))) => word == want,
            Some((_, Token::Sign(sign))) => want.chars().eq([*sign]),
            _ => false,
        })
}

/// The place behind the bracket that closes the one that opens here.
fn closing(tokens: &[(usize, Token)], start: usize, open: char, close: char) -> usize {
    let mut depth = 0;
    for (offset, (_, token)) in tokens[start..].iter().enumerate() {
        if *token == Token::Sign(open) {
            depth += 1;
        } else if *token == Token::Sign(close) {
            depth -= 1;
        }
        if depth == 0 {
            return start + offset + 1;
        }
    }
    tokens.len()
}

struct Reader<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    found: Vec<Mention>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let is_there = self.peek() == Some(wanted);
        if is_there {
            self.at += 1;
        }
        is_there
    }

    /// Reads one path, or one token that is no path; always moves on.
    fn path(&mut self, prefix: &[String]) {
        let start = self.at;
        let line = self.tokens.get(start).map_or(0, |(line, _)| *line);
        let imported = start > 0 && self.tokens[start - 1].1 == Token::Word("use".to_string());
        let mut segments = prefix.to_vec();
        self.take(&Token::Colons);
        loop {
            match self.peek().cloned() {
                Some(Token::Word(word)) => segments.push(word),
                Some(Token::Sign('*')) if segments.len() > prefix.len() || !prefix.is_empty() => {
                    segments.push("*".to_string());
                }
                Some(Token::Sign('{')) if self.after_colons(start) => {
                    self.at += 1;
                    return self.group(&segments);
                }
                _ => break,
            }
            self.at += 1;
            if !self.take(&Token::Colons) {
                break;
            }
        }
        if self.at == start {
            self.at += 1;
        }
        if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
            segments.pop();
        }
        if segments.len() > 1 || (imported && !segments.is_empty()) {
            self.found.push(Mention { line, segments });
        }
    }

    fn after_colons(&self, start: usize) -> bool {
        self.at > start && self.tokens[self.at - 1].1 == Token::Colons
    }

    /// Reads the members of `{ … }`, whose opening brace is behind us.
    fn group(&mut self, prefix: &[String]) {
        while let Some(token) = self.peek() {
            match token {
                Token::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Token::Sign(',') => self.at += 1,
                // A new name is no path.
                Token::Word(word) if word == "as" => self.at += 2,
                _ => self.path(prefix),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{mentions, mentions_outside_tests};

    fn shown(text: &str) -> Vec<String> {
        mentions(text)
            .iter()
            .map(|found| found.segments.join("::"))
            .collect()
    }

    #[test]
    fn groups_are_spelled_out() {
        let text = "use std::{self, fs as files, time::{Duration, Instant}, io::*};\nuse nix;";
        let paths = [
            "std",
            "std::fs",
            "std::time::Duration",
            "std::time::Instant",
            "std::io::*",
            "nix",
        ];
        // `std` alone is what `self` stands for; it is too short to be a mention.
        assert_eq!(shown(text), paths[1..]);
    }

    #[test]
    fn expressions_count() {
        let text = "fn a() -> ::std::io::Result<()> { let x = y; crate::os::open::<u8>(x) }";
        assert_eq!(shown(text), ["std::io::Result", "crate::os::open"]);
    }

    #[test]
    fn text_does_not_count() {
        assert!(shown("// std::fs\n/// [`crate::aws`]\nconst A: &str = \"nix::x\";").is_empty());
    }

    #[test]
    fn a_star_reaches_what_is_below() {
        let star = &mentions("use std::time::*;")[0];
        assert!(star.reaches("std::time::Instant"));
        assert!(!star.reaches("std::fs"));
        let exact = &mentions("use std::time::Duration;")[0];
        assert!(!exact.reaches("std::time::Instant"));
        assert!(exact.reaches("std::time"));
    }

    #[test]
    fn test_modules_can_be_left_out() {
        let text = "use a::b;\n#[cfg(test)] #[expect(x)]\nmod tests {\n use c::d;\n fn x() { {} }\n}\nuse e::f;";
        let lines: Vec<usize> = mentions_outside_tests(text)
            .iter()
            .map(|found| found.line)
            .collect();
        assert_eq!(lines, [1, 7]);
    }
}
