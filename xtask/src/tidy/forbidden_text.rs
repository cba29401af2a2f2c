//! Text that no file may contain: paths on one computer, hosts of package registries, and
//! trailing whitespace.

use super::tree::{Finding, Tree};

/// Top-level folders of a developer's computer. Written in parts, because this file is checked
/// too.
const MACHINE_FOLDERS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
const HOME_FOLDERS: [&str; 2] = [concat!("/ho", "me/"), concat!("/Use", "rs/")];

/// Placeholder users in documentation and tests.
const PLACEHOLDER_USERS: [&str; 10] = [
    "USER", "alice", "bob", "dev", "example", "jane", "me", "runner", "user", "you",
];

/// Hosts of package registries. Mirrors belong in the builder's configuration, not here.
const REGISTRY_HOSTS: [&str; 10] = [
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

/// Folders in which trailing whitespace is allowed, because a generator or the tested program
/// writes it.
const EXACT_FOLDERS: [&str; 5] = [
    "completions/",
    "man/",
    "tests/cmd/",
    "tests/fixtures/",
    "tests/fuzz/seeds/",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter() {
        let is_exact = EXACT_FOLDERS.iter().any(|folder| path.starts_with(folder));
        for (index, line) in text.lines().enumerate() {
            let mut report =
                |message: String| findings.push(Finding::new(path, index + 1, message));
            if let Some(found) = machine_path(line) {
                report(format!("`{found}` is a path on one computer"));
            }
            let lower = line.to_lowercase();
            if let Some(host) = REGISTRY_HOSTS.iter().find(|host| lower.contains(**host)) {
                report(format!("`{host}` is the host of a package registry"));
            }
            if !is_exact && line.ends_with([' ', '\t', '\r']) {
                report("trailing whitespace".to_string());
            }
        }
    }
    findings
}

/// Returns the first absolute path in one of the forbidden folders, except homes of
/// placeholder users.
fn machine_path(line: &str) -> Option<&str> {
    let starts = |folder: &'static str| line.match_indices(folder).map(|(start, _)| start);
    let machine = MACHINE_FOLDERS
        .into_iter()
        .flat_map(|folder| starts(folder).map(move |start| (start, start + folder.len())));
    let homes = HOME_FOLDERS.into_iter().flat_map(|folder| {
        starts(folder).filter_map(move |start| {
            let user = leading_name(&line[start + folder.len()..]);
            let is_placeholder = user.is_empty() || PLACEHOLDER_USERS.contains(&user);
            (!is_placeholder).then_some((start, start + folder.len() + user.len()))
        })
    });
    // In a longer path or URL the folder is not at the root.
    let is_inside = |c: char| c.is_alphanumeric() || "._-~/}>$".contains(c);
    machine
        .chain(homes)
        .find(|(start, _)| !line[..*start].ends_with(is_inside))
        .map(|(start, end)| &line[start..end])
}

/// Returns the path segment at the start of the text.
fn leading_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && !"._-".contains(c));
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::{HOME_FOLDERS, MACHINE_FOLDERS, REGISTRY_HOSTS, check};

    fn findings(path: &str, line: &str) -> Vec<String> {
        findings_of(check, &[(path, line)])
    }

    #[test]
    fn machine_paths_are_found() {
        for line in [
            format!("see {}main/src", MACHINE_FOLDERS[0]),
            format!("HOME={}.aws", MACHINE_FOLDERS[1]),
            format!("\"{}karl/.aws/config\"", HOME_FOLDERS[0]),
            format!("({}karl)", HOME_FOLDERS[1]),
        ] {
            let found = findings("README.md", &line);
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].contains("path on one computer"), "{found:?}");
        }
    }

    #[test]
    fn other_paths_are_allowed() {
        for line in [
            format!("{}you/.aws/config", HOME_FOLDERS[0]),
            format!("{}$USER/.aws", HOME_FOLDERS[0]),
            format!("https://example.com{}load", MACHINE_FOLDERS[0]),
            format!("target{}x", MACHINE_FOLDERS[1]),
        ] {
            assert!(findings("README.md", &line).is_empty(), "{line}");
        }
    }

    #[test]
    fn registry_hosts_are_found() {
        for host in REGISTRY_HOSTS {
            let line = format!("url = https://{}/x", host.to_uppercase());
            assert_eq!(findings("README.md", &line).len(), 1, "{line}");
        }
        assert!(findings("README.md", "crates.io, PyPI, npm and Debian").is_empty());
    }

    #[test]
    fn trailing_whitespace_is_found() {
        assert_eq!(findings("src/a.rs", "x \ny\t\nz\n").len(), 2);
        assert!(findings("tests/fixtures/a.ini", "x \n").is_empty());
    }
}
