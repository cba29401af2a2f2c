//! What the documents say about the program, and would otherwise cease to say.
//!
//! Every error and warning of `src/` has to stand in TROUBLESHOOTING.md: the fixed words of
//! its text, in their order, in one line. Every test that SECURITY.md names has to exist.
//! Whether what is said there is true, no rule can tell.

use super::rust::code;
use super::tree::{Finding, Tree};

const MESSAGES: &str = "TROUBLESHOOTING.md";
const CLAIMS: &str = "SECURITY.md";

/// Advice and remarks, which are no messages.
const ASIDE: [&str; 2] = [".hint(", ".note("];

/// What a message is made with.
const MAKERS: [&str; 6] = [
    "Error::failure(",
    "Error::usage(",
    "Error::sign_in(",
    "Error::new(",
    "Failure::new(",
    ".warn_once(",
];

/// Functions whose texts become parts of messages.
const PARTS: [&str; 9] = [
    "fn checked(",
    "fn clock_skew(",
    "fn detail(",
    "fn forget(",
    "fn in_words(",
    "fn sign_in_words(",
    "fn tls_failure(",
    "fn tunnel_failure(",
    "fn understood(",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let text = |wanted: &str| {
        let found = tree.iter().find(|(path, _)| *path == wanted);
        found.map(|(_, text)| text)
    };
    let mut findings = Vec::new();
    if let Some(document) = text(MESSAGES) {
        findings.extend(missing_messages(tree, document));
    }
    if let Some(document) = text(CLAIMS) {
        findings.extend(missing_tests(tree, document));
    }
    findings
}

fn missing_messages(tree: &Tree, document: &str) -> Vec<Finding> {
    let lines: Vec<&str> = document.lines().collect();
    let mut findings = Vec::new();
    for (path, text) in tree.rust("src/") {
        if path.contains("/tests/") || path.ends_with("tests.rs") {
            continue;
        }
        for (line, message) in messages(text) {
            let pieces = fixed(&message);
            let stands_in = |line: &&str| {
                let mut rest: &str = line;
                pieces.iter().all(|piece| match rest.split_once(piece) {
                    Some((_, after)) => {
                        rest = after;
                        true
                    }
                    None => false,
                })
            };
            if !pieces.is_empty() && !lines.iter().any(stands_in) {
                let what = format!("`{message}` is not in {MESSAGES}");
                findings.push(Finding::new(path, line, what));
            }
        }
    }
    findings
}

/// The texts of a file's messages, each with its line.
fn messages(text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let (original, blanked): (Vec<char>, Vec<char>) =
        (text.chars().collect(), code(text).chars().collect());
    let plain: String = blanked.iter().collect();
    let mut found = Vec::new();
    let places = |wanted: &'static str| {
        let plain = plain.as_str();
        plain.match_indices(wanted).filter_map(move |(byte, _)| {
            let foreign = plain[..byte].ends_with("io::");
            (!foreign).then(|| plain[..byte].chars().count() + wanted.len() - 1)
        })
    };
    let aside: Vec<(usize, usize)> = ASIDE
        .into_iter()
        .flat_map(places)
        .map(|start| (start, closing(&blanked, start, '(', ')')))
        .collect();
    let mut add = |start: usize, open: char, close: char| {
        let end = closing(&blanked, start, open, close);
        for (at, literal) in literals(&original, &blanked, start, end) {
            if aside.iter().any(|(from, to)| (*from..*to).contains(&at)) {
                continue;
            }
            let line = original[..at].iter().filter(|c| **c == '\n').count() + 1;
            found.push((line, literal));
        }
    };
    for start in MAKERS.into_iter().flat_map(places) {
        add(start, '(', ')');
    }
    for start in PARTS.into_iter().flat_map(places) {
        let body = blanked[start..].iter().position(|c| *c == '{');
        add(start + body.unwrap_or(0), '{', '}');
    }
    found
}

