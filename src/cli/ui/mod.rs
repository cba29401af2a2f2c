//! Output and interaction on the terminal.

pub mod colour;
pub mod output;
mod picker;
mod picker_screen;
pub mod progress;
pub mod questions;
pub mod table;
pub mod text;
