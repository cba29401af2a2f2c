//! The lossless editor: sets and removes keys and sections and keeps every other byte.
//!
//! Edits follow the merging of the readers: sections of one name are one section, later keys win,
//! `[profile default]` outranks `[default]`. So a key that appears several times is set where it
//! counts and removed everywhere, and for every text and all edits, reading the edited text gives
//! the edited content of the text.
//!
//! Names, keys and values are only checked for whether every AWS tool can read them.

mod diff;
mod locate;
mod merge;
mod render;
pub mod section_edit;
mod validate;

pub use diff::EditedConfig;
pub use section_edit::SectionEdit;
pub use validate::check_section_name;

use crate::error::Result;

/// Applies the edits, in order, to the text of a config file. An edit that changes nothing keeps
/// all bytes. Fails on a key or value, or the name of a new section, that some AWS tool cannot
/// read.
pub fn edit(text: &[u8], edits: &[SectionEdit]) -> Result<EditedConfig> {
    let mut merged = merge::MergedEdits::new(edits)?;
    locate::locate(text, &mut merged);
    render::render(text, &merged)
}
