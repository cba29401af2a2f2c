//! How long files may be.
//!
//! A long file is where two subjects have grown together. The median keeps the limit from
//! becoming the habit.

use super::tree::{Finding, Tree};

const LONGEST: usize = 400;
const MEDIAN: usize = 150;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in ["src/", "xtask/", "tests/emulator/"] {
        for (path, text) in tree.rust(folder) {
            let lines = text.lines().count();
            if lines > LONGEST {
                let what = format!("{lines} lines; split a file before it has {LONGEST}");
                findings.push(Finding::new(path, 0, what));
            }
        }
    }
    let mut lengths: Vec<usize> = tree
        .rust("src/")
        .map(|(_, text)| text.lines().count())
        .collect();
    lengths.sort_unstable();
    if let Some(&median) = lengths.get(lengths.len() / 2)
        && median > MEDIAN
    {
        let what = format!("half of the files have more than {median} lines; aim at {MEDIAN}");
        findings.push(Finding::new("src", 0, what));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
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
            found(check, &files),
            ["src/c.rs: 401 lines; split a file before it has 400"]
        );
        assert!(
            found(
                check,
                &[("xtask/src/a.rs", &fits), ("tests/it/a.rs", &long)]
            )
            .is_empty()
        );
        for path in ["xtask/src/a.rs", "tests/emulator/src/a.rs"] {
            assert_eq!(found(check, &[(path, &long)]).len(), 1, "{path}");
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
        assert!(found(check, &files).is_empty());
        let files = [
            ("src/a.rs", short.as_str()),
            ("src/b.rs", &middling),
            ("src/c.rs", &middling),
        ];
        assert_eq!(
            found(check, &files),
            ["src: half of the files have more than 151 lines; aim at 150"]
        );
    }
}
