//! Template of `sso prompt`, which shells show in their prompts.

use crate::error::{Error, Result};

/// Values of the placeholders.
#[derive(Clone, Debug, Default)]
pub struct PromptValues {
    /// Name of the profile, or ROLE@ACCOUNT.
    pub profile: String,
    /// Account id.
    pub account: String,
    /// Name of the role.
    pub role: String,
    /// Region that is handed on.
    pub region: String,
    /// Time left; the state if the credentials have expired.
    pub left: String,
    /// State: valid, refreshable or expired.
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

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptTemplate(Vec<Part>);

impl PromptTemplate {
    /// Parses a template. `{{` and `}}` are braces.
    ///
    /// # Errors
    ///
    /// A usage error for an unknown or unclosed placeholder.
    pub fn parse(text: &str) -> Result<PromptTemplate> {
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
            let field = named.and_then(|(name, after)| Some((field_from_name(name)?, after)));
            let Some((field, after)) = field else {
                return Err(Error::usage("--format has a placeholder that does not exist")
                    .hint("there are {profile} {account} {role} {region} {left} {state}; a brace is {{ or }}"));
            };
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Field(field));
            rest = after;
        }
        parts.push(Part::Text(plain + rest));
        Ok(PromptTemplate(parts))
    }

    /// Returns `true` if the template shows the role, which only the configuration knows.
    pub fn has_role(&self) -> bool {
        self.0.contains(&Part::Field(Field::Role))
    }

    /// Returns the text with the values in place of the placeholders.
    pub fn render(&self, values: &PromptValues) -> String {
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

fn field_from_name(name: &str) -> Option<Field> {
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

/// Replaces every character that a shell could evaluate in a prompt.
pub fn shell_safe(value: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_.@+=,:/-".contains(c);
    value
        .chars()
        .map(|c| if is_safe(c) { c } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_and_unknown_ones_rejected() {
        let values = PromptValues {
            profile: "dev".to_owned(),
            left: "47m".to_owned(),
            ..PromptValues::default()
        };
        let render = |text: &str| PromptTemplate::parse(text).map(|it| it.render(&values));
        assert_eq!(render("[{profile}] {left}").as_deref(), Ok("[dev] 47m"));
        assert_eq!(render("{{{profile}}}").as_deref(), Ok("{dev}"));
        assert_eq!(render("").as_deref(), Ok(""));
        for text in ["{nothing}", "{", "}", "{profile", "{ profile}"] {
            assert!(render(text).is_err(), "{text}");
        }
    }

    #[test]
    fn characters_that_a_shell_evaluates_are_replaced() {
        assert_eq!(
            shell_safe("a$(touch PWNED)`x`\u{1b}é"),
            "a??touch?PWNED??x???"
        );
    }
}
