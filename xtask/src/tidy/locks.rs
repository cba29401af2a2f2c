//! The fuzz targets have a Cargo.lock of their own. What is fuzzed must be what is shipped:
//! a package that both name has no other version there, and it knows all that sso needs.

use super::tree::{Finding, Tree};
use std::collections::{BTreeMap, BTreeSet};

const OURS: &str = "Cargo.lock";
const THEIRS: &str = "tests/fuzz/Cargo.lock";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let text = |wanted: &str| tree.iter().find(|(path, _)| *path == wanted);
    let (Some((_, ours)), Some((_, theirs))) = (text(OURS), text(THEIRS)) else {
        return Vec::new();
    };
    let ours = versions(ours);
    let mut findings: Vec<Finding> = tree
        .iter()
        .filter(|(path, _)| *path == "Cargo.toml")
        .flat_map(|(_, manifest)| needed(manifest))
        .filter(|name| !requirements(theirs).any(|known| known == *name))
        .map(|name| {
            let what = format!(
                "sso needs {name}; run \
                 `cargo update --workspace --manifest-path tests/fuzz/Cargo.toml`"
            );
            Finding::new(THEIRS, 0, what)
        })
        .collect();
    for (name, versions) in versions(theirs) {
        let Some(known) = ours.get(name) else {
            continue;
        };
        for version in versions.difference(known) {
            let what = format!(
                "{name} {version} is not what Cargo.lock has; copy that file here, and \
                 `cargo metadata --manifest-path tests/fuzz/Cargo.toml` adds what it lacks"
            );
            findings.push(Finding::new(THEIRS, 0, what));
        }
    }
    findings
}

/// What the product's manifest depends on.
fn needed(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest.lines();
    let below = lines.skip_while(|line| *line != "[dependencies]").skip(1);
    let own = below.take_while(|line| !line.starts_with('['));
    own.filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split([' ', '.', '=']).next())
}

/// What a lock file has sso depend on.
fn requirements(lock: &str) -> impl Iterator<Item = &str> {
    let lines = lock.lines();
    let below = lines.skip_while(|line| *line != "name = \"sso\"");
    let own = below.take_while(|line| !line.is_empty());
    own.filter_map(|line| line.strip_prefix(" \"")?.split([' ', '"']).next())
}

/// The versions of each package that a lock file names.
fn versions(lock: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut name = "";
    for line in lock.lines() {
        if let Some(found) = value(line, "name = \"") {
            name = found;
        } else if let Some(version) = value(line, "version = \"") {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::{OURS, THEIRS, check};

    #[test]
    fn a_new_dependency_is_missed() {
        let manifest = "[package]\nname = \"sso\"\n[dependencies]\n# Why.\na = \"1\"\nb = \"2\"\n\
                        [dev-dependencies]\nc = \"3\"\n";
        let lock = "[[package]]\nname = \"sso\"\ndependencies = [\n \"a\",\n]\n\n\
                    [[package]]\nname = \"b\"\ndependencies = [\n \"b\",\n]\n";
        let files = [("Cargo.toml", manifest), (OURS, lock), (THEIRS, lock)];
        let found = found(check, &files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("sso needs b"), "{found:?}");
    }

    #[test]
    fn another_version_is_found() {
        let package = |name: &str, version: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
        };
        let ours = package("a", "1.0.0") + &package("b", "1.0.0") + &package("b", "2.0.0");
        let theirs = package("a", "1.0.1") + &package("b", "2.0.0") + &package("c", "3.0.0");
        let files = [(OURS, ours.as_str()), (THEIRS, theirs.as_str())];
        let found = found(check, &files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a 1.0.1"), "{found:?}");
    }
}
