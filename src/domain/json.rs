//! Writes JSON exactly as Python's `json.dumps` does.
//!
//! AWS CLI v2 hashes such text into cache file names and writes it to its caches, so one different
//! byte names another file. Only flat objects of strings and lists are supported.

use std::io;

use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

/// Writes as `json.dumps(value)`: separators `, ` and `: `.
pub fn spaced(value: &Value) -> String {
    write(value, Python(b", ", b": "))
}

/// Writes as `json.dumps(value, separators=(',', ':'))`.
pub fn minified(value: &Value) -> String {
    write(value, Python(b",", b":"))
}

/// Creates an object that keeps the order of its members.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter();
    Value::Object(
        members
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

/// Parses a JSON object.
pub fn parse_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

fn write(value: &Value, format: Python) -> String {
    let mut out = Vec::with_capacity(512);
    let mut serializer = Serializer::with_formatter(&mut out, format);
    // Writing strings to memory cannot fail, and every test would notice an empty text.
    match serde::Serialize::serialize(value, &mut serializer) {
        Ok(()) => String::from_utf8(out).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// Separators of members and between key and value.
struct Python(&'static [u8], &'static [u8]);

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        w.write_all(if first { b"" } else { self.0 })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.begin_array_value(w, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(self.1)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        text: &str,
    ) -> io::Result<()> {
        for c in text.chars() {
            if matches!(c, ' '..='~') {
                w.write_all(&[c as u8])?;
                continue;
            }
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(w, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_python_does() {
        let value = object([("k", "ü😀\u{7f}\u{1}\n\"\\/".into()), ("n", Value::Null)]);
        let text = r#""k": "\u00fc\ud83d\ude00\u007f\u0001\n\"\\/", "n": null"#;
        assert_eq!(spaced(&value), format!("{{{text}}}"));
        assert_eq!(
            minified(&object([("a", vec!["b", "c"].into())])),
            r#"{"a":["b","c"]}"#
        );
    }
}
