//! Characters of account and role names that a profile name may keep.

/// Characters to keep. A run of other characters becomes one dash, and none at the ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AllowedCharacters {
    /// ASCII letters, digits and `_-/.%@:+`: every AWS tool reads them in a profile name.
    #[default]
    Portable,
    /// All but blanks and brackets, as aws-sso-util does with `--safe-account-names`.
    NoBlanks,
    /// All.
    Any,
}

impl AllowedCharacters {
    /// Returns the name with other characters replaced, or `id` if nothing is left of it.
    pub fn replace_others(self, name: Option<&str>, id: &str) -> String {
        let name = name.unwrap_or_default();
        let safe = match self {
            AllowedCharacters::Portable => {
                let is_other = |c: char| !(c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c));
                replace_by_dash(name, is_other)
            }
            AllowedCharacters::NoBlanks => {
                replace_by_dash(name, |c| c.is_whitespace() || c == '[' || c == ']')
            }
            AllowedCharacters::Any => name.to_owned(),
        };
        if safe.is_empty() { id.to_owned() } else { safe }
    }
}

/// Replaces each run of matching characters by one dash and removes dashes at the ends.
fn replace_by_dash(text: &str, is_other: impl Fn(char) -> bool) -> String {
    let kept = text.split(is_other).filter(|part| !part.is_empty());
    let kept: Vec<&str> = kept.collect();
    kept.join("-").trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_brackets_are_replaced_as_by_aws_sso_util() {
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
            let replaced = AllowedCharacters::NoBlanks.replace_others(Some(name), "1");
            assert_eq!(replaced, safe);
        }
    }

    #[test]
    fn default_keeps_only_characters_that_every_tool_reads() {
        let portable = |name| AllowedCharacters::Portable.replace_others(name, "111122223333");
        for (name, safe) in [
            ("Prod EU", "Prod-EU"),
            ("Dev (EU) #1", "Dev-EU-1"),
            ("it's", "it-s"),
            ("a/b@c.d_e:f+g%h", "a/b@c.d_e:f+g%h"),
            ("日本", "111122223333"),
            ("Zürich $(rm)\n;", "Z-rich-rm"),
        ] {
            assert_eq!(portable(Some(name)), safe);
        }
        assert_eq!(portable(None), "111122223333");
        assert_eq!(
            AllowedCharacters::Any.replace_others(Some("a b"), "1"),
            "a b"
        );
    }
}
