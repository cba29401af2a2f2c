//! What can be done to a part of a name.

use regex_lite::{NoExpand, Regex};

use crate::domain::listing::inventory::expression;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// How letters are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The first letter large, the others small
    Capitalize,
    /// All small, as for a comparison
    Casefold,
    /// All small
    Lower,
    /// The first letter of each word large, the others small
    Title,
    /// All large
    Upper,
}

impl Case {
    /// The text with its letters changed.
    pub fn of(self, text: &str) -> String {
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

/// A step between a part and the name.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    Case(Case),
    /// Everything that the expression finds goes.
    Trim(Regex),
    /// Everything that is this text becomes that.
    Replace(String, String),
}

impl Filter {
    /// `lower`, `trim:REGEX`, `replace:FROM:TO`.
    pub(super) fn parse(text: &str) -> Result<Filter> {
        let (name, rest) = match text.split_once(':') {
            Some((name, rest)) => (name, Some(rest)),
            None => (text, None),
        };
        let case = |case| Ok(Filter::Case(case));
        match (name, rest) {
            ("capitalize", None) => case(Case::Capitalize),
            ("casefold", None) => case(Case::Casefold),
            ("lower", None) => case(Case::Lower),
            ("title", None) => case(Case::Title),
            ("upper", None) => case(Case::Upper),
            ("trim", Some(rest)) => expression(rest).map(Filter::Trim),
            ("replace", Some(rest)) => match rest.split_once(':') {
                Some((from, to)) if !from.is_empty() => {
                    Ok(Filter::Replace(from.to_owned(), to.to_owned()))
                }
                _ => Err(unknown(text)),
            },
            _ => Err(unknown(text)),
        }
    }

    pub(super) fn apply(&self, text: &str) -> String {
        match self {
            Filter::Case(case) => case.of(text),
            Filter::Trim(expression) => expression.replace_all(text, NoExpand("")).into_owned(),
            Filter::Replace(from, to) => text.replace(from, to),
        }
    }
}

fn unknown(text: &str) -> Error {
    let text = sanitize(text);
    Error::usage(format!("a name template has no filter \"{text}\""))
        .hint("there are lower, upper, title, capitalize, casefold, trim:REGEX and replace:FROM:TO")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_change_as_python_changes_them() {
        for (case, text, expected) in [
            (Case::Capitalize, "prod EU", "Prod eu"),
            (Case::Capitalize, "", ""),
            (Case::Casefold, "Straße", "strasse"),
            (Case::Lower, "Prod-EU", "prod-eu"),
            (Case::Title, "prod-eu it's 2nd", "Prod-Eu It'S 2Nd"),
            (Case::Upper, "Prod-eu", "PROD-EU"),
        ] {
            assert_eq!(case.of(text), expected);
        }
    }

    #[test]
    fn filters_do_what_they_say_or_are_refused() {
        let apply = |filter: &str, text: &str| Filter::parse(filter).unwrap().apply(text);
        assert_eq!(apply("trim:^AWS", "AWSAdminAWS"), "AdminAWS");
        assert_eq!(apply("trim:(Full)?Access$", "ReadOnlyAccess"), "ReadOnly");
        assert_eq!(apply("replace:-:_", "a-b-c"), "a_b_c");
        assert_eq!(apply("replace: :", "a b"), "ab");
        assert_eq!(apply("trim:a:b", "xa:by"), "xy");
        for bad in [
            "",
            "lower:",
            "Lower",
            "trim",
            "trim:(",
            "replace:a",
            "replace::b",
        ] {
            assert!(Filter::parse(bad).is_err(), "{bad}");
        }
    }
}
