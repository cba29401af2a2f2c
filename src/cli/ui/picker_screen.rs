//! Lets the user pick one of many rows: in a list that narrows down, or by number. The rows are
//! texts of the caller, such as `cmd/configure/role_picker.rs`.

use super::output;
use super::picker::{Picker, PickerState};
use super::text::{cut, width};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::raw_keys::{self, KeyEvent, RawKeys};
use crate::os::terminal;

/// Number of rows visible at once on a terminal with room for them.
const MAX_ROWS: usize = 15;

/// Number of rows listed at once without a terminal.
const MAX_NUMBERED_ROWS: usize = 20;

/// Shows a list on stderr that narrows down as the user types. Returns `None` if the user leaves
/// it.
pub fn on_terminal(subject: &str, rows: &[String], highlights: bool) -> Result<Option<usize>> {
    let Some(mut keys) = RawKeys::take() else {
        return Ok(by_number(subject, rows));
    };
    let clear = || raw_keys::draw("\r\x1b[J");
    let draw = |picker: &Picker, columns: usize| {
        raw_keys::draw(&render(subject, picker, columns, highlights));
    };
    let mut size = raw_keys::window_size();
    let mut picker = Picker::new(rows, list_height(size.1));
    draw(&picker, size.0);
    loop {
        let event = keys.next(clear).map_err(|error| {
            clear();
            Error::system(format!("the terminal cannot be read: {error}"))
        })?;
        let is_resized = size != raw_keys::window_size();
        if is_resized {
            size = raw_keys::window_size();
            picker.resize(list_height(size.1));
        }
        let state = match event {
            KeyEvent::Key(key) => picker.press(key),
            KeyEvent::None if !is_resized => continue,
            KeyEvent::None | KeyEvent::Resumed => PickerState::Open,
        };
        clear();
        match state {
            PickerState::Open => draw(&picker, size.0),
            PickerState::Picked(row) => return Ok(Some(row)),
            PickerState::Cancelled => return Ok(None),
        }
    }
}

/// Number of rows that fit below the prompt and above the line with the count.
fn list_height(terminal_rows: usize) -> usize {
    terminal_rows.saturating_sub(3).clamp(1, MAX_ROWS)
}

/// Renders the list from the line of the cursor on, and moves the cursor back to the end of the
/// query.
fn render(subject: &str, picker: &Picker, columns: usize, highlights: bool) -> String {
    let cut = |text: &str| cut(text, columns.saturating_sub(1)).to_owned();
    let prompt = cut(&format!("{subject}: {}", sanitize(&picker.query)));
    // Line wrapping is off, so that the number of lines to move back up is known.
    let mut text = format!("\x1b[?7l{prompt}\n");
    let mut height = 1;
    for (_, row, is_marked) in picker.visible_rows() {
        let line = cut(&format!("{} {row}", if is_marked { '>' } else { ' ' }));
        match is_marked && highlights {
            true => text += &format!("\x1b[7m{line}\x1b[0m\n"),
            false => text += &format!("{line}\n"),
        }
        height += 1;
    }
    text += &cut(&format!(
        "  {} of {}; type to find, Enter chooses, Esc leaves",
        picker.matches.len(),
        picker.rows.len()
    ));
    text += &format!("\x1b[?7h\x1b[{height}A\r");
    match width(&prompt) {
        0 => text,
        column => text + &format!("\x1b[{column}C"),
    }
}

/// Lists numbered rows and reads lines: a number picks a row, other words narrow the list down.
/// Returns `None` if stdin ends.
pub fn by_number(subject: &str, rows: &[String]) -> Option<usize> {
    let mut picker = Picker::new(rows, MAX_NUMBERED_ROWS);
    loop {
        let listed: Vec<usize> = picker.visible_rows().map(|(row, _, _)| row).collect();
        for (at, (_, text, _)) in picker.visible_rows().enumerate() {
            output::eprintln(&format!("{:>3}) {text}", at + 1));
        }
        match picker.matches.len() {
            0 => output::eprintln("nothing fits"),
            count if count > listed.len() => {
                output::eprintln(&format!("     and {} more", count - listed.len()));
            }
            _ => {}
        }
        let answer = terminal::read_line(&format!("{subject} (a number, or words to find it): "))?;
        let number = answer.parse::<usize>().ok();
        let row = number.and_then(|number| listed.get(number.checked_sub(1)?));
        match (row, listed.as_slice()) {
            (Some(row), _) => return Some(*row),
            (None, [only]) if answer.is_empty() => return Some(*only),
            _ => picker.search(&answer),
        }
    }
}
