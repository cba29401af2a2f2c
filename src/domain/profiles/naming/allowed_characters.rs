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
    fn other_characters_become_dashes() {
        use AllowedCharacters::{Any, NoBlanks, Portable};
        for (allowed, name, expected) in [
            // As aws-sso-util does.
            (NoBlanks, "Prod EU", "Prod-EU"),
            (NoBlanks, "a  b", "a-b"),
            (NoBlanks, "[x]", "x"),
            (NoBlanks, "Dev (EU) #1", "Dev-(EU)-#1"),
            (NoBlanks, " A & B ", "A-&-B"),
            (NoBlanks, "a/b", "a/b"),
            (NoBlanks, "x;y", "x;y"),
            (NoBlanks, "it's", "it's"),
            (NoBlanks, "日本", "日本"),
            (NoBlanks, "dev [sandbox]", "dev-sandbox"),
            (Portable, "Prod EU", "Prod-EU"),
            (Portable, "Dev (EU) #1", "Dev-EU-1"),
            (Portable, "it's", "it-s"),
            (Portable, "a/b@c.d_e:f+g%h", "a/b@c.d_e:f+g%h"),
            (Portable, "日本", "111122223333"),
            (Portable, "Zürich $(rm)\n;", "Z-rich-rm"),
            (Any, "a b", "a b"),
        ] {
            let replaced = allowed.replace_others(Some(name), "111122223333");
            assert_eq!(replaced, expected, "{allowed:?}");
        }
        let unnamed = Portable.replace_others(None, "111122223333");
        assert_eq!(unnamed, "111122223333");
    }
}
