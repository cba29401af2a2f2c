//! Reads the paths that Rust code names, with the groups of `use` expanded.
//!
//! `use std::{fs, time::Instant};` names `std::fs` and `std::time::Instant`, and so does an
//! expression that writes them in full. Aliases are not resolved here; see `modules`.

use super::tokens::{Token, blank_text, tokens};

/// A path in some code, either imported or written in place.
#[derive(Debug, PartialEq)]
pub(super) struct PathUse {
    /// One-based line of the first segment.
    pub(super) line: usize,
    pub(super) segments: Vec<String>,
    /// `None` for a path outside `use`.
    pub(super) import: Option<Import>,
}

/// How `use` binds a path.
#[derive(Debug, PartialEq, Clone)]
pub(super) struct Import {
    /// Name in the importing module: the alias after `as`, or else the last segment.
    pub(super) name: String,
    pub(super) is_public: bool,
}

impl PathUse {
    /// Returns `true` if the path is `path`, leads below it, or covers it with a glob.
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

/// Returns every path of at least two segments, and every import.
pub(super) fn path_uses(text: &str) -> Vec<PathUse> {
    read(&tokens(&blank_text(text)))
}

/// Returns the paths outside items that are compiled only for tests.
pub(super) fn path_uses_outside_tests(text: &str) -> Vec<PathUse> {
    read(&tokens_outside_tests(text))
}

/// Returns the tokens outside items marked `#[cfg(test)]`.
pub(super) fn tokens_outside_tests(text: &str) -> Vec<(usize, Token)> {
    let mut tokens = tokens(&blank_text(text));
    while let Some((start, end)) = test_item(&tokens) {
        tokens.drain(start..end);
    }
    tokens
}

fn read(tokens: &[(usize, Token)]) -> Vec<PathUse> {
    let mut reader = Reader {
        tokens,
        at: 0,
        found: Vec::new(),
        public_import: None,
    };
    while reader.at < tokens.len() {
        reader.read_path(&[]);
    }
    reader.found
}

/// Range of the first item marked `#[cfg(test)]` or `#[cfg(all(test, …))]`, with all of its
/// attributes.
fn test_item(tokens: &[(usize, Token)]) -> Option<(usize, usize)> {
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
        Some((start, end_of_item(tokens, at)))
    })
}

/// End of the item that starts at `at`: after its `;` or its body, whichever comes first.
/// The braces of a `use` are not a body.
fn end_of_item(tokens: &[(usize, Token)], mut at: usize) -> usize {
    let mut is_import = false;
    while let Some((_, token)) = tokens.get(at) {
        match token {
            Token::Sign(';') => return at + 1,
            Token::Sign('}') => return at,
            Token::Sign('(') => at = closing(tokens, at, '(', ')'),
            Token::Sign('[') => at = closing(tokens, at, '[', ']'),
            Token::Sign('{') => {
                at = closing(tokens, at, '{', '}');
                if !is_import {
                    return at;
                }
            }
            token => {
                is_import |= *token == Token::Word("use".to_string());
                at += 1;
            }
        }
    }
    tokens.len()
}

/// Returns `true` if the tokens from `at` on are `words`.
pub(super) fn matches(tokens: &[(usize, Token)], at: usize, words: &[&str]) -> bool {
    words
        .iter()
        .enumerate()
        .all(|(offset, want)| match tokens.get(at + offset) {
            Some((_, Token::Word(word))) => word == want,
            Some((_, Token::Sign(sign))) => want.chars().eq([*sign]),
            _ => false,
        })
}

