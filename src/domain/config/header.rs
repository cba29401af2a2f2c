//! Parses section headers, regardless of the lines around them.

use super::document::{Dialect, SectionKind};
use super::lines::{BLANKS, COMMENT_STARTS, to_text};
use super::section_name::{contains_run, is_identifier, longest_run};

pub(super) enum Header {
    Section(SectionHeader),
    /// Begins a section that belongs to another tool, such as `[plugins]`.
    Foreign,
    /// Begins no section, for this reason.
    Malformed(String),
}

/// Header of a section.
pub(super) struct SectionHeader {
    pub kind: SectionKind,
    pub name: String,
    /// Whether the name follows a keyword: `[profile default]` outranks `[default]`.
    pub prefixed: bool,
    /// Reason for which another tool ignores this section.
    pub quirk: Option<&'static str>,
}

const NOT_CLOSED: &str = "the section header has no closing `]`";
const TRAILING_TEXT: &str = "something other than a comment follows the `]` of the section header";
const NO_NAME: &str = "the section header has no name";
const LEADING_BLANK: &str = "the AWS CLI does not see a section whose header has a blank after `[`";
const OPEN_QUOTE: &str = "a quote in the header is not closed";
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
    let checked = header.and_then(|header| {
        if let Header::Section(section) = &header {
            check_name(&section.name, line, dialect)?;
        }
        Ok(header)
    });
    checked.unwrap_or_else(Header::Malformed)
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
        _ => {
            let name = strip_end(rest)?;
            return match similar_keyword(keyword) {
                Some(meant) => Err(describe_misspelt(keyword, name, meant)),
                None => Ok(Header::Foreign),
            };
        }
    };
    let after_keyword = rest;
    let (name, rest) = parse_word(rest)?;
    let rest = rest.trim_start_matches(BLANKS);
    if !rest.is_empty() && !rest.starts_with(']') && !rest.starts_with(COMMENT_STARTS) {
        let words = strip_end(after_keyword)?.trim_matches(BLANKS);
        return Err(match KEYWORDS.iter().find(|known| name == **known) {
            Some(meant) => describe_misspelt(keyword, words, meant),
            None => format!(
                "a name with blanks needs quotes: `{}`",
                format_header(keyword, words)
            ),
        });
    }
    check_end(rest)?;
    Ok(section(kind, name, true, has_leading_blank))
}

const KEYWORDS: [&str; 3] = ["profile", "sso-session", "services"];

/// Returns the keyword that another first word of a header was probably meant as.
fn similar_keyword(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let is_similar = |known: &str| {
        (known == "sso-session" && word == "session") || strsim::levenshtein(&word, known) <= 2
    };
    KEYWORDS.into_iter().find(|known| is_similar(known))
}

/// Describes a header whose first word is not the keyword that was meant. `name` is the text
/// after that word.
fn describe_misspelt(keyword: &str, name: &str, meant: &str) -> String {
    let name = name.trim_matches(BLANKS);
    let written = format!("{keyword} {name}");
    let name = name.strip_prefix(meant).map_or(name, str::trim_start);
    let unquoted = name.trim_matches(['"', '\'']);
    if !written.split(' ').all(is_identifier) {
        return format!("the section header does not begin with `{meant}`");
    }
    let right = format_header(meant, unquoted);
    format!("`[{written}]` is not a section of this file; write `{right}`")
}

/// Returns a header as it must be written: with quotes around a name that needs them.
pub fn format_header(keyword: &str, name: &str) -> String {
    match is_identifier(name) {
        true => format!("[{keyword} {name}]"),
        false => format!("[{keyword} \"{name}\"]"),
    }
}

/// Interprets a header of one word in the config file.
fn parse_single_word(word: &str, has_leading_blank: bool) -> Result<Header, String> {
    match word {
        "default" => Ok(section(
            SectionKind::Profile,
            word,
            false,
            has_leading_blank,
        )),
        "" | "profile" | "sso-session" | "services" => Err(NO_NAME.to_owned()),
        // The AWS CLI's own sections.
        "plugins" | "preview" => Ok(Header::Foreign),
        _ if is_identifier(word) => Err(format!(
            "`[{word}]` is not a section of this file; write `[profile {word}]` or `[sso-session {word}]`"
        )),
        _ => Err("only a section that begins with `profile` is one in this file".to_owned()),
    }
}

