//! Error type of all layers: a kind, a one-line message, and a hint.
//!
//! A layer that reacts to failures uses its own type and converts it to this one at the end. The
//! command line derives the exit code from the kind.

mod hint;

use std::fmt;

pub use hint::{ForeignProfile, Hint, SessionSelector};

/// Kind of an error, for code that reacts to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is incomplete, ambiguous or malformed.
    Usage,
    /// A configuration file, variable or setting is invalid.
    Configuration,
    /// The session has no usable token; a sign-in is needed first.
    SignInNeeded,
    /// The service denies access to the role.
    Denied,
    /// The account has no such role.
    NoSuchRole,
    /// A `.aws-sso` file is not trusted.
    NotTrusted,
    /// The user declined.
    Declined,
    /// A service cannot be reached: name lookup, connection, proxy, TLS.
    Network,
    Timeout,
    /// A service returned an error.
    Service,
    /// A file cannot be read or written.
    Storage,
    /// Another process holds a lock for too long.
    Busy,
    /// This computer lacks something, such as a browser or a terminal.
    System,
    /// The command to run does not exist.
    CommandNotFound,
    /// The command to run exists but cannot be started.
    CommandNotExecutable,
    /// The reader closed the output, so there is nobody to report to.
    OutputClosed,
}

/// Error with a one-line message, in lower case and without a final full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<Hint>,
}

/// Result of an operation that fails with an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
        }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub fn sign_in(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::SignInNeeded, message)
    }

    pub fn not_trusted(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotTrusted, message)
    }

    pub fn declined(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Declined, message)
    }

    pub fn storage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Storage, message)
    }

    pub fn busy(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Busy, message)
    }

    pub fn system(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::System, message)
    }

    /// Creates the error for a closed output, which is not reported.
    pub fn broken_pipe() -> Self {
        Self::new(ErrorKind::OutputClosed, "the output was closed")
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the hint, unless the error has one.
    #[must_use]
    pub fn or_hint(self, hint: impl FnOnce() -> Hint) -> Self {
        match self.hint {
            Some(_) => self,
            None => self.hint(hint()),
        }
    }

    /// Prefixes the message with the operation that failed.
    #[must_use]
    pub fn within(self, operation: &str) -> Self {
        let message = format!("{operation}: {}", self.message);
        Self { message, ..self }
    }

    /// Appends the cause to the message.
    #[must_use]
    pub fn because(self, cause: &str) -> Self {
        let message = format!("{}; {cause}", self.message);
        Self { message, ..self }
    }

    #[must_use]
    pub fn with_kind(self, kind: ErrorKind) -> Self {
        Self { kind, ..self }
    }

    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub fn advice(&self) -> Option<&Hint> {
        self.hint.as_ref()
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
