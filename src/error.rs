//! The one error that reaches a user: what happened, what to do, and the exit code.
//!
//! It holds finished sentences only. Nothing here decides; a layer that must choose
//! what to do about a failure works with a type of its own and ends here.

use std::fmt;

/// Exit codes that scripts can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something failed.
    Failure = 1,
    /// The command line or the configuration cannot mean anything.
    Usage = 2,
    /// A sign-in is needed first.
    SignIn = 4,
    /// `exec`: the command exists and cannot be run.
    NotExecutable = 126,
    /// `exec`: there is no such command.
    NotFound = 127,
}

/// An error as it is shown: `error: …`, then `hint: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

/// The result of everything that can fail in front of a user.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with the given exit code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hint: None,
        }
    }

    /// A failure (exit 1).
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(Exit::Failure, message)
    }

    /// A usage error (exit 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A sign-in is needed (exit 4).
    pub fn sign_in(message: impl Into<String>) -> Self {
        Self::new(Exit::SignIn, message)
    }

    /// The reader of what we print has gone, and knows it: exit 1, and nothing to say.
    pub fn broken_pipe() -> Self {
        Self::failure("")
    }

    /// Whether there is nothing to say.
    pub fn is_broken_pipe(&self) -> bool {
        self.message.is_empty()
    }

    /// The same error with the command or the place that helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, with what it kept from being done before it.
    #[must_use]
    pub fn within(self, what: &str) -> Self {
        let message = format!("{what}: {}", self.message);
        Self { message, ..self }
    }

    /// The same error with another exit code.
    #[must_use]
    pub fn with(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// The same error, with this hint only where it has none of its own.
    #[must_use]
    pub fn or_hint(self, hint: impl FnOnce() -> String) -> Self {
        if self.hint.is_some() {
            self
        } else {
            self.hint(hint())
        }
    }

    /// The exit code of the process.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// The command or the place that helps.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// What happened, without `error: `.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