fn parse_credentials_header(inside: &str) -> Result<Header, String> {
    let inside = strip_end(inside)?;
    let name = inside.trim_matches(BLANKS);
    match name.split_once(BLANKS) {
        Some(("profile", name)) if is_identifier(name) => Err(format!(
            "`[profile {name}]` is not a profile in the credentials file; write `[{name}]`"
        )),
        Some((keyword @ ("sso-session" | "services"), name)) if is_identifier(name) => {
            Err(format!("`[{keyword} {name}]` belongs in the config file"))
        }
        Some(("profile" | "sso-session" | "services", _)) => {
            Err("this section belongs in the config file".to_owned())
        }
        _ => {
            let has_blanks = name.len() != inside.len();
            Ok(section(SectionKind::Profile, name, false, has_blanks))
        }
    }
}

fn section(kind: SectionKind, name: impl Into<String>, prefixed: bool, has_blanks: bool) -> Header {
    let name = name.into();
    let quirk = match (is_identifier(&name), has_blanks) {
        (false, _) => Some(OTHER_CHARACTERS),
        (true, true) => Some(LEADING_BLANK),
        (true, false) => None,
    };
    Header::Section(SectionHeader {
        kind,
        name,
        prefixed,
        quirk,
    })
}

/// Checks that `rest` is the closing bracket and at most a comment.
fn check_end(rest: &str) -> Result<(), &'static str> {
    let after = rest.strip_prefix(']').ok_or(NOT_CLOSED)?;
    let after = after.trim_start_matches(BLANKS);
    match after.is_empty() || after.starts_with(COMMENT_STARTS) {
        true => Ok(()),
        false => Err(TRAILING_TEXT),
    }
}

/// Removes a comment and the closing bracket from a header without quoting.
fn strip_end(inside: &str) -> Result<&str, &'static str> {
    let end = inside.find(COMMENT_STARTS).unwrap_or(inside.len());
    let (inside, _) = inside.split_at(end);
    let inside = inside.trim_end_matches(BLANKS);
    inside.strip_suffix(']').ok_or(match inside.contains(']') {
        true => TRAILING_TEXT,
        false => NOT_CLOSED,
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

/// Unquotes the word at the start of `text` as a POSIX shell and the AWS CLI do, and returns it
/// with the rest after it. Nothing is expanded. A comment character outside quotes ends the word
/// even in its middle, because the specification allows a comment anywhere in a header.
fn parse_word(text: &str) -> Result<(String, &str), &'static str> {
    let mut word = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = match next {
            ' ' | '\t' | ']' | '#' | ';' => break,
            '\'' => {
                let (quoted, after) = after.split_once('\'').ok_or(OPEN_QUOTE)?;
                word.push_str(quoted);
                after
            }
            '"' => parse_double_quoted(after, &mut word)?,
            '\\' => {
                let escaped = after.chars().next().ok_or("the header ends in `\\`")?;
                word.push(escaped);
                after.get(escaped.len_utf8()..).unwrap_or_default()
            }
            _ => {
                let special = [' ', '\t', ']', '#', ';', '\'', '"', '\\'];
                let end = rest.find(special).unwrap_or(rest.len());
                let (plain, after) = rest.split_at(end);
                word.push_str(plain);
                after
            }
        };
    }
    Ok((word, rest))
}

/// Appends the text up to the closing quote to `word` and returns the rest after the quote.
fn parse_double_quoted<'a>(text: &'a str, word: &mut String) -> Result<&'a str, &'static str> {
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match next {
            '"' => return Ok(chars.as_str()),
            '\\' => match chars.clone().next() {
                Some(escaped @ ('"' | '\\')) => {
                    word.push(escaped);
                    chars.next();
                }
                _ => word.push('\\'),
            },
            other => word.push(other),
        }
    }
    Err(OPEN_QUOTE)
}
