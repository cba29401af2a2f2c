//! Patterns that select accounts and roles on the command line.

use regex_lite::Regex;

use super::inventory::Account;
use crate::domain::names::is_account_id;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Pattern that selects accounts.
#[derive(Clone, Debug)]
pub enum AccountPattern {
    /// The account with this id: 12 digits.
    Id(String),
    /// Accounts whose id begins or ends with the text, or whose name the regex matches.
    Like(String, Regex),
}

impl AccountPattern {
    /// Parses an account id or a regular expression.
    pub fn parse(text: &str) -> Result<AccountPattern> {
        if is_account_id(text) {
            return Ok(AccountPattern::Id(text.to_owned()));
        }
        Ok(AccountPattern::Like(text.to_owned(), compile_regex(text)?))
    }

    /// Returns `true` if the pattern selects this account.
    pub fn matches(&self, account: &Account) -> bool {
        match self {
            AccountPattern::Id(id) => account.id == *id,
            AccountPattern::Like(text, expression) => {
                let name = account.name.as_deref();
                account.id.starts_with(text.as_str())
                    || account.id.ends_with(text.as_str())
                    || name.is_some_and(|name| expression.is_match(name))
            }
        }
    }

    /// Returns `true` if one of the patterns selects it, or there is no pattern.
    pub fn any_matches(patterns: &[AccountPattern], account: &Account) -> bool {
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(account))
    }

    /// Returns the ids, each once, if all patterns are ids.
    pub fn ids(patterns: &[AccountPattern]) -> Option<Vec<String>> {
        let id = |pattern: &AccountPattern| match pattern {
            AccountPattern::Id(id) => Some(id.clone()),
            AccountPattern::Like(..) => None,
        };
        let mut ids: Vec<String> = patterns.iter().map(id).collect::<Option<_>>()?;
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        (!ids.is_empty()).then_some(ids)
    }
}

/// Compiles a regular expression of the command line, such as a pattern for roles.
pub fn compile_regex(text: &str) -> Result<Regex> {
    Regex::new(text).map_err(|error| {
        let (text, error) = (sanitize(text), sanitize(&error.to_string()));
        Error::usage(format!("\"{text}\" is not a regular expression: {error}")).hint(
            "put a backslash before characters that mean themselves, and quote it for the shell",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, name: &str) -> Account {
        Account {
            id: id.to_owned(),
            name: (!name.is_empty()).then(|| name.to_owned()),
            ..Account::default()
        }
    }

    #[test]
    fn a_whole_id_matches_exactly_and_other_text_as_a_regex() {
        let is = |pattern: &str, account: &Account| {
            AccountPattern::parse(pattern).unwrap().matches(account)
        };
        let prod = account("111122223333", "Prod EU");
        for pattern in ["111122223333", "1111", "3333", "Prod", "^Prod EU$", "E.$"] {
            assert!(is(pattern, &prod), "{pattern}");
        }
        for pattern in ["111122223334", "2222", "prod$", "eu", "x"] {
            assert!(!is(pattern, &prod), "{pattern}");
        }
        // A name of 12 digits is another account's id.
        let other = account("000000000000", "111122223333");
        assert!(!is("111122223333", &other));
        assert!(is("0000", &account("000000000000", "")));
    }

    #[test]
    fn ids_are_returned_if_all_patterns_are_ids() {
        let parse = |texts: &[&str]| -> Vec<AccountPattern> {
            let parse = |text: &&str| AccountPattern::parse(text).unwrap();
            texts.iter().map(parse).collect()
        };
        let ids = |texts: &[&str]| AccountPattern::ids(&parse(texts));
        assert_eq!(ids(&[]), None);
        assert_eq!(ids(&["111122223333", "prod"]), None);
        let twice = ["111122223333", "000000000000", "111122223333"];
        let once = ["111122223333", "000000000000"];
        assert_eq!(ids(&twice).unwrap(), once);
    }

    #[test]
    fn an_invalid_regex_is_an_error() {
        for text in ["(", "[", "*", "a{"] {
            let error = compile_regex(text).unwrap_err();
            assert!(error.message().contains("not a regular expression"));
        }
        assert!(compile_regex("^Admin$").unwrap().is_match("Admin"));
        assert!(compile_regex("Admin").unwrap().is_match("SubAdmins"));
    }
}
