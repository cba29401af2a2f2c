//! The addresses of the AWS console: by way of the access portal, and by a sign-in token.
//!
//! A portal link is no secret: whoever opens it must be signed in to the portal. An address
//! with a sign-in token is one, for as long as the token lives (15 minutes).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, Hint, Result};

use super::credentials::RoleCredentials;
use crate::domain::json;
use crate::domain::names::is_region;
use crate::domain::net::partition::{Partition, is_console_host};
use crate::domain::net::url::HttpUrl;
use crate::domain::secret::Secret;
use crate::domain::text::sanitize;

/// All but the unreserved characters of RFC 3986.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where a region's console and its sign-in are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    region: String,
    partition: &'static Partition,
}

impl Sign {
    /// Of a region.
    pub fn of(region: &str) -> Result<Sign> {
        if !is_region(region) {
            return Err(
                Error::usage(format!("\"{}\" is not a region", sanitize(region)))
                    .hint(Hint::GiveRegion),
            );
        }
        Ok(Sign {
            region: region.to_owned(),
            partition: Partition::of(region),
        })
    }

    /// Where a sign-in token is given and taken.
    pub fn federation(&self) -> String {
        format!(
            "https://{}/federation",
            self.partition.signin_host(&self.region)
        )
    }

    /// Where to go in the console: an address there, the path of a page, or a service's name.
    /// A region is added where the page names none.
    pub fn destination(&self, wanted: &str) -> Result<String> {
        let text = wanted.trim();
        if text.is_empty() || text.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(no_destination(wanted));
        }
        if text.contains("://") {
            let address = HttpUrl::parse(text).filter(HttpUrl::is_https);
            let in_console = address.is_some_and(|address| is_console_host(address.host()));
            return match in_console {
                true => Ok(text.to_owned()),
                false => Err(no_destination(wanted)),
            };
        }
        let path = text.trim_start_matches('/');
        let is_name = |text: &str| {
            let mut bytes = text.bytes();
            bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let path = match path {
            "" => "console/home".to_owned(),
            service if !text.starts_with('/') && is_name(service) => format!("{service}/home"),
            path => path.to_owned(),
        };
        Ok(self.with_region(&path))
    }

    /// The page of a path. What follows `#` is the page's own.
    fn with_region(&self, path: &str) -> String {
        let (page, fragment) = match path.split_once('#') {
            Some((page, fragment)) => (page, format!("#{fragment}")),
            None => (path, String::new()),
        };
        let (place, query) = page.split_once('?').unwrap_or((page, ""));
        let names_one = query.split('&').any(|pair| pair.starts_with("region="));
        let query = match (names_one, query) {
            (true, query) => query.to_owned(),
            (false, "") => format!("region={}", self.region),
            (false, query) => format!("{query}&region={}", self.region),
        };
        let host = self.partition.console_host(&self.region);
        format!("https://{host}/{place}?{query}{fragment}")
    }

    /// The address that signs in with a token. `first_out` ends the browser's session with
    /// this console before.
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
        match first_out {
            false => Secret::new(login),
            true => Secret::new(format!(
                "https://{}/oauth?Action=logout&redirect_uri={}",
                self.partition.signin_host(&self.region),
                encoded(&login)
            )),
        }
    }
}

fn no_destination(wanted: &str) -> Error {
    Error::usage(format!(
        "\"{}\" is no destination in the AWS console",
        sanitize(wanted)
    ))
    .hint("give a service such as s3, a path such as /lambda/home, or the https address of a page of the console")
}

/// The link of the access portal to a role in an account. The browser's sign-in to the portal
/// decides; several accounts can be open beside each other.
pub fn portal_link(
    start_url: &str,
    account: &str,
    role: &str,
    destination: Option<&str>,
) -> String {
    let start = start_url.split('#').next().unwrap_or(start_url);
    let start = start.trim_end_matches('/');
    let mut link = format!(
        "{start}/#/console?account_id={}&role_name={}",
        encoded(account),
        encoded(role)
    );
    if let Some(destination) = destination {
        link += &format!("&destination={}", encoded(destination));
    }
    link
}

/// What is sent for a sign-in token.
pub fn federation_form(credentials: &RoleCredentials, minutes: Option<u32>) -> Secret {
    let session = json::minified(&json::object([
        ("sessionId", credentials.access_key_id.as_str().into()),
        ("sessionKey", credentials.secret_access_key.expose().into()),
        ("sessionToken", credentials.session_token.expose().into()),
    ]));
    let session = Secret::new(session);
    let duration = minutes.map_or_else(String::new, |minutes| {
        format!("SessionDuration={}&", u64::from(minutes) * 60)
    });
    Secret::new(format!(
        "Action=getSigninToken&{duration}Session={}",
        encoded(session.expose())
    ))
}

/// Minutes between a quarter of an hour and twelve hours, from `90`, `90m`, `8h` or `1h30m`.
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

/// What Firefox opens in a container of this name, by the scheme of the extension *Open external
/// links in a container*.
pub fn in_container(address: &str, name: &str) -> String {
    format!(
        "ext+container:name={}&url={}",
        encoded(name),
        encoded(address)
    )
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

#[cfg(test)]
mod tests;
