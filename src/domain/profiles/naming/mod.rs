//! What a generated profile is called.
//!
//! Two ways lead to a name: a template, and the components that users of aws-sso-util know,
//! with the same results. Whether AWS tools see a profile of that name is the editor's to say,
//! and that no two roles get one name, populate's.

mod components;
mod filter;
mod short_region;
mod template;

pub use components::{Components, IncludeRegion, RegionStyle};
pub use filter::Case;
pub use short_region::short;
pub use template::Template;

/// What a name is made of.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The account's name, where it has one, already made safe or left alone.
    pub account_name: &'a str,
    /// 12 digits.
    pub account_id: &'a str,
    /// The role's.
    pub role_name: &'a str,
    /// The profile's region, if it has one.
    pub region: Option<&'a str>,
    /// The how manieth region of this role it is, from 0.
    pub index: usize,
}

/// What an account's name loses before it becomes a part of a profile's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Safety {
    /// Whatever some AWS tool does not take in a profile's name becomes a dash.
    #[default]
    Strict,
    /// Blanks and brackets become a dash, as aws-sso-util does it.
    Blanks,
    /// Nothing.
    Raw,
}

impl Safety {
    /// The name to go on with. An account without one is called by its id.
    pub fn of(self, name: Option<&str>, id: &str) -> String {
        let name = name.unwrap_or_default();
        let safe = match self {
            Safety::Strict => dashed(name, |c| {
                !(c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c))
            }),
            Safety::Blanks => dashed(name, |c| c.is_whitespace() || c == '[' || c == ']'),
            Safety::Raw => name.to_owned(),
        };
        if safe.is_empty() { id.to_owned() } else { safe }
    }
}

/// Runs of such characters replaced by one dash, and no dash at the ends.
fn dashed(text: &str, bad: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut in_run = false;
    for c in text.chars() {
        let is_bad = bad(c);
        if !is_bad {
            out.push(c);
        } else if !in_run {
            out.push('-');
        }
        in_run = is_bad;
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_brackets_go_as_aws_sso_util_does_it() {
        for (name, safe) in [
            ("Prod EU", "Prod-EU"),
            ("a  b", "a-b"),
            ("[x]", "x"),
            ("Dev (EU) #1", "Dev-(EU)-#1"),
            (" A & B ", "A-&-B"),
            ("a/b", "a/b"),
            ("x;y", "x;y"),
            ("it's", "it's"),
            ("日本", "日本"),
            ("dev [sandbox]", "dev-sandbox"),
        ] {
            assert_eq!(Safety::Blanks.of(Some(name), "1"), safe);
        }
    }

    #[test]
    fn by_default_only_what_every_tool_takes_is_left() {
        for (name, safe) in [
            ("Prod EU", "Prod-EU"),
            ("Dev (EU) #1", "Dev-EU-1"),
            ("it's", "it-s"),
            ("a/b@c.d_e:f+g%h", "a/b@c.d_e:f+g%h"),
            ("日本", "111122223333"),
            ("Zürich $(rm)\n;", "Z-rich-rm"),
        ] {
            assert_eq!(Safety::Strict.of(Some(name), "111122223333"), safe);
        }
        assert_eq!(Safety::Strict.of(None, "111122223333"), "111122223333");
        assert_eq!(Safety::Raw.of(Some("a b"), "1"), "a b");
    }
}
