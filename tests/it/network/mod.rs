//! The network as companies have it: no endpoint is configured, and the only way out is a
//! proxy. The hosts are those of AWS; the proxy leads all of them to the emulator.

mod beside_the_cli;
mod direct;
mod names;
mod partitions;
mod proxies;
mod trust;
mod vanity;

use std::path::PathBuf;

use emulator::Options;

use crate::world::{ACCOUNT, ROLE, Run, START_URL, World};

/// The hosts of the instance of these tests.
const OIDC: &str = "oidc.eu-west-1.amazonaws.com";
const PORTAL: &str = "portal.sso.eu-west-1.amazonaws.com";

/// A world whose proxy has a certificate for these hosts.
fn company(names: &[&str]) -> World {
    company_with(Options {
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    })
}

/// The same, with an emulator that behaves differently.
fn company_with(options: Options) -> World {
    let world = World::with(Options {
        tls: true,
        ..options
    });
    world.write_file(&authority(&world), world.emulator().ca_pem().as_bytes());
    world
}

/// The file of the authority that signed the certificate.
fn authority(world: &World) -> PathBuf {
    world.home().join("ca.pem")
}

/// A run that reaches AWS as other programs of this user do: past no configured endpoint.
fn outside<'w>(world: &'w World, arguments: &[&str]) -> Run<'w> {
    world
        .sso(arguments)
        .without("AWS_ENDPOINT_URL_SSO")
        .without("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("SSO_TIMEOUT", "20")
}

/// The same through the proxy, whose authority is known.
fn proxied<'w>(world: &'w World, arguments: &[&str]) -> Run<'w> {
    outside(world, arguments)
        .env("HTTPS_PROXY", world.emulator().url())
        .env("AWS_CA_BUNDLE", authority(world))
}

/// What fetches the credentials of `dev`.
const FETCHING: [&str; 3] = ["credential-process", "-p", "dev"];

/// The hosts that the proxy was asked for.
fn tunnels(world: &World) -> Vec<String> {
    let connects = world.server().requests("Connect");
    connects.into_iter().map(|entry| entry.path).collect()
}

/// Fails when a file of the session has changed: a network that fails costs nothing.
#[track_caller]
fn keeps_its_session(world: &World, work: impl FnOnce()) {
    let before = world.files(".aws/sso/cache");
    work();
    assert_eq!(world.files(".aws/sso/cache"), before);
}

/// The configuration of every world, for another region and with more keys in the session
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
