//! Changes to the value of a placeholder: case, trimming and replacement.

use regex_lite::{NoExpand, Regex};

use crate::domain::listing::pattern::compile_regex;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Change of letter case, with the results of the Python functions that aws-sso-util uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// First letter upper case, the others lower case (`str.capitalize`).
    Capitalize,
    /// Lower case for caseless comparison (`str.casefold`).
    Casefold,
    Lower,
    /// First letter of each word upper case, the others lower case (`str.title`).
    Title,
    Upper,
}

impl Case {
    pub fn apply(self, text: &str) -> String {
        match self {
            Case::Capitalize => {
                let mut letters = text.chars();
                let first = letters.next().map(|c| c.to_uppercase().to_string());
                first.unwrap_or_default() + &letters.as_str().to_lowercase()
            }
            Case::Casefold => text.to_lowercase().replace('ß', "ss"),
            Case::Lower => text.to_lowercase(),
            Case::Title => {
                let mut out = String::new();
                let mut in_word = false;
                for c in text.chars() {
                    match in_word {
                        true => out.extend(c.to_lowercase()),
                        false => out.extend(c.to_uppercase()),
                    }
                    in_word = c.is_alphabetic();
                }
                out
            }
            Case::Upper => text.to_uppercase(),
        }
    }
}

/// A change to the value of a placeholder.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    Case(Case),
    /// Removes all matches.
    Trim(Regex),
    /// Replaces all occurrences of the first text by the second.
    Replace(String, String),
}

impl Filter {
    /// Parses `lower` and the other cases, `trim:REGEX` and `replace:FROM:TO`.
    pub(super) fn parse(text: &str) -> Result<Filter> {
        match (text, text.split_once(':')) {
            ("capitalize", None) => Ok(Filter::Case(Case::Capitalize)),
            ("casefold", None) => Ok(Filter::Case(Case::Casefold)),
            ("lower", None) => Ok(Filter::Case(Case::Lower)),
            ("title", None) => Ok(Filter::Case(Case::Title)),
            ("upper", None) => Ok(Filter::Case(Case::Upper)),
            (_, Some(("trim", expression))) => compile_regex(expression).map(Filter::Trim),
            (_, Some(("replace", texts)))
                if let Some((from, to)) = texts.split_once(':')
                    && !from.is_empty() =>
            {
                Ok(Filter::Replace(from.to_owned(), to.to_owned()))
            }
            _ => Err(unknown_filter(text)),
        }
    }

    pub(super) fn apply(&self, text: &str) -> String {
        match self {
            Filter::Case(case) => case.apply(text),
            Filter::Trim(expression) => expression.replace_all(text, NoExpand("")).into_owned(),
            Filter::Replace(from, to) => text.replace(from, to),
        }
    }
}

fn unknown_filter(text: &str) -> Error {
    let text = sanitize(text);
    Error::usage(format!("a name template has no filter \"{text}\""))
        .hint("there are lower, upper, title, capitalize, casefold, trim:REGEX and replace:FROM:TO")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_changes_as_in_python() {
        for (case, text, expected) in [
            (Case::Capitalize, "prod EU", "Prod eu"),
            (Case::Capitalize, "", ""),
            (Case::Casefold, "Straße", "strasse"),
            (Case::Lower, "Prod-EU", "prod-eu"),
            (Case::Title, "prod-eu it's 2nd", "Prod-Eu It'S 2Nd"),
            (Case::Upper, "Prod-eu", "PROD-EU"),
        ] {
            assert_eq!(case.apply(text), expected);
        }
    }

    #[test]
    fn filters_are_applied_and_invalid_ones_refused() {
        let apply = |filter: &str, text: &str| Filter::parse(filter).unwrap().apply(text);
        assert_eq!(apply("trim:^AWS", "AWSAdminAWS"), "AdminAWS");
        assert_eq!(apply("trim:(Full)?Access$", "ReadOnlyAccess"), "ReadOnly");
        assert_eq!(apply("replace:-:_", "a-b-c"), "a_b_c");
        assert_eq!(apply("replace: :", "a b"), "ab");
        assert_eq!(apply("trim:a:b", "xa:by"), "xy");
        let cases = ["", "lower:", "Lower"];
        let others = ["trim", "trim:(", "replace:a", "replace::b"];
        for bad in cases.iter().chain(&others) {
            assert!(Filter::parse(bad).is_err(), "{bad}");
        }
    }
}
