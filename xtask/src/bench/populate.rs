//! Measures `sso populate` for a large organization: its time beyond the listing, beside writing
//! and syncing the same bytes, and a warm call with the resulting configuration.

use super::command_line::CommandLine;
use super::figures::{Figures, median};
use super::home::{BenchHome, LEGACY_PROFILE};
use super::programs::Programs;
use crate::write_files::write;
use emulator::Options;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

const GROUP: &str = "5,000 profiles";
/// Few accounts, so that the rate-limited listing takes seconds. Apart from the listing, only the
/// number of roles matters.
const ACCOUNTS: usize = 5;
const ROLES: usize = 1000;
const PROFILES: usize = ACCOUNTS * ROLES;

pub(super) fn measure(
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let home = BenchHome::create("populate", Options::default())?;
    home.server.handle().fill_accounts(ACCOUNTS, ROLES);
    home.sign_in(&programs.sso, "p4")?;
    time_populate(programs, &home, (rounds / 50).clamp(3, 5), figures)?;
    time_warm_call(programs, &home, rounds, figures)
}

/// Measures populate itself and checks that a second run changes nothing.
fn time_populate(
    programs: &Programs,
    home: &BenchHome,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let config = home.path().join(".aws/config");
    let failed = |error: std::io::Error| format!("{}: {error}", config.display());
    let before = fs::read_to_string(&config).map_err(failed)?;
    // With a single instance, populate needs no option to select it.
    let before = before.replace(LEGACY_PROFILE, "");
    let sso = |args: &[&str]| {
        CommandLine::new(&programs.sso, args).environment(&home.online_environment())
    };
    let listing = sso(&["roles", "--refresh", "--jsonl", "--role", "^$"]);
    let populate = sso(&["populate", "--region", "eu-central-1"]);
    let empty = CommandLine::new(&programs.empty, &[]);
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..rounds {
        write(&config, &before)?;
        times[0].push(listing.time()?);
        times[1].push(populate.time()?);
        let bytes = fs::read(&config).map_err(failed)?;
        times[2].push(populate.time()?);
        times[3].push(time_write(&bytes, home.path())?);
        times[4].push(empty.time()?);
        if fs::read(&config).map_err(failed)? != bytes {
            return Err("the second run changed the file".to_owned());
        }
    }
    let text = fs::read_to_string(&config).map_err(failed)?;
    let count = text.matches("\nx_sso_session").count();
    figures.count(GROUP, "populate: profiles", count as u64, "");
    if count != PROFILES {
        return Err(format!("{count} profiles written, expected {PROFILES}"));
    }
    // The limit is a multiple of an empty program and not of the disk's speed. It uses the best
    // times, because the rate-limited listing takes a second or more.
    let best = |times: &[f64]| times.iter().copied().fold(f64::MAX, f64::min);
    let [listing, first, again, _, empty] = times.each_ref().map(|times| best(times));
    let multiple = (first.max(again) - listing).max(0.0) / empty;
    let name = "populate: multiple of an empty program";
    figures.count(GROUP, name, multiple.ceil() as u64, "");
    let [listing, first, again, write, _] = &mut times;
    let (listing, write) = (median(listing), median(write));
    figures.time(
        GROUP,
        "writing and syncing the same bytes",
        write,
        Some(1.0),
    );
    let beyond = |times: &mut [f64]| (median(times) - listing).max(0.0);
    for (name, times) in [("first run", first), ("run again", again)] {
        let beyond = beyond(times);
        let name = format!("populate beyond the listing, {name}");
        figures.time(GROUP, name, beyond, Some(beyond / write));
    }
    Ok(())
}

/// Writes a file durably, by sync and rename, and returns the microseconds.
fn time_write(bytes: &[u8], folder: &Path) -> Result<f64, String> {
    let (temporary, target) = (folder.join("copy.tmp"), folder.join("copy"));
    let begun = Instant::now();
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, &target)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| format!("{}: {error}", target.display()))?;
    Ok(begun.elapsed().as_secs_f64() * 1e6)
}

/// Measures a warm call with the last profile.
fn time_warm_call(
    programs: &Programs,
    home: &BenchHome,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let config = home.path().join(".aws/config");
    let text = fs::read_to_string(&config).map_err(|e| format!("{}: {e}", config.display()))?;
    let name = text.lines().rev().find_map(|line| {
        let name = line.strip_prefix("[profile ")?;
        name.strip_suffix(']')
    });
    let args = ["credential-process", "-p", name.unwrap_or_default()];
    CommandLine::new(&programs.sso, &args)
        .environment(&home.online_environment())
        .output()?;
    let call = CommandLine::new(&programs.sso, &args).environment(&home.offline_environment());
    let empty = CommandLine::new(&programs.empty, &[]);
    let mut times: [Vec<f64>; 2] = Default::default();
    for _ in 0..rounds {
        times[0].push(empty.time()?);
        times[1].push(call.time()?);
    }
    let [empty, call] = &mut times;
    let (empty, call) = (median(empty), median(call));
    let name = "credential-process, last profile (ratio: to an empty program)";
    figures.time(GROUP, name, call, Some(call / empty));
    Ok(())
}