/// Position after the bracket that closes the one at `start`.
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
    found: Vec<PathUse>,
    /// Inside `use …;`, whether the import is public.
    public_import: Option<bool>,
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

    /// Reads one path, or skips one token that starts none. Always advances.
    fn read_path(&mut self, prefix: &[String]) {
        let start = self.at;
        let line = self.tokens.get(start).map_or(0, |(line, _)| *line);
        let mut segments = prefix.to_vec();
        self.take(&Token::Colons);
        loop {
            match self.peek().cloned() {
                Some(Token::Word(word)) => segments.push(word),
                Some(Token::Sign('*')) if segments.len() > prefix.len() || !prefix.is_empty() => {
                    segments.push("*".to_string());
                }
                Some(Token::Sign('{')) if self.is_after_colons(start) => {
                    self.at += 1;
                    return self.read_group(&segments);
                }
                _ => break,
            }
            self.at += 1;
            if !self.take(&Token::Colons) {
                break;
            }
        }
        if self.at == start {
            if self.peek() == Some(&Token::Sign(';')) {
                self.public_import = None;
            }
            self.at += 1;
            return;
        }
        if segments == ["use"] {
            // `use<'a>` in a return type captures a lifetime.
            if self.peek() != Some(&Token::Sign('<')) {
                self.public_import = Some(self.is_public(start));
            }
            return;
        }
        if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
            segments.pop();
        }
        let import = self.public_import.map(|is_public| Import {
            name: self
                .alias()
                .or_else(|| segments.last().cloned())
                .unwrap_or_default(),
            is_public,
        });
        if segments.len() > 1 || import.is_some() {
            self.found.push(PathUse {
                line,
                segments,
                import,
            });
        }
    }

    fn is_after_colons(&self, start: usize) -> bool {
        self.at > start && self.tokens[self.at - 1].1 == Token::Colons
    }

    /// Returns `true` if the `use` at `start` follows `pub` or `pub(…)`.
    fn is_public(&self, start: usize) -> bool {
        match start.checked_sub(1).map(|before| &self.tokens[before].1) {
            Some(Token::Word(word)) => word == "pub",
            Some(token) => *token == Token::Sign(')'),
            None => false,
        }
    }

    /// Reads `as NAME`, if it follows.
    fn alias(&mut self) -> Option<String> {
        if !self.take(&Token::Word("as".to_string())) {
            return None;
        }
        let name = match self.peek() {
            Some(Token::Word(name)) => Some(name.clone()),
            _ => None,
        };
        self.at += 1;
        name
    }

    /// Reads the members of `{ … }`, after its opening brace.
    fn read_group(&mut self, prefix: &[String]) {
        while let Some(token) = self.peek() {
            match token {
                Token::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Token::Sign(',') => self.at += 1,
                _ => self.read_path(prefix),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{path_uses, path_uses_outside_tests};

    fn joined(text: &str) -> Vec<String> {
        path_uses(text)
            .iter()
            .map(|path| path.segments.join("::"))
            .collect()
    }

    #[test]
    fn use_groups_are_expanded() {
        let text = "use std::{self, fs as files, time::{Duration, Instant}, io::*};\nuse nix;";
        let paths = [
            "std",
            "std::fs",
            "std::time::Duration",
            "std::time::Instant",
            "std::io::*",
            "nix",
        ];
        assert_eq!(joined(text), paths);
    }

    #[test]
    fn imports_are_told_from_expressions() {
        let text = "use a::b as c;\npub(super) use d::{e, f as g};\nfn x() { h::i() }\npub use j;";
        let imports: Vec<Option<(String, bool)>> = path_uses(text)
            .into_iter()
            .map(|path| path.import.map(|import| (import.name, import.is_public)))
            .collect();
        let import = |name: &str, is_public| Some((name.to_string(), is_public));
        assert_eq!(
            imports,
            [
                import("c", false),
                import("e", true),
                import("g", true),
                None,
                import("j", true)
            ]
        );
    }

    #[test]
    fn paths_in_expressions_are_read() {
        let text = "fn a() -> ::std::io::Result<()> { let x = y; crate::os::open::<u8>(x) }";
        assert_eq!(joined(text), ["std::io::Result", "crate::os::open"]);
    }

    #[test]
    fn comments_and_strings_are_skipped() {
        assert!(joined("// std::fs\n/// [`crate::aws`]\nconst A: &str = \"nix::x\";").is_empty());
    }

    #[test]
    fn a_glob_reaches_everything_below() {
        let glob = &path_uses("use std::time::*;")[0];
        assert!(glob.reaches("std::time::Instant"));
        assert!(!glob.reaches("std::fs"));
        let exact = &path_uses("use std::time::Duration;")[0];
        assert!(!exact.reaches("std::time::Instant"));
        assert!(exact.reaches("std::time"));
    }

    #[test]
    fn test_items_are_left_out() {
        let text = "use a::b;\n#[cfg(test)] #[expect(x)]\nmod tests {\n use c::d;\n fn x() { {} }\n}\n\
                    use e::f;\n#[cfg(test)] use g::{h, i};\nuse j::k;\n#[cfg(test)]\nmod tests;\n\
                    #[cfg(test)] fn l() -> [u8; 2] { m::n() }\nuse o::p;";
        let lines: Vec<usize> = path_uses_outside_tests(text)
            .iter()
            .map(|path| path.line)
            .collect();
        assert_eq!(lines, [1, 7, 9, 13]);
    }
}
