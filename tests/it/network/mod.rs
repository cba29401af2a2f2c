//! The network as companies have it: no endpoint is configured, and the only way out is a
//! proxy. The hosts are those of AWS; the proxy leads all of them to the emulator.

mod aws_cli_start_url;
mod certificates;
mod direct;
mod name_resolution;
mod partitions;
mod proxies;
mod start_url;

use std::path::PathBuf;

use emulator::Options;

use crate::fixture::{ACCOUNT, ROLE, Run, START_URL, Sandbox};

/// The hosts of the instance of these tests.
const OIDC: &str = "oidc.eu-west-1.amazonaws.com";
const PORTAL: &str = "portal.sso.eu-west-1.amazonaws.com";

/// A sandbox whose proxy has a certificate for these hosts.
fn company(names: &[&str]) -> Sandbox {
    company_with(Options {
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    })
}

/// The same, with an emulator that behaves differently.
fn company_with(options: Options) -> Sandbox {
    let sandbox = Sandbox::with(Options {
        tls: true,
        ..options
    });
    sandbox.write_file(&authority(&sandbox), sandbox.emulator().ca_pem().as_bytes());
    sandbox
}

/// The file of the authority that signed the certificate.
fn authority(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join("ca.pem")
}

/// A run that reaches AWS as other programs of this user do: past no configured endpoint.
fn outside<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    sandbox
        .sso(arguments)
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("SSO_TIMEOUT", "20")
}

/// The same through the proxy, whose authority is known.
fn proxied<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    outside(sandbox, arguments)
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("AWS_CA_BUNDLE", authority(sandbox))
}

/// What fetches the credentials of `dev`.
const FETCHING: [&str; 3] = ["credential-process", "-p", "dev"];

/// The hosts that the proxy was asked for.
fn tunnels(sandbox: &Sandbox) -> Vec<String> {
    let connects = sandbox.server().requests("Connect");
    connects.into_iter().map(|entry| entry.path).collect()
}

/// Fails when a file of the session has changed: a network that fails costs nothing.
#[track_caller]
fn keeps_its_session(sandbox: &Sandbox, work: impl FnOnce()) {
    let before = sandbox.files(".aws/sso/cache");
    work();
    assert_eq!(sandbox.files(".aws/sso/cache"), before);
}

/// The configuration of every sandbox, for another region and with more keys in the session
/// and in the profile.
fn config(region: &str, session: &str, profile: &str, more: &str) -> String {
    format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = {region}\n\
         {session}\n\
         [profile dev]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n\
         {profile}\n\
         {more}"
    )
}
