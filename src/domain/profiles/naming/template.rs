//! Profile names made from a template, such as `{account_name|lower}.{role_name}`.
//!
//! A placeholder is the name of a value in braces, optionally followed by filters behind `|`.
//! `{{` and `}}` stand for literal braces.

use super::filter::Filter;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};

/// Values from which the name of one profile is made.
#[derive(Clone, Copy, Debug)]
pub struct NameParts<'a> {
    /// Account name, or the account id for an account without a name.
    pub account_name: &'a str,
    /// Account id of 12 digits.
    pub account_id: &'a str,
    pub role_name: &'a str,
    pub region: Option<&'a str>,
    /// Zero-based index of the region within the regions of the role.
    pub region_index: usize,
}

/// A parsed template.
#[derive(Clone, Debug)]
pub struct NameTemplate {
    pub(super) parts: Vec<TemplatePart>,
    /// Text between two parts. A placeholder without a value takes no separator.
    pub(super) separator: String,
    /// Whether a role's first region is part of the name.
    pub(super) names_first_region: bool,
}

/// A literal text, or a placeholder with its filters.
#[derive(Clone, Debug)]
pub(super) enum TemplatePart {
    Literal(String),
    Placeholder(Placeholder, Vec<Filter>),
}

/// Value that replaces a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    AccountName,
    AccountId,
    RoleName,
    Region,
    ShortRegion,
}

impl Placeholder {
    pub(super) fn from_name(name: &str) -> Option<Placeholder> {
        match name {
            "account_name" => Some(Placeholder::AccountName),
            "account_id" => Some(Placeholder::AccountId),
            "role_name" => Some(Placeholder::RoleName),
            "region" => Some(Placeholder::Region),
            "short_region" => Some(Placeholder::ShortRegion),
            _ => None,
        }
    }
}

impl NameTemplate {
    /// Parses the text of `--name`.
    pub fn parse(text: &str) -> Result<NameTemplate> {
        let mut parts = Vec::new();
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
                let end = find_outside(inside, '}', "{", "}")
                    .ok_or_else(|| syntax_error(text, "a `{` has no `}`"))?;
                parts.push(TemplatePart::Literal(std::mem::take(&mut literal)));
                parts.push(parse_placeholder(&inside[..end])?);
                rest = &inside[end + 1..];
            } else {
                return Err(syntax_error(text, "a `}` has no `{`"));
            }
        }
        literal.push_str(rest);
        parts.push(TemplatePart::Literal(literal));
        Ok(NameTemplate {
            parts,
            separator: String::new(),
            names_first_region: true,
        })
    }

    /// Returns the name for these values.
    pub fn format(&self, values: &NameParts) -> String {
        let has_region = self.names_first_region || values.region_index > 0;
        let region = values.region.filter(|_| has_region);
        let format = |part: &TemplatePart| {
            let (placeholder, filters) = match part {
                TemplatePart::Literal(text) => return Some(text.clone()),
                TemplatePart::Placeholder(placeholder, filters) => (placeholder, filters),
            };
            let value = match placeholder {
                Placeholder::AccountName => values.account_name.to_owned(),
                Placeholder::AccountId => values.account_id.to_owned(),
                Placeholder::RoleName => values.role_name.to_owned(),
                Placeholder::Region => region?.to_owned(),
                Placeholder::ShortRegion => short_region(region?),
            };
            Some(filters.iter().fold(value, |text, it| it.apply(&text)))
        };
        let parts: Vec<String> = self.parts.iter().filter_map(format).collect();
        parts.join(&self.separator)
    }
}

/// Finds a character behind no backslash and outside of brackets, which are part of a regular
/// expression.
fn find_outside(text: &str, wanted: char, opening: &str, closing: &str) -> Option<usize> {
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == wanted && depth == 0 => return Some(at),
            _ if opening.contains(c) => depth += 1,
            _ if closing.contains(c) && depth > 0 => depth -= 1,
            _ => {}
        }
    }
    None
}

