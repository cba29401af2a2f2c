//! One target under the fuzzer: its seeds, what was found worth keeping earlier, and what
//! came of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(super) struct Session<'a> {
    pub(super) name: &'a str,
    pub(super) program: PathBuf,
    /// `tests/fuzz`.
    pub(super) source: PathBuf,
    /// Where the fuzzer may write.
    pub(super) home: &'a Path,
    pub(super) limits: &'a [String],
}

pub(super) enum Verdict {
    /// How much was tried.
    Clean(String),
    /// The end of the log, and what to do.
    Broken(String),
}

impl Session<'_> {
    pub(super) fn run(&self) -> Result<Verdict, String> {
        let folder = |name: &str| {
            let folder = self.home.join(name).join(self.name);
            let made = std::fs::create_dir_all(&folder);
            made.map_err(|e| format!("{}: {e}", folder.display()))
                .map(|()| folder)
        };
        let (corpus, findings) = (folder("corpus")?, folder("findings")?);
        let seeds = self.source.join("seeds").join(self.name);
        if !seeds.is_dir() {
            return Err(format!("{} has no seeds", self.name));
        }
        let log = self.home.join(format!("{}.log", self.name));
        let file = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let dictionary = self.source.join("words").join(self.name);
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
            return Ok(Verdict::Clean(tried(&text)));
        }
        Ok(Verdict::Broken(self.broken(&text, &log)))
    }

    fn broken(&self, text: &str, log: &Path) -> String {
        let panic = text.lines().position(|line| line.contains("panicked at"));
        let from = panic.unwrap_or_else(|| text.lines().count().saturating_sub(20));
        let said: Vec<&str> = text.lines().skip(from).take(12).collect();
        let input = text
            .lines()
            .rev()
            .find_map(|line| line.split_once("Test unit written to "))
            .map_or("(none was written)", |(_, path)| path);
        format!(
            "{}\nthe input is {input}\nrun it again: {} {input}\nthe whole log is {}\n\
             mend it with a test, and keep the input in tests/fuzz/seeds/{}",
            said.join("\n"),
            self.program.display(),
            log.display(),
            self.name,
        )
    }
}

/// The fuzzer's final count.
fn tried(log: &str) -> String {
    let stat = |name: &str| {
        let line = log.lines().rev().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.rsplit(' ').next());
        value.unwrap_or("?").to_owned()
    };
    format!(
        "{} executions, {} in a second",
        stat("stat::number_of_executed_units:"),
        stat("stat::average_exec_per_sec:")
    )
}

#[cfg(test)]
mod tests {
    use super::tried;

    #[test]
    fn the_final_count_is_found() {
        let log = "#2 INITED\nstat::number_of_executed_units: 4000\n\
                   stat::average_exec_per_sec:     1250\nDone\n";
        assert_eq!(tried(log), "4000 executions, 1250 in a second");
        assert_eq!(tried(""), "? executions, ? in a second");
    }
}
