//! Fixtures that no test uses.
//!
//! A fixture counts as used when Rust code names it, by file name or stem, or names the
//! folder that it is in, for tests that take every file of a folder. The whole of
//! `tests/fixtures` does not count as such a folder: naming it would excuse everything.

use super::tree::{Finding, Tree};

const FOLDERS: [&str; 2] = ["tests/cmd/", "tests/fixtures/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let code: Vec<&str> = tree.rust("").map(|(_, text)| text).collect();
    let named = |name: &str| code.iter().any(|text| mentions(text, name));
    tree.iter()
        .filter(|(path, _)| FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .filter(|(path, _)| !names_of(path).iter().any(|name| named(name)))
        .map(|(path, _)| Finding::new(path, 0, "no test names this fixture"))
        .collect()
}

/// What a test might call a fixture: its file, its stem, or a folder above it.
fn names_of(path: &str) -> Vec<&str> {
    let below = path.strip_prefix("tests/").unwrap_or(path);
    let file = below.rsplit('/').next().unwrap_or(below);
    let stem = file.split('.').next().unwrap_or(file);
    let folders = below.match_indices('/').map(|(end, _)| &below[..end]);
    let last_part = |folder: &&str| *folder != "fixtures";
    [file, stem]
        .into_iter()
        .chain(folders.filter(last_part))
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether a text has the name as a whole: not as a part of a longer word.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(name).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::check;

    fn unused(fixture: &str, code: &str) -> bool {
        !found(check, &[(fixture, ""), ("tests/it/main.rs", code)]).is_empty()
    }

    #[test]
    fn a_fixture_that_no_test_names_is_found() {
        assert!(unused(
            "tests/fixtures/ini/dialect.json",
            "read(\"other.json\")"
        ));
        assert!(unused(
            "tests/cmd/login.toml",
            "run(\"relogin-login_twice\")"
        ));
        assert!(unused(
            "tests/fixtures/lone.json",
            "const ROOT: &str = \"tests/fixtures\";"
        ));
    }

    #[test]
    fn a_named_fixture_is_used() {
        assert!(!unused(
            "tests/fixtures/ini/dialect.json",
            "read(\"ini/dialect.json\")"
        ));
        assert!(!unused(
            "tests/fixtures/ini/dialect.json",
            "every_file(\"fixtures/ini\")"
        ));
        assert!(!unused("tests/cmd/login.toml", "case!(login);"));
        assert!(!unused(
            "tests/cmd/list/all.toml",
            "every_file(\"tests/cmd\")"
        ));
    }
}
