//! A browser as far as a test needs one: it opens a page, presses a button and follows
//! where that leads.
//!
//! No script, no style, no cookies: the pages of this server need none.

mod client;
mod page;

use std::io;

/// Where the browser came to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The address of the last page.
    pub url: String,
    pub status: u16,
    pub body: String,
    /// Where the last page leads, if it is a redirect that was not followed.
    pub location: Option<String>,
}

/// Opens a sign-in page and presses Approve.
///
/// Works for authorize pages, whose end is the answer of the application's own listener,
/// and for device pages with the code in the address.
pub fn approve(url: &str) -> io::Result<Visit> {
    press(url, "approve").and_then(follow_external_redirects)
}

/// Opens a sign-in page and presses Deny.
pub fn deny(url: &str) -> io::Result<Visit> {
    press(url, "deny").and_then(follow_external_redirects)
}

/// Opens an address and follows redirects, without pressing anything.
pub fn open(url: &str) -> io::Result<Visit> {
    client::request_following_redirects("GET", url, "").and_then(follow_external_redirects)
}

/// Opens a sign-in page and presses the button with that id, but does not leave the server:
/// where the application's listener is to be told, that is the `location` of the visit.
///
/// For applications that wait for the browser's end before they listen.
pub fn press(url: &str, button: &str) -> io::Result<Visit> {
    let visit = client::request_following_redirects("GET", url, "")?;
    if visit.location.is_some() {
        // Signed in without a page.
        return Ok(visit);
    }
    let Some(form) = page::find_form(&visit.body, button) else {
        let text = format!("{} {}: no #{button} on the page", visit.status, visit.url);
        return Err(io::Error::other(text));
    };
    let target = client::resolve_url(&visit.url, &form.action);
    client::request_following_redirects("POST", &target, &form.fields)
}

/// Follows the redirects that lead away from the server.
fn follow_external_redirects(mut visit: Visit) -> io::Result<Visit> {
    const MAX_EXTERNAL_REDIRECTS: usize = 5;
    for _ in 0..MAX_EXTERNAL_REDIRECTS {
        let Some(location) = &visit.location else {
            return Ok(visit);
        };
        visit = client::request_following_redirects("GET", location, "")?;
    }
    Err(io::Error::other(format!(
        "too many redirects, the last to {}",
        visit.url
    )))
}

/// Scheme, host and port.
fn url_origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let tail = url.get(start..).unwrap_or_default();
    let length = tail.find(['/', '?', '#']).unwrap_or(tail.len());
    url.get(..start + length).unwrap_or(url)
}
