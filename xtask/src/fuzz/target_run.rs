//! Runs one fuzz target on its seeds and its corpus, and reports the result.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A fuzz target and its limits.
pub(super) struct TargetRun<'a> {
    pub(super) name: &'a str,
    pub(super) program: PathBuf,
    /// Folder `tests/fuzz`.
    pub(super) fuzz_dir: PathBuf,
    /// Folder for corpus, findings and logs.
    pub(super) output_dir: &'a Path,
    /// Options of libFuzzer.
    pub(super) limits: &'a [String],
}

/// Result of a run.
pub(super) enum RunResult {
    /// Number of executions.
    Passed(String),
    /// Part of the log, and how to reproduce the failure.
    Failed(String),
}

impl TargetRun<'_> {
    /// Runs the target until its limits.
    ///
    /// # Errors
    ///
    /// If it has no seeds or cannot be started.
    pub(super) fn run(&self) -> Result<RunResult, String> {
        let folder = |name: &str| {
            let folder = self.output_dir.join(name).join(self.name);
            let created = std::fs::create_dir_all(&folder);
            created
                .map_err(|e| format!("{}: {e}", folder.display()))
                .map(|()| folder)
        };
        let (corpus, findings) = (folder("corpus")?, folder("findings")?);
        let seeds = self.fuzz_dir.join("seeds").join(self.name);
        if !seeds.is_dir() {
            return Err(format!("{} has no seeds", self.name));
        }
        let log = self.output_dir.join(format!("{}.log", self.name));
        let file = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let dictionary = self.fuzz_dir.join("dictionaries").join(self.name);
        let mut fuzzer = Command::new(&self.program);
        fuzzer
            .arg(&corpus)
            .arg(&seeds)
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .args(["-print_final_stats=1", "-timeout=10", "-max_len=4096"])
            .args(self.limits);
        if dictionary.is_file() {
            fuzzer.arg(format!("-dict={}", dictionary.display()));
        }
        let status = fuzzer
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .status()
            .map_err(|e| format!("{}: {e}", self.program.display()))?;
        let text = std::fs::read(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let text = String::from_utf8_lossy(&text);
        if status.success() {
            return Ok(RunResult::Passed(execution_stats(&text)));
        }
        Ok(RunResult::Failed(self.failure_report(&text, &log)))
    }

    /// Describes a failure from the log.
    fn failure_report(&self, text: &str, log: &Path) -> String {
        let panic = text.lines().position(|line| line.contains("panicked at"));
        let from = panic.unwrap_or_else(|| text.lines().count().saturating_sub(20));
        let excerpt: Vec<&str> = text.lines().skip(from).take(12).collect();
        let input = text
            .lines()
            .rev()
            .find_map(|line| line.split_once("Test unit written to "))
            .map_or("(none was written)", |(_, path)| path);
        format!(
            "{}\ninput: {input}\nrun it again: {} {input}\nlog: {}\n\
             fix it with a test, and keep the input in tests/fuzz/seeds/{}",
            excerpt.join("\n"),
            self.program.display(),
            log.display(),
            self.name,
        )
    }
}

/// Formats the statistics at the end of the log.
fn execution_stats(log: &str) -> String {
    let stat = |name: &str| {
        let line = log.lines().rev().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.rsplit(' ').next());
        value.unwrap_or("?").to_owned()
    };
    format!(
        "{} executions, {} per second",
        stat("stat::number_of_executed_units:"),
        stat("stat::average_exec_per_sec:")
    )
}

#[cfg(test)]
mod tests {
    use super::execution_stats;

    #[test]
    fn final_statistics_are_formatted() {
        let log = "#2 INITED\nstat::number_of_executed_units: 4000\n\
                   stat::average_exec_per_sec:     1250\nDone\n";
        assert_eq!(execution_stats(log), "4000 executions, 1250 per second");
        assert_eq!(execution_stats(""), "? executions, ? per second");
    }
}
