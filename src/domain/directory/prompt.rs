//! Template of `sso prompt`, which shells show in their prompts.

use crate::error::{Error, Result};

/// A placeholder of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptField {
    /// Name of the profile, or ROLE@ACCOUNT.
    Profile,
    Account,
    Role,
    /// Region that is handed on.
    Region,
    /// Time left; the state if the credentials have expired.
    Left,
    /// State: valid, refreshable or expired.
    State,
}

const FIELDS: [(&str, PromptField); 6] = [
    ("profile", PromptField::Profile),
    ("account", PromptField::Account),
    ("role", PromptField::Role),
    ("region", PromptField::Region),
    ("left", PromptField::Left),
    ("state", PromptField::State),
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(PromptField),
}

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptTemplate(Vec<Part>);

impl PromptTemplate {
    /// Parses a template. `{{` and `}}` are braces.
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
            let field = named.and_then(|(name, after)| {
                let (_, field) = FIELDS.iter().find(|(known, _)| *known == name)?;
                Some((*field, after))
            });
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
        self.0.contains(&Part::Field(PromptField::Role))
    }

    /// Returns the text with the values in place of the placeholders.
    pub fn render(&self, value: impl Fn(PromptField) -> String) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Field(field) => value(*field),
        });
        parts.collect()
    }
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
        let value = |field| match field {
            PromptField::Profile => "dev".to_owned(),
            PromptField::Left => "47m".to_owned(),
            _ => String::new(),
        };
        let render = |text: &str| PromptTemplate::parse(text).map(|it| it.render(value));
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
