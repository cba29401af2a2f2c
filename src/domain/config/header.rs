//! Parses section headers, regardless of the lines around them.

use super::document::{Dialect, SectionKind};
use super::lines::{BLANKS, COMMENT_STARTS, to_text};
use super::quoted_word::parse_word;
use super::section_name::{contains_run, is_identifier, longest_run};

/// A parsed header.
#[derive(Debug, PartialEq)]
pub(super) enum Header {
    /// Begins a section.
    Section {
        kind: SectionKind,
        name: String,
        /// Whether the name follows a keyword: `[profile default]` outranks `[default]`.
        prefixed: bool,
        /// Reason for which another tool ignores this section.
        quirk: Option<&'static str>,
    },
    /// Begins a section that belongs to another tool, such as `[plugins]`.
    Foreign,
    /// Begins no section, for this reason.
    Malformed(String),
}

const NOT_CLOSED: &str = "the section header has no closing `]`";
const TRAILING_TEXT: &str = "something other than a comment follows the `]` of the section header";
const NO_NAME: &str = "the section header has no name";
const LEADING_BLANK: &str = "the AWS CLI does not see a section whose header has a blank after `[`";
const OTHER_CHARACTERS: &str =
    "AWS SDKs ignore a section whose name has other characters than letters, digits and `_-/.%@:+`";

/// Parses a line that begins with `[`.
pub(super) fn parse_header(line: &[u8], dialect: Dialect) -> Header {
    let text = to_text(line);
    let inside = text.strip_prefix('[').unwrap_or(&text);
    let header = match dialect {
        Dialect::Config => parse_config_header(inside),
        Dialect::Credentials => parse_credentials_header(inside),
    };
    let header = header.unwrap_or_else(Header::Malformed);
    if let Header::Section { name, .. } = &header
        && let Err(why) = check_name(name, line, dialect)
    {
        return Header::Malformed(why.to_owned());
    }
    header
}

fn parse_config_header(inside: &str) -> Result<Header, String> {
    let trimmed = inside.trim_start_matches(BLANKS);
    let has_leading_blank = trimmed.len() != inside.len();
    let keyword_end = trimmed.find([' ', '\t', ']', '#', ';']).ok_or(NOT_CLOSED)?;
    let (keyword, rest) = trimmed.split_at(keyword_end);
    let rest = rest.trim_start_matches(BLANKS);
    if rest.starts_with(']') {
        check_end(rest)?;
        return parse_single_word(keyword, has_leading_blank);
    }
    let kind = match keyword {
        "profile" => SectionKind::Profile,
        "sso-session" => SectionKind::SsoSession,
        "services" => SectionKind::Services,
        _ => return strip_end(rest).map(|_| Header::Foreign),
    };
    let (name, rest) = parse_word(rest)?;
    let rest = rest.trim_start_matches(BLANKS);
    if !rest.is_empty() && !rest.starts_with(']') && !rest.starts_with(COMMENT_STARTS) {
        return Err(format!(
            "a name with blanks needs quotes: `[{keyword} \"two words\"]`"
        ));
    }
    check_end(rest)?;
    Ok(section(kind, name, true, has_leading_blank))
}

/// Interprets a header of one word in the config file.
fn parse_single_word(word: &str, has_leading_blank: bool) -> Result<Header, String> {
    match word {
        "default" => Ok(section(
            SectionKind::Profile,
            word.to_owned(),
            false,
            has_leading_blank,
        )),
        "" | "profile" | "sso-session" | "services" => Err(NO_NAME.to_owned()),
        // The AWS CLI's own sections.
        "plugins" | "preview" => Ok(Header::Foreign),
        _ if is_identifier(word) => Err(format!(
            "`[{word}]` is not a profile in this file, `[profile {word}]` is"
        )),
        _ => Err("only a section that begins with `profile` is one in this file".to_owned()),
    }
}

fn parse_credentials_header(inside: &str) -> Result<Header, String> {
    let inside = strip_end(inside)?;
    let name = inside.trim_matches(BLANKS);
    if let Some((keyword @ ("profile" | "sso-session" | "services"), _)) = name.split_once(BLANKS) {
        return Err(match keyword {
            "profile" => "a profile has no `profile` before its name in the credentials file",
            _ => "this section belongs into the config file",
        }
        .to_owned());
    }
    let has_blanks = name.len() != inside.len();
    Ok(section(
        SectionKind::Profile,
        name.to_owned(),
        false,
        has_blanks,
    ))
}

fn section(kind: SectionKind, name: String, prefixed: bool, has_blanks: bool) -> Header {
    let quirk = match (is_identifier(&name), has_blanks) {
        (false, _) => Some(OTHER_CHARACTERS),
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

/// Checks that `rest` is the closing bracket and at most a comment.
fn check_end(rest: &str) -> Result<(), String> {
    let after = rest
        .strip_prefix(']')
        .ok_or(NOT_CLOSED)?
        .trim_start_matches(BLANKS);
    if after.is_empty() || after.starts_with(COMMENT_STARTS) {
        Ok(())
    } else {
        Err(TRAILING_TEXT.to_owned())
    }
}

/// Removes a comment and the closing bracket from a header without quoting.
fn strip_end(inside: &str) -> Result<&str, String> {
    let end = inside.find(COMMENT_STARTS).unwrap_or(inside.len());
    let (inside, _) = inside.split_at(end);
    let inside = inside.trim_end_matches(BLANKS);
    inside.strip_suffix(']').ok_or_else(|| {
        let why = if inside.contains(']') {
            TRAILING_TEXT
        } else {
            NOT_CLOSED
        };
        why.to_owned()
    })
}

/// Checks the name of a header that is otherwise well-formed.
fn check_name(name: &str, line: &[u8], dialect: Dialect) -> Result<(), &'static str> {
    let is_quoted = line.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'\\'));
    if name.is_empty() {
        Err(NO_NAME)
    } else if !is_quoted && is_identifier(name) {
        // The common case first.
        Ok(())
    } else if name.chars().any(char::is_control) {
        Err("the section's name has control characters")
    } else if name.contains(char::REPLACEMENT_CHARACTER) {
        Err("the section's name is not UTF-8")
    } else if dialect == Dialect::Config && is_quoted && !contains_run(line, longest_run(name)) {
        // The substring search would miss `d"e"v` for `dev`, and nobody writes that on purpose.
        Err("the section's name is quoted in the middle of a word")
    } else {
        Ok(())
    }
}
