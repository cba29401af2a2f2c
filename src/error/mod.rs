//! The error of every layer: a kind, a message in one line, and what can be done about it.
//!
//! A layer that must decide what to do about a failure works with a type of its own and ends
//! here. The command line derives the exit code from the kind and words the hint.

mod hint;

use std::fmt;

pub use hint::{ForeignProfile, Hint, SessionSelector};

/// The kind of an error, for code that reacts to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is incomplete, ambiguous or malformed.
    Usage,
    /// A configuration file, a variable or a setting cannot be used as it is.
    Configuration,
    /// The session has no usable token; a sign-in is needed first.
    SignInNeeded,
    /// The service denies access to the role.
    Denied,
    /// The account has no such role.
    NoSuchRole,
    /// A `.aws-sso` file is not trusted.
    NotTrusted,
    /// The user said no.
    Declined,
    /// A service cannot be reached: name lookup, connection, proxy, TLS.
    Network,
    /// A time limit passed.
    Timeout,
    /// A service answered with an error.
    Service,
    /// A file cannot be read or written.
    Storage,
    /// Another process holds a lock for too long.
    Busy,
    /// This computer lacks something, such as a browser or a terminal.
    System,
    /// The command to run does not exist.
    CommandNotFound,
    /// The command to run exists and cannot be started.
    CommandNotExecutable,
    /// The reader of the output is gone. There is nothing to report.
    OutputClosed,
}

/// An error with a message of one line, lower case, without a final full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<Hint>,
}

/// The result of an operation that fails with an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Creates an error.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
        }
    }

    /// Creates an error of the kind [`ErrorKind::Usage`].
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Creates an error of the kind [`ErrorKind::Configuration`].
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Creates an error of the kind [`ErrorKind::SignInNeeded`].
    pub fn sign_in(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::SignInNeeded, message)
    }

    /// Creates an error of the kind [`ErrorKind::NotTrusted`].
    pub fn not_trusted(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotTrusted, message)
    }

    /// Creates an error of the kind [`ErrorKind::Declined`].
    pub fn declined(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Declined, message)
    }

    /// Creates an error of the kind [`ErrorKind::Storage`].
    pub fn storage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Storage, message)
    }

    /// Creates an error of the kind [`ErrorKind::Busy`].
    pub fn busy(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Busy, message)
    }

    /// Creates an error of the kind [`ErrorKind::System`].
    pub fn system(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::System, message)
    }

    /// Creates the error for an output whose reader is gone, which is not reported.
    pub fn broken_pipe() -> Self {
        Self::new(ErrorKind::OutputClosed, "the output was closed")
    }

    /// Adds what can be done about the error.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what can be done about the error, unless it has a hint.
    #[must_use]
    pub fn or_hint(self, hint: impl FnOnce() -> Hint) -> Self {
        if self.hint.is_some() {
            self
        } else {
            self.hint(hint())
        }
    }

    /// Puts the operation that failed before the message.
    #[must_use]
    pub fn within(self, operation: &str) -> Self {
        let message = format!("{operation}: {}", self.message);
        Self { message, ..self }
    }

    /// Replaces the kind.
    #[must_use]
    pub fn with_kind(self, kind: ErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// Returns the kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns what can be done about the error.
    pub fn advice(&self) -> Option<&Hint> {
        self.hint.as_ref()
    }

    /// Returns the message.
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
