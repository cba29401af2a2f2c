//! The fuzz targets have a Cargo.lock of their own. What is fuzzed must be what is shipped:
//! a package that both name has no other version there.

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
    let mut findings = Vec::new();
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
