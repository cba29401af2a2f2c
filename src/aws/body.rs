//! Bodies of answers, read whole and never beyond a limit.
//!
//! The SDK reads a body to its end, however far that is. Whatever answers in a service's
//! place could fill this computer's memory within the time limit of one request.

use std::fmt;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;

/// Ten times the longest answer of the services, a full page of a list.
const MOST: usize = 1 << 20;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is longer than any answer of the services.
    TooLong,
    /// It ended before its end.
    BrokeOff,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unread::TooLong => "the answer is too long",
            Unread::BrokeOff => "the answer broke off",
        })
    }
}

impl std::error::Error for Unread {}

/// The same client, with bodies that are read and short.
pub fn limited(client: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Limited(client))
}

#[derive(Debug)]
struct Limited<T>(T);

impl HttpClient for Limited<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Limited(self.0.http_connector(settings, components)))
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.validate_base_client_config(components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.validate_final_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

impl HttpConnector for Limited<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut answer = answer.await?;
            match read(&mut answer).await {
                Ok(bytes) => {
                    *answer.body_mut() = SdkBody::from(bytes);
                    Ok(answer)
                }
                Err(why) => Err(ConnectorError::other(why.into(), None)),
            }
        })
    }
}

pub(super) async fn read(answer: &mut HttpResponse) -> Result<Vec<u8>, Unread> {
    let mut body = ByteStream::new(std::mem::replace(answer.body_mut(), SdkBody::taken()));
    let mut bytes = Vec::new();
    while let Some(part) = body.try_next().await.map_err(|_| Unread::BrokeOff)? {
        if bytes.len() + part.len() > MOST {
            return Err(Unread::TooLong);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}
