//! Facts in the documents that can be compared with the code.
//!
//! One line of TROUBLESHOOTING.md must contain the fixed words of each error and warning of
//! `src/`, in order. Each test that SECURITY.md names must exist. Whether the documents are
//! otherwise right is not checked.

use super::tokens::blank_text;
use super::tree::{Finding, Tree};

const TROUBLESHOOTING: &str = "TROUBLESHOOTING.md";
const SECURITY: &str = "SECURITY.md";

/// Calls whose texts are not messages of their own.
const HINT_CALLS: [&str; 2] = [".hint(", ".note("];

/// Calls that construct a message.
const MESSAGE_CALLS: [&str; 13] = [
    "let message = format!(",
    "Error::usage(",
    "Error::configuration(",
    "Error::sign_in(",
    "Error::not_trusted(",
    "Error::declined(",
    "Error::storage(",
    "Error::busy(",
    "Error::system(",
    "Error::new(",
    "Failure::new(",
    ".within(",
    "output::warn(",
];

/// Functions whose texts become parts of messages.
const PART_FUNCTIONS: [&str; 10] = [
    "fn clock_skew(",
    "fn describe_response(",
    "fn description(",
    "fn forget(",
    "fn parse_proxy(",
    "fn safe_url(",
    "fn sign_in_words(",
    "fn tls_failure(",
    "fn tunnel_failure(",
    "fn warning_text(",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let text = |wanted: &str| {
        let file = tree.iter().find(|(path, _)| *path == wanted);
        file.map(|(_, text)| text)
    };
    let mut findings = Vec::new();
    if let Some(document) = text(TROUBLESHOOTING) {
        findings.extend(missing_messages(tree, document));
        findings.extend(unmatched_patterns(tree));
    }
    if let Some(document) = text(SECURITY) {
        findings.extend(missing_tests(tree, document));
    }
    findings
}

/// Reports patterns that match nothing: after a rename, the rule would silently skip messages.
fn unmatched_patterns(tree: &Tree) -> Vec<Finding> {
    let code: Vec<String> = shipped_files(tree)
        .map(|(_, text)| blank_text(text))
        .collect();
    [&HINT_CALLS[..], &MESSAGE_CALLS, &PART_FUNCTIONS]
        .concat()
        .into_iter()
        .filter(|pattern| !code.iter().any(|text| text.contains(pattern)))
        .map(|pattern| {
            let message = format!("`{pattern}` is nowhere in src; update the pattern");
            Finding::new("xtask/src/tidy/documents.rs", 0, message)
        })
        .collect()
}

/// Files of `src/` that are not only for tests.
fn shipped_files(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let is_test = |path: &str| path.contains("/tests/") || path.ends_with("tests.rs");
    tree.rust("src/").filter(move |(path, _)| !is_test(path))
}

fn missing_messages(tree: &Tree, document: &str) -> Vec<Finding> {
    let lines: Vec<&str> = document.lines().collect();
    let mut findings = Vec::new();
    for (path, text) in shipped_files(tree) {
        for (line, message) in messages(text) {
            let words = fixed_words(&message);
            let contains_all = |line: &&str| {
                let mut rest: &str = line;
                words.iter().all(|part| match rest.split_once(part) {
                    Some((_, after)) => {
                        rest = after;
                        true
                    }
                    None => false,
                })
            };
            if !words.is_empty() && !lines.iter().any(contains_all) {
                let message = format!("`{message}` is not in {TROUBLESHOOTING}");
                findings.push(Finding::new(path, line, message));
            }
        }
    }
    findings
}

/// Returns the text of each message in a file, with its one-based line.
fn messages(text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let (original, blanked): (Vec<char>, Vec<char>) =
        (text.chars().collect(), blank_text(text).chars().collect());
    let code: String = blanked.iter().collect();
    let mut found = Vec::new();
    // Positions of the last character of each match, which is an opening parenthesis.
    let positions = |wanted: &'static str| {
        let code = code.as_str();
        code.match_indices(wanted).filter_map(move |(byte, _)| {
            let is_io_error = code[..byte].ends_with("io::");
            (!is_io_error).then(|| code[..byte].chars().count() + wanted.len() - 1)
        })
    };
    let hints: Vec<(usize, usize)> = HINT_CALLS
        .into_iter()
        .flat_map(positions)
        .map(|start| (start, closing(&blanked, start, '(', ')')))
        .collect();
    let mut add = |start: usize, open: char, close: char| {
        let end = closing(&blanked, start, open, close);
        for (at, literal) in literals(&original, &blanked, start, end) {
            if hints.iter().any(|(from, to)| (*from..*to).contains(&at)) {
                continue;
            }
            let line = original[..at].iter().filter(|c| **c == '\n').count() + 1;
            found.push((line, literal));
        }
    };
    for start in MESSAGE_CALLS.into_iter().flat_map(positions) {
        add(start, '(', ')');
    }
    for start in PART_FUNCTIONS.into_iter().flat_map(positions) {
        let body = blanked[start..].iter().position(|c| *c == '{');
        add(start + body.unwrap_or(0), '{', '}');
    }
    found
}

