//! The terminal as a user interface: questions, the picker, progress and tables.

pub mod colour;
pub mod columns;
pub mod output;
pub mod picker;
pub mod progress;
pub mod questions;
pub mod table;
