//! Rules for comments: each file starts with a module comment, and comments are written plainly.
//!
//! A sentence that starts with "What", "Who" or the like hides its subject. The first words of a
//! comment line and a few phrases are checked; anything else is for the reviewer.

use super::tree::{Finding, Tree};

/// Words that must not start a comment line.
const FORBIDDEN_STARTS: [&str; 7] = [
    "What", "Who", "Where", "That", "Which", "Whoever", "Whatever",
];

/// Phrases that must not occur in a comment.
const FORBIDDEN_PHRASES: [&str; 3] = [" of ours", "is none", "there is to be"];

/// Beginnings of paths that are exempt from the rules on wording until their comments are
/// rewritten. An entry without a violation must be deleted.
const NOT_YET_REWRITTEN: &[&str] = &["src/cli/args/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = missing_module_comments(tree);
    findings.extend(unclear_wording(tree, NOT_YET_REWRITTEN));
    findings
}

fn missing_module_comments(tree: &Tree) -> Vec<Finding> {
    tree.rust("")
        .filter(|(_, text)| !text.trim_start_matches('\u{feff}').starts_with("//!"))
        .map(|(path, _)| {
            let message = "start the file with a //! comment that describes its purpose";
            Finding::new(path, 1, message)
        })
        .collect()
}

fn unclear_wording(tree: &Tree, exempt: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut unused: Vec<&str> = exempt.to_vec();
    for (path, text) in tree.rust("") {
        for (index, line) in text.lines().enumerate() {
            let Some(found) = forbidden_wording(line) else {
                continue;
            };
            match exempt.iter().find(|start| path.starts_with(**start)) {
                Some(start) => unused.retain(|other| other != start),
                None => {
                    let message = format!("rewrite the comment without `{}`", found.trim());
                    findings.push(Finding::new(path, index + 1, message));
                }
            }
        }
    }
    for start in unused {
        let message = format!("no comment in {start} needs the exemption; remove it");
        findings.push(Finding::new("xtask/src/tidy/comments.rs", 0, message));
    }
    findings
}

/// Returns the forbidden word or phrase in a comment line.
fn forbidden_wording(line: &str) -> Option<&'static str> {
    let comment = line.trim_start().strip_prefix("//")?;
    let comment = comment.strip_prefix(['/', '!']).unwrap_or(comment);
    let sentence = comment.strip_prefix(' ').unwrap_or(comment);
    let first_word = sentence.split(' ').next().unwrap_or_default();
    FORBIDDEN_STARTS
        .into_iter()
        .find(|word| *word == first_word)
        .or_else(|| {
            FORBIDDEN_PHRASES
                .into_iter()
                .find(|phrase| comment.contains(phrase))
        })
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Finding, findings_of, tree_of};
    use super::{check, unclear_wording};

    fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_without_a_module_comment_is_found() {
        let found = findings_of(check, &[("src/domain/a.rs", "// no\nfn a() {}\n")]);
        assert!(
            found.contains(
                &"src/domain/a.rs:1: start the file with a //! comment that describes its purpose"
                    .to_string()
            ),
            "{found:?}"
        );
    }

    #[test]
    fn unclear_comments_are_found() {
        let text = "//! What it is.\n    /// Where it is.\n// A file of ours.\nlet a = \"What is\";\n\
                    //! Whether it is.\n// Whatever";
        let tree = tree_of(&[("src/a.rs", text)]);
        assert_eq!(
            lines(&unclear_wording(&tree, &[])),
            [
                "src/a.rs:1: rewrite the comment without `What`",
                "src/a.rs:2: rewrite the comment without `Where`",
                "src/a.rs:3: rewrite the comment without `of ours`",
                "src/a.rs:6: rewrite the comment without `Whatever`",
            ]
        );
    }

    #[test]
    fn an_exempt_folder_is_ignored_until_it_is_clean() {
        let tree = tree_of(&[("src/a/b.rs", "// What it is."), ("src/c.rs", "")]);
        assert!(unclear_wording(&tree, &["src/a/"]).is_empty());
        assert_eq!(
            lines(&unclear_wording(&tree, &["src/a/", "src/c.rs"])),
            ["xtask/src/tidy/comments.rs: no comment in src/c.rs needs the exemption; remove it"]
        );
    }
}
