//! Responses of a server: any status, headers and body, to every operation, parsed by the SDK.
//!
//! Parsed values are complete. An error message contains no control characters, is not too long,
//! and contains no secret of the request unless the response does. Only a 4xx response with a JSON
//! body can end a session, because proxies answer with errors of their own.
//!
//! The first line of the input is the letter of an operation, a space and a status; headers, an
//! empty line and the body follow. Instead of a status it can name a connection error, and
//! ` broken` at the end of the line makes the body end in an error.
#![no_main]

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body, Frame};
use libfuzzer_sys::fuzz_target;
use sso::internals::aws::{Aws, GrantRequest};
use sso::internals::domain::listing::pagination::Pager;
use sso::internals::domain::listing::pattern::AccountPattern;
use sso::internals::domain::names::is_account_id;
use sso::internals::domain::net::endpoint::{ConfiguredEndpoint, Endpoint};
use sso::internals::domain::net::failure::{CallResult, Failure, FailureKind};
use sso::internals::domain::net::proxy::Proxies;
use sso::internals::domain::net::sts::{parse_caller_identity, parse_error};
use sso::internals::domain::secret::Secret;
use sso::internals::domain::session::definition::Session;
use sso::internals::domain::session::registration::Grant;
use sso::internals::domain::session::token::RegisteredClient;
use sso::internals::domain::target::network::Network;
use sso::internals::domain::text::is_hostile;
use sso::internals::domain::time::Timestamp;

/// Too short for a second attempt, so that no call waits before a retry.
const LIMIT: Duration = Duration::from_millis(90);
/// The secret in every request.
const SENT_SECRET: &str = "SENT-AND-SECRET";

/// The response to the next request; later requests fail.
static NEXT_RESPONSE: Mutex<Option<ServerResponse>> = Mutex::new(None);

thread_local! {
    static AWS: Aws = create_aws();
}

fuzz_target!(|data: &[u8]| {
    let (operation, response) = ServerResponse::parse(data);
    let status = response.status;
    let body = response.body.clone();
    // Error messages repeat text of the response, which can contain the secret itself.
    let is_echoed = data
        .windows(4)
        .any(|window| SENT_SECRET.as_bytes().starts_with(window));
    *NEXT_RESPONSE.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
    let text = String::from_utf8_lossy(&body);
    let (kind, message) = parse_error(status, &text);
    assert!(
        !message.contains(is_hostile) && !kind.ends_refresh(),
        "{message:?}"
    );
    if let Some(caller) = parse_caller_identity(&text) {
        assert!(text.contains(&caller.arn) && text.contains(&caller.account));
    }
    let failure = AWS.with(|aws| call(aws, operation));
    let Some(failure) = failure else { return };
    let detail = &failure.detail;
    assert!(
        !detail.contains(is_hostile) && detail.chars().count() < 600,
        "{detail:?}"
    );
    assert!(is_echoed || !detail.contains(SENT_SECRET), "{detail:?}");
    if failure.kind.ends_refresh() || failure.kind == FailureKind::Unauthorized {
        // Only a response of the service itself ends a session, not one of a proxy.
        assert!((400..500).contains(&status), "{failure:?} for {status}");
        let object: Result<serde_json::Map<String, serde_json::Value>, _> =
            serde_json::from_slice(&body);
        assert!(object.is_ok(), "{failure:?} for {body:?}");
    }
});

/// Calls an operation, checks a successful result, and returns the failure otherwise.
fn call(aws: &Aws, operation: u8) -> Option<Failure> {
    let secret = Secret::new(SENT_SECRET);
    let client = RegisteredClient {
        id: "id".to_owned(),
        secret: secret.clone(),
        expires_at: Timestamp(0),
    };
    let session = Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1");
    let token =
        |outcome: CallResult<sso::internals::domain::session::token::TokenReply>| match outcome {
            Ok(reply) => {
                assert!(!reply.access_token.expose().is_empty());
                assert!(
                    reply
                        .refresh_token
                        .is_none_or(|token| !token.expose().is_empty())
                );
                None
            }
            Err(failure) => Some(failure),
        };
    match operation {
        b'c' => match aws.get_role_credentials(&secret, "111122223333", "Admin", LIMIT) {
            Ok(role) => {
                assert!(!role.access_key_id.is_empty() && role.expiration >= Timestamp(0));
                assert!(!role.secret_access_key.expose().is_empty());
                assert!(!role.session_token.expose().is_empty());
                None
            }
            Err(failure) => Some(failure),
        },
        b'a' => list(aws, &secret, Pager::new(&[], false, LIMIT)),
        b'o' => {
            let account = AccountPattern::parse("111122223333").unwrap();
            list(aws, &secret, Pager::new(&[account], true, LIMIT))
        }
        b'l' => aws.logout(&secret, LIMIT).err(),
        b'r' => match aws.register_client(
            &session,
            &session.start_url,
            Grant::AuthorizationCode,
            Timestamp(0),
            LIMIT,
        ) {
            Ok(registration) => {
                assert!(registration.client.expires_at > Timestamp(0));
                None
            }
            Err(failure) => Some(failure),
        },
        b's' => aws
            .start_device_authorization(&client, &session.start_url, LIMIT)
            .err(),
        b'd' => token(aws.create_token(&client, GrantRequest::DeviceCode(&secret), LIMIT, None)),
        _ => token(aws.create_token(&client, GrantRequest::RefreshToken(&secret), LIMIT, None)),
    }
}

