//! The part of HTTP/1.1 that this server needs: request and response values.
//!
//! They hold no socket, so every operation is a function from a [`Request`] to a [`Response`];
//! `read` and `write` do the I/O.

pub(crate) mod date;
pub(crate) mod form;
pub(crate) mod read;
pub(crate) mod write;

use serde_json::Value;

/// A completely read request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The text after `?`, still encoded.
    pub(crate) query: String,
    /// Names in lower case, in the order received.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// URL of the listener that received the request, such as `http://127.0.0.1:4599`.
    pub(crate) base: String,
    /// Whether CONNECT may turn the connection into a tunnel.
    pub(crate) tunnels: bool,
    /// Whether the client wants the connection to stay open.
    pub(crate) keep_alive: bool,
}

impl Request {
    /// Returns the first header with this name, which must be given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the decoded query in the order received.
    pub(crate) fn query_pairs(&self) -> Vec<(String, String)> {
        form::decode_pairs(&self.query)
    }

    /// Returns the body decoded as an HTML form.
    pub(crate) fn form_pairs(&self) -> Vec<(String, String)> {
        form::decode_pairs(&String::from_utf8_lossy(&self.body))
    }

    /// Returns the body as text, for the log.
    pub(crate) fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A response; `Content-Length`, `Date` and connection headers are added when it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        let body = value.to_string().into_bytes();
        Self {
            status,
            body,
            ..Self::default()
        }
        .with("Content-Type", "application/json")
    }

    pub(crate) fn html(status: u16, page: String) -> Self {
        Self {
            status,
            body: page.into_bytes(),
            ..Self::default()
        }
        .with("Content-Type", "text/html; charset=utf-8")
        // A browser must not answer a sign-in page from its cache.
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer")
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::empty(status)
            .with("Location", location)
            .with("Cache-Control", "no-store")
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Returns the reason phrase of a status, for people who read a trace.
pub(crate) fn reason_phrase(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
