//! Questions to the user: a line of text, yes or no, one of many rows.

use super::{output, pick_row};
use crate::context::Context;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::terminal;

/// Asks questions on stderr, and reads answers from stdin, which need not be a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Prompter<'a> {
    ctx: &'a Context,
    is_silent: bool,
}

/// A question that is answered by a line of text.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Subject of the question, as the prompt shows it.
    pub text: &'a str,
    /// Answer that an empty line stands for.
    pub default: Option<&'a str>,
    /// Option that gives the answer, for the error without one.
    pub option: &'a str,
}

impl<'a> Prompter<'a> {
    /// Creates a prompter; a silent one asks nothing.
    pub fn new(ctx: &'a Context, is_silent: bool) -> Prompter<'a> {
        Prompter { ctx, is_silent }
    }

    /// Returns `true` if nothing is asked.
    pub fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Asks until an answer passes the check.
    ///
    /// # Errors
    ///
    /// A usage error if nothing is asked or stdin ends.
    pub fn ask_required(
        &self,
        question: &Question,
        check: impl Fn(&str) -> Result<()>,
    ) -> Result<String> {
        while let Some(answer) = self.ask(question) {
            if answer.is_empty() {
                continue;
            }
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(error) => output::report(&error),
            }
        }
        let text = question.text;
        Err(Error::usage(format!("no {text} was given")).hint(format!("add {}", question.option)))
    }

    /// Asks until an answer passes the check. Returns the default for an empty line, if nothing
    /// is asked, and if stdin ends.
    ///
    /// # Errors
    ///
    /// None; failed checks are printed.
    pub fn ask_optional(
        &self,
        question: &Question,
        check: impl Fn(&str) -> Result<()>,
    ) -> Result<Option<String>> {
        while let Some(answer) = self.ask(question) {
            if answer.is_empty() {
                break;
            }
            match check(&answer) {
                Ok(()) => return Ok(Some(answer)),
                Err(error) => output::report(&error),
            }
        }
        Ok(question.default.map(str::to_owned))
    }

    fn ask(&self, question: &Question) -> Option<String> {
        if self.is_silent {
            return None;
        }
        let default = question.default.map(|it| format!(" [{}]", sanitize(it)));
        terminal::read_line(&format!(
            "{}{}: ",
            question.text,
            default.unwrap_or_default()
        ))
    }

    /// Asks for consent; a silent prompter gets none.
    pub fn confirm(&self, question: &str) -> bool {
        !self.is_silent && terminal::confirm(question)
    }

    /// Lets the user choose a row and returns its index. `option` gives the answer without
    /// asking.
    ///
    /// # Errors
    ///
    /// A usage error if no row is chosen.
    pub fn choose_row(&self, subject: &str, rows: &[String], option: &str) -> Result<usize> {
        let row = if self.is_silent {
            None
        } else if self.is_terminal() {
            pick_row::on_terminal(subject, rows, self.ctx.var("NO_COLOR").is_none())?
        } else {
            pick_row::by_number(subject, rows)
        };
        row.ok_or_else(|| {
            Error::usage(format!("no {subject} was chosen"))
                .hint(format!("choose one of {}, or add {option}", rows.len()))
        })
    }

    fn is_terminal(&self) -> bool {
        let is_dumb = self.ctx.var("TERM").is_none_or(|name| name == "dumb");
        !is_dumb && terminal::is_interactive()
    }
}

/// Asks for consent on the terminal.
///
/// # Errors
///
/// A usage error if there is no terminal.
pub fn confirm(question: &str) -> Result<bool> {
    if !terminal::is_interactive() {
        return Err(Error::usage("there is no terminal to ask the question on").hint("pass --yes"));
    }
    Ok(terminal::confirm(question))
}
