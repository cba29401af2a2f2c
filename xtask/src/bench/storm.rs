//! A hundred callers at the moment at which the access token has expired.

use super::figures::{Figures, median};
use super::home::Home;
use super::programs::Programs;
use super::spawn::Line;
use emulator::Options;
use std::process::Child;
use std::time::{Duration, Instant};

const GROUP: &str = "100 callers at once, wall time, median";
const CALLERS: usize = 100;
const ROUNDS: usize = 5;

/// What the server says to a refresh.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    Expired,
    Dead,
}

pub(super) fn measure(programs: &Programs, figures: &mut Figures) -> Result<(), String> {
    let empty = Line::new(&programs.empty, &[]);
    let mut empties = Vec::new();
    for _ in 0..ROUNDS {
        empties.push(together(&empty, CALLERS)?.0);
    }
    let empties = median(&mut empties);
    figures.time(GROUP, "100 empty programs", empties, None);
    for (token, name) in [(Token::Expired, "expired"), (Token::Dead, "dead")] {
        let home = Home::create(name, Options::default())?;
        let line = Line::new(&programs.sso, &["credential-process", "--profile", "p4"])
            .environment(&home.online());
        let (mut one, mut many) = (Vec::new(), Vec::new());
        let (mut refreshes, mut fetches) = (0, 0);
        for _ in 0..ROUNDS {
            one.push(round(programs, &home, &line, token, 1)?);
            many.push(round(programs, &home, &line, token, CALLERS)?);
            let server = home.server.handle();
            refreshes = refreshes.max(server.count("CreateToken"));
            fetches = fetches.max(server.count("GetRoleCredentials"));
        }
        let (one, many) = (median(&mut one), median(&mut many));
        figures.time(GROUP, format!("one caller, {name}"), one, None);
        let bound = 2.0 * one + empties;
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

fn round(
    programs: &Programs,
    home: &Home,
    line: &Line,
    token: Token,
    callers: usize,
) -> Result<f64, String> {
    let server = home.server.handle();
    home.forget()?;
    server.configure(|options| options.access_token_seconds = 1);
    home.sign_in(&programs.sso, "p4")?;
    server.configure(|options| options.access_token_seconds = 28_800);
    if token == Token::Dead {
        server.revoke_refresh_tokens();
    }
    std::thread::sleep(Duration::from_millis(1100));
    server.clear_log();
    let (took, succeeded) = together(line, callers)?;
    let expected = if token == Token::Dead { 0 } else { callers };
    if succeeded == expected {
        Ok(took)
    } else {
        Err(format!("{succeeded} of {callers} callers got credentials"))
    }
}

/// Starts so many, waits for all, and counts those that succeeded.
fn together(line: &Line, callers: usize) -> Result<(f64, usize), String> {
    let begun = Instant::now();
    let started: Result<Vec<Child>, _> = (0..callers).map(|_| line.command().spawn()).collect();
    let mut succeeded = 0;
    for mut child in started.map_err(|e| e.to_string())? {
        let status = child.wait().map_err(|e| e.to_string())?;
        succeeded += usize::from(status.success());
    }
    Ok((begun.elapsed().as_secs_f64() * 1e6, succeeded))
}
