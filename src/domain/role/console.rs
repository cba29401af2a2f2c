//! URLs of the AWS console: links through the access portal, and URLs with a sign-in token.
//!
//! A portal link is not secret: it requires a sign-in to the portal. A URL with a sign-in token is
//! secret while the token is valid (15 minutes).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, Hint, Result};

use super::credentials::RoleCredentials;
use crate::domain::json;
use crate::domain::names::is_region;
use crate::domain::net::partition::{Partition, is_console_host};
use crate::domain::net::url::HttpUrl;
use crate::domain::secret::Secret;
use crate::domain::text::sanitize;

/// Percent-encoded characters: all except the unreserved ones (RFC 3986 §2.3).
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Console and sign-in endpoints of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleEndpoints {
    region: String,
    partition: &'static Partition,
}

impl ConsoleEndpoints {
    /// Returns the endpoints of a region; fails if its name is invalid.
    pub fn of(region: &str) -> Result<ConsoleEndpoints> {
        if !is_region(region) {
            let text = format!("\"{}\" is not a region", sanitize(region));
            return Err(Error::usage(text).hint(Hint::GiveRegion));
        }
        Ok(ConsoleEndpoints {
            region: region.to_owned(),
            partition: Partition::of(region),
        })
    }

    /// Returns the URL that issues and accepts sign-in tokens.
    pub fn federation(&self) -> String {
        let host = self.partition.signin_host(&self.region);
        format!("https://{host}/federation")
    }

    /// Returns the URL of a console page, given as a URL, a path or a service name. Adds the
    /// region to a path without one.
    pub fn destination(&self, wanted: &str) -> Result<String> {
        let text = wanted.trim();
        if text.is_empty() || text.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(no_destination(wanted));
        }
        if text.contains("://") {
            let address = HttpUrl::parse(text).filter(HttpUrl::is_https);
            let page = address.filter(|address| is_console_host(address.host()));
            return page
                .map(|_| text.to_owned())
                .ok_or_else(|| no_destination(wanted));
        }
        let path = text.trim_start_matches('/');
        let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let path = match path {
            "" => "console/home".to_owned(),
            name if !text.starts_with('/') && name.bytes().all(in_name) => format!("{name}/home"),
            path => path.to_owned(),
        };
        Ok(self.with_region(&path))
    }

    /// Returns the URL of a path, with the region in the query, before any `#fragment`.
    fn with_region(&self, path: &str) -> String {
        let (page, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
        let (page, query) = page.split_once('?').unwrap_or((page, ""));
        let names_one = query.split('&').any(|pair| pair.starts_with("region="));
        let query = match (names_one, query) {
            (true, query) => query.to_owned(),
            (false, "") => format!("region={}", self.region),
            (false, query) => format!("{query}&region={}", self.region),
        };
        let host = self.partition.console_host(&self.region);
        format!("https://{host}/{page}?{query}{fragment}")
    }

    /// Returns the URL that signs in with a token. `first_out` first signs the browser out of the
    /// console.
    pub fn login(
        &self,
        token: &Secret,
        destination: &str,
        issuer: &str,
        first_out: bool,
    ) -> Secret {
        let login = format!(
            "{}?Action=login&Issuer={}&Destination={}&SigninToken={}",
            self.federation(),
            encoded(issuer),
            encoded(destination),
            encoded(token.expose())
        );
        if !first_out {
            return Secret::new(login);
        }
        let (host, login) = (self.partition.signin_host(&self.region), encoded(&login));
        Secret::new(format!(
            "https://{host}/oauth?Action=logout&redirect_uri={login}"
        ))
    }
}

fn no_destination(wanted: &str) -> Error {
    let wanted = sanitize(wanted);
    let error = Error::usage(format!("\"{wanted}\" is no destination in the AWS console"));
    error.hint("give a service such as s3, a path such as /lambda/home, or the https address of a page of the console")
}

/// Returns the access portal's link to a role in an account. It uses the browser's sign-in to the
/// portal; several accounts can be open at once.
pub fn portal_link(
    start_url: &str,
    account: &str,
    role: &str,
    destination: Option<&str>,
) -> String {
    let start = start_url.split('#').next().unwrap_or(start_url);
    let start = start.trim_end_matches('/');
    let (account, role) = (encoded(account), encoded(role));
    let mut link = format!("{start}/#/console?account_id={account}&role_name={role}");
    if let Some(destination) = destination {
        link += &format!("&destination={}", encoded(destination));
    }
    link
}

/// Returns the form body of a `getSigninToken` request.
pub fn federation_form(credentials: &RoleCredentials, minutes: Option<u32>) -> Secret {
    let session = json::minified(&json::object([
        ("sessionId", credentials.access_key_id.as_str().into()),
        ("sessionKey", credentials.secret_access_key.expose().into()),
        ("sessionToken", credentials.session_token.expose().into()),
    ]));
    let session = Secret::new(session);
    let seconds = minutes.map(|minutes| u64::from(minutes) * 60);
    let duration = seconds.map_or_else(String::new, |it| format!("SessionDuration={it}&"));
    let session = encoded(session.expose());
    Secret::new(format!("Action=getSigninToken&{duration}Session={session}"))
}

/// Parses a duration from 15 minutes to 12 hours, such as `90`, `90m`, `8h` or `1h30m`, to minutes.
pub fn duration(text: &str) -> std::result::Result<u32, String> {
    let refused = || "15m to 12h, such as 90, 90m, 8h or 1h30m".to_owned();
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|number| *number <= 720);
    let (hours, rest) = match text.split_once('h') {
        Some((hours, rest)) => (number(hours).ok_or_else(refused)?, rest),
        None => (0, text),
    };
    let minutes = match rest.strip_suffix('m').unwrap_or(rest) {
        "" if text.contains('h') && !rest.ends_with('m') => 0,
        digits => number(digits).ok_or_else(refused)?,
    };
    Some(hours * 60 + minutes)
        .filter(|minutes| (15..=720).contains(minutes))
        .ok_or_else(refused)
}

/// Returns the URL that opens `address` in the Firefox container `name`, with the extension *Open
/// external links in a container*.
pub fn in_container(address: &str, name: &str) -> String {
    let (name, address) = (encoded(name), encoded(address));
    format!("ext+container:name={name}&url={address}")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

#[cfg(test)]
mod tests;
