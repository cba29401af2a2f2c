//! HTTP/1.1 client for one host: proxy, TLS, connect timeout, and a limit on what a server sends.
//!
//! The HTTP client of the SDK has no such limit: it reads informational responses (RFC 9110
//! §15.2) and, with HTTP/2, keeps them for as long as the server sends them.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use http::{HeaderValue, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector as TcpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use crate::domain::net::failure::{CallResult, Failure, FailureKind};

use super::route::Route;
use super::tls_roots::TlsRoots;

/// Size limit of a body in bytes: ten times the longest response of the services, a full page
/// of a list.
const MAX_BODY: usize = 1 << 20;

/// Size limit in bytes of everything that a server sends after a request: informational responses,
/// the head, the body and its framing.
const MAX_RESPONSE: usize = MAX_BODY + (256 << 10);

/// Error of the connection or the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// The response is longer than any response of the services.
    TooLong,
    /// The connection ended within the body.
    Truncated,
    /// There was no connection within the connect timeout.
    ConnectTimeout,
    /// The host of an http URL is not this computer.
    NotLoopback,
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HttpError::TooLong => "the answer is too long",
            HttpError::Truncated => "the answer broke off",
            HttpError::ConnectTimeout => "no connection within the limit",
            HttpError::NotLoopback => "http is only for this computer, and the address is not",
        })
    }
}

impl std::error::Error for HttpError {}

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// HTTP client for one route. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Http(Client<Connector, SdkBody>);

impl Http {
    /// Builds the client. A route without TLS (only loopback) does not read CA certificates, which
    /// takes several milliseconds.
    pub fn new(route: &Route, roots: &TlsRoots) -> CallResult<Http> {
        let tls = match route.is_https {
            true => Some(roots.tls_config(&route.describe())?),
            false => None,
        };
        let proxy = match &route.proxy {
            None => None,
            Some(proxy) => Some((
                proxy.url.expose().parse().map_err(|_| {
                    let (host, authority) = (&route.host, &proxy.authority);
                    let detail = format!(
                        "{host}: the proxy {authority}, set by {}, is no address",
                        proxy.variable
                    );
                    Failure::new(FailureKind::Misconfigured, detail)
                })?,
                proxy
                    .authorization()
                    .and_then(|value| HeaderValue::from_str(value.expose()).ok()),
            )),
        };
        let mut tcp = TcpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = Connector {
            dialer: Dialer { tcp, tls },
            proxy,
            limit: route.connect,
        };
        Ok(Http(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// Sends a request. The response has an empty body unless `read_body` is set.
    pub async fn exchange(
        &self,
        request: HttpRequest,
        read_body: bool,
    ) -> Result<HttpResponse, ConnectorError> {
        let request = request
            .try_into_http1x()
            .map_err(|error| ConnectorError::user(error.into()))?;
        let sent = self.0.request(request).await;
        let response = sent.map_err(|error| ConnectorError::io(error.into()))?;
        let other = |error: BoxError| ConnectorError::other(error, None);
        let response = response.map(SdkBody::from_body_1_x);
        let mut response = HttpResponse::try_from(response).map_err(|error| other(error.into()))?;
        let body = std::mem::replace(response.body_mut(), SdkBody::empty());
        if read_body {
            let bytes = collect(body).await.map_err(|error| other(error.into()))?;
            *response.body_mut() = SdkBody::from(bytes);
        }
        Ok(response)
    }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let http = self.clone();
        HttpConnectorFuture::new(async move { http.exchange(request, true).await })
    }
}

/// Reads a body up to the size limit.
async fn collect(body: SdkBody) -> Result<Vec<u8>, HttpError> {
    let mut body = ByteStream::new(body);
    let mut bytes = Vec::new();
    while let Some(chunk) = body.try_next().await.map_err(|_| HttpError::Truncated)? {
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(HttpError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Connects to the host of a request, through the proxy if there is one.
#[derive(Clone)]
struct Connector {
    dialer: Dialer,
    /// URL of the proxy, and its `Proxy-Authorization` header.
    proxy: Option<(Uri, Option<HeaderValue>)>,
    /// Limit of name lookup, TCP, proxy and TLS together.
    limit: Duration,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Limited>;
    type Error = BoxError;
    type Future = BoxFuture<TokioIo<Limited>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.dialer.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting: BoxFuture<BoxStream> = match self.proxy.clone() {
            None => {
                let stream = self.dialer.call(uri);
                Box::pin(async move { Ok(stream.await?.into_inner()) })
            }
            Some((proxy, authorization)) => {
                let mut tunnel = Tunnel::new(proxy, self.dialer.clone());
                if let Some(authorization) = authorization {
                    tunnel = tunnel.with_auth(authorization);
                }
                let tls = self.dialer.tls.clone();
                let stream = tunnel.call(uri.clone());
                Box::pin(async move { handshake(tls, &uri, stream.await?.into_inner()).await })
            }
        };
        let limit = self.limit;
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(stream) => Ok(TokioIo::new(Limited {
                    stream: stream?,
                    left: MAX_RESPONSE,
                })),
                Err(_) => Err(HttpError::ConnectTimeout.into()),
            }
        })
    }
}

/// Connects to a host directly, with TLS for an https URL.
#[derive(Clone)]
struct Dialer {
    tcp: TcpConnector,
    /// `None` for an http URL: its host must be this computer, whatever its name resolves to.
    tls: Option<Arc<ClientConfig>>,
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<BoxStream>;
    type Error = BoxError;
    type Future = BoxFuture<TokioIo<BoxStream>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let tcp = self.tcp.call(uri.clone());
        let tls = self.tls.clone();
        Box::pin(async move {
            let stream = tcp.await?.into_inner();
            if tls.is_none() && !stream.peer_addr()?.ip().to_canonical().is_loopback() {
                return Err(HttpError::NotLoopback.into());
            }
            let stream: BoxStream = Box::new(stream);
            Ok(TokioIo::new(handshake(tls, &uri, stream).await?))
        })
    }
}

/// Starts TLS if the URL is https.
async fn handshake(
    tls: Option<Arc<ClientConfig>>,
    uri: &Uri,
    stream: BoxStream,
) -> Result<BoxStream, BoxError> {
    let Some(config) = tls.filter(|_| uri.scheme_str() == Some("https")) else {
        return Ok(stream);
    };
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned())?;
    let stream = TlsConnector::from(config).connect(name, stream).await?;
    Ok(Box::new(stream))
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

type BoxStream = Box<dyn Stream>;

/// Connection that fails if the server sends more than one response can have.
struct Limited {
    stream: BoxStream,
    /// Bytes that may still be read before the next write.
    left: usize,
}

impl Connection for Limited {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Limited {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        match self.left.checked_sub(buffer.filled().len() - before) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Ok(()))
            }
            None => Poll::Ready(Err(io::Error::other(HttpError::TooLong))),
        }
    }
}

impl AsyncWrite for Limited {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.left = MAX_RESPONSE;
        Pin::new(&mut self.stream).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
