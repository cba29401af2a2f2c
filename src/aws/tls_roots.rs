//! CA certificates for TLS: those of a configured bundle, or else the system's.
//!
//! Company bundles often hold certificates that cannot be trust anchors. They are skipped, as
//! other clients do; a bundle without a usable one is an error. The system's certificates are
//! where OpenSSL has them, or where `SSL_CERT_FILE` and `SSL_CERT_DIR` say.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::domain::net::failure::{CallResult, Failure, FailureKind};
use crate::domain::text::sanitize;
use crate::error::{self, Error};

/// Trusted CA certificates.
#[derive(Debug)]
pub struct TlsRoots {
    source: Source,
    config: OnceLock<Arc<ClientConfig>>,
}

#[derive(Debug)]
enum Source {
    /// The usable certificates of a bundle, and the setting that names the file.
    Bundle(RootCertStore, String),
    /// The system's, or those that this environment variable names.
    System(Option<&'static str>),
}

impl TlsRoots {
    /// Trusts the certificates of a PEM bundle that `set_by` names. Fails if none is usable.
    pub fn bundle(pem: &[u8], set_by: String) -> error::Result<TlsRoots> {
        let roots = usable_certificates(pem).map_err(|why| {
            let message = format!("the CA bundle that {set_by} sets cannot be used: {why}");
            Error::configuration(message).hint("it must be a file of PEM certificates")
        })?;
        Ok(TlsRoots {
            source: Source::Bundle(roots, set_by),
            config: OnceLock::new(),
        })
    }

    /// Trusts the system's certificates, or those that this environment variable names.
    pub fn system(variable: Option<&'static str>) -> TlsRoots {
        TlsRoots {
            source: Source::System(variable),
            config: OnceLock::new(),
        }
    }

    /// Returns the TLS settings for HTTP/1.1. Reads the system's certificates once, which takes
    /// several milliseconds. `who` is the server, for the error.
    pub fn tls_config(&self, who: &str) -> CallResult<Arc<ClientConfig>> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let unusable =
            |why: String| Failure::new(FailureKind::Misconfigured, format!("{who}: {why}"));
        let roots = match &self.source {
            Source::Bundle(roots, _) => roots.clone(),
            Source::System(_) => self.system_certificates().map_err(unusable)?,
        };
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?;
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }

    fn system_certificates(&self) -> Result<RootCertStore, String> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (usable, _) = roots.add_parsable_certificates(found.certs);
        if usable > 0 {
            return Ok(roots);
        }
        let described = self.describe();
        Err(match found.errors.first() {
            None => format!("there is no usable one among {described}"),
            Some(error) => {
                let error = sanitize(&error.to_string());
                format!("{described} cannot be read: {error}")
            }
        })
    }

    /// Returns a noun phrase for messages.
    pub fn describe(&self) -> String {
        match &self.source {
            Source::Bundle(_, set_by) => format!("the CA bundle that {set_by} sets"),
            Source::System(None) => "the CA certificates of this computer".to_owned(),
            Source::System(Some(variable)) => {
                format!("the CA certificates that {variable} sets")
            }
        }
    }
}

/// Returns the usable certificates of a PEM bundle, or why there are none.
fn usable_certificates(bundle: &[u8]) -> Result<RootCertStore, &'static str> {
    let mut roots = RootCertStore::empty();
    let mut refused = "it holds no PEM certificate";
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        let Ok(certificate) = certificate else {
            refused = "it is not well-formed PEM";
            break;
        };
        if roots.add(certificate).is_err() {
            refused = "its certificates cannot be used as trust anchors";
        }
    }
    match roots.is_empty() {
        true => Err(refused),
        false => Ok(roots),
    }
}

#[cfg(test)]
mod tests {
    use super::usable_certificates;

    #[test]
    fn bundles_without_a_usable_certificate_are_errors() {
        for bundle in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            assert!(
                usable_certificates(bundle.as_bytes()).is_err(),
                "{bundle:?}"
            );
        }
    }
}
