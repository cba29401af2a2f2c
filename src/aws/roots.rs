//! The CA bundle of `AWS_CA_BUNDLE` or `ca_bundle`, made fit for the HTTP client.
//!
//! Bundles of companies hold odd certificates beside good ones. Those that cannot be a
//! trust anchor are left out, as other clients do; a bundle without a good one is an error.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

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
