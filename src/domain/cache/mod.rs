//! Names and contents of the files that processes share besides tokens and credentials.

pub mod key;
pub mod lock_note;
pub mod role_index;
