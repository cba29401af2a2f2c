//! Measures a hundred parallel callers when the access token has just expired.

use super::command_line::CommandLine;
use super::figures::{Figures, median};
use super::home::BenchHome;
use super::programs::Programs;
use emulator::Options;
use std::process::Child;
use std::time::{Duration, Instant};

const GROUP: &str = "100 callers at once, wall time, median";
const CALLERS: usize = 100;
const ROUNDS: usize = 5;

/// State of the token before a round.
#[derive(Clone, Copy, PartialEq)]
enum TokenState {
    /// A refresh succeeds.
    Expired,
    /// The server rejects the refresh token.
    Revoked,
}

pub(super) fn measure(programs: &Programs, figures: &mut Figures) -> Result<(), String> {
    let empty_program = CommandLine::new(&programs.empty, &[]);
    let mut empty_times = Vec::new();
    for _ in 0..ROUNDS {
        empty_times.push(run_in_parallel(&empty_program, CALLERS)?.0);
    }
    let empty = median(&mut empty_times);
    figures.time(GROUP, "100 empty programs", empty, None);
    for (token, name) in [
        (TokenState::Expired, "expired"),
        (TokenState::Revoked, "revoked"),
    ] {
        let home = BenchHome::create(name, Options::default())?;
        let line = CommandLine::new(&programs.sso, &["credential-process", "--profile", "p4"])
            .environment(&home.online_environment());
        let (mut one, mut many) = (Vec::new(), Vec::new());
        let (mut refreshes, mut fetches) = (0, 0);
        for _ in 0..ROUNDS {
            one.push(run_round(programs, &home, &line, token, 1)?);
            many.push(run_round(programs, &home, &line, token, CALLERS)?);
            let server = home.server.handle();
            refreshes = refreshes.max(server.count("CreateToken"));
            fetches = fetches.max(server.count("GetRoleCredentials"));
        }
        let (one, many) = (median(&mut one), median(&mut many));
        figures.time(GROUP, format!("one caller, {name}"), one, None);
        let bound = 2.0 * one + empty;
        let row = format!("100 callers, {name} (ratio: to 2 x one + 100 x empty)");
        figures.time(GROUP, row, many, Some(many / bound));
        figures.count(
            GROUP,
            format!("100 callers, {name}: refreshes"),
            refreshes,
            "",
        );
        figures.count(GROUP, format!("100 callers, {name}: fetches"), fetches, "");
    }
    Ok(())
}

/// Runs one round with a fresh sign-in and returns its duration in microseconds.
fn run_round(
    programs: &Programs,
    home: &BenchHome,
    line: &CommandLine,
    token: TokenState,
    callers: usize,
) -> Result<f64, String> {
    let server = home.server.handle();
    home.clear_caches()?;
    server.configure(|options| options.access_token_seconds = 1);
    home.sign_in(&programs.sso, "p4")?;
    server.configure(|options| options.access_token_seconds = 28_800);
    if token == TokenState::Revoked {
        server.revoke_refresh_tokens();
    }
    std::thread::sleep(Duration::from_millis(1100));
    server.clear_log();
    let (duration, succeeded) = run_in_parallel(line, callers)?;
    let expected = if token == TokenState::Revoked {
        0
    } else {
        callers
    };
    if succeeded == expected {
        Ok(duration)
    } else {
        Err(format!(
            "{succeeded} of {callers} callers got credentials, expected {expected}"
        ))
    }
}

/// Starts `callers` processes and waits for all. Returns the microseconds and the number that
/// succeeded.
fn run_in_parallel(line: &CommandLine, callers: usize) -> Result<(f64, usize), String> {
    let begun = Instant::now();
    let started: Result<Vec<Child>, _> = (0..callers).map(|_| line.command().spawn()).collect();
    let mut succeeded = 0;
    for mut child in started.map_err(|e| e.to_string())? {
        let status = child.wait().map_err(|e| e.to_string())?;
        succeeded += usize::from(status.success());
    }
    Ok((begun.elapsed().as_secs_f64() * 1e6, succeeded))
}
