//! A minimal browser for tests: opens a page, presses a button and follows redirects.
//!
//! It supports no scripts, styles or cookies; the pages of this server need none.

mod client;
mod page;

use std::io;

/// The last page of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// URL of the page.
    pub url: String,
    pub status: u16,
    pub body: String,
    /// Target URL, if the response is a redirect that was not followed.
    pub location: Option<String>,
}

/// Opens a sign-in page and presses Approve.
///
/// The page is an authorize page, whose visit ends with the response of the application's
/// listener, or a device page with the code in its URL.
///
/// # Errors
/// If a request fails, the button is missing or there are too many redirects.
pub fn approve(url: &str) -> io::Result<Visit> {
    press(url, "approve").and_then(follow_external_redirects)
}

/// Opens a sign-in page and presses Deny.
///
/// # Errors
/// As [`approve`].
pub fn deny(url: &str) -> io::Result<Visit> {
    press(url, "deny").and_then(follow_external_redirects)
}

/// Opens a URL and follows redirects without pressing a button.
///
/// # Errors
/// If a request fails or there are too many redirects.
pub fn open(url: &str) -> io::Result<Visit> {
    client::request_following_redirects("GET", url, "").and_then(follow_external_redirects)
}

/// Opens a sign-in page and presses the button with this id, but does not follow the redirect to
/// the application's listener, which is the `location` of the visit.
///
/// Some applications only listen after their browser has exited.
///
/// # Errors
/// If a request fails, the button is missing or there are too many redirects.
pub fn press(url: &str, button: &str) -> io::Result<Visit> {
    let visit = client::request_following_redirects("GET", url, "")?;
    if visit.location.is_some() {
        // The server approves automatically and redirected without a page.
        return Ok(visit);
    }
    let Some(form) = page::find_form(&visit.body, button) else {
        let text = format!("{} {}: no #{button} on the page", visit.status, visit.url);
        return Err(io::Error::other(text));
    };
    let target = client::resolve_url(&visit.url, &form.action);
    client::request_following_redirects("POST", &target, &form.fields)
}

/// Follows redirects to other origins.
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

/// Returns scheme, host and port of a URL.
fn url_origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let tail = url.get(start..).unwrap_or_default();
    let length = tail.find(['/', '?', '#']).unwrap_or(tail.len());
    url.get(..start + length).unwrap_or(url)
}
