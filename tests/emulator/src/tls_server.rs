//! The temporary CA and the certificate of the TLS listener, both kept in memory only.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::options::Options;

/// TLS configuration of a listener, and the CA certificate for its clients.
pub(crate) struct TlsIdentity {
    pub(crate) config: Arc<ServerConfig>,
    /// CA certificate in PEM format, for `AWS_CA_BUNDLE` and similar variables.
    pub(crate) ca_pem: String,
}

/// Generates a CA, and a certificate for the loopback names and those in the options.
pub(crate) fn generate_identity(options: &Options) -> io::Result<TlsIdentity> {
    try_generate(options).map_err(io::Error::other)
}

fn try_generate(
    options: &Options,
) -> Result<TlsIdentity, Box<dyn std::error::Error + Send + Sync>> {
    let ca_key = KeyPair::generate()?;
    let mut ca = CertificateParams::default();
    ca.distinguished_name
        .push(DnType::CommonName, "Emulator temporary CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut ca_pem = ca.self_signed(&ca_key)?.pem();
    let issuer = Issuer::new(ca, ca_key);

    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ];
    names.extend(options.tls_names.iter().cloned());
    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(names)?;
    leaf.distinguished_name.push(DnType::CommonName, "emulator");
    if options.tls_expired {
        leaf.not_before = rcgen::date_time_ymd(2020, 1, 1);
        leaf.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = if options.tls_self_signed {
        leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        leaf.self_signed(&key)?
    } else {
        leaf.signed_by(&key, &issuer)?
    };
    if options.tls_self_signed {
        ca_pem = leaf.pem();
    }

    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    // Named explicitly: rustls panics on its default if another crate enables a second provider.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsIdentity {
        config: Arc::new(config),
        ca_pem,
    })
}
