//! What a server may answer: any status, headers and body to every operation, through the
//! SDK's own readers. An input is an operation and a status in a first line, then headers,
//! an empty line and the body; in place of a status it may say how the connection failed.
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
use sso::internals::aws::{Aws, GrantRequest, Outcome};
use sso::internals::domain::listing::inventory::AccountPattern;
use sso::internals::domain::listing::pagination::Walk;
use sso::internals::domain::names::is_account_id;
use sso::internals::domain::net::endpoint::{ConfiguredEndpoint, Endpoint};
use sso::internals::domain::net::failure::{Failure, FailureKind};
use sso::internals::domain::net::proxy::Proxies;
use sso::internals::domain::net::sts::{parse_caller_identity, parse_error};
use sso::internals::domain::secret::Secret;
use sso::internals::domain::session::definition::Session;
use sso::internals::domain::session::registration::Grant;
use sso::internals::domain::session::token::Client;
use sso::internals::domain::target::network::Network;
use sso::internals::domain::text::is_hostile;
use sso::internals::domain::time::Timestamp;

/// Too little for a second attempt, so that nothing waits.
const LIMIT: Duration = Duration::from_millis(90);
/// What is sent; it must not come back in any message of ours.
const SENT: &str = "SENT-AND-SECRET";

static ANSWER: Mutex<Option<Answer>> = Mutex::new(None);

thread_local! {
    static AWS: Aws = aws();
}

fuzz_target!(|data: &[u8]| {
    let (operation, answer) = Answer::read(data);
    let status = answer.status;
    let body = answer.body.clone();
    // A server may say it back to us; then we say what the server said.
    let echoed = data
        .windows(4)
        .any(|window| SENT.as_bytes().starts_with(window));
    *ANSWER.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    let text = String::from_utf8_lossy(&body);
    let (kind, said) = parse_error(status, &text);
    assert!(
        !said.contains(is_hostile) && !kind.ends_refresh(),
        "{said:?}"
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
    assert!(echoed || !detail.contains(SENT), "{detail:?}");
    if failure.kind.ends_refresh() || failure.kind == FailureKind::Unauthorized {
        // Only the service itself ends a session: a proxy's word must not.
        assert!((400..500).contains(&status), "{failure:?} for {status}");
        let object: Result<serde_json::Map<String, serde_json::Value>, _> =
            serde_json::from_slice(&body);
        assert!(object.is_ok(), "{failure:?} for {body:?}");
    }
});

fn call(aws: &Aws, operation: u8) -> Option<Failure> {
    let secret = Secret::new(SENT);
    let client = Client {
        id: "id".to_owned(),
        secret: secret.clone(),
        expires_at: Timestamp(0),
    };
    let session = Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1");
    let token = |outcome: Outcome<sso::internals::domain::session::token::TokenReply>| match outcome
    {
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
        b'c' => match aws.role_credentials(&secret, "111122223333", "Admin", LIMIT) {
            Ok(role) => {
                assert!(!role.access_key_id.is_empty() && role.expiration >= Timestamp(0));
                assert!(!role.secret_access_key.expose().is_empty());
                assert!(!role.session_token.expose().is_empty());
                None
            }
            Err(failure) => Some(failure),
        },
        b'a' => list(aws, &secret, Walk::new(&[], false, LIMIT)),
        b'o' => {
            let account = AccountPattern::parse("111122223333").unwrap();
            list(aws, &secret, Walk::new(&[account], true, LIMIT))
        }
        b'l' => aws.logout(&secret, LIMIT).err(),
        b'r' => match aws.register(
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
        b's' => aws.start_device(&client, &session.start_url, LIMIT).err(),
        b'd' => token(aws.create_token(&client, GrantRequest::DeviceCode(&secret), LIMIT, None)),
        _ => token(aws.create_token(&client, GrantRequest::RefreshToken(&secret), LIMIT, None)),
    }
}

/// A listing, of which the first page is answered. What is asked for after it fails.
fn list(aws: &Aws, token: &Secret, mut walk: Walk) -> Option<Failure> {
    let mut go_on = |_: &mut Walk| std::ops::ControlFlow::Continue(());
    let mut since = Duration::ZERO;
    let outcome = aws.list(token, &mut walk, &mut since, &mut go_on);
    let refused = outcome.err().or(walk.take_refusal());
    let session = Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1");
    let listed = walk.finish(&session, Timestamp(0));
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

/// A service on this computer, of which nobody ever opens the port.
fn aws() -> Aws {
    let here = || {
        Endpoint::Configured(ConfiguredEndpoint {
            url: "http://127.0.0.1:1".to_owned(),
            set_by: "the fuzzer".to_owned(),
        })
    };
    let network = Network {
        region: "eu-west-1".to_owned(),
        sso: here(),
        oidc: here(),
        fips: false,
        dual_stack: false,
        ca_bundle: None,
        store: None,
        proxies: Proxies::default(),
        connect: Duration::from_secs(1),
        total: Duration::from_secs(1),
    };
    let client: SharedHttpClient = http_client_fn(|_, _| SharedHttpConnector::new(Answering));
    Aws::new(network, None, || ()).unwrap().over(client)
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// The body ends in an error.
    broken: bool,
    /// There is no answer, for this reason.
    lost: Option<u8>,
}

impl Answer {
    fn read(data: &[u8]) -> (u8, Answer) {
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
        let lost = (status.is_none() && !word.is_empty()).then(|| word.as_bytes()[0]);
        let answer = Answer {
            status: status.unwrap_or(200),
            headers: headers.collect(),
            body: body.to_vec(),
            broken: first.ends_with(b" broken"),
            lost,
        };
        (operation, answer)
    }

    fn give(self) -> Result<HttpResponse, ConnectorError> {
        let error = |text: &str| text.to_owned().into();
        match self.lost {
            None => {}
            Some(b't') => return Err(ConnectorError::timeout(error("timed out"))),
            Some(b'i') => return Err(ConnectorError::io(error("connection reset"))),
            Some(b'u') => return Err(ConnectorError::user(error("bad setting"))),
            Some(_) => return Err(ConnectorError::other(error("something\u{1b}[31m"), None)),
        }
        let body = Pieces {
            left: Bytes::from(self.body),
            broken: self.broken,
        };
        let status =
            StatusCode::try_from(self.status).unwrap_or(StatusCode::try_from(200).unwrap());
        let mut response = HttpResponse::new(status, SdkBody::from_body_1_x(body));
        for (name, value) in self.headers {
            // The HTTP client lets no other names and values through.
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

/// A body in two pieces, as it comes from a connection.
struct Pieces {
    left: Bytes,
    broken: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.left.is_empty() {
            let length = self.left.len().div_ceil(2);
            let piece = self.left.split_to(length);
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if std::mem::take(&mut self.broken) {
            return Poll::Ready(Some(Err("connection reset".into())));
        }
        Poll::Ready(None)
    }
}

#[derive(Debug)]
struct Answering;

impl HttpConnector for Answering {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let answer = ANSWER.lock().unwrap_or_else(PoisonError::into_inner).take();
        HttpConnectorFuture::ready(match answer {
            Some(answer) => answer.give(),
            None => Err(ConnectorError::io("nothing more is said".into())),
        })
    }
}
