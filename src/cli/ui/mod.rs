//! The terminal as a user interface: questions, the picker, progress and tables.

pub mod picker;
pub mod progress;
pub mod questions;
pub mod table;
