//! Lists of names in a sentence.

use crate::domain::text::sanitize;

/// Number of names that a sentence lists.
const MAX_NAMES: usize = 5;

/// Joins the first names with commas, and counts the others: `a, b and 3 more`.
pub fn abbreviate(names: &[impl AsRef<str>]) -> String {
    let first: Vec<String> = names
        .iter()
        .take(MAX_NAMES)
        .map(|name| sanitize(name.as_ref()))
        .collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
