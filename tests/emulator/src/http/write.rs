//! Writes responses, also truncated, slow or endless for faults.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use super::{Response, date, reason_phrase};

/// Values that the connection adds to a response.
pub(crate) struct WriteOptions {
    /// The server's clock, for the `Date` header.
    pub(crate) now_seconds: u64,
    pub(crate) keep_alive: bool,
    /// Whether to omit the body but not its length, as in a response to HEAD.
    pub(crate) head_only: bool,
    /// Number of the request in the log, sent as `x-amzn-RequestId`.
    pub(crate) request_id: u64,
}

/// Formats the status line and headers up to the blank line; `length` is `None` for a chunked
/// body.
fn format_head(response: &Response, options: &WriteOptions, length: Option<usize>) -> String {
    let mut text = format!(
        "HTTP/1.1 {} {}\r\n",
        response.status,
        reason_phrase(response.status)
    );
    let mut add = |name: &str, value: &str| {
        // A line break in a value would start another header.
        let value: String = value
            .chars()
            .filter(|c| !matches!(c, '\r' | '\n'))
            .collect();
        let _ = write!(text, "{name}: {value}\r\n");
    };
    let given = |name: &str| {
        response
            .headers
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case(name))
    };
    if !given("date") {
        add("Date", &date::imf_fixdate(options.now_seconds));
    }
    add(
        "x-amzn-RequestId",
        &format!("00000000-0000-4000-8000-{:012x}", options.request_id),
    );
    for (name, value) in &response.headers {
        add(name, value);
    }
    match length {
        // RFC 9110 §8.6 forbids Content-Length in a 204 response.
        Some(_) if response.status == 204 => {}
        Some(length) if !given("content-length") => add("Content-Length", &length.to_string()),
        Some(_) => {}
        None => add("Transfer-Encoding", "chunked"),
    }
    add(
        "Connection",
        if options.keep_alive {
            "keep-alive"
        } else {
            "close"
        },
    );
    text.push_str("\r\n");
    text
}

/// Writes the whole response in one call.
pub(crate) fn write_response(
    to: &mut impl Write,
    response: &Response,
    options: &WriteOptions,
) -> io::Result<()> {
    let mut bytes = format_head(response, options, Some(response.body.len())).into_bytes();
    if !options.head_only {
        bytes.extend_from_slice(&response.body);
    }
    to.write_all(&bytes)?;
    to.flush()
}

/// Sends the full `Content-Length` but only the first `keep` bytes of the body.
pub(crate) fn write_truncated(
    to: &mut impl Write,
    response: &Response,
    options: &WriteOptions,
    keep: usize,
) -> io::Result<()> {
    let mut bytes = format_head(response, options, Some(response.body.len())).into_bytes();
    bytes.extend_from_slice(response.body.get(..keep).unwrap_or(&response.body));
    to.write_all(&bytes)?;
    to.flush()
}

/// Sends the body byte by byte, calling `pause` before each; stops when it returns `true`.
pub(crate) fn write_slowly(
    to: &mut impl Write,
    response: &Response,
    options: &WriteOptions,
    each: Duration,
    mut pause: impl FnMut(Duration) -> bool,
) -> io::Result<()> {
    to.write_all(format_head(response, options, Some(response.body.len())).as_bytes())?;
    to.flush()?;
    for byte in &response.body {
        if pause(each) {
            return Ok(());
        }
        to.write_all(&[*byte])?;
        to.flush()?;
    }
    Ok(())
}

/// Sends a body that never ends, until the client closes or `pause` returns `true`.
pub(crate) fn write_endless(
    to: &mut impl Write,
    response: &Response,
    options: &WriteOptions,
    mut pause: impl FnMut(Duration) -> bool,
) -> io::Result<()> {
    to.write_all(format_head(response, options, None).as_bytes())?;
    to.write_all(b"5\r\n{\"a\":\r\n")?;
    // Spaces are valid JSON here, so a client with an incremental parser sees no error.
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    while !pause(Duration::from_millis(2)) {
        to.write_all(chunk.as_bytes())?;
        to.flush()?;
    }
    Ok(())
}
