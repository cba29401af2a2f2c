//! Cold calls: their requests, and their time over TLS with the system's CA certificates beside
//! one request with the same HTTP client.

use super::command_line::CommandLine;
use super::figures::{Figures, median};
use super::home::BenchHome;
use super::programs::Programs;
use crate::write_files::write;
use emulator::Options;
use std::fs;

const REQUESTS: &str = "requests";
const GROUP: &str = "cold call over TLS with the system's CA certificates, median";

/// Paths of the system's CA bundle.
const SYSTEM_BUNDLES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

pub(super) fn measure(
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let options = Options {
        tls: true,
        ..Options::default()
    };
    let home = BenchHome::create("cold", options)?;
    count_requests(programs, &home, figures)?;
    match &programs.bare {
        Some(bare) => time_over_tls(programs, bare, &home, rounds.min(60), figures),
        None => Ok(()),
    }
}

/// Counts the requests of cold and warm calls.
fn count_requests(
    programs: &Programs,
    home: &BenchHome,
    figures: &mut Figures,
) -> Result<(), String> {
    let server = home.server.handle();
    let call = CommandLine::new(&programs.sso, &["credential-process", "--profile", "p4"])
        .environment(&home.online_environment());
    let mut count = |name: &str| -> Result<(), String> {
        server.clear_log();
        call.output()?;
        figures.count(REQUESTS, format!("requests: {name}"), server.count(""), "");
        Ok(())
    };
    home.sign_in(&programs.sso, "p4")?;
    count("cold call")?;
    count("warm call")?;
    home.clear_caches()?;
    server.configure(|options| options.access_token_seconds = 60);
    home.sign_in(&programs.sso, "p4")?;
    server.configure(|options| options.access_token_seconds = 28_800);
    count("cold call with a refresh")
}

/// Measures cold calls and bare requests over TLS.
fn time_over_tls(
    programs: &Programs,
    bare: &std::path::Path,
    home: &BenchHome,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    // The emulator's certificate is added to the system's, so that the program reads as many as
    // on this computer.
    let system = SYSTEM_BUNDLES
        .iter()
        .find_map(|file| fs::read_to_string(file).ok())
        .unwrap_or_default();
    let roots = home.path().join("roots.pem");
    write(&roots, &(system + &home.server.ca_pem()))?;
    let mut environment = home.offline_environment();
    let server = home.server.tls_url();
    for (name, value) in [
        ("SSL_CERT_FILE", roots.display().to_string()),
        ("AWS_ENDPOINT_URL_SSO", server.clone()),
        ("AWS_ENDPOINT_URL_SSO_OIDC", server.clone()),
    ] {
        environment.push((name.to_owned(), value));
    }
    let bare = CommandLine::new(bare, &[&server]);
    let bare = bare.environment(&environment);
    let call = CommandLine::new(&programs.sso, &["credential-process", "--profile", "p4"])
        .environment(&environment);
    let (mut bare_times, mut call_times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let _ = fs::remove_dir_all(home.path().join(".aws/cli"));
        bare_times.push(bare.time()?);
        call_times.push(call.time()?);
    }
    let (bare, call) = (median(&mut bare_times), median(&mut call_times));
    figures.time(GROUP, "bare request", bare, None);
    figures.time(
        GROUP,
        "credential-process, cold (ratio: to the bare request)",
        call,
        Some(call / bare),
    );
    Ok(())
}
