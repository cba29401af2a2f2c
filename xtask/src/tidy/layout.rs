//! What may lie where: the top of the repository, and names that say nothing.

use super::tree::{Finding, Tree};
use std::collections::BTreeSet;

const AT_THE_TOP: [&str; 11] = [
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
const TOP_STARTS: [&str; 8] = [
    ".",
    "CHANGELOG",
    "COMPATIBILITY",
    "CONTRIBUTING",
    "LICENSE",
    "README",
    "SECURITY",
    "TROUBLESHOOTING",
];

/// Drawers into which everything fits; a file is named after its subject instead.
const DRAWERS: [&str; 6] = ["common", "helper", "helpers", "settings", "util", "utils"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tops: BTreeSet<&str> = tree
        .iter()
        .map(|(path, _)| path.split('/').next().unwrap_or(path))
        .collect();
    for top in tops {
        let known =
            AT_THE_TOP.contains(&top) || TOP_STARTS.iter().any(|start| top.starts_with(start));
        if !known {
            findings.push(Finding::new(
                top,
                0,
                "has no place at the top of the repository",
            ));
        }
    }
    for (path, _) in tree.rust("") {
        let mut names = path.trim_end_matches(".rs").split('/');
        if let Some(drawer) = names.find(|name| DRAWERS.contains(name)) {
            let what = format!("`{drawer}` says nothing; name it after its subject");
            findings.push(Finding::new(path, 0, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::check;

    #[test]
    fn only_known_things_lie_at_the_top() {
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
            found(check, &files),
            [
                "docs: has no place at the top of the repository",
                "notes.txt: has no place at the top of the repository",
            ]
        );
    }

    #[test]
    fn drawers_are_found() {
        for path in [
            "src/utils.rs",
            "tests/it/common/mod.rs",
            "src/cli/helpers.rs",
            "src/settings/a.rs",
        ] {
            assert_eq!(found(check, &[(path, "")]).len(), 1, "{path}");
        }
        assert!(found(check, &[("src/domain/token.rs", "")]).is_empty());
    }
}
