//! Command lines that can be run repeatedly and timed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A command line that inherits no environment.
pub(crate) struct CommandLine {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    directory: Option<PathBuf>,
}

impl CommandLine {
    pub(crate) fn new(program: &Path, arguments: &[&str]) -> CommandLine {
        CommandLine {
            program: program.to_owned(),
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
            environment: Vec::new(),
            directory: None,
        }
    }

    /// Adds variables.
    pub(crate) fn environment(mut self, environment: &[(String, String)]) -> CommandLine {
        self.environment.extend_from_slice(environment);
        self
    }

    /// Adds a variable.
    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> CommandLine {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the directory in which it runs.
    pub(crate) fn current_dir(mut self, directory: &Path) -> CommandLine {
        self.directory = Some(directory.to_owned());
        self
    }

    /// Appends this command line to the arguments of another program, such as strace.
    pub(crate) fn wrapped_in(self, program: &Path, arguments: &[&str]) -> CommandLine {
        let mut wrapper = CommandLine::new(program, arguments);
        wrapper.arguments.push(self.program.display().to_string());
        wrapper.arguments.extend(self.arguments);
        wrapper.environment = self.environment;
        wrapper.directory = self.directory;
        wrapper
    }

    /// Creates the command, without input or output.
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

    /// Runs the command and returns its duration in microseconds.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub(crate) fn time(&self) -> Result<f64, String> {
        let mut command = self.command();
        let begun = Instant::now();
        let status = command.status().map_err(|e| self.error(&e.to_string()))?;
        let duration = begun.elapsed();
        if status.success() {
            Ok(duration.as_secs_f64() * 1e6)
        } else {
            Err(self.error(&status.to_string()))
        }
    }

    /// Runs the command and returns its stdout.
    ///
    /// # Errors
    ///
    /// If it fails; the message contains its stderr.
    pub(crate) fn output(&self) -> Result<String, String> {
        let mut command = self.command();
        let output = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .map_err(|e| self.error(&e.to_string()))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(self.error(&String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// Formats an error with the command line.
    fn error(&self, why: &str) -> String {
        let program = self.program.display();
        format!("{program} {}: {why}", self.arguments.join(" "))
    }
}
