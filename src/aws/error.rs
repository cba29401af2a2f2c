//! Conversion of errors of the SDK and its HTTP client to a `Failure`.

use std::error::Error;

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

use super::client::Aws;
use super::http::HttpError;
use super::route::Route;
use super::tls_roots::TlsRoots;

impl Aws {
    /// Converts an error of the SDK.
    pub(super) fn failure<E>(&self, service: Service, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let route = self.route(service);
        let Some(raw) = error.raw_response() else {
            let (kind, host) = match error {
                SdkError::ConstructionFailure(_) => {
                    (FailureKind::Misconfigured, route.host.clone())
                }
                SdkError::ResponseError(_) => (FailureKind::NotTheService, route.describe()),
                _ => return self.connection_failure(route, error),
            };
            return route.failure(kind, format!("{host}: {}", root_cause(error)));
        };
        let server_time = raw.headers().get("date").and_then(http_date);
        let host = route.describe();
        let status = raw.status().as_u16();
        let body = raw.body().bytes().unwrap_or_default();
        let map = json::parse_object(body);
        let member = |name: &str| {
            let text = map.as_ref()?.get(name)?.as_str()?.trim();
            (!text.is_empty()).then(|| self.redact(text))
        };
        let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
        let code = meta.and_then(|meta| meta.code());
        let code = code.map(|code| self.redact(bare_code(code)));
        let code = code.as_deref();
        let oauth_error = member("error");
        let reason = member("reason");
        let response = ErrorResponse {
            status,
            code,
            oauth_error: oauth_error.as_deref(),
            reason: reason.as_deref(),
            is_json: map.is_some(),
        };
        let kind = classify(service, response);
        let message = ["error_description", "message", "Message"];
        let message = message.into_iter().find_map(member);
        let mut detail = describe_response(&host, kind, status, code, message.as_deref());
        // The region of `InvalidRequestRegionException`.
        for (name, value) in [("reason", reason), ("region", member("region"))] {
            if let Some(value) = value {
                detail += &format!(" ({name}: {})", sanitize(&value));
            }
        }
        Failure {
            server_time,
            ..route.failure(kind, detail)
        }
    }

