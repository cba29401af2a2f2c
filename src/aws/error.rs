//! From the SDK's errors to a `Failure`.

use std::error::Error;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::date_time::{DateTime, Format};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::domain::json;
use crate::domain::net::classify::{ErrorResponse, classify};
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::proxy::Proxy;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;

use super::body::Unread;
use super::http::Route;
use super::roots::Roots;

/// What an SDK error means. `way` is where the request went.
pub fn failure<E>(
    service: Service,
    way: &Route,
    roots: &Roots,
    error: &SdkError<E, HttpResponse>,
) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let Some(raw) = error.raw_response() else {
        return match error {
            SdkError::ConstructionFailure(_) => {
                let what = format!("{}: {}", way.host, deepest(error));
                Failure::new(FailureKind::Misconfigured, what)
            }
            SdkError::ResponseError(_) => {
                let what = format!("{}: {}", way.described(), deepest(error));
                Failure::new(FailureKind::NotTheService, what)
            }
            SdkError::DispatchFailure(failure) => {
                unanswered(way, roots, failure.is_timeout(), error)
            }
            error => {
                let timed_out = matches!(error, SdkError::TimeoutError(_));
                unanswered(way, roots, timed_out, error)
            }
        };
    };
    let server_time = raw.headers().get("date").and_then(http_date);
    let host = way.described();
    let status = raw.status().as_u16();
    let body = raw.body().bytes().unwrap_or_default();
    let map = json::parse_object(body);
    let member = |name: &str| map.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
    let code = meta.and_then(|meta| meta.code()).map(bare_code);
    let oauth_error = member("error");
    let kind = classify(
        service,
        ErrorResponse {
            status,
            code,
            oauth_error: oauth_error.as_deref(),
            is_json: map.is_some(),
        },
    );
    let said = member("error_description")
        .or_else(|| member("message"))
        .or_else(|| member("Message"));
    Failure {
        kind,
        detail: detail(&host, kind, status, code, said.as_deref()),
        server_time,
    }
}

fn detail(
    host: &str,
    kind: FailureKind,
    status: u16,
    code: Option<&str>,
    said: Option<&str>,
) -> String {
    match (kind, status) {
        (FailureKind::NotTheService, 200..300) => {
            format!("{host} answered with something that is not the service's JSON")
        }
        (FailureKind::NotTheService, 300..400) => {
            format!("{host} answered with a redirect ({status})")
        }
        // From a proxy that nobody has named here.
        (FailureKind::NotTheService, 407) => {
            "the proxy asks for a user and a password (407)".to_owned()
        }
        (FailureKind::NotTheService, _) => {
            format!("{host} answered {status}, but not as the service does")
        }
        _ => {
            let what = code.map_or_else(|| format!("status {status}"), sanitize);
            match said {
                Some(said) => format!("{what}: {}", sanitize(said)),
                None => what,
            }
        }
    }
}

/// `XException` out of `com.amazonaws…#XException:http://…`.
fn bare_code(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

/// A request to which there was no answer.
pub fn unanswered(
    way: &Route,
    roots: &Roots,
    timed_out: bool,
    error: &(dyn Error + 'static),
) -> Failure {
    let (kind, what) = match (timed_out, &way.proxy) {
        (true, _) => {
            let limit = humane_limit(way.connect);
            let host = way.described();
            (
                FailureKind::Timeout,
                format!("no connection to {host} within {limit}"),
            )
        }
        (false, Some(proxy)) if chain(error).any(is_tunnel) => {
            tunnel_failure(way, proxy, roots, error)
        }
        (false, _) if chain(error).any(is_too_long) => {
            let what = format!("{}: {}", way.described(), Unread::TooLong);
            (FailureKind::NotTheService, what)
        }
        (false, _) => match chain(error).find_map(|error| error.downcast_ref()) {
            Some(tls) => tls_failure(&way.described(), roots, tls),
            None => {
                let what = format!("{}: {}", way.described(), deepest(error));
                (FailureKind::Network, what)
            }
        },
    };
    Failure::new(kind, what)
}

fn is_too_long(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref() == Some(&Unread::TooLong)
}

/// Whether it is the HTTP client's error for CONNECT, whose type has no public name.
fn is_tunnel(error: &(dyn Error + 'static)) -> bool {
    error.to_string().starts_with(TUNNEL)
}

const TUNNEL: &str = "tunnel error: ";

fn tunnel_failure(
    way: &Route,
    proxy: &Proxy,
    roots: &Roots,
    error: &(dyn Error + 'static),
) -> (FailureKind, String) {
    let Proxy {
        place, variable, ..
    } = proxy;
    let set = format!("{place}, set by {variable}");
    if let Some(tls) = chain(error).find_map(|error| error.downcast_ref()) {
        return tls_failure(&format!("the proxy {set}"), roots, tls);
    }
    let words = chain(error).find(|error| is_tunnel(*error));
    let words = words.map(ToString::to_string).unwrap_or_default();
    match words.strip_prefix(TUNNEL).unwrap_or(&words) {
        "proxy authorization required" => (
            FailureKind::ProxyLogin,
            match proxy.has_user {
                true => format!("{place} does not accept the user and the password in {variable}"),
                false => format!("{set}, asks for a user and a password"),
            },
        ),
        "failed to create underlying connection" | "io error establishing tunnel" => {
            (FailureKind::Proxy, format!("{set}: {}", deepest(error)))
        }
        "unexpected end of file" => (FailureKind::Proxy, format!("{set}, closes the connection")),
        _ => {
            let what = format!("{set}, makes no connection to {}", way.host);
            (FailureKind::Proxy, what)
        }
    }
}

fn tls_failure(who: &str, roots: &Roots, error: &rustls::Error) -> (FailureKind, String) {
    use rustls::CertificateError as Bad;
    let why = match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            // A bad signature is that of a namesake.
            Bad::UnknownIssuer | Bad::BadSignature => match roots.lack() {
                Some(why) => return (FailureKind::Misconfigured, format!("{who}: {why}")),
                None => format!("nobody in {} has signed it", roots.described()),
            },
            Bad::Expired | Bad::ExpiredContext { .. } => "it has ended".to_owned(),
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => "it is not valid yet".to_owned(),
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "it is for another host".to_owned()
            }
            bad => sanitize(&bad.to_string()),
        },
        rustls::Error::InvalidMessage(_) => {
            return (
                FailureKind::NotTheService,
                format!("{who} does not speak TLS"),
            );
        }
        error => {
            return (
                FailureKind::Network,
                format!("{who}: {}", sanitize(&error.to_string())),
            );
        }
    };
    (FailureKind::Certificate, format!("{who}: {why}"))
}

fn humane_limit(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

/// An error and what caused it. An `io::Error` keeps the cause one step aside.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The chain begins with words of the libraries; its end says what the system said.
fn deepest(error: &(dyn Error + 'static)) -> String {
    sanitize(&chain(error).last().unwrap_or(error).to_string())
}

pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    DateTime::from_str(text, Format::HttpDate)
        .ok()
        .map(|date| Timestamp(date.secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_bare() {
        assert_eq!(
            bare_code("com.amazonaws.switchboard.portal#UnauthorizedException"),
            "UnauthorizedException"
        );
        assert_eq!(
            bare_code("InvalidGrantException:http://x#y"),
            "InvalidGrantException"
        );
    }

    #[test]
    fn dates() {
        assert_eq!(
            http_date("Thu, 01 Jan 1970 00:01:00 GMT"),
            Some(Timestamp(60))
        );
        assert_eq!(http_date("yesterday"), None);
    }
}
