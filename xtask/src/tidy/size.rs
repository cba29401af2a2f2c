//! Limits on the length of files.
//!
//! A long file usually holds two subjects. The limit on the median keeps most files well below
//! the limit for one.

use super::tree::{Finding, Tree};

const MAX_LINES: usize = 400;
const MAX_MEDIAN: usize = 150;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in ["src/", "xtask/", "tests/emulator/"] {
        for (path, text) in tree.rust(folder) {
            let lines = text.lines().count();
            if lines > MAX_LINES {
                let message = format!("{lines} lines; the limit is {MAX_LINES}");
                findings.push(Finding::new(path, 0, message));
            }
        }
    }
    let mut lengths: Vec<usize> = tree
        .rust("src/")
        .map(|(_, text)| text.lines().count())
        .collect();
    lengths.sort_unstable();
    if let Some(&median) = lengths.get(lengths.len() / 2)
        && median > MAX_MEDIAN
    {
        let message = format!("the median file has {median} lines; the limit is {MAX_MEDIAN}");
        findings.push(Finding::new("src", 0, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    #[test]
    fn a_long_file_is_found() {
        let (fits, long) = ("x\n".repeat(400), "x\n".repeat(401));
        let files = [
            ("src/a.rs", "x\n"),
            ("src/b.rs", "x\n"),
            ("src/c.rs", &long),
        ];
        assert_eq!(
            findings_of(check, &files),
            ["src/c.rs: 401 lines; the limit is 400"]
        );
        assert!(
            findings_of(
                check,
                &[("xtask/src/a.rs", &fits), ("tests/it/a.rs", &long)]
            )
            .is_empty()
        );
        for path in ["xtask/src/a.rs", "tests/emulator/src/a.rs"] {
            assert_eq!(findings_of(check, &[(path, &long)]).len(), 1, "{path}");
        }
    }

    #[test]
    fn a_high_median_is_found() {
        let (short, middling) = ("x\n".repeat(150), "x\n".repeat(151));
        let files = [
            ("src/a.rs", short.as_str()),
            ("src/b.rs", &short),
            ("src/c.rs", &middling),
        ];
        assert!(findings_of(check, &files).is_empty());
        let files = [
            ("src/a.rs", short.as_str()),
            ("src/b.rs", &middling),
            ("src/c.rs", &middling),
        ];
        assert_eq!(
            findings_of(check, &files),
            ["src: the median file has 151 lines; the limit is 150"]
        );
    }
}
