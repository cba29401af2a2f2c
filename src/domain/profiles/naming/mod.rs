//! Names of generated profiles.
//!
//! A name comes from a template; the naming options of aws-sso-util are compiled into one. The
//! config editor checks whether AWS tools accept a name, and `populate` that names are unique.

mod allowed_characters;
mod components;
mod filter;
mod template;

pub use allowed_characters::AllowedCharacters;
pub use components::ComponentOptions;
pub use filter::Case;
pub use template::{NameParts, NameTemplate, short_region};
