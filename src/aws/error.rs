//! From the SDK's errors to a `Failure`.

use std::error::Error as _;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::date_time::{DateTime, Format};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::domain::answer::{Answer, classify};
use crate::domain::endpoint::Service;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::json;
use crate::domain::text::shown;
use crate::domain::time::Timestamp;

/// What an SDK error means. `host` is where the request went.
pub fn failure<E>(service: Service, host: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let Some(raw) = error.raw_response() else {
        return without_answer(host, error);
    };
    let server_time = raw.headers().get("date").and_then(http_date);
    if raw.body().bytes().is_none() {
        return Failure {
            server_time,
            ..Failure::new(
                FailureKind::Network,
                format!("{host}: the answer broke off"),
            )
        };
    }
    let status = raw.status().as_u16();
    let body = raw.body().bytes().unwrap_or_default();
    let map = json::parse_object(body);
    let member = |name: &str| map.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
    let code = meta.and_then(|meta| meta.code()).map(bare_code);
    let oauth_error = member("error");
    let kind = classify(
        service,
        Answer {
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
        detail: detail(host, kind, status, code, said.as_deref()),
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
        (FailureKind::NotTheService, 407) => {
            "the proxy asks for a user and a password (407)".to_owned()
        }
        (FailureKind::NotTheService, _) => {
            format!("{host} answered {status}, but not as the service does")
        }
        _ => {
            let what = code.map_or_else(|| format!("status {status}"), shown);
            match said {
                Some(said) => format!("{what}: {}", shown(said)),
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

fn without_answer<E>(host: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: std::error::Error + 'static,
{
    // The chain begins with words of the libraries; its end says what the system said.
    let mut deepest = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        deepest = source.to_string();
        next = source.source();
    }
    let kind = match error {
        SdkError::TimeoutError(_) => FailureKind::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => FailureKind::Timeout,
        SdkError::ConstructionFailure(_) => FailureKind::Misconfigured,
        SdkError::ResponseError(_) => FailureKind::NotTheService,
        _ => FailureKind::Network,
    };
    Failure::new(kind, format!("{host}: {}", shown(&deepest)))
}

fn http_date(text: &str) -> Option<Timestamp> {
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
