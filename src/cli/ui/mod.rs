//! Output and interaction on the terminal.

pub mod colour;
pub mod output;
mod pick_row;
mod picker;
pub mod progress;
pub mod questions;
pub mod table;
pub mod text;
