//! Adds up what the test binaries report.
//!
//! `cargo test` ends each binary with its own `test result:` line and never sums them up,
//! and the summary of the other steps follows; the sum is what the log ends with.

#[derive(Default)]
pub(crate) struct Totals {
    binaries: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Totals {
    pub(super) fn see(&mut self, line: &str) {
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

    /// Nothing when no test binary ran, so that the line is never an empty promise.
    pub(super) fn line(&self) -> Option<String> {
        let Totals {
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
    use super::Totals;

    #[test]
    fn results_add_up() {
        let mut totals = Totals::default();
        for line in [
            "test a::b ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ] {
            totals.see(line);
        }
        assert_eq!(
            totals.line().as_deref(),
            Some("7 passed, 2 failed, 1 skipped")
        );
    }

    #[test]
    fn no_binary_no_line() {
        assert_eq!(Totals::default().line(), None);
    }
}
