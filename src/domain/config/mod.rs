//! The INI dialect of `~/.aws/config` and `~/.aws/credentials`: two readers and an editor.
//!
//! [`read`] takes a whole file and notes where other AWS tools read it differently. [`scan`]
//! takes one profile and the sso-sessions at the speed of a substring search. Both split lines in
//! `lines` and share one builder. [`edit()`] changes sections and keys and keeps all other bytes.
//!
//! The source is the AWS SDKs and Tools Reference Guide, "Shared config and credentials files",
//! and the SDK specification behind it; where the AWS CLI differs, the specification counts. The
//! readers accept more than it does where that is harmless: quoted section names, names with
//! other characters, a byte order mark and bytes that are not UTF-8. A malformed line becomes a
//! [`Diagnostic`] and the rest of the file is read. A file in UTF-16 is an error.
//!
//! No file is opened and no key is interpreted here; the caller decides which problems are fatal.

pub mod document;
mod document_builder;
pub mod edit;
mod encoding;
mod header;
mod header_search;
mod key_value;
mod lines;
mod read;
mod scan;
mod section_filter;
mod section_name;
#[cfg(test)]
mod tests;

pub use document::{Diagnostic, Dialect, Document, Property, Section, SectionKind};
pub use document_builder::ODD_SPACE;
pub use edit::{EditedConfig, SectionEdit, check_section_name, edit};
pub use encoding::{NotUtf8, check_encoding};
pub use header::format_header;
pub use read::{may_contain_key, read};
pub use scan::scan;
