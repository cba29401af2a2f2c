//! Starts a program and takes the time from its start to its end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A command line with a complete environment, to be run again and again.
pub(crate) struct Line {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    directory: Option<PathBuf>,
}

impl Line {
    pub(crate) fn new(program: &Path, arguments: &[&str]) -> Line {
        Line {
            program: program.to_owned(),
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
            environment: Vec::new(),
            directory: None,
        }
    }

    pub(crate) fn environment(mut self, environment: &[(String, String)]) -> Line {
        self.environment.extend_from_slice(environment);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Line {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Where it runs.
    pub(crate) fn within(mut self, directory: &Path) -> Line {
        self.directory = Some(directory.to_owned());
        self
    }

    /// The same call as the last arguments of another program.
    pub(crate) fn wrapped(self, program: &Path, arguments: &[&str]) -> Line {
        let mut line = Line::new(program, arguments);
        line.arguments.push(self.program.display().to_string());
        line.arguments.extend(self.arguments);
        line.environment = self.environment;
        line.directory = self.directory;
        line
    }

    /// The command, with nothing inherited but its name's meaning.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        command
    }

    /// Microseconds from the start to the end. A program that fails measures nothing.
    pub(crate) fn time(&self) -> Result<f64, String> {
        let mut command = self.command();
        let begun = Instant::now();
        let status = command.status().map_err(|e| self.failed(&e.to_string()))?;
        let took = begun.elapsed();
        if status.success() {
            Ok(took.as_secs_f64() * 1e6)
        } else {
            Err(self.failed(&status.to_string()))
        }
    }

    /// What it prints.
    pub(crate) fn output(&self) -> Result<String, String> {
        let mut command = self.command();
        let output = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .map_err(|e| self.failed(&e.to_string()))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(self.failed(&String::from_utf8_lossy(&output.stderr)))
        }
    }

    fn failed(&self, why: &str) -> String {
        let program = self.program.display();
        format!("{program} {}: {why}", self.arguments.join(" "))
    }
}
