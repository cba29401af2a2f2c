//! Questions to the user: a line of text, yes or no, one of many rows.

use super::{output, picker_screen};
use crate::context::Context;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::terminal;

/// Asks questions on stderr, and reads answers from stdin, which need not be a terminal.
#[derive(Clone, Copy)]
pub struct Prompter<'a> {
    ctx: &'a Context,
    /// Whether nothing is asked.
    pub is_silent: bool,
}

impl<'a> Prompter<'a> {
    /// Creates a prompter; a silent one asks nothing.
    pub fn new(ctx: &'a Context, is_silent: bool) -> Prompter<'a> {
        Prompter { ctx, is_silent }
    }

    /// Asks until an answer passes the check. If nothing is asked or stdin ends, this is a usage
    /// error, whose hint is the option that gives the answer.
    pub fn ask_required(
        &self,
        subject: &str,
        option: &str,
        check: impl Fn(&str) -> Result<()>,
    ) -> Result<String> {
        let mut answers = self.answers(subject, None).filter(|it| !it.is_empty());
        let answer = answers.find(|answer| passes(check(answer)));
        answer.ok_or_else(|| {
            Error::usage(format!("no {subject} was given")).hint(format!("add {option}"))
        })
    }

    /// Asks until an answer passes the check. Returns the default for an empty line, if nothing
    /// is asked, and if stdin ends.
    pub fn ask_optional(
        &self,
        subject: &str,
        default: Option<&str>,
        check: impl Fn(&str) -> Result<()>,
    ) -> Option<String> {
        let answers = self.answers(subject, default);
        let mut answers = answers.take_while(|answer| !answer.is_empty());
        let answer = answers.find(|answer| passes(check(answer)));
        answer.or_else(|| default.map(str::to_owned))
    }

    /// Asks each time that an answer is taken, until stdin ends.
    fn answers(&self, subject: &str, default: Option<&str>) -> impl Iterator<Item = String> {
        let default = default.map(|it| format!(" [{}]", sanitize(it)));
        let prompt = format!("{subject}{}: ", default.unwrap_or_default());
        let is_silent = self.is_silent;
        std::iter::from_fn(move || match is_silent {
            true => None,
            false => terminal::read_line(&prompt),
        })
    }

    /// Lets the user choose a row and returns its index; without a choice, this is a usage error.
    /// `option` gives the answer without asking.
    pub fn choose_row(&self, subject: &str, rows: &[String], option: &str) -> Result<usize> {
        let is_dumb = self.ctx.var("TERM").is_none_or(|name| name == "dumb");
        let row = if self.is_silent {
            None
        } else if !is_dumb && terminal::is_interactive() {
            picker_screen::on_terminal(subject, rows, self.ctx.var("NO_COLOR").is_none())?
        } else {
            picker_screen::by_number(subject, rows)
        };
        row.ok_or_else(|| {
            Error::usage(format!("no {subject} was chosen"))
                .hint(format!("choose one of {}, or add {option}", rows.len()))
        })
    }
}

/// Returns `true` if an answer is valid, and prints why it is not.
fn passes(checked: Result<()>) -> bool {
    checked.inspect_err(output::report).is_ok()
}

/// Asks for consent on the terminal. Without a terminal, this is a usage error.
pub fn confirm(question: &str) -> Result<bool> {
    if !terminal::is_interactive() {
        return Err(Error::usage("there is no terminal to ask the question on").hint("pass --yes"));
    }
    Ok(terminal::confirm(question))
}
