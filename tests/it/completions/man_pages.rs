//! The generated man pages.

use std::collections::BTreeSet;

use super::{assert_succeeds_silently, repository_path};
use crate::fixture::programs::has_required;
use crate::generate;

/// Generates the man pages as pairs of path and text.
fn pages() -> Vec<(String, String)> {
    let files = generate::files().into_iter();
    files.filter(|(path, _)| path.starts_with("man/")).collect()
}

#[test]
fn every_page_has_all_sections_and_none_is_empty() {
    let pages = pages();
    assert!(pages.len() > 15, "{}", pages.len());
    for (path, text) in pages {
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "ENVIRONMENT",
            "FILES",
            "EXIT STATUS",
            "EXAMPLES",
            "SEE ALSO",
        ] {
            let heading = |line: &str| line.replace('"', "") == format!(".SH {section}");
            let mut lines = text.lines().skip_while(|line| !heading(line));
            assert!(lines.next().is_some(), "{path} has no {section}");
            let next = lines.next().unwrap_or(".SH");
            assert!(!next.starts_with(".SH"), "{path}: {section} is empty");
        }
    }
}

#[test]
fn mandoc_accepts_every_page() {
    if !has_required("mandoc") {
        return;
    }
    for (path, _) in pages() {
        assert_succeeds_silently(
            "mandoc",
            &["-T", "lint", "-W", "warning"],
            &repository_path(&path),
        );
    }
}

#[test]
fn the_pages_name_the_current_version() {
    for (path, text) in pages() {
        let version = concat!("\"sso ", env!("CARGO_PKG_VERSION"), "\"");
        let title = text.lines().find(|line| line.starts_with(".TH"));
        assert!(title.unwrap().contains(version), "{path}: {title:?}");
    }
}

/// Finds the variables by searching `src` for literals, so that a new one cannot be forgotten.
#[test]
fn every_sso_variable_is_documented() {
    let mut settings = BTreeSet::new();
    let mut folders = vec![repository_path("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let literals = text.split('"').skip(1).step_by(2);
            let capital = |c: char| c.is_ascii_uppercase() || c == '_';
            let ours = |word: &&str| word.starts_with("SSO_") && word.chars().all(capital);
            settings.extend(literals.filter(ours).map(str::to_owned));
        }
    }
    assert!(settings.contains("SSO_TIMEOUT"), "{settings:?}");
    let pages: String = pages().into_iter().map(|(_, text)| text).collect();
    for setting in settings {
        assert!(pages.contains(&format!("\\fB{setting}\\fR")), "{setting}");
    }
}
