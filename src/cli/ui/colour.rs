//! Colours of text on stdout.

use std::io::{self, IsTerminal};

use crate::context::Context;

/// An ANSI foreground colour, and its code.
#[derive(Clone, Copy, Debug)]
pub enum Colour {
    /// For a usable state.
    Green = 32,
    /// For a state that is usable after an automatic step, or a warning.
    Yellow = 33,
    /// For an unusable state, or an error.
    Red = 31,
}

/// Returns `true` if escape sequences may be written to a terminal: `TERM` is not `dumb`, and
/// `NO_COLOR` is unset or empty (no-color.org).
pub fn accepts_escapes(ctx: &Context) -> bool {
    !is_dumb(ctx) && ctx.var_os("NO_COLOR").is_none()
}

/// Returns `true` for a terminal, such as the shell of an editor, that cannot return to the start
/// of a line.
pub fn is_dumb(ctx: &Context) -> bool {
    ctx.var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Colours text, or returns it unchanged where colours are off.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    is_enabled: bool,
}

impl Palette {
    /// Enables colours where stdout is a terminal that accepts escape sequences.
    pub fn for_stdout(ctx: &Context) -> Palette {
        Palette {
            is_enabled: accepts_escapes(ctx) && io::stdout().is_terminal(),
        }
    }

    /// Returns the text in a colour.
    pub fn paint(self, text: &str, colour: Colour) -> String {
        if !self.is_enabled {
            return text.to_owned();
        }
        let code = colour as u8;
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
