//! Reads one request from a connection: the head, then a body with a length or in chunks.
//!
//! Sizes are bounded here and times by the socket timeout, which the caller sets. `chunked` is
//! the only transfer coding; trailers are dropped and upgrades are not supported.

use std::io::{self, BufRead, BufReader, Read, Write};

use super::Request;

const MAX_HEAD_BYTES: usize = 64 * 1024;
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Reason why no request was read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The client closed or timed out, so no response is sent.
    Closed,
    /// The request is malformed; the response is a 400 with this text.
    Malformed(&'static str),
}

impl From<io::Error> for ReadError {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

/// Reads one request.
pub(crate) fn read_request<S: Read + Write>(from: &mut BufReader<S>) -> Result<Request, ReadError> {
    let mut request = read_head(from)?;
    let chunked = match request.header("transfer-encoding") {
        None => false,
        Some(coding) if coding.eq_ignore_ascii_case("chunked") => true,
        Some(_) => return Err(ReadError::Malformed("transfer coding other than chunked")),
    };
    let length = match request.header("content-length") {
        None => 0,
        // Requests with both are used for request smuggling; a proxy must not forward them.
        Some(_) if chunked => return Err(ReadError::Malformed("both a length and chunks")),
        Some(text) => match text.parse::<usize>() {
            Ok(length) if length <= MAX_BODY_BYTES => length,
            _ => return Err(ReadError::Malformed("bad or too large Content-Length")),
        },
    };
    let expects_continue = request
        .header("expect")
        .is_some_and(|what| what.eq_ignore_ascii_case("100-continue"));
    if expects_continue && (chunked || length > 0) {
        from.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        from.get_mut().flush()?;
    }
    request.body = if chunked {
        read_chunked_body(from)?
    } else {
        read_body(from, length)?
    };
    Ok(request)
}

fn read_head<S: Read>(from: &mut BufReader<S>) -> Result<Request, ReadError> {
    let mut left = MAX_HEAD_BYTES;
    let mut first = read_line(from, &mut left)?;
    if first.is_empty() {
        // RFC 9112 §2.2: ignore one empty line before the request line.
        first = read_line(from, &mut left)?;
    }
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(ReadError::Malformed("bad request line"));
    };
    if !matches!(version, "HTTP/1.1" | "HTTP/1.0") {
        return Err(ReadError::Malformed("not HTTP/1.x"));
    }
    let mut headers = Vec::new();
    loop {
        let text = read_line(from, &mut left)?;
        if text.is_empty() {
            break;
        }
        let Some((name, value)) = text.split_once(':') else {
            return Err(ReadError::Malformed("header without a colon"));
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(ReadError::Malformed("bad header name"));
        }
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let (path, query) = split_target(target);
    let mut request = Request {
        method: method.to_owned(),
        headers,
        ..Request::default()
    };
    request.path = path;
    request.query = query;
    let connection = request
        .header("connection")
        .unwrap_or_default()
        .to_ascii_lowercase();
    request.keep_alive = if version == "HTTP/1.1" {
        !connection.contains("close")
    } else {
        connection.contains("keep-alive")
    };
    Ok(request)
}

/// Returns path and query of a request target, which proxy clients send in absolute form.
fn split_target(target: &str) -> (String, String) {
    let local = match target.split_once("://") {
        Some((_, rest)) if !target.starts_with('/') => match rest.find('/') {
            Some(slash) => rest.get(slash..).unwrap_or("/"),
            None => "/",
        },
        _ => target,
    };
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    (path.to_owned(), query.to_owned())
}

fn read_line<S: Read>(from: &mut BufReader<S>, left: &mut usize) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(*left).unwrap_or(u64::MAX);
    let count = from.by_ref().take(limit).read_until(b'\n', &mut bytes)?;
    *left -= count.min(*left);
    if bytes.pop() != Some(b'\n') {
        let full = *left == 0;
        return Err(if full {
            ReadError::Malformed("head too large")
        } else {
            ReadError::Closed
        });
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    String::from_utf8(bytes).map_err(|_| ReadError::Malformed("the head is not UTF-8"))
}

fn read_body<S: Read>(from: &mut BufReader<S>, length: usize) -> Result<Vec<u8>, ReadError> {
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(body)
}

fn read_chunked_body<S: Read>(from: &mut BufReader<S>) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    loop {
        let mut left = MAX_HEAD_BYTES;
        let text = read_line(from, &mut left)?;
        let digits = text.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(digits, 16) else {
            return Err(ReadError::Malformed("bad chunk size"));
        };
        if size > MAX_BODY_BYTES || body.len() + size > MAX_BODY_BYTES {
            return Err(ReadError::Malformed("body too large"));
        }
        if size == 0 {
            while !read_line(from, &mut left)?.is_empty() {}
            return Ok(body);
        }
        body.extend(read_body(from, size)?);
        if !read_line(from, &mut left)?.is_empty() {
            return Err(ReadError::Malformed("chunk without a line break"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn parse(text: &str) -> Result<Request, ReadError> {
        read_request(&mut BufReader::new(Cursor::new(text.as_bytes().to_vec())))
    }

    #[test]
    fn reads_a_request_with_a_length() {
        let got =
            parse("POST /token?a=1 HTTP/1.1\r\nContent-Length: 2\r\nX-Y:  z \r\n\r\n{}").unwrap();
        assert_eq!((got.method.as_str(), got.path.as_str()), ("POST", "/token"));
        assert_eq!(
            (got.query.as_str(), got.body_text().as_str()),
            ("a=1", "{}")
        );
        assert_eq!(got.header("x-y"), Some("z"));
        assert!(got.keep_alive);
    }

    #[test]
    fn reads_chunks_and_absolute_targets() {
        let got = parse(
            "POST http://h:1/p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nT: t\r\n\r\n",
        )
        .unwrap();
        assert_eq!(
            (got.path.as_str(), got.body_text().as_str()),
            ("/p", "abcd")
        );
        assert!(!got.keep_alive);
    }

    #[test]
    fn rejects_malformed_requests() {
        for text in [
            "hello\r\n\r\n",
            "GET / HTTP/2\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
            assert!(
                matches!(parse(text), Err(ReadError::Malformed(_))),
                "{text}"
            );
        }
        assert!(matches!(parse("GET / HT"), Err(ReadError::Closed)));
    }
}
