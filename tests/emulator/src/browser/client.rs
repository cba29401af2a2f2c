//! A small HTTP client: one request per connection, with redirects and a timeout.
//!
//! It connects to loopback only and accepts any certificate there. It reaches other hosts
//! through the proxy in `HTTPS_PROXY`, which must be on loopback as well.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Visit;
use crate::http::form;
use crate::tls_client;

const IO_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: usize = 5;
const MAX_RESPONSE_BYTES: u64 = 4 * 1024 * 1024;

struct ParsedUrl<'a> {
    encrypted: bool,
    host: &'a str,
    port: u16,
    target: String,
}

fn parse_url(url: &str) -> io::Result<ParsedUrl<'_>> {
    let bad = || io::Error::other(format!("not an http or https URL: {url}"));
    let (encrypted, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return Err(bad()),
    };
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at_checked(end).ok_or_else(bad)?;
    let default = if encrypted { 443 } else { 80 };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, digits)) if !digits.contains(']') => (host, digits.parse().map_err(|_| bad())?),
        _ => (authority, default),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let slash = if target.starts_with('/') { "" } else { "/" };
    Ok(ParsedUrl {
        encrypted,
        host,
        port,
        target: format!("{slash}{target}"),
    })
}

/// Sends a request and follows redirects within the same origin with GET, as browsers do.
pub(super) fn request_following_redirects(
    method: &str,
    url: &str,
    body: &str,
) -> io::Result<Visit> {
    let (mut method, mut body, mut url) = (method, body, url.to_owned());
    for _ in 0..=MAX_REDIRECTS {
        let visit = request_once(method, &url, body)?;
        match &visit.location {
            Some(location) if super::url_origin(location) == super::url_origin(&url) => {
                url.clone_from(location);
                (method, body) = ("GET", "");
            }
            _ => return Ok(visit),
        }
    }
    Err(io::Error::other(format!(
        "too many redirects, the last to {url}"
    )))
}

/// Resolves a link on the page at `base` into an absolute URL.
pub(super) fn resolve_url(base: &str, address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    format!("{}{address}", super::url_origin(base))
}

fn request_once(method: &str, url: &str, body: &str) -> io::Result<Visit> {
    let address = parse_url(url)?;
    let stream = open_stream(&address)?;
    let authority = super::url_origin(url)
        .split("://")
        .nth(1)
        .unwrap_or_default();
    let head = format!(
        "{method} {} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: emulator-browser\r\n\
         Accept: text/html,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        address.target,
        body.len(),
    );
    let answer = if address.encrypted {
        send_and_receive(tls_client::connect(stream, address.host)?, &head)?
    } else {
        send_and_receive(stream, &head)?
    };
    Ok(parse_response(url, &answer))
}

/// Connects to a loopback address, or to any host through a proxy on loopback.
fn open_stream(address: &ParsedUrl) -> io::Result<TcpStream> {
    let ip: Option<IpAddr> = match address.host {
        // A statically linked program may have no resolver.
        "localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        host => host.parse().ok(),
    };
    match ip {
        Some(ip) if ip.is_loopback() => connect_loopback(ip, address.port),
        None if address.encrypted => {
            let proxy = ["https_proxy", "HTTPS_PROXY"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok());
            match proxy {
                Some(proxy) => connect_through_proxy(&proxy, address.host, address.port),
                None => Err(not_loopback(address.host)),
            }
        }
        _ => Err(not_loopback(address.host)),
    }
}

fn not_loopback(host: &str) -> io::Error {
    io::Error::other(format!("not loopback: {host}"))
}

fn connect_loopback(ip: IpAddr, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&SocketAddr::new(ip, port), IO_TIMEOUT)?;
    stream.set_read_timeout(Some(IO_TIMEOUT))?;
    stream.set_write_timeout(Some(IO_TIMEOUT))?;
    Ok(stream)
}

/// Connects to `host` through the proxy `http://[USER:PASSWORD@]IP:PORT`.
fn connect_through_proxy(proxy: &str, host: &str, port: u16) -> io::Result<TcpStream> {
    let address = parse_url(proxy)?;
    let (login, proxy_host) = match address.host.rsplit_once('@') {
        Some((login, host)) => (Some(login), host.trim_start_matches('[')),
        None => (None, address.host),
    };
    let ip: IpAddr = proxy_host.parse().map_err(|_| not_loopback(proxy_host))?;
    if !ip.is_loopback() {
        return Err(not_loopback(proxy_host));
    }
    let mut stream = connect_loopback(ip, address.port)?;
    let authorization = login.map_or_else(String::new, |login| {
        let login = form::percent_decode(login);
        format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(login))
    });
    stream.write_all(
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{authorization}\r\n")
            .as_bytes(),
    )?;
    // Byte by byte: the bytes after the head belong to the TLS stream.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend_from_slice(&byte);
    }
    if head.starts_with(b"HTTP/1.1 200 ") {
        return Ok(stream);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    Err(io::Error::other(format!("the proxy refused: {head}")))
}

/// Sends a request and reads the response up to its `Content-Length` or until the server closes.
fn send_and_receive(mut stream: impl Read + Write, head: &str) -> io::Result<Vec<u8>> {
    stream.write_all(head.as_bytes())?;
    stream.flush()?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !is_complete(&answer) && u64::try_from(answer.len()).is_ok_and(|n| n < MAX_RESPONSE_BYTES)
    {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
            // A listener may reset the connection after a response without a length.
            Err(_) if answer.windows(4).any(|bytes| bytes == b"\r\n\r\n") => break,
            Err(error) => return Err(error),
        }
    }
    if answer.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "closed without a response",
        ));
    }
    Ok(answer)
}

fn is_complete(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = header(head, "content-length").and_then(|text| text.parse::<usize>().ok());
    length.is_some_and(|length| answer.len() >= head.len() + 4 + length)
}

fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

fn parse_response(url: &str, answer: &[u8]) -> Visit {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    let location = header(head, "location").filter(|_| (300..400).contains(&status));
    Visit {
        url: url.to_owned(),
        status,
        body: body.to_owned(),
        location: location.map(|address| resolve_url(url, &address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_parsed() {
        let address = parse_url("http://[::1]:8080?x=1#y").unwrap();
        assert_eq!(
            (address.host, address.port, address.target.as_str()),
            ("::1", 8080, "/?x=1")
        );
        let address = parse_url("https://localhost/a/b").unwrap();
        assert_eq!(
            (address.encrypted, address.port, address.target.as_str()),
            (true, 443, "/a/b")
        );
        assert!(parse_url("ftp://x").is_err());
        assert!(parse_url("http://h:x/").is_err());
    }

    #[test]
    fn only_loopback_is_reached_without_a_proxy() {
        for url in ["http://192.0.2.1/", "http://example.com/"] {
            assert!(
                request_following_redirects("GET", url, "")
                    .unwrap_err()
                    .to_string()
                    .contains("not loopback")
            );
        }
    }
}
