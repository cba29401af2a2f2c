//! Entries at the top of the repository, and file names that describe no content.

use super::tree::{Finding, Tree};
use std::collections::BTreeSet;

/// Entries allowed at the top, and beginnings of their names.
const TOP_LEVEL: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "clippy.toml",
    "completions",
    "deny.toml",
    "man",
    "rustfmt.toml",
    "shell",
    "src",
    "tests",
    "xtask",
];
const TOP_LEVEL_PREFIXES: [&str; 8] = [
    ".",
    "CHANGELOG",
    "COMPATIBILITY",
    "CONTRIBUTING",
    "LICENSE",
    "README",
    "SECURITY",
    "TROUBLESHOOTING",
];

/// Names that fit any content. A file is named after its subject instead.
const VAGUE_NAMES: [&str; 6] = ["common", "helper", "helpers", "settings", "util", "utils"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tops: BTreeSet<&str> = tree
        .iter()
        .map(|(path, _)| path.split('/').next().unwrap_or(path))
        .collect();
    for top in tops {
        let is_known = TOP_LEVEL.contains(&top)
            || TOP_LEVEL_PREFIXES
                .iter()
                .any(|start| top.starts_with(start));
        if !is_known {
            findings.push(Finding::new(
                top,
                0,
                "is not allowed at the top of the repository",
            ));
        }
    }
    for (path, _) in tree.rust("") {
        let mut names = path.trim_end_matches(".rs").split('/');
        if let Some(vague) = names.find(|name| VAGUE_NAMES.contains(name)) {
            let message = format!("`{vague}` describes no content; name it after its subject");
            findings.push(Finding::new(path, 0, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    #[test]
    fn unknown_top_level_entries_are_found() {
        let files = [
            (".ci/run", ""),
            ("Cargo.toml", ""),
            ("LICENSE-MIT", ""),
            ("README.md", ""),
            ("docs/guide.md", ""),
            ("notes.txt", ""),
            ("src/lib.rs", ""),
        ];
        assert_eq!(
            findings_of(check, &files),
            [
                "docs: is not allowed at the top of the repository",
                "notes.txt: is not allowed at the top of the repository",
            ]
        );
    }

    #[test]
    fn vague_names_are_found() {
        for path in [
            "src/utils.rs",
            "tests/it/common/mod.rs",
            "src/cli/helpers.rs",
            "src/settings/a.rs",
        ] {
            assert_eq!(findings_of(check, &[(path, "")]).len(), 1, "{path}");
        }
        assert!(findings_of(check, &[("src/domain/token.rs", "")]).is_empty());
    }
}
