//! Response bodies, read whole up to a size limit.
//!
//! The SDK has no limit, so another server in place of the service could fill the memory within
//! the time limit of one request.

use std::fmt;

use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

/// Size limit of a body in bytes: ten times the longest response of the services, a full page
/// of a list.
const MAX_BODY: usize = 1 << 20;

/// Error of reading a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// The body is longer than any response of the services.
    TooLong,
    /// The connection ended within the body.
    Truncated,
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BodyError::TooLong => "the answer is too long",
            BodyError::Truncated => "the answer broke off",
        })
    }
}

impl std::error::Error for BodyError {}

/// Wraps a client so that it reads bodies up to the size limit, and longer ones are errors.
pub fn limit_bodies(client: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(LimitedBodies(client))
}

#[derive(Debug)]
struct LimitedBodies<T>(T);

impl HttpClient for LimitedBodies<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(LimitedBodies(self.0.http_connector(settings, components)))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

impl HttpConnector for LimitedBodies<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let response = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut response = response.await?;
            let body = read_body(&mut response).await;
            let bytes = body.map_err(|error| ConnectorError::other(error.into(), None))?;
            *response.body_mut() = SdkBody::from(bytes);
            Ok(response)
        })
    }
}

/// Reads the body of a response.
pub(super) async fn read_body(response: &mut HttpResponse) -> Result<Vec<u8>, BodyError> {
    let mut body = ByteStream::new(std::mem::replace(response.body_mut(), SdkBody::taken()));
    let mut bytes = Vec::new();
    while let Some(chunk) = body.try_next().await.map_err(|_| BodyError::Truncated)? {
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(BodyError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
