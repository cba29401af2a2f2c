//! One word of a section header in the quoting of a POSIX shell, as the AWS CLI takes it.
//!
//! Not a shell: no expansion, and a comment character outside quotes ends the word, because in a
//! header the specification lets a comment begin anywhere.

/// The word at the start of `text` and what follows it, or why there is none.
pub(super) fn split(text: &str) -> Result<(String, &str), &'static str> {
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
            '"' => double_quoted(after, &mut word)?,
            '\\' => {
                let escaped = after.chars().next().ok_or("the header ends in `\\`")?;
                word.push(escaped);
                after.get(escaped.len_utf8()..).unwrap_or_default()
            }
            _ => {
                let special = |byte| {
                    matches!(
                        byte,
                        b' ' | b'\t' | b']' | b'#' | b';' | b'\'' | b'"' | b'\\'
                    )
                };
                let end = rest.bytes().position(special).unwrap_or(rest.len());
                let (plain, after) = rest.split_at(end);
                word.push_str(plain);
                after
            }
        };
    }
    Ok((word, rest))
}

const OPEN_QUOTE: &str = "a quote in the header is not closed";

/// Adds what stands before the closing quote to `word` and returns what follows the quote.
fn double_quoted<'a>(text: &'a str, word: &mut String) -> Result<&'a str, &'static str> {
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
