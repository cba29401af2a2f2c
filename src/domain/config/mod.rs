//! The config dialect of the AWS tools: `~/.aws/config` and `~/.aws/credentials`.
//!
//! Two readers stand on one line walker (`lines`) and one builder: [`read`] takes everything and
//! notes what other tools read differently, [`scan`] takes one profile and the sso-sessions at the
//! speed of a substring search. Both follow the AWS SDK specification where the AWS CLI differs.
//! They are wider than the specification in what does no harm: quoted section names, names with
//! characters outside its set, a byte order mark and bytes that are not UTF-8 are taken, and a
//! malformed line is a [`Problem`] beside the result instead of the end of the file.
//!
//! [`edit()`] changes a text without touching what it was not asked to.
//!
//! Nothing here opens a file, knows what a key means, or decides whether a problem is fatal.

mod builder;
pub mod edit;
mod header;
mod header_search;
mod key_search;
mod key_value;
mod lines;
mod model;
mod property;
mod quoted_word;
mod read;
mod read_buffer;
mod scan;
mod section_name;
mod select;
#[cfg(test)]
mod tests;

pub use edit::{Change, Edit, Edited, edit, refuse_name};
pub use key_search::mentions;
pub use model::{Document, Kind, Problem, Quirk, Section};
pub use property::Property;
pub use read::read;
pub use scan::scan;

/// Which of the two files is read: their sections are named differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `~/.aws/config`: `[default]`, `[profile x]`, `[sso-session x]`, `[services x]`.
    Config,
    /// `~/.aws/credentials`: every section is a profile.
    Credentials,
}