fn parse_placeholder(inside: &str) -> Result<TemplatePart> {
    let (name, filters) = match inside.split_once('|') {
        Some((name, filters)) => (name, parse_filters(filters)),
        None => (inside, Ok(Vec::new())),
    };
    let placeholder = Placeholder::from_name(name.trim()).ok_or_else(|| {
        let name = sanitize(name.trim());
        Error::usage(format!("a name template has no place {{{name}}}")).hint(
            "there are {account_name}, {account_id}, {role_name}, {region} and {short_region}",
        )
    })?;
    Ok(TemplatePart::Placeholder(placeholder, filters?))
}

/// Parses filters that are separated by `|`.
fn parse_filters(mut text: &str) -> Result<Vec<Filter>> {
    let mut filters = Vec::new();
    while let Some(end) = find_outside(text, '|', "([", ")]") {
        filters.push(Filter::parse(&text[..end])?);
        text = &text[end + 1..];
    }
    filters.push(Filter::parse(text)?);
    Ok(filters)
}

/// Returns `euce1` for `eu-central-1`, as aws-sso-util does. A text that does not look like a region
/// is returned unchanged.
pub fn short_region(region: &str) -> String {
    shorten(region).unwrap_or_else(|| region.to_owned())
}

fn shorten(region: &str) -> Option<String> {
    let mut parts = region.rsplitn(3, '-');
    let (number, direction, area) = (parts.next()?, parts.next()?, parts.next()?);
    let direction = match direction {
        "north" => "no",
        "northeast" => "ne",
        "east" => "ea",
        "southeast" => "se",
        "south" => "so",
        "southwest" => "sw",
        "west" => "we",
        "northwest" => "nw",
        "central" => "ce",
        _ => return None,
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let area = if area == "us-gov" { "gov" } else { area };
    (is_number && !area.is_empty()).then(|| format!("{area}{direction}{number}"))
}

fn syntax_error(template: &str, why: &str) -> Error {
    let template = sanitize(template);
    Error::usage(format!(
        "the name template \"{template}\" cannot be read: {why}"
    ))
    .hint("such as \"{account_name}.{role_name}\"; {{ and }} are braces")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(template: &str, region: Option<&str>) -> Result<String> {
        let values = NameParts {
            account_name: "Prod-EU",
            account_id: "111122223333",
            role_name: "AWSReadOnlyAccess",
            region,
            region_index: 0,
        };
        NameTemplate::parse(template).map(|template| template.format(&values))
    }

    #[test]
    fn placeholders_are_filled_and_filtered() {
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
            let name = format(template, Some("eu-central-1")).unwrap();
            assert_eq!(name, expected, "{template}");
        }
    }

    #[test]
    fn region_placeholders_are_empty_without_a_region() {
        let name = format("{region}-{account_id}-{short_region|upper}", None);
        assert_eq!(name.unwrap(), "-111122223333-");
    }

    #[test]
    fn errors_name_the_invalid_part() {
        for (template, part) in [
            ("{account}", "no place {account}"),
            ("{account_name", "has no `}`"),
            ("a}b", "has no `{`"),
            ("{role_name|big}", "no filter \"big\""),
            ("{role_name|}", "no filter \"\""),
            ("{}", "no place {}"),
        ] {
            let error = format(template, None).unwrap_err();
            assert!(error.message().contains(part), "{template}: {error}");
        }
    }

    #[test]
    fn short_names_equal_those_of_aws_sso_util() {
        for (region, expected) in [
            ("us-east-1", "usea1"),
            ("us-gov-west-1", "govwe1"),
            ("ap-northeast-1", "apne1"),
            ("ap-southeast-2", "apse2"),
            ("ca-central-1", "cace1"),
            ("eu-south-2", "euso2"),
            ("me-central-1", "mece1"),
            ("il-central-1", "ilce1"),
            ("cn-north-1", "cnno1"),
            ("cn-northwest-1", "cnnw1"),
            ("mx-central-1", "mxce1"),
            ("ap-east-2", "apea2"),
            ("us-iso-east-1", "us-isoea1"),
            ("us-isob-east-1", "us-isobea1"),
            ("eusc-de-east-1", "eusc-deea1"),
            ("nowhere", "nowhere"),
            ("eu-middle-1", "eu-middle-1"),
            ("eu-west-x", "eu-west-x"),
        ] {
            assert_eq!(short_region(region), expected);
        }
    }
}
