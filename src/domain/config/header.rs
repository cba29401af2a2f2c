//! A section header: which section begins, or why none does.
//!
//! It does not know which sections the caller wants, nor what came before.

use super::lines::{BLANKS, COMMENT, as_text};
use super::section_name::{contains_run, is_identifier, longest_run};
use super::{Dialect, Kind, quoted_word};

#[derive(Debug, PartialEq)]
pub(super) enum Header {
    Section {
        kind: Kind,
        name: String,
        /// `[profile default]` and not `[default]`: the former outranks the latter.
        prefixed: bool,
        /// Why another tool does not see this section.
        quirk: Option<&'static str>,
    },
    /// A section of somebody else's, such as `[plugins]`.
    Foreign,
    /// Nothing begins here, for this reason.
    Refused(String),
}

const NOT_CLOSED: &str = "the section header has no closing `]`";
const TRAILING: &str = "something other than a comment follows the `]` of the section header";
const NO_NAME: &str = "the section header has no name";
const LEADING_BLANK: &str = "the AWS CLI does not see a section whose header has a blank after `[`";
const ODD_NAME: &str =
    "AWS SDKs ignore a section whose name has other characters than letters, digits and `_-/.%@:+`";

/// Reads the text of a line that begins with `[`.
pub(super) fn parse(line: &[u8], dialect: Dialect) -> Header {
    let text = as_text(line);
    let inside = text.strip_prefix('[').unwrap_or(&text);
    let header = match dialect {
        Dialect::Config => config(inside),
        Dialect::Credentials => credentials(inside),
    };
    let header = header.unwrap_or_else(Header::Refused);
    if let Header::Section { name, .. } = &header
        && let Some(why) = refuse_name(name, line, dialect)
    {
        return Header::Refused(why.to_owned());
    }
    header
}

fn config(inside: &str) -> Result<Header, String> {
    let trimmed = inside.trim_start_matches(BLANKS);
    let leading_blank = trimmed.len() != inside.len();
    let keyword_end = trimmed.find([' ', '\t', ']', '#', ';']).ok_or(NOT_CLOSED)?;
    let (keyword, rest) = trimmed.split_at(keyword_end);
    let rest = rest.trim_start_matches(BLANKS);
    if rest.starts_with(']') {
        closed(rest)?;
        return single(keyword, leading_blank);
    }
    let kind = match keyword {
        "profile" => Kind::Profile,
        "sso-session" => Kind::SsoSession,
        "services" => Kind::Services,
        _ => return uncommented(rest).map(|_| Header::Foreign),
    };
    let (name, rest) = quoted_word::split(rest)?;
    let rest = rest.trim_start_matches(BLANKS);
    if !rest.is_empty() && !rest.starts_with(']') && !rest.starts_with(COMMENT) {
        return Err(format!(
            "a name with blanks needs quotes: `[{keyword} \"two words\"]`"
        ));
    }
    closed(rest)?;
    Ok(section(kind, name, true, leading_blank))
}

/// A header of one word.
fn single(word: &str, leading_blank: bool) -> Result<Header, String> {
    match word {
        "default" => Ok(section(
            Kind::Profile,
            word.to_owned(),
            false,
            leading_blank,
        )),
        "" | "profile" | "sso-session" | "services" => Err(NO_NAME.to_owned()),
        // What the AWS CLI keeps in this file beside profiles.
        "plugins" | "preview" => Ok(Header::Foreign),
        _ if is_identifier(word) => Err(format!(
            "`[{word}]` is not a profile in this file, `[profile {word}]` is"
        )),
        _ => Err("only a section that begins with `profile` is one in this file".to_owned()),
    }
}

fn credentials(inside: &str) -> Result<Header, String> {
    let inside = uncommented(inside)?;
    let name = inside.trim_matches(BLANKS);
    if let Some((keyword @ ("profile" | "sso-session" | "services"), _)) = name.split_once(BLANKS) {
        return Err(match keyword {
            "profile" => "a profile has no `profile` before its name in the credentials file",
            _ => "this section belongs into the config file",
        }
        .to_owned());
    }
    let blanks = name.len() != inside.len();
    Ok(section(Kind::Profile, name.to_owned(), false, blanks))
}

fn section(kind: Kind, name: String, prefixed: bool, blanks: bool) -> Header {
    let quirk = match (is_identifier(&name), blanks) {
        (false, _) => Some(ODD_NAME),
        (true, true) => Some(LEADING_BLANK),
        (true, false) => None,
    };
    Header::Section {
        kind,
        name,
        prefixed,
        quirk,
    }
}

/// Nothing but a comment may follow the closing bracket that `rest` must begin with.
fn closed(rest: &str) -> Result<(), String> {
    let after = rest
        .strip_prefix(']')
        .ok_or(NOT_CLOSED)?
        .trim_start_matches(BLANKS);
    if after.is_empty() || after.starts_with(COMMENT) {
        Ok(())
    } else {
        Err(TRAILING.to_owned())
    }
}

/// What stands before the closing bracket in a header without quoting.
fn uncommented(inside: &str) -> Result<&str, String> {
    let end = inside.find(COMMENT).unwrap_or(inside.len());
    let (inside, _) = inside.split_at(end);
    let inside = inside.trim_end_matches(BLANKS);
    inside.strip_suffix(']').ok_or_else(|| {
        let why = if inside.contains(']') {
            TRAILING
        } else {
            NOT_CLOSED
        };
        why.to_owned()
    })
}

/// Why a name that was spelled correctly is not taken.
fn refuse_name(name: &str, line: &[u8], dialect: Dialect) -> Option<&'static str> {
    let quoted = line.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'\\'));
    if name.is_empty() {
        Some(NO_NAME)
    } else if !quoted && is_identifier(name) {
        // As nearly all are.
        None
    } else if name.chars().any(char::is_control) {
        Some("the section's name has control characters")
    } else if name.contains(char::REPLACEMENT_CHARACTER) {
        Some("the section's name is not UTF-8")
    } else if dialect == Dialect::Config && quoted && !contains_run(line, longest_run(name)) {
        // The substring search would miss `d"e"v` for `dev`, and nobody writes that on purpose.
        Some("the section's name is quoted in the middle of a word")
    } else {
        None
    }
}
