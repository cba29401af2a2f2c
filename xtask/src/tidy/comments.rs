//! Rules for comments: each file begins with one that says what it is for.

use super::tree::{Finding, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust("")
        .filter(|(_, text)| !text.trim_start_matches('\u{feff}').starts_with("//!"))
        .map(|(path, _)| {
            let message = "begin the file with a //! comment that says what it is for";
            Finding::new(path, 1, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    #[test]
    fn a_file_without_a_module_comment_is_found() {
        let found = findings_of(check, &[("src/domain/a.rs", "// no\nfn a() {}\n")]);
        assert_eq!(
            found,
            ["src/domain/a.rs:1: begin the file with a //! comment that says what it is for"]
        );
        assert!(findings_of(check, &[("src/domain/a.rs", "//! A.\n")]).is_empty());
    }
}
