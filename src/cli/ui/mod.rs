//! Output and interaction on the terminal.

pub mod colour;
pub mod columns;
pub mod name_list;
pub mod output;
mod pick_row;
mod picker;
pub mod progress;
pub mod questions;
pub mod table;
