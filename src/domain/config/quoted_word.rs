//! Parses one word of a section header in POSIX shell quoting, as the AWS CLI does.
//!
//! Nothing is expanded. A comment character outside quotes ends the word even in its middle,
//! because the specification allows a comment anywhere in a header.

const OPEN_QUOTE: &str = "a quote in the header is not closed";

/// Returns the unquoted word at the start of `text`, and the rest after it.
///
/// # Errors
/// Returns the reason if a quote is not closed or nothing follows a backslash.
pub(super) fn parse_word(text: &str) -> Result<(String, &str), &'static str> {
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
                let is_special = |byte| {
                    matches!(
                        byte,
                        b' ' | b'\t' | b']' | b'#' | b';' | b'\'' | b'"' | b'\\'
                    )
                };
                let end = rest.bytes().position(is_special).unwrap_or(rest.len());
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
