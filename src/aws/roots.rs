//! Whose certificates are accepted: those of a CA bundle, or else the system's.
//!
//! Bundles of companies hold odd certificates beside good ones. Those that cannot be a
//! trust anchor are left out, as other clients do, for the HTTP client panics on them; a
//! bundle without a good one is an error. The system store is where OpenSSL has it on this
//! computer, or where `SSL_CERT_FILE` and `SSL_CERT_DIR` say.

use aws_smithy_http_client::tls::TrustStore;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::domain::text::sanitize;

/// Where the trusted certificates come from.
#[derive(Debug)]
pub enum Roots {
    /// From a bundle: its usable certificates as PEM, and who set it.
    Bundle(Vec<u8>, String),
    /// From the system, or from where this variable says. The HTTP client reads them.
    System(Option<&'static str>),
}

impl Roots {
    /// The same for the HTTP client.
    pub fn store(&self) -> TrustStore {
        match self {
            Roots::Bundle(pem, _) => TrustStore::empty().with_pem_certificate(pem.as_slice()),
            Roots::System(_) => TrustStore::default(),
        }
    }

    /// Why nobody at all is trusted, when that is so. To the HTTP client every certificate
    /// is bad then. It takes milliseconds to find out, so only a failure asks.
    pub fn lack(&self) -> Option<String> {
        let Roots::System(_) = self else { return None };
        let found = rustls_native_certs::load_native_certs();
        let mut certificates = found.certs.iter();
        if certificates.any(|certificate| webpki::anchor_from_trusted_cert(certificate).is_ok()) {
            return None;
        }
        let described = self.described();
        Some(match found.errors.first() {
            None => format!("there is no usable one among {described}"),
            Some(error) => {
                let error = sanitize(&error.to_string());
                format!("{described} cannot be read: {error}")
            }
        })
    }

    /// The same in words.
    pub fn described(&self) -> String {
        match self {
            Roots::Bundle(_, set_by) => format!("the CA bundle that {set_by} sets"),
            Roots::System(None) => "the CA certificates of this computer".to_owned(),
            Roots::System(Some(variable)) => {
                format!("the CA certificates that {variable} sets")
            }
        }
    }
}

/// The usable certificates of a bundle as PEM, or why there are none.
pub fn usable(bundle: &[u8]) -> Result<Vec<u8>, String> {
    let mut pem = String::new();
    let mut refused = None;
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        let certificate = match certificate {
            Ok(certificate) => certificate,
            Err(_) => {
                refused = Some("it is not well-formed PEM");
                break;
            }
        };
        match webpki::anchor_from_trusted_cert(&certificate) {
            Ok(_) => append(&mut pem, &certificate),
            Err(_) => refused = Some("its certificates cannot be used as trust anchors"),
        }
    }
    if pem.is_empty() {
        Err(refused.unwrap_or("it holds no PEM certificate").to_owned())
    } else {
        Ok(pem.into_bytes())
    }
}

fn append(pem: &mut String, certificate: &[u8]) {
    pem.push_str("-----BEGIN CERTIFICATE-----\n");
    let text = STANDARD.encode(certificate);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = tail;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
}

#[cfg(test)]
mod tests {
    use super::usable;

    #[test]
    fn what_would_make_the_client_panic_is_an_error() {
        for bundle in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            assert!(usable(bundle.as_bytes()).is_err(), "{bundle:?}");
        }
    }
}
