//! Compares the Cargo.lock of the fuzz targets with that of the workspace.
//!
//! The fuzzed code must be the shipped code: the fuzz targets' file must contain every
//! dependency of sso, and no other version of a package that both files contain.

use super::tree::{Finding, Tree};
use std::collections::{BTreeMap, BTreeSet};

const WORKSPACE_LOCK: &str = "Cargo.lock";
const FUZZ_LOCK: &str = "tests/fuzz/Cargo.lock";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let text = |wanted: &str| tree.iter().find(|(path, _)| *path == wanted);
    let (Some((_, workspace)), Some((_, fuzz))) = (text(WORKSPACE_LOCK), text(FUZZ_LOCK)) else {
        return Vec::new();
    };
    let shipped = versions(workspace);
    let mut findings: Vec<Finding> = tree
        .iter()
        .filter(|(path, _)| *path == "Cargo.toml")
        .flat_map(|(_, manifest)| dependencies(manifest))
        .filter(|name| !locked_dependencies(fuzz).any(|locked| locked == *name))
        .map(|name| {
            let message = format!(
                "{name} is missing; run \
                 `cargo update --workspace --manifest-path tests/fuzz/Cargo.toml`"
            );
            Finding::new(FUZZ_LOCK, 0, message)
        })
        .collect();
    for (name, versions) in versions(fuzz) {
        let Some(known) = shipped.get(name) else {
            continue;
        };
        for version in versions.difference(known) {
            let message = format!(
                "{name} {version} differs from Cargo.lock; copy that file here, then run \
                 `cargo metadata --manifest-path tests/fuzz/Cargo.toml` to complete it"
            );
            findings.push(Finding::new(FUZZ_LOCK, 0, message));
        }
    }
    findings
}

/// Returns the names in `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest.lines();
    let below = lines.skip_while(|line| *line != "[dependencies]").skip(1);
    let own = below.take_while(|line| !line.starts_with('['));
    own.filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split([' ', '.', '=']).next())
}

/// Returns the dependencies that a lock file records for sso.
fn locked_dependencies(lock: &str) -> impl Iterator<Item = &str> {
    let lines = lock.lines();
    let below = lines.skip_while(|line| *line != "name = \"sso\"");
    let own = below.take_while(|line| !line.is_empty());
    own.filter_map(|line| line.strip_prefix(" \"")?.split([' ', '"']).next())
}

/// Returns the versions of each package in a lock file.
fn versions(lock: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut name = "";
    for line in lock.lines() {
        if let Some(found) = value_of(line, "name = \"") {
            name = found;
        } else if let Some(version) = value_of(line, "version = \"") {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions
}

fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::{FUZZ_LOCK, WORKSPACE_LOCK, check};

    #[test]
    fn a_missing_dependency_is_found() {
        let manifest = "[package]\nname = \"sso\"\n[dependencies]\n# Why.\na = \"1\"\nb = \"2\"\n\
                        [dev-dependencies]\nc = \"3\"\n";
        let lock = "[[package]]\nname = \"sso\"\ndependencies = [\n \"a\",\n]\n\n\
                    [[package]]\nname = \"b\"\ndependencies = [\n \"b\",\n]\n";
        let files = [
            ("Cargo.toml", manifest),
            (WORKSPACE_LOCK, lock),
            (FUZZ_LOCK, lock),
        ];
        let found = findings_of(check, &files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("b is missing"), "{found:?}");
    }

    #[test]
    fn a_different_version_is_found() {
        let package = |name: &str, version: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
        };
        let workspace = package("a", "1.0.0") + &package("b", "1.0.0") + &package("b", "2.0.0");
        let fuzz = package("a", "1.0.1") + &package("b", "2.0.0") + &package("c", "3.0.0");
        let files = [
            (WORKSPACE_LOCK, workspace.as_str()),
            (FUZZ_LOCK, fuzz.as_str()),
        ];
        let found = findings_of(check, &files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a 1.0.1"), "{found:?}");
    }
}