    /// Converts the error of a request without a response.
    pub(super) fn connection_failure(
        &self,
        route: &Route,
        error: &(dyn Error + 'static),
    ) -> Failure {
        let host = route.describe();
        let http = chain(error).find_map(|error| error.downcast_ref::<HttpError>());
        let (kind, detail) = match &route.proxy {
            _ if http == Some(&HttpError::ConnectTimeout) => {
                let limit = route.connect.as_secs_f64();
                let detail = format!("no connection to {host} within {limit} s");
                (FailureKind::Timeout, detail)
            }
            Some(proxy) if chain(error).any(is_tunnel_error) => {
                tunnel_failure(route, proxy, &self.roots, error)
            }
            _ if let Some(error) = http => {
                let kind = match error {
                    HttpError::TooLong => FailureKind::NotTheService,
                    HttpError::NotLoopback => FailureKind::Misconfigured,
                    _ => FailureKind::Network,
                };
                (kind, format!("{host}: {error}"))
            }
            _ => match chain(error).find_map(|error| error.downcast_ref()) {
                Some(tls) => tls_failure(&host, &self.roots, tls),
                None => (
                    FailureKind::Network,
                    format!("{host}: {}", root_cause(error)),
                ),
            },
        };
        route.failure(kind, detail)
    }
}

fn describe_response(
    host: &str,
    kind: FailureKind,
    status: u16,
    code: Option<&str>,
    message: Option<&str>,
) -> String {
    match (kind, status) {
        (FailureKind::NotTheService, 200..300) => {
            format!("{host} answered with something that is not the service's JSON")
        }
        (FailureKind::NotTheService, 300..400) => {
            format!("{host} answered with a redirect ({status})")
        }
        // A transparent proxy, which no variable sets.
        (FailureKind::NotTheService, 407) => {
            "the proxy asks for a user and a password (407)".to_owned()
        }
        (FailureKind::NotTheService, _) => {
            format!("{host} answered {status}, but not as the service does")
        }
        _ => {
            let detail = code.map_or_else(|| format!("status {status}"), sanitize);
            match message {
                Some(message) => format!("{detail}: {}", sanitize(message)),
                None => detail,
            }
        }
    }
}

/// Returns `XException` of `com.amazonaws…#XException:http://…`.
fn bare_code(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

/// Returns `true` for the error of hyper-util for CONNECT, whose type is private.
fn is_tunnel_error(error: &(dyn Error + 'static)) -> bool {
    error.to_string().starts_with(TUNNEL_PREFIX)
}

const TUNNEL_PREFIX: &str = "tunnel error: ";

fn tunnel_failure(
    route: &Route,
    proxy: &Proxy,
    roots: &TlsRoots,
    error: &(dyn Error + 'static),
) -> (FailureKind, String) {
    let (authority, variable) = (&proxy.authority, proxy.variable);
    let set = format!("{authority}, set by {variable}");
    if let Some(tls) = chain(error).find_map(|error| error.downcast_ref()) {
        return tls_failure(&format!("the proxy {set}"), roots, tls);
    }
    let words = chain(error).find(|error| is_tunnel_error(*error));
    let words = words.map(ToString::to_string).unwrap_or_default();
    let detail = match words.strip_prefix(TUNNEL_PREFIX).unwrap_or(&words) {
        "proxy authorization required" => {
            let detail = match proxy.has_user {
                true => {
                    format!("{authority} does not accept the user and the password in {variable}")
                }
                false => format!("{set}, asks for a user and a password"),
            };
            return (FailureKind::ProxyLogin, detail);
        }
        "failed to create underlying connection" | "io error establishing tunnel" => {
            format!("{set}: {}", root_cause(error))
        }
        "unexpected end of file" => format!("{set}, closes the connection"),
        _ => format!("{set}, makes no connection to {}", route.host),
    };
    (FailureKind::Proxy, detail)
}

fn tls_failure(who: &str, roots: &TlsRoots, error: &rustls::Error) -> (FailureKind, String) {
    use rustls::CertificateError;
    let bad = match error {
        rustls::Error::InvalidCertificate(bad) => bad,
        rustls::Error::InvalidMessage(_) => {
            let detail = format!("{who} does not speak TLS");
            return (FailureKind::NotTheService, detail);
        }
        error => {
            let detail = format!("{who}: {}", sanitize(&error.to_string()));
            return (FailureKind::Network, detail);
        }
    };
    let why = match bad {
        // A bad signature means another issuer of the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            format!("nobody in {} has signed it", roots.describe())
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has ended".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host".to_owned()
        }
        CertificateError::Revoked => "it is revoked".to_owned(),
        CertificateError::BadEncoding => "it is malformed".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not meant for a server".to_owned()
        }
        // The type of this error is not public.
        CertificateError::Other(error) if error.to_string() == "CaUsedAsEndEntity" => {
            "it is the certificate of a CA, not of a server".to_owned()
        }
        _ => "it uses something that is not supported".to_owned(),
    };
    (FailureKind::Certificate, format!("{who}: {why}"))
}

/// Iterates over an error and its causes. The cause within an `io::Error` is not its source.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// Returns the last error of the chain, which has the message of the system. The first ones
/// are generic messages of the libraries.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    sanitize(&chain(error).last().unwrap_or(error).to_string())
}

pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    let date = DateTime::from_str(text, Format::HttpDate).ok()?;
    Some(Timestamp(date.secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_and_suffix_of_codes_are_removed() {
        let code = bare_code("com.amazonaws.switchboard.portal#UnauthorizedException");
        assert_eq!(code, "UnauthorizedException");
        let code = bare_code("InvalidGrantException:http://x#y");
        assert_eq!(code, "InvalidGrantException");
    }

    #[test]
    fn http_dates_are_parsed() {
        let date = http_date("Thu, 01 Jan 1970 00:01:00 GMT");
        assert_eq!(date, Some(Timestamp(60)));
        assert_eq!(http_date("yesterday"), None);
    }
}