/// The place behind the bracket that closes the one at `start`.
fn closing(code: &[char], start: usize, open: char, close: char) -> usize {
    let mut depth = 0;
    for (at, c) in code.iter().enumerate().skip(start) {
        depth += i32::from(*c == open);
        depth -= i32::from(*c == close);
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

/// The string literals between two places, as they are at run time but for placeholders.
fn literals(original: &[char], blanked: &[char], start: usize, end: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = start;
    while at < end {
        if original[at] != '"' || blanked[at] == '"' {
            // A comment may hold a quote; it goes to the end of its line.
            if original[at..end].starts_with(&['/', '/']) && blanked[at] == ' ' {
                at += original[at..].iter().take_while(|c| **c != '\n').count();
            }
            at += 1;
            continue;
        }
        let begin = at;
        let mut text = String::new();
        at += 1;
        while at < end && original[at] != '"' {
            match (original[at], original.get(at + 1)) {
                ('\\', Some('\n')) => {
                    let blanks = original[at + 1..].iter();
                    at += blanks.take_while(|c| c.is_whitespace()).count();
                }
                ('\\', Some(escaped)) => {
                    text.push(if *escaped == 'n' { ' ' } else { *escaped });
                    at += 1;
                }
                (c, _) => text.push(c),
            }
            at += 1;
        }
        at += 1;
        // What others say is compared here, and not printed.
        let after: String = original[at..end].iter().take(40).collect();
        if !after.trim_start().starts_with(['|', '=']) {
            found.push((begin, text));
        }
    }
    found
}

/// The parts between the placeholders that are words.
fn fixed(message: &str) -> Vec<&str> {
    let pieces = message.split(['{', '}']).step_by(2).map(str::trim);
    let words = |piece: &&str| piece.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    pieces.filter(words).collect()
}

/// Tests are named by module and function between backticks.
fn missing_tests(tree: &Tree, document: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tests: Vec<&str> = tree.rust("tests/").map(|(_, text)| text).collect();
    for (index, line) in document.lines().enumerate() {
        let named = line.split('`').skip(1).step_by(2);
        for name in named.filter(|name| name.contains("::")) {
            let last = name.rsplit("::").next().unwrap_or(name);
            // A test that is made for each client is a macro's, named by what comes before.
            let mut words = name.rsplit("::").filter(|word| word.contains('_'));
            let function = words.next().unwrap_or(last);
            let exists = |text: &&str| text.contains(&format!("{function}("));
            let in_macro = |text: &&str| text.contains(&format!("{function} "));
            if !tests.iter().any(|text| exists(text) || in_macro(text)) {
                let what = format!("there is no test `{name}`");
                findings.push(Finding::new(CLAIMS, index + 1, what));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::{CLAIMS, MESSAGES, check};

    const CODE: &str = r#"//! x
fn a() {
    Error::failure(format!("profile \"{}\" has no {key} ({})", a, "a part")).hint("try again");
    io::Error::new(kind, "not shown as it is");
    ctx.warn_once(
        // "not this"
        "two lines \
         of it",
    );
}
fn in_words() -> &str { match x { "not said" => "the portal failed" } }
#[cfg(test)]
mod tests { fn b() { Error::usage("only a test") } }
"#;

    #[test]
    fn a_message_that_the_document_lacks_is_found() {
        let document = "| `profile \"NAME\" has no KEY` |\ntwo lines of\n";
        let files = [("src/a.rs", CODE), (MESSAGES, document)];
        assert_eq!(
            found(check, &files),
            [
                "src/a.rs:3: `a part` is not in TROUBLESHOOTING.md",
                "src/a.rs:7: `two lines of it` is not in TROUBLESHOOTING.md",
                "src/a.rs:11: `the portal failed` is not in TROUBLESHOOTING.md",
            ]
        );
    }

    #[test]
    fn a_test_that_is_gone_is_found() {
        let tests = "#[test]\nfn here() {}\n";
        let document = "see `a::here` and\n`a::gone`, `sso::nothing`\n";
        let files = [("tests/it/a.rs", tests), (CLAIMS, document)];
        assert_eq!(
            found(check, &files),
            [
                "SECURITY.md:2: there is no test `a::gone`",
                "SECURITY.md:2: there is no test `sso::nothing`",
            ]
        );
    }
}
