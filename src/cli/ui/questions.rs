//! Questions: a line for an answer, one of many, yes or no.
//!
//! Drawn on stderr. Whether there is somebody to ask is known here and nowhere else.

use super::picker::{Picker, Step};
use crate::cli::ui::columns::{self, width};
use crate::context::Context;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::raw_keys::{self, Event};
use crate::os::terminal;

use super::output;

/// Rows that are seen at once, where there is room.
const ROWS: usize = 15;

/// Rows that a list without a terminal shows.
const NUMBERED: usize = 20;

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    ctx: &'a Context,
    /// Nobody.
    silent: bool,
}

/// A question that a line answers.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// In words.
    pub text: &'a str,
    /// What an empty line means.
    pub default: Option<&'a str>,
    /// What gives the answer without asking, for the error.
    pub option: &'a str,
}

impl<'a> Asker<'a> {
    /// Asks, unless there is nobody to.
    pub fn new(ctx: &'a Context, silent: bool) -> Asker<'a> {
        Asker { ctx, silent }
    }

    /// The outside world.
    pub fn context(&self) -> &'a Context {
        self.ctx
    }

    /// Whether nobody is asked.
    pub fn is_silent(&self) -> bool {
        self.silent
    }

    /// An answer that passes the check.
    pub fn line(&self, question: &Question, check: impl Fn(&str) -> Result<()>) -> Result<String> {
        while let Some(answer) = self.answer(question) {
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(error) => output::report(&error),
            }
        }
        let text = question.text;
        Err(Error::usage(format!("no {text} was given")).hint(format!("add {}", question.option)))
    }

    /// An answer, or none where there need not be one.
    pub fn optional(
        &self,
        question: &Question,
        check: impl Fn(&str) -> Result<()>,
    ) -> Result<Option<String>> {
        loop {
            match self.ask(question) {
                None => return Ok(question.default.map(str::to_owned)),
                Some(answer) if answer.is_empty() => {
                    return Ok(question.default.map(str::to_owned));
                }
                Some(answer) => match check(&answer) {
                    Ok(()) => return Ok(Some(answer)),
                    Err(error) => output::report(&error),
                },
            }
        }
    }

    fn answer(&self, question: &Question) -> Option<String> {
        if self.silent {
            return None;
        }
        loop {
            let answer = self.ask(question)?;
            match question.default {
                _ if !answer.is_empty() => return Some(answer),
                Some(default) => return Some(default.to_owned()),
                None => {}
            }
        }
    }

    fn ask(&self, question: &Question) -> Option<String> {
        if self.silent {
            return None;
        }
        let default = question.default.map(|it| format!(" [{}]", sanitize(it)));
        terminal::line(&format!(
            "{}{}: ",
            question.text,
            default.unwrap_or_default()
        ))
    }

    /// Whether the user agrees.
    pub fn agrees(&self, question: &str) -> bool {
        let answer = (!self.silent).then(|| terminal::line(&format!("{question} [y/N] ")));
        matches!(answer.flatten().as_deref(), Some("y" | "Y" | "yes" | "Yes"))
    }

    /// The number of a row that the user chooses.
    pub fn row(&self, what: &str, rows: &[String], option: &str) -> Result<usize> {
        let chosen = if self.silent {
            None
        } else if self.is_drawable() {
            drawn(what, rows, self.ctx.var("NO_COLOR").is_none())?
        } else {
            numbered(what, rows)
        };
        chosen.ok_or_else(|| {
            Error::usage(format!("no {what} was chosen"))
                .hint(format!("choose one of {}, or add {option}", rows.len()))
        })
    }

    fn is_drawable(&self) -> bool {
        let plain = self.ctx.var("TERM").is_none_or(|name| name == "dumb");
        !plain && terminal::is_there()
    }
}

/// Asks for consent on the terminal.
///
/// # Errors
///
/// A usage error where there is no terminal.
pub fn confirm(question: &str) -> Result<bool> {
    if !terminal::is_there() {
        return Err(Error::usage("there is no terminal to ask the question on").hint("pass --yes"));
    }
    Ok(terminal::asks(question))
}

/// On a terminal: the list narrows down as the user types.
fn drawn(what: &str, rows: &[String], colour: bool) -> Result<Option<usize>> {
    let Some(mut keys) = raw_keys::Keys::take() else {
        return Ok(numbered(what, rows));
    };
    let clear = || raw_keys::draw("\r\x1b[J");
    let mut size = raw_keys::window();
    let mut picker = Picker::new(rows, room(size.1));
    raw_keys::draw(&picture(what, &picker, rows.len(), size.0, colour));
    loop {
        let event = keys.next(clear).map_err(|error| {
            clear();
            Error::system(format!("the terminal cannot be read: {error}"))
        })?;
        let resized = size != raw_keys::window();
        if resized {
            size = raw_keys::window();
            picker.resize(room(size.1));
        }
        let step = match event {
            Event::Key(key) => picker.press(key),
            Event::Nothing if !resized => continue,
            Event::Nothing | Event::Resumed => Step::Shows,
        };
        match step {
            Step::Shows => {
                clear();
                raw_keys::draw(&picture(what, &picker, rows.len(), size.0, colour));
            }
            Step::Chosen(row) => {
                clear();
                return Ok(Some(row));
            }
            Step::Left => {
                clear();
                return Ok(None);
            }
        }
    }
}

fn room(lines: usize) -> usize {
    lines.saturating_sub(3).clamp(1, ROWS)
}

/// What is drawn, from the line that the cursor is in; it ends behind what was typed.
fn picture(what: &str, picker: &Picker, all: usize, columns: usize, colour: bool) -> String {
    let cut = |text: &str| columns::cut(text, columns.saturating_sub(1)).to_owned();
    let prompt = cut(&format!("{what}: {}", sanitize(picker.query())));
    // No line may run over: what is drawn is as high as it is counted.
    let mut text = format!("\x1b[?7l{prompt}\n");
    let mut height = 1;
    for (_, row, marked) in picker.window() {
        let line = cut(&format!("{} {row}", if marked { '>' } else { ' ' }));
        match marked && colour {
            true => text += &format!("\x1b[7m{line}\x1b[0m\n"),
            false => text += &format!("{line}\n"),
        }
        height += 1;
    }
    let count = picker.count();
    text += &cut(&format!(
        "  {count} of {all}; type to find, Enter chooses, Esc leaves"
    ));
    text += &format!("\x1b[?7h\x1b[{height}A\r");
    match width(&prompt) {
        0 => text,
        column => text + &format!("\x1b[{column}C"),
    }
}

/// Line by line: a number chooses, words narrow the list down.
fn numbered(what: &str, rows: &[String]) -> Option<usize> {
    let mut picker = Picker::new(rows, NUMBERED);
    loop {
        let seen: Vec<usize> = picker.window().map(|(at, _, _)| at).collect();
        for (number, (_, row, _)) in picker.window().enumerate() {
            output::eprintln(&format!("{:>3}) {row}", number + 1));
        }
        match picker.count() {
            0 => output::eprintln("nothing fits"),
            count if count > seen.len() => {
                output::eprintln(&format!("     and {} more", count - seen.len()));
            }
            _ => {}
        }
        let answer = terminal::line(&format!("{what} (a number, or words to find it): "))?;
        let number = answer.parse::<usize>().ok();
        let row = number.and_then(|number| seen.get(number.checked_sub(1)?));
        match (row, seen.as_slice()) {
            (Some(row), _) => return Some(*row),
            (None, [only]) if answer.is_empty() => return Some(*only),
            _ => picker.look_for(&answer),
        }
    }
}
