//! Macros that mark unfinished or temporary code.
//!
//! clippy rejects them in the workspace; this also covers the packages outside it.

use super::tokens::{Token, blank_text, tokens};
use super::tree::{Finding, Tree};

const MACROS: [&str; 3] = ["todo", "unimplemented", "dbg"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust("") {
        let tokens = tokens(&blank_text(text));
        for pair in tokens.windows(2) {
            if let [(line, Token::Word(word)), (_, Token::Sign('!'))] = pair
                && MACROS.contains(&word.as_str())
            {
                findings.push(Finding::new(path, *line, format!("remove {word}!")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    #[test]
    fn unfinished_code_is_found() {
        let text = "//! x\nfn a() {\n    todo!()\n}\nfn b() { dbg!(1); unimplemented!() }\n";
        assert_eq!(
            findings_of(check, &[("tests/it/main.rs", text)]),
            [
                "tests/it/main.rs:3: remove todo!",
                "tests/it/main.rs:5: remove dbg!",
                "tests/it/main.rs:5: remove unimplemented!",
            ]
        );
    }

    #[test]
    fn text_and_functions_of_the_same_name_are_not_reported() {
        let text = "//! x\n// todo! is banned\nconst A: &str = \"dbg!\";\nfn todo() {}\n";
        assert!(findings_of(check, &[("src/domain/a.rs", text)]).is_empty());
    }
}
