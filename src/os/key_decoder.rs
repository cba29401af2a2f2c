//! Decodes the bytes that a terminal sends into keys.

/// A key, named after its effect where several keys have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCode {
    Char(char),
    Backspace,
    /// Ctrl-W: deletes the last word.
    DeleteWord,
    /// Ctrl-U: deletes everything.
    DeleteLine,
    /// Up, Ctrl-P or Ctrl-K.
    Up,
    /// Down or Ctrl-N.
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    /// Escape, Ctrl-D or Ctrl-G.
    Cancel,
    /// Any other key or invalid input.
    Unknown,
}

/// Decodes the first key of the input and returns its length in bytes; `None` if its end is
/// missing.
pub fn decode(input: &[u8]) -> Option<(KeyCode, usize)> {
    let (first, rest) = input.split_first()?;
    let key = match first {
        b'\r' | b'\n' => KeyCode::Enter,
        0x7f | 0x08 => KeyCode::Backspace,
        0x15 => KeyCode::DeleteLine,
        0x17 => KeyCode::DeleteWord,
        0x10 | 0x0b => KeyCode::Up,
        0x0e => KeyCode::Down,
        0x04 | 0x07 => KeyCode::Cancel,
        0x1b => return decode_escape(rest),
        0x20..=0x7e => KeyCode::Char(char::from(*first)),
        0x80.. => return decode_character(input),
        _ => KeyCode::Unknown,
    };
    Some((key, 1))
}

/// Decodes the rest of a sequence that begins with Escape. Escape alone is incomplete: only the
/// caller can tell that nothing follows.
fn decode_escape(rest: &[u8]) -> Option<(KeyCode, usize)> {
    let (kind, rest) = rest.split_first()?;
    if !matches!(kind, b'[' | b'O') {
        return Some((KeyCode::Unknown, 2));
    }
    let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
    let key = match rest.get(..=end)? {
        b"A" => KeyCode::Up,
        b"B" => KeyCode::Down,
        b"5~" => KeyCode::PageUp,
        b"6~" => KeyCode::PageDown,
        b"H" | b"1~" | b"7~" => KeyCode::Home,
        b"F" | b"4~" | b"8~" => KeyCode::End,
        _ => KeyCode::Unknown,
    };
    Some((key, end + 3))
}

fn decode_character(input: &[u8]) -> Option<(KeyCode, usize)> {
    let mut chunks = input.utf8_chunks();
    let chunk = chunks.next()?;
    match chunk.valid().chars().next() {
        Some(c) => Some((KeyCode::Char(c), c.len_utf8())),
        // The rest of the character may arrive later.
        None if chunk.invalid().len() == input.len() && input.len() < 4 => None,
        None => Some((KeyCode::Unknown, chunk.invalid().len().max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_decoded_and_incomplete_sequences_are_left() {
        for (input, key, length) in [
            (b"a".as_slice(), KeyCode::Char('a'), 1),
            ("ünï".as_bytes(), KeyCode::Char('ü'), 2),
            (b"\r", KeyCode::Enter, 1),
            (b"\x1b[A", KeyCode::Up, 3),
            (b"\x1bOB", KeyCode::Down, 3),
            (b"\x1b[6~x", KeyCode::PageDown, 4),
            (b"\x1b[1;5C", KeyCode::Unknown, 6),
            (b"\x1bx", KeyCode::Unknown, 2),
            (b"\xffa", KeyCode::Unknown, 1),
            (b"\x0b", KeyCode::Up, 1),
        ] {
            assert_eq!(decode(input), Some((key, length)), "{input:?}");
        }
        for part in [
            b"".as_slice(),
            b"\x1b",
            b"\x1b[",
            b"\x1b[1;",
            b"\xc3",
            b"\xe2\x82",
        ] {
            assert_eq!(decode(part), None, "{part:?}");
        }
    }
}
