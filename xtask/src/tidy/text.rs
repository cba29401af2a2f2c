//! What no text of the repository may contain: a place on somebody's machine, the host of
//! a package registry, blanks at the end of a line.

use super::tree::{Finding, Tree};

/// Folders that exist only where somebody works. Spelled in parts, since this file is
/// checked as well.
const MACHINE: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
const HOMES: [&str; 2] = [concat!("/ho", "me/"), concat!("/Use", "rs/")];

/// Users of made-up homes, as documentation and tests have them.
const ANYBODY: [&str; 10] = [
    "USER", "alice", "bob", "dev", "example", "jane", "me", "runner", "user", "you",
];

/// Whoever builds this may have mirrors; their configuration names them, not this tree.
const REGISTRIES: [&str; 10] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("registry.npm", "js.org"),
    concat!("deb.debian", ".org"),
    concat!("ftp.debian", ".org"),
    concat!("security.debian", ".org"),
    concat!("snapshot.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

/// Blanks at the end of a line are the writer's there: a generator's or the tested one's.
const AS_WRITTEN: [&str; 5] = [
    "completions/",
    "man/",
    "tests/cmd/",
    "tests/fixtures/",
    "tests/fuzz/seeds/",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter() {
        let as_written = AS_WRITTEN.iter().any(|folder| path.starts_with(folder));
        for (index, line) in text.lines().enumerate() {
            let mut find = |what: String| findings.push(Finding::new(path, index + 1, what));
            if let Some(place) = machine_path(line) {
                find(format!("`{place}` is a place on somebody's machine"));
            }
            let lower = line.to_lowercase();
            if let Some(host) = REGISTRIES.iter().find(|host| lower.contains(**host)) {
                find(format!("`{host}` is the host of a registry"));
            }
            if !as_written && line.ends_with([' ', '\t', '\r']) {
                find("blanks at the end of the line".to_string());
            }
        }
    }
    findings
}

/// The first absolute path below one of those folders, without made-up homes.
fn machine_path(line: &str) -> Option<&str> {
    let below = |folder: &'static str| line.match_indices(folder).map(|(start, _)| start);
    let machine = MACHINE
        .into_iter()
        .flat_map(|folder| below(folder).map(move |start| (start, start + folder.len())));
    let homes = HOMES.into_iter().flat_map(|folder| {
        below(folder).filter_map(move |start| {
            let user = name(&line[start + folder.len()..]);
            let made_up = user.is_empty() || ANYBODY.contains(&user);
            (!made_up).then_some((start, start + folder.len() + user.len()))
        })
    });
    // Inside a longer path or an address the same letters mean something else.
    let inside = |c: char| c.is_alphanumeric() || "._-~/}>$".contains(c);
    machine
        .chain(homes)
        .find(|(start, _)| !line[..*start].ends_with(inside))
        .map(|(start, end)| &line[start..end])
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && !"._-".contains(c));
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::{HOMES, MACHINE, REGISTRIES, check};

    fn findings(path: &str, line: &str) -> Vec<String> {
        found(check, &[(path, line)])
    }

    #[test]
    fn machine_paths_are_found() {
        for line in [
            format!("see {}main/src", MACHINE[0]),
            format!("HOME={}.aws", MACHINE[1]),
            format!("\"{}karl/.aws/config\"", HOMES[0]),
            format!("({}karl)", HOMES[1]),
        ] {
            let found = findings("README.md", &line);
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].contains("somebody's machine"), "{found:?}");
        }
    }

    #[test]
    fn other_paths_are_fine() {
        for line in [
            format!("{}you/.aws/config", HOMES[0]),
            format!("{}$USER/.aws", HOMES[0]),
            format!("https://example.com{}load", MACHINE[0]),
            format!("target{}x", MACHINE[1]),
        ] {
            assert!(findings("README.md", &line).is_empty(), "{line}");
        }
    }

    #[test]
    fn registry_hosts_are_found() {
        for host in REGISTRIES {
            let line = format!("url = https://{}/x", host.to_uppercase());
            assert_eq!(findings("README.md", &line).len(), 1, "{line}");
        }
        assert!(findings("README.md", "crates.io, PyPI, npm and Debian").is_empty());
    }

    #[test]
    fn trailing_blanks_are_found() {
        assert_eq!(findings("src/a.rs", "x \ny\t\nz\n").len(), 2);
        assert!(findings("tests/fixtures/a.ini", "x \n").is_empty());
    }
}
