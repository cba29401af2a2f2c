//! CA certificates for TLS: those of a configured bundle, or else the system's.
//!
//! Company bundles often hold certificates that cannot be trust anchors. They are skipped, as
//! other clients do, because the HTTP client panics on them; a bundle without a usable one is an
//! error. The system's certificates are where OpenSSL has them, or where `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` say.

use aws_smithy_http_client::tls::TrustStore;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::domain::text::sanitize;

/// Source of the trusted CA certificates.
#[derive(Debug)]
pub enum TlsRoots {
    /// A bundle: its usable certificates as PEM, and the setting that names the file.
    Bundle(Vec<u8>, String),
    /// The system's, or those that this environment variable names. The HTTP client reads them.
    System(Option<&'static str>),
}

impl TlsRoots {
    /// Converts to the type of the HTTP client.
    pub fn trust_store(&self) -> TrustStore {
        match self {
            TlsRoots::Bundle(pem, _) => TrustStore::empty().with_pem_certificate(pem.as_slice()),
            TlsRoots::System(_) => TrustStore::default(),
        }
    }

    /// Returns why the system has no usable CA certificate, if it has none. The HTTP client
    /// then only reports an unknown issuer. Takes milliseconds, so it is called after a failure.
    pub fn missing_reason(&self) -> Option<String> {
        let TlsRoots::System(_) = self else {
            return None;
        };
        let found = rustls_native_certs::load_native_certs();
        let mut certificates = found.certs.iter();
        if certificates.any(|certificate| webpki::anchor_from_trusted_cert(certificate).is_ok()) {
            return None;
        }
        let described = self.describe();
        Some(match found.errors.first() {
            None => format!("there is no usable one among {described}"),
            Some(error) => format!(
                "{described} cannot be read: {}",
                sanitize(&error.to_string())
            ),
        })
    }

    /// Returns a noun phrase for messages.
    pub fn describe(&self) -> String {
        match self {
            TlsRoots::Bundle(_, set_by) => format!("the CA bundle that {set_by} sets"),
            TlsRoots::System(None) => "the CA certificates of this computer".to_owned(),
            TlsRoots::System(Some(variable)) => {
                format!("the CA certificates that {variable} sets")
            }
        }
    }
}

/// Returns the usable certificates of a bundle as PEM, or why there are none.
pub fn usable_certificates(bundle: &[u8]) -> Result<Vec<u8>, String> {
    let mut pem = Vec::new();
    let mut refused = None;
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        let Ok(certificate) = certificate else {
            refused = Some("it is not well-formed PEM");
            break;
        };
        match webpki::anchor_from_trusted_cert(&certificate) {
            Ok(_) => append_pem(&mut pem, &certificate),
            Err(_) => refused = Some("its certificates cannot be used as trust anchors"),
        }
    }
    match pem.is_empty() {
        true => Err(refused.unwrap_or("it holds no PEM certificate").to_owned()),
        false => Ok(pem),
    }
}

fn append_pem(pem: &mut Vec<u8>, certificate: &[u8]) {
    pem.extend_from_slice(b"-----BEGIN CERTIFICATE-----\n");
    for line in STANDARD.encode(certificate).as_bytes().chunks(64) {
        pem.extend_from_slice(line);
        pem.push(b'\n');
    }
    pem.extend_from_slice(b"-----END CERTIFICATE-----\n");
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
