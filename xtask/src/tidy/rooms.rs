//! The order of the folders in `src/domain`.
//!
//! A folder uses only folders below it, so that each can be read without those above. Code for
//! tests may use anything.

use super::modules::Modules;
use super::tree::{Finding, Tree};
use std::collections::BTreeSet;

/// Folders from the bottom up. Each may use those before it and the small values.
const ROOMS: [&str; 11] = [
    "net",
    "cache",
    "session",
    "config",
    "target",
    "role",
    "listing",
    "directory",
    "profiles",
    "check",
    "completion",
];

/// Files directly in `src/domain`: values without rules about a subject, usable everywhere.
const SMALL_VALUES: [&str; 9] = [
    "hash",
    "json",
    "names",
    "secret",
    "sort",
    "staleness",
    "text",
    "time",
    "vars",
];

/// Upward dependencies, as files, that are tolerated until they are removed. An entry that is
/// no longer needed must be deleted.
const KNOWN: &[(&str, &str)] = &[];

/// File with the lists above.
const LIST: &str = "xtask/src/tidy/rooms.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = check_against(tree, KNOWN);
    findings.extend(misplaced_files(tree));
    findings
}

fn check_against(tree: &Tree, known: &[(&str, &str)]) -> Vec<Finding> {
    let modules = Modules::read(tree);
    let mut found = BTreeSet::new();
    let mut findings = Vec::new();
    for used in modules.dependencies() {
        let (Some(from), Some(to)) = (room(used.from), room(used.to)) else {
            continue;
        };
        if height(to) <= height(from) {
            continue;
        }
        if known.contains(&(used.from, used.to)) {
            found.insert((used.from, used.to));
            continue;
        }
        let message = format!(
            "{from} must not use {to}, which is above it ({} of {})",
            used.item, used.to
        );
        findings.push(Finding::new(used.from, used.line, message));
    }
    for (from, to) in known.iter().filter(|pair| !found.contains(*pair)) {
        let message = format!("{from} no longer uses {to}; update KNOWN");
        findings.push(Finding::new(LIST, 0, message));
    }
    findings
}

/// Name of the room or small value that a file of `src/domain` belongs to, if it is known.
fn room(path: &str) -> Option<&str> {
    let name = name_in_domain(path)?;
    height(name).is_some().then_some(name)
}

/// First folder below `src/domain`, or the stem of a file directly in it.
fn name_in_domain(path: &str) -> Option<&str> {
    let inner = path.strip_prefix("src/domain/")?.trim_end_matches(".rs");
    inner.split('/').next()
}

/// Position in the order; 0 for small values.
fn height(name: &str) -> Option<usize> {
    if SMALL_VALUES.contains(&name) {
        return Some(0);
    }
    let position = ROOMS.iter().position(|room| *room == name);
    position.map(|position| position + 1)
}

/// Reports files outside the rooms, once all rooms exist.
fn misplaced_files(tree: &Tree) -> Vec<Finding> {
    let names: BTreeSet<&str> = tree
        .rust("src/domain/")
        .filter_map(|(path, _)| name_in_domain(path))
        .collect();
    if !ROOMS.iter().all(|room| names.contains(room)) {
        return Vec::new();
    }
    tree.rust("src/domain/")
        .filter(|(path, _)| *path != "src/domain/mod.rs" && room(path).is_none())
        .map(|(path, _)| {
            let message = "belongs in a folder of src/domain, or in SMALL_VALUES of \
                        xtask/src/tidy/rooms.rs";
            Finding::new(path, 0, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Finding, tree_of};
    use super::{ROOMS, check_against, misplaced_files};

    fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    /// A made-up `src/domain` with the declarations that the paths lead through.
    fn domain<'a>(files: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let declarations = [
            ("src/domain/mod.rs", ""),
            ("src/domain/net/mod.rs", ""),
            ("src/domain/role/mod.rs", "pub struct Credentials;"),
        ];
        [&declarations[..], files].concat()
    }

    #[test]
    fn an_upward_dependency_is_found() {
        let files = domain(&[
            (
                "src/domain/net/sigv4.rs",
                "//! x\nuse crate::domain::role::Credentials;",
            ),
            ("src/domain/text.rs", "use super::net::sigv4::sign;"),
        ]);
        assert_eq!(
            lines(&check_against(&tree_of(&files), &[])),
            [
                "src/domain/net/sigv4.rs:2: net must not use role, which is above it \
                 (Credentials of src/domain/role/mod.rs)",
                "src/domain/text.rs:1: text must not use net, which is above it \
                 (sign of src/domain/net/sigv4.rs)",
            ]
        );
    }

    #[test]
    fn dependencies_down_and_within_a_room_are_allowed() {
        let files = domain(&[
            (
                "src/domain/role/chain.rs",
                "use crate::domain::net::sigv4; use super::Credentials; use super::super::text::T;\
                 fn f() { sigv4::sign() }\
                 #[cfg(test)] mod tests { use crate::domain::check::Check; }",
            ),
            ("src/domain/net/sigv4.rs", ""),
            ("src/domain/check.rs", ""),
            ("src/domain/text.rs", "use crate::domain::time::T;"),
            ("src/domain/time.rs", ""),
        ]);
        assert_eq!(lines(&check_against(&tree_of(&files), &[])), [""; 0]);
    }

    #[test]
    fn a_known_exception_is_tolerated_until_it_is_gone() {
        let known = [("src/domain/net/a.rs", "src/domain/role/mod.rs")];
        let findings = |text| {
            let files = domain(&[("src/domain/net/a.rs", text)]);
            lines(&check_against(&tree_of(&files), &known))
        };
        assert_eq!(findings("use crate::domain::role::Credentials;"), [""; 0]);
        assert_eq!(
            findings(""),
            [
                "xtask/src/tidy/rooms.rs: src/domain/net/a.rs no longer uses \
              src/domain/role/mod.rs; update KNOWN"
            ]
        );
    }

    #[test]
    fn a_file_outside_the_rooms_is_found_once_all_rooms_exist() {
        let paths: Vec<String> = ROOMS
            .iter()
            .map(|room| format!("src/domain/{room}/a.rs"))
            .collect();
        let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        files.push(("src/domain/mod.rs", ""));
        files.push(("src/domain/json.rs", ""));
        files.push(("src/domain/offer.rs", ""));
        let findings = lines(&misplaced_files(&tree_of(&files)));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("src/domain/offer.rs: belongs in a folder"));
        files.remove(0);
        assert_eq!(lines(&misplaced_files(&tree_of(&files))), [""; 0]);
    }
}
