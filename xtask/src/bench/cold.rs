//! Cold calls: the requests they make, and their time over TLS with the system's roots
//! beside one request with the same HTTP client.

use super::figures::{Figures, median};
use super::home::Home;
use super::programs::Programs;
use super::spawn::Line;
use crate::write_files::write;
use emulator::Options;
use std::fs;

const REQUESTS: &str = "requests";
const GROUP: &str = "cold call over TLS with the system's roots, median";

/// Where systems keep their roots in one file.
const SYSTEM_ROOTS: [&str; 3] = [
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
    let home = Home::create("cold", options)?;
    requests(programs, &home, figures)?;
    match &programs.bare {
        Some(bare) => over_tls(programs, bare, &home, rounds.min(60), figures),
        None => Ok(()),
    }
}

fn requests(programs: &Programs, home: &Home, figures: &mut Figures) -> Result<(), String> {
    let server = home.server.handle();
    let call = Line::new(&programs.sso, &["credential-process", "--profile", "p4"])
        .environment(&home.online());
    let mut count = |name: &str| -> Result<(), String> {
        server.clear_log();
        call.output()?;
        figures.count(REQUESTS, format!("requests: {name}"), server.count(""), "");
        Ok(())
    };
    home.sign_in(&programs.sso, "p4")?;
    count("cold call")?;
    count("warm call")?;
    home.forget()?;
    server.configure(|options| options.access_token_seconds = 60);
    home.sign_in(&programs.sso, "p4")?;
    server.configure(|options| options.access_token_seconds = 28_800);
    count("cold call with a refresh")
}

fn over_tls(
    programs: &Programs,
    bare: &std::path::Path,
    home: &Home,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    // The system's roots and ours in one file: as many to read as there are here.
    let system = SYSTEM_ROOTS
        .iter()
        .find_map(|file| fs::read_to_string(file).ok())
        .unwrap_or_default();
    let roots = home.path().join("roots.pem");
    write(&roots, &(system + &home.server.ca_pem()))?;
    let mut environment = home.offline();
    let server = home.server.tls_url();
    for (name, value) in [
        ("SSL_CERT_FILE", roots.display().to_string()),
        ("AWS_ENDPOINT_URL_SSO", server.clone()),
        ("AWS_ENDPOINT_URL_SSO_OIDC", server.clone()),
    ] {
        environment.push((name.to_owned(), value));
    }
    let bare = Line::new(bare, &[&server]);
    let bare = bare.environment(&environment);
    let call = Line::new(&programs.sso, &["credential-process", "--profile", "p4"])
        .environment(&environment);
    let (mut bares, mut calls) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let _ = fs::remove_dir_all(home.path().join(".aws/cli"));
        bares.push(bare.time()?);
        calls.push(call.time()?);
    }
    let (bare, call) = (median(&mut bares), median(&mut calls));
    figures.time(GROUP, "bare request", bare, None);
    figures.time(
        GROUP,
        "credential-process, cold (ratio: to the bare request)",
        call,
        Some(call / bare),
    );
    Ok(())
}