/// Position of the bracket that closes the first one from `start` on.
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

/// Returns the string literals between two positions, unescaped, with their positions.
fn literals(original: &[char], blanked: &[char], start: usize, end: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = start;
    while at < end {
        if original[at] != '"' || blanked[at] == '"' {
            // A quote in a comment starts no literal.
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
        // A literal in a pattern or comparison is another program's text.
        let after: String = original[at..end].iter().take(40).collect();
        if !after.trim_start().starts_with(['|', '=']) {
            found.push((begin, text));
        }
    }
    found
}

/// Returns the parts between placeholders that contain words.
fn fixed_words(message: &str) -> Vec<&str> {
    let parts = message.split(['{', '}']).step_by(2).map(str::trim);
    let has_words = |part: &&str| part.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    parts.filter(has_words).collect()
}

/// Reports tests that the document names as `module::function` but that do not exist.
fn missing_tests(tree: &Tree, document: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tests: Vec<&str> = tree.rust("tests/").map(|(_, text)| text).collect();
    for (index, line) in document.lines().enumerate() {
        let quoted = line.split('`').skip(1).step_by(2);
        for name in quoted.filter(|name| name.contains("::")) {
            let last = name.rsplit("::").next().unwrap_or(name);
            // A macro generates a test per client; the document names the macro's argument and
            // then the client.
            let mut words = name.rsplit("::").filter(|word| word.contains('_'));
            let function = words.next().unwrap_or(last);
            let exists = |text: &&str| text.contains(&format!("{function}("));
            let in_macro = |text: &&str| text.contains(&format!("{function} "));
            if !tests.iter().any(|text| exists(text) || in_macro(text)) {
                let message = format!("there is no test `{name}`");
                findings.push(Finding::new(SECURITY, index + 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Finding, findings_of, tree_of};
    use super::{SECURITY, check, missing_messages, unmatched_patterns};

    fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    const CODE: &str = r#"//! x
fn a() {
    Error::configuration(format!("profile \"{}\" has no {key} ({})", a, "a part")).hint("try again");
    io::Error::new(kind, "not shown as it is");
    output::warn(
        // "not this"
        "two lines \
         of it",
    );
}
fn description() -> &str { match x { "not said" => "the portal failed" } }
#[cfg(test)]
mod tests { fn b() { Error::usage("only a test") } }
"#;

    #[test]
    fn an_undocumented_message_is_found() {
        let document = "| `profile \"NAME\" has no KEY` |\ntwo lines of\n";
        let tree = tree_of(&[("src/a.rs", CODE)]);
        assert_eq!(
            lines(&missing_messages(&tree, document)),
            [
                "src/a.rs:3: `a part` is not in TROUBLESHOOTING.md",
                "src/a.rs:7: `two lines of it` is not in TROUBLESHOOTING.md",
                "src/a.rs:11: `the portal failed` is not in TROUBLESHOOTING.md",
            ]
        );
    }

    #[test]
    fn a_pattern_without_a_match_is_found() {
        let tree = tree_of(&[("src/a.rs", CODE), ("src/b/tests.rs", "Error::sign_in(")]);
        let findings = lines(&unmatched_patterns(&tree));
        assert!(findings.iter().any(|line| line.contains("Error::sign_in(")));
        assert!(!findings.iter().any(|line| line.contains("fn description(")));
    }

    #[test]
    fn a_missing_test_is_found() {
        let tests = "#[test]\nfn here() {}\n";
        let document = "see `a::here` and\n`a::gone`, `sso::nothing`\n";
        let files = [("tests/it/a.rs", tests), (SECURITY, document)];
        assert_eq!(
            findings_of(check, &files),
            [
                "SECURITY.md:2: there is no test `a::gone`",
                "SECURITY.md:2: there is no test `sso::nothing`",
            ]
        );
    }
}