/// Lists accounts and roles. Only the first request gets the response; later ones fail.
fn list(aws: &Aws, token: &Secret, mut pager: Pager) -> Option<Failure> {
    let mut on_page = |_: &mut Pager| std::ops::ControlFlow::Continue(());
    let mut since = Duration::ZERO;
    let outcome = aws.list(token, &mut pager, &mut since, &mut on_page);
    let refused = outcome.err().or(pager.rejection.take());
    let session = Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1");
    let listed = pager.finish(&session, Timestamp(0));
    let mut ids = std::collections::BTreeSet::new();
    for account in &listed.accounts {
        assert!(is_account_id(&account.id) && ids.insert(&account.id));
        assert!(account.roles.iter().all(|role| !role.is_empty()));
        assert!(account.name.as_ref().is_none_or(|name| !name.is_empty()));
    }
    for missing in &listed.missing {
        let detail = &missing.detail;
        assert!(
            !detail.contains(is_hostile) && detail.chars().count() < 600,
            "{detail:?}"
        );
    }
    let missing = || {
        let missing = listed.missing.first()?;
        Some(Failure::new(missing.kind, missing.detail.clone()))
    };
    refused.or_else(missing)
}

/// Creates a client of services on this computer. The replaced HTTP client opens no connection.
fn create_aws() -> Aws {
    let endpoint = || {
        Endpoint::Configured(ConfiguredEndpoint {
            url: "http://127.0.0.1:1".to_owned(),
            set_by: "the fuzzer".to_owned(),
        })
    };
    let network = Network {
        region: "eu-west-1".to_owned(),
        sso: endpoint(),
        oidc: endpoint(),
        fips: false,
        dual_stack: false,
        ca_bundle: None,
        store: None,
        proxies: Proxies::default(),
        connect: Duration::from_secs(1),
        total: Duration::from_secs(1),
    };
    let client: SharedHttpClient = http_client_fn(|_, _| SharedHttpConnector::new(FixedResponse));
    Aws::new(network, None, || ()).unwrap().over(client)
}

struct ServerResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Whether the body ends in an error.
    is_broken: bool,
    /// First letter of the connection error that replaces the response.
    connection_error: Option<u8>,
}

impl ServerResponse {
    /// Parses an input into an operation and a response.
    fn parse(data: &[u8]) -> (u8, ServerResponse) {
        let (head, body) = match data.windows(2).position(|window| window == b"\n\n") {
            Some(at) => (&data[..at], &data[at + 2..]),
            None => (data, &b""[..]),
        };
        let mut lines = head.split(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        let operation = first.first().copied().unwrap_or_default();
        let word = first.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let word = std::str::from_utf8(word).unwrap_or_default();
        let status = word
            .parse()
            .ok()
            .filter(|status| (100..1000).contains(status));
        let headers = lines.filter_map(|line| {
            let line = std::str::from_utf8(line).ok()?;
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        let connection_error = (status.is_none() && !word.is_empty()).then(|| word.as_bytes()[0]);
        let response = ServerResponse {
            status: status.unwrap_or(200),
            headers: headers.collect(),
            body: body.to_vec(),
            is_broken: first.ends_with(b" broken"),
            connection_error,
        };
        (operation, response)
    }

    /// Converts it to the types of the SDK.
    fn into_http(self) -> Result<HttpResponse, ConnectorError> {
        let error = |text: &str| text.to_owned().into();
        match self.connection_error {
            None => {}
            Some(b't') => return Err(ConnectorError::timeout(error("timed out"))),
            Some(b'i') => return Err(ConnectorError::io(error("connection reset"))),
            Some(b'u') => return Err(ConnectorError::user(error("bad setting"))),
            Some(_) => return Err(ConnectorError::other(error("something\u{1b}[31m"), None)),
        }
        let body = SplitBody {
            rest: Bytes::from(self.body),
            is_broken: self.is_broken,
        };
        let status =
            StatusCode::try_from(self.status).unwrap_or(StatusCode::try_from(200).unwrap());
        let mut response = HttpResponse::new(status, SdkBody::from_body_1_x(body));
        for (name, value) in self.headers {
            // A real HTTP client accepts no other names and values.
            if let (Ok(name), Ok(value)) = (
                http::HeaderName::try_from(name),
                http::HeaderValue::try_from(value),
            ) && let Ok(value) = value.to_str()
            {
                let _ = response
                    .headers_mut()
                    .try_append(name.to_string(), value.to_owned());
            }
        }
        Ok(response)
    }
}

/// A body that arrives in several pieces, as from a connection.
struct SplitBody {
    rest: Bytes,
    is_broken: bool,
}

impl Body for SplitBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.rest.is_empty() {
            let length = self.rest.len().div_ceil(2);
            let piece = self.rest.split_to(length);
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if std::mem::take(&mut self.is_broken) {
            return Poll::Ready(Some(Err("connection reset".into())));
        }
        Poll::Ready(None)
    }
}

/// An HTTP connector that returns [`NEXT_RESPONSE`].
#[derive(Debug)]
struct FixedResponse;

impl HttpConnector for FixedResponse {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let response = NEXT_RESPONSE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        HttpConnectorFuture::ready(match response {
            Some(response) => response.into_http(),
            None => Err(ConnectorError::io("no further response".into())),
        })
    }
}
