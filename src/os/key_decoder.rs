//! Decodes the bytes that a terminal sends into keys.

/// A key of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// Takes one back.
    Backspace,
    /// Takes a word back.
    Word,
    /// Takes everything back.
    Clear,
    /// To the row above,
    Up,
    /// and below.
    Down,
    /// Further up,
    PageUp,
    /// and down.
    PageDown,
    /// To the first row,
    Home,
    /// and the last.
    End,
    /// This one.
    Enter,
    /// None.
    Escape,
    /// One that means nothing.
    Other,
}

/// The first key in what was typed, and its length in bytes; `None` where it is not all
/// there yet.
pub fn decode(typed: &[u8]) -> Option<(Key, usize)> {
    let (first, rest) = typed.split_first()?;
    let key = match first {
        b'\r' | b'\n' => Key::Enter,
        0x7f | 0x08 => Key::Backspace,
        0x15 => Key::Clear,
        0x17 => Key::Word,
        0x10 | 0x0b => Key::Up,
        0x0e => Key::Down,
        0x04 | 0x07 => Key::Escape,
        0x1b => return escaped(rest),
        0x20..=0x7e => Key::Char(char::from(*first)),
        0x80.. => return character(typed),
        _ => Key::Other,
    };
    Some((key, 1))
}

/// A sequence that begins with Escape. Escape alone is not all there: the caller knows
/// whether anything follows.
fn escaped(rest: &[u8]) -> Option<(Key, usize)> {
    let (kind, rest) = rest.split_first()?;
    if !matches!(kind, b'[' | b'O') {
        return Some((Key::Other, 2));
    }
    let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
    let key = match rest.get(..=end)? {
        b"A" => Key::Up,
        b"B" => Key::Down,
        b"5~" => Key::PageUp,
        b"6~" => Key::PageDown,
        b"H" | b"1~" | b"7~" => Key::Home,
        b"F" | b"4~" | b"8~" => Key::End,
        _ => Key::Other,
    };
    Some((key, end + 3))
}

fn character(typed: &[u8]) -> Option<(Key, usize)> {
    let mut chunks = typed.utf8_chunks();
    let chunk = chunks.next()?;
    match chunk.valid().chars().next() {
        Some(c) => Some((Key::Char(c), c.len_utf8())),
        // The rest of a character may be on its way.
        None if chunk.invalid().len() == typed.len() && typed.len() < 4 => None,
        None => Some((Key::Other, chunk.invalid().len().max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_bytes_whatever_they_are() {
        for (typed, key, length) in [
            (b"a".as_slice(), Key::Char('a'), 1),
            ("ünï".as_bytes(), Key::Char('ü'), 2),
            (b"\r", Key::Enter, 1),
            (b"\x1b[A", Key::Up, 3),
            (b"\x1bOB", Key::Down, 3),
            (b"\x1b[6~x", Key::PageDown, 4),
            (b"\x1b[1;5C", Key::Other, 6),
            (b"\x1bx", Key::Other, 2),
            (b"\xffa", Key::Other, 1),
            (b"\x0b", Key::Up, 1),
        ] {
            assert_eq!(decode(typed), Some((key, length)), "{typed:?}");
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
