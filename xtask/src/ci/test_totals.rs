//! Adds up the results of the test binaries.
//!
//! `cargo test` prints a `test result:` line per binary and no sum.

/// Numbers of tests by result, over all test binaries.
#[derive(Default)]
pub(crate) struct TestTotals {
    binaries: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl TestTotals {
    /// Counts the results in a line of output, if it contains any.
    pub(super) fn add_line(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        self.binaries += 1;
        for part in result.split(['.', ';']) {
            match part.trim().split_once(' ') {
                Some((count, "passed")) => self.passed += count.parse().unwrap_or(0),
                Some((count, "failed")) => self.failed += count.parse().unwrap_or(0),
                Some((count, "ignored")) => self.ignored += count.parse().unwrap_or(0),
                _ => {}
            }
        }
    }

    /// Formats the totals. Returns `None` if no test binary ran.
    pub(super) fn summary(&self) -> Option<String> {
        let TestTotals {
            binaries,
            passed,
            failed,
            ignored,
        } = self;
        (*binaries > 0).then(|| format!("{passed} passed, {failed} failed, {ignored} skipped"))
    }
}

#[cfg(test)]
mod tests {
    use super::TestTotals;

    #[test]
    fn results_of_several_binaries_are_summed() {
        let mut totals = TestTotals::default();
        for line in [
            "test a::b ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ] {
            totals.add_line(line);
        }
        assert_eq!(
            totals.summary().as_deref(),
            Some("7 passed, 2 failed, 1 skipped")
        );
    }

    #[test]
    fn no_summary_without_a_test_binary() {
        assert_eq!(TestTotals::default().summary(), None);
    }
}
