//! Names from a template, such as `{account_name|lower}.{role_name}`.
//!
//! A place stands between braces: the name of a value, and
//! filters behind `|`. `{{` and `}}` are braces.

use super::filter::Filter;
use super::{Parts, short_region};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// A template, taken apart.
#[derive(Clone, Debug)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    DirectoryFile(Value, Vec<Filter>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    AccountName,
    AccountId,
    RoleName,
    Region,
    ShortRegion,
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Template> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("{{") {
                literal.push('{');
                rest = after;
            } else if let Some(after) = rest.strip_prefix("}}") {
                literal.push('}');
                rest = after;
            } else if let Some(inside) = rest.strip_prefix('{') {
                let end = closing(inside).ok_or_else(|| wrong(text, "a `{` has no `}`"))?;
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
                pieces.push(place(&inside[..end])?);
                rest = &inside[end + 1..];
            } else {
                return Err(wrong(text, "a `}` has no `{`"));
            }
        }
        literal.push_str(rest);
        pieces.push(Piece::Text(literal));
        Ok(Template(pieces))
    }

    /// The name.
    pub fn name(&self, parts: &Parts) -> String {
        let mut name = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::DirectoryFile(value, filters) => {
                    let value = value.of(parts);
                    let steps = filters.iter();
                    name.push_str(&steps.fold(value, |text, filter| filter.apply(&text)));
                }
            }
        }
        name
    }
}

impl Value {
    fn of(self, parts: &Parts) -> String {
        match self {
            Value::AccountName => parts.account_name.to_owned(),
            Value::AccountId => parts.account_id.to_owned(),
            Value::RoleName => parts.role_name.to_owned(),
            Value::Region => parts.region.unwrap_or_default().to_owned(),
            Value::ShortRegion => parts.region.map(short_region::short).unwrap_or_default(),
        }
    }
}

/// The brace that ends a place: a regular expression in it may have braces of its own.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn place(inside: &str) -> Result<Piece> {
    let (name, filters) = match inside.split_once('|') {
        Some((name, filters)) => (name, Some(filters)),
        None => (inside, None),
    };
    let value = match name.trim() {
        "account_name" => Value::AccountName,
        "account_id" => Value::AccountId,
        "role_name" => Value::RoleName,
        "region" => Value::Region,
        "short_region" => Value::ShortRegion,
        other => {
            let other = sanitize(other);
            return Err(
                Error::usage(format!("a name template has no place {{{other}}}")).hint(
                    "there are {account_name}, {account_id}, {role_name}, {region} and \
                     {short_region}",
                ),
            );
        }
    };
    let filters = filters.map(parse_filters).transpose()?;
    Ok(Piece::DirectoryFile(value, filters.unwrap_or_default()))
}

/// Filters stand behind `|`. One in parentheses, in brackets or behind a backslash belongs to
/// a regular expression.
fn parse_filters(text: &str) -> Result<Vec<Filter>> {
    let mut filters = Vec::new();
    let mut start = 0;
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            '|' if depth == 0 => {
                filters.push(Filter::parse(&text[start..at])?);
                start = at + 1;
            }
            _ => {}
        }
    }
    filters.push(Filter::parse(&text[start..])?);
    Ok(filters)
}

fn wrong(template: &str, why: &str) -> Error {
    let template = sanitize(template);
    Error::usage(format!(
        "the name template \"{template}\" cannot be read: {why}"
    ))
    .hint("such as \"{account_name}.{role_name}\"; {{ and }} are braces")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str) -> Result<String> {
        let parts = Parts {
            account_name: "Prod-EU",
            account_id: "111122223333",
            role_name: "AWSReadOnlyAccess",
            region: Some("eu-central-1"),
            index: 0,
        };
        Template::parse(template).map(|template| template.name(&parts))
    }

    #[test]
    fn places_are_filled_and_filtered() {
        for (template, expected) in [
            ("{account_name}.{role_name}", "Prod-EU.AWSReadOnlyAccess"),
            (
                "{account_id}/{region}/{short_region}",
                "111122223333/eu-central-1/euce1",
            ),
            ("{account_name|lower}", "prod-eu"),
            ("{role_name|trim:^AWS|trim:Access$|lower}", "readonly"),
            ("{role_name|trim:(AWS|Access)}", "ReadOnly"),
            ("{role_name|trim:[A-Z]{3}}", "ReadOnlyAccess"),
            ("{account_name|replace:-:_}", "Prod_EU"),
            ("{{{account_id}}}", "{111122223333}"),
            ("fixed", "fixed"),
            ("", ""),
        ] {
            assert_eq!(name(template).unwrap(), expected, "{template}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (template, part) in [
            ("{account}", "no place {account}"),
            ("{account_name", "has no `}`"),
            ("a}b", "has no `{`"),
            ("{role_name|big}", "no filter \"big\""),
            ("{role_name|}", "no filter \"\""),
            ("{}", "no place {}"),
        ] {
            let error = name(template).unwrap_err();
            assert!(error.message().contains(part), "{template}: {error}");
        }
    }
}
