//! Corporate networks: no endpoint is configured and the only route to AWS is a proxy. The
//! hosts are those of AWS; the proxy connects all of them to the emulator.

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

/// Hosts of the Identity Center instance in these tests.
const OIDC: &str = "oidc.eu-west-1.amazonaws.com";
const PORTAL: &str = "portal.sso.eu-west-1.amazonaws.com";

/// Creates a sandbox whose emulator is a proxy with a certificate for these hosts.
fn proxied_sandbox(names: &[&str]) -> Sandbox {
    proxied_sandbox_with(Options {
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    })
}

/// Creates a sandbox whose emulator is a proxy with other options.
fn proxied_sandbox_with(options: Options) -> Sandbox {
    let sandbox = Sandbox::with(Options {
        tls: true,
        ..options
    });
    sandbox.write_file(&ca_path(&sandbox), sandbox.emulator().ca_pem().as_bytes());
    sandbox
}

/// Path of the certificate of the proxy's CA.
fn ca_path(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join("ca.pem")
}

/// Prepares a run without configured endpoints, as users run it.
fn without_endpoints<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    sandbox
        .sso(arguments)
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("SSO_TIMEOUT", "20")
}

/// Prepares a run without configured endpoints, through the proxy and with its CA.
fn through_proxy<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    without_endpoints(sandbox, arguments)
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("AWS_CA_BUNDLE", ca_path(sandbox))
}

/// Arguments that fetch the credentials of `dev`.
const FETCH_DEV: [&str; 3] = ["credential-process", "-p", "dev"];

/// Returns the targets of all CONNECT requests to the proxy.
fn tunnel_targets(sandbox: &Sandbox) -> Vec<String> {
    let connects = sandbox.server().requests("Connect");
    connects.into_iter().map(|entry| entry.path).collect()
}

/// Asserts that `work` changes no file of the session: a failing network must not cost one.
#[track_caller]
fn assert_session_unchanged(sandbox: &Sandbox, work: impl FnOnce()) {
    let before = sandbox.files(".aws/sso/cache");
    work();
    assert_eq!(sandbox.files(".aws/sso/cache"), before);
}

/// Formats the default configuration for another region, with more keys in the session and in
/// the profile, and more text at the end.
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
