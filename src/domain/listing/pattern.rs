//! The words by which accounts and roles are chosen.

use regex_lite::Regex;

use super::inventory::Account;
use crate::domain::names::is_account_id;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Which accounts are meant.
#[derive(Clone, Debug)]
pub enum AccountPattern {
    /// This one: 12 digits.
    Id(String),
    /// Those whose id begins or ends so, and those in whose name the expression is found.
    Like(String, Regex),
}

/// Which roles are meant: those in whose name the expression is found.
#[derive(Clone, Debug)]
pub struct RolePattern(Regex);

impl AccountPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<AccountPattern> {
        if is_account_id(text) {
            return Ok(AccountPattern::Id(text.to_owned()));
        }
        Ok(AccountPattern::Like(text.to_owned(), expression(text)?))
    }

    /// Whether it means this account.
    pub fn matches(&self, account: &Account) -> bool {
        match self {
            AccountPattern::Id(id) => account.id == *id,
            AccountPattern::Like(text, expression) => {
                let id = &account.id;
                let name = account.name.as_deref();
                id.starts_with(text.as_str())
                    || id.ends_with(text.as_str())
                    || name.is_some_and(|name| expression.is_match(name))
            }
        }
    }

    /// Whether one of them means it; no pattern means all.
    pub fn any(patterns: &[AccountPattern], account: &Account) -> bool {
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(account))
    }

    /// The ids, where all patterns are ids.
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

impl RolePattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<RolePattern> {
        expression(text).map(RolePattern)
    }

    /// Whether it means this role.
    pub fn matches(&self, role: &str) -> bool {
        self.0.is_match(role)
    }

    /// Whether one of them means it; no pattern means all.
    pub fn any(patterns: &[RolePattern], role: &str) -> bool {
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(role))
    }
}

/// A regular expression of the command line.
pub(in crate::domain) fn expression(text: &str) -> Result<Regex> {
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
    fn an_id_is_meant_as_a_whole_and_anything_else_is_looked_for() {
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
        assert!(!is(
            "111122223333",
            &account("000000000000", "111122223333")
        ));
        assert!(is("0000", &account("000000000000", "")));
    }

    #[test]
    fn ids_are_known_where_nothing_else_is_asked_for() {
        let parse = |texts: &[&str]| -> Vec<AccountPattern> {
            let patterns = texts.iter().map(|text| AccountPattern::parse(text));
            patterns.collect::<Result<_>>().unwrap()
        };
        let ids = |texts: &[&str]| AccountPattern::ids(&parse(texts));
        assert_eq!(ids(&[]), None);
        assert_eq!(ids(&["111122223333", "prod"]), None);
        let twice = ["111122223333", "000000000000", "111122223333"];
        let once = ["111122223333", "000000000000"];
        assert_eq!(ids(&twice).unwrap(), once);
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for text in ["(", "[", "*", "a{"] {
            let error = RolePattern::parse(text).unwrap_err();
            assert!(error.message().contains("not a regular expression"));
        }
        assert!(RolePattern::parse("^Admin$").unwrap().matches("Admin"));
        assert!(RolePattern::parse("Admin").unwrap().matches("SubAdmins"));
    }
}
