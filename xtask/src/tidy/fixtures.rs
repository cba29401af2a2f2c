//! Fixtures that no test uses.
//!
//! A fixture is used if Rust code names its file, its stem or its folder; some tests read every
//! file of a folder. `tests/fixtures` itself does not count, because naming it would excuse
//! every fixture.

use super::tree::{Finding, Tree};

const FOLDERS: [&str; 2] = ["tests/cmd/", "tests/fixtures/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let code: Vec<&str> = tree.rust("").map(|(_, text)| text).collect();
    let is_named = |name: &str| code.iter().any(|text| contains_word(text, name));
    tree.iter()
        .filter(|(path, _)| FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .filter(|(path, _)| !names_of(path).iter().any(|name| is_named(name)))
        .map(|(path, _)| Finding::new(path, 0, "no test names this fixture"))
        .collect()
}

/// Names by which a test may refer to a fixture: its file, its stem, or a folder above it.
fn names_of(path: &str) -> Vec<&str> {
    let below = path.strip_prefix("tests/").unwrap_or(path);
    let file = below.rsplit('/').next().unwrap_or(below);
    let stem = file.split('.').next().unwrap_or(file);
    let folders = below.match_indices('/').map(|(end, _)| &below[..end]);
    let is_specific = |folder: &&str| *folder != "fixtures";
    [file, stem]
        .into_iter()
        .chain(folders.filter(is_specific))
        .filter(|name| !name.is_empty())
        .collect()
}

/// Returns `true` if `text` contains `name` other than as part of a longer word.
fn contains_word(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(name).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    fn is_unused(fixture: &str, code: &str) -> bool {
        !findings_of(check, &[(fixture, ""), ("tests/it/main.rs", code)]).is_empty()
    }

    #[test]
    fn an_unused_fixture_is_found() {
        assert!(is_unused(
            "tests/fixtures/ini/dialect.json",
            "read(\"other.json\")"
        ));
        assert!(is_unused(
            "tests/cmd/login.toml",
            "run(\"relogin-login_twice\")"
        ));
        assert!(is_unused(
            "tests/fixtures/lone.json",
            "const ROOT: &str = \"tests/fixtures\";"
        ));
    }

    #[test]
    fn a_fixture_is_used_by_file_stem_or_folder() {
        assert!(!is_unused(
            "tests/fixtures/ini/dialect.json",
            "read(\"ini/dialect.json\")"
        ));
        assert!(!is_unused(
            "tests/fixtures/ini/dialect.json",
            "every_file(\"fixtures/ini\")"
        ));
        assert!(!is_unused("tests/cmd/login.toml", "case!(login);"));
        assert!(!is_unused(
            "tests/cmd/list/all.toml",
            "every_file(\"tests/cmd\")"
        ));
    }
}
