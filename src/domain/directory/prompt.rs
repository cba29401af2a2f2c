//! The text of `sso prompt`: a template with a few placeholders.

use crate::error::{Error, Result};

/// What the placeholders stand for.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The profile, or ROLE@ACCOUNT.
    pub profile: String,
    /// Account id.
    pub account: String,
    /// Role name.
    pub role: String,
    /// The region that is handed on.
    pub region: String,
    /// The time that is left, or the state where none is.
    pub left: String,
    /// valid, refreshable or expired.
    pub state: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Profile,
    Account,
    Role,
    Region,
    Left,
    State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

/// A template, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

impl Template {
    /// Reads it. `{{` and `}}` are braces.
    pub fn parse(text: &str) -> Result<Template> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain += before;
            if let Some(after) = from.strip_prefix("{{").or(from.strip_prefix("}}")) {
                plain += &from[..1];
                rest = after;
                continue;
            }
            let named = from.strip_prefix('{').and_then(|from| from.split_once('}'));
            let field = named.and_then(|(name, after)| Some((field(name)?, after)));
            let Some((field, after)) = field else {
                return Err(Error::usage("--format has a placeholder that does not exist")
                    .hint("there are {profile} {account} {role} {region} {left} {state}; a brace is {{ or }}"));
            };
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Field(field));
            rest = after;
        }
        parts.push(Part::Text(plain + rest));
        Ok(Template(parts))
    }

    /// Whether it shows what only the configuration knows.
    pub fn asks_for_role(&self) -> bool {
        self.0.contains(&Part::Field(Field::Role))
    }

    /// Puts the values in.
    pub fn fill(&self, values: &Values) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Field(Field::Profile) => &values.profile,
            Part::Field(Field::Account) => &values.account,
            Part::Field(Field::Role) => &values.role,
            Part::Field(Field::Region) => &values.region,
            Part::Field(Field::Left) => &values.left,
            Part::Field(Field::State) => &values.state,
        });
        parts.collect()
    }
}

fn field(name: &str) -> Option<Field> {
    Some(match name {
        "profile" => Field::Profile,
        "account" => Field::Account,
        "role" => Field::Role,
        "region" => Field::Region,
        "left" => Field::Left,
        "state" => Field::State,
        _ => return None,
    })
}

/// A value without anything that a shell could obey in a prompt.
pub fn plain(value: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.@+=,:/-".contains(c);
    value
        .chars()
        .map(|c| if fits(c) { c } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_others_refused() {
        let values = Values {
            profile: "dev".to_owned(),
            left: "47m".to_owned(),
            ..Values::default()
        };
        let fill = |text: &str| Template::parse(text).map(|it| it.fill(&values));
        assert_eq!(fill("[{profile}] {left}").as_deref(), Ok("[dev] 47m"));
        assert_eq!(fill("{{{profile}}}").as_deref(), Ok("{dev}"));
        assert_eq!(fill("").as_deref(), Ok(""));
        for text in ["{nothing}", "{", "}", "{profile", "{ profile}"] {
            assert!(fill(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_that_a_shell_obeys_comes_out() {
        assert_eq!(plain("a$(touch PWNED)`x`\u{1b}é"), "a??touch?PWNED??x???");
    }
}
