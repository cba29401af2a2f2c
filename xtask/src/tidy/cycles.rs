//! Import cycles between the files of `src/`.
//!
//! Files in a cycle can only be understood together. `modules` defines what counts as a
//! dependency between two files.

use super::modules::{Dependency, Modules};
use super::tree::{Finding, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Cycles that are tolerated until they are removed, each with all of its files. A cycle may
/// lose files but gain none, and an entry that is no longer exact must be updated.
const KNOWN: &[&[&str]] = &[];

/// File with the list above.
const LIST: &str = "xtask/src/tidy/cycles.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    check_against(tree, KNOWN)
}

fn check_against(tree: &Tree, known: &[&[&str]]) -> Vec<Finding> {
    let modules = Modules::read(tree);
    let dependencies = modules.dependencies();
    let cycles = cycles(&dependencies);
    let mut findings = Vec::new();
    for cycle in &cycles {
        let is_within = |known: &&&[&str]| cycle.iter().all(|file| known.contains(file));
        if !known.iter().any(|known| is_within(&known)) {
            let first = cycle.first().copied().unwrap_or_default();
            findings.push(Finding::new(first, 0, describe(cycle, &dependencies)));
        }
    }
    for known in known {
        let rest: BTreeSet<&str> = cycles
            .iter()
            .filter(|cycle| cycle.iter().all(|file| known.contains(file)))
            .flatten()
            .copied()
            .collect();
        let gone: Vec<&str> = known
            .iter()
            .filter(|file| !rest.contains(**file))
            .copied()
            .collect();
        if !gone.is_empty() {
            let message = format!("not in the import cycle: {}; update KNOWN", gone.join(", "));
            findings.push(Finding::new(LIST, 0, message));
        }
    }
    findings
}

/// Returns the largest sets of files in which each file reaches every other.
fn cycles<'a>(dependencies: &[Dependency<'a>]) -> Vec<BTreeSet<&'a str>> {
    let mut targets: BTreeMap<&str, BTreeSet<&'a str>> = BTreeMap::new();
    for used in dependencies {
        targets.entry(used.from).or_default().insert(used.to);
    }
    let reachable: BTreeMap<&'a str, BTreeSet<&'a str>> = dependencies
        .iter()
        .map(|used| (used.from, reach(used.from, &targets)))
        .collect();
    let reaches = |from: &str, to: &str| reachable.get(from).is_some_and(|set| set.contains(to));
    let cycles: BTreeSet<BTreeSet<&'a str>> = reachable
        .iter()
        .map(|(file, reached)| {
            let is_mutual = |other: &&&'a str| reaches(other, file);
            reached.iter().filter(is_mutual).copied().collect()
        })
        .filter(|cycle: &BTreeSet<&str>| !cycle.is_empty())
        .collect();
    cycles.into_iter().collect()
}

/// Returns all files that `from` depends on, directly or through others.
fn reach<'a>(from: &str, targets: &BTreeMap<&str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(file) = pending.pop() {
        for target in targets.get(file).into_iter().flatten() {
            if reached.insert(*target) {
                pending.push(target);
            }
        }
    }
    reached
}

/// Lists the files of a cycle and the items that tie them, one pair of files per line.
fn describe(cycle: &BTreeSet<&str>, dependencies: &[Dependency]) -> String {
    let mut items: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for used in dependencies {
        if cycle.contains(used.from) && cycle.contains(used.to) {
            let pair = items.entry((used.from, used.to)).or_default();
            pair.insert(&used.item);
        }
    }
    let mut text = format!("import cycle of {} files", cycle.len());
    for ((from, to), items) in items {
        let items: Vec<&str> = items.into_iter().collect();
        text.push_str(&format!("\n    {from} uses {to}: {}", items.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree_of;
    use super::check_against;

    const CYCLE: [(&str, &str); 4] = [
        ("src/a.rs", "use crate::b::B; use crate::d::D;"),
        ("src/b.rs", "fn f() { crate::c::g(); crate::c::h() }"),
        ("src/c.rs", "use super::a::A;"),
        ("src/d.rs", ""),
    ];

    fn findings(files: &[(&str, &str)], known: &[&[&str]]) -> Vec<String> {
        let findings = check_against(&tree_of(files), known);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_cycle_is_found_with_the_names_that_tie_it() {
        assert_eq!(
            findings(&CYCLE, &[]),
            ["src/a.rs: import cycle of 3 files\n    \
              src/a.rs uses src/b.rs: B\n    \
              src/b.rs uses src/c.rs: g, h\n    \
              src/c.rs uses src/a.rs: A"]
        );
    }

    #[test]
    fn two_cycles_are_reported_apart() {
        let files = [
            ("src/a.rs", "use crate::b::B; use crate::c::C;"),
            ("src/b.rs", "use crate::a::A;"),
            ("src/c.rs", "use crate::d::D;"),
            ("src/d.rs", "use crate::c::C;"),
        ];
        assert_eq!(findings(&files, &[]).len(), 2);
    }

    #[test]
    fn a_parent_that_lists_a_child_is_in_a_cycle_with_it() {
        let files = [
            ("src/a/mod.rs", "mod b; pub use b::B; pub struct A;"),
            ("src/a/b.rs", "use super::A;"),
        ];
        assert_eq!(findings(&files, &[]).len(), 1);
        let declared_only = [("src/a/mod.rs", "pub mod b; pub struct A;"), files[1]];
        assert!(findings(&declared_only, &[]).is_empty());
    }

    #[test]
    fn a_known_cycle_is_tolerated_and_may_shrink() {
        let known: &[&[&str]] = &[&["src/a.rs", "src/b.rs", "src/c.rs"]];
        assert!(findings(&CYCLE, known).is_empty());
        let grown: &[&[&str]] = &[&["src/a.rs", "src/b.rs"]];
        assert!(findings(&CYCLE, grown)[0].contains("import cycle of 3 files"));
    }

    #[test]
    fn a_known_cycle_that_is_gone_is_reported() {
        let gone: &[&[&str]] = &[&["src/a.rs", "src/d.rs"]];
        assert_eq!(
            findings(&CYCLE[3..], gone),
            ["xtask/src/tidy/cycles.rs: not in the import cycle: src/a.rs, src/d.rs; update KNOWN"]
        );
    }
}
