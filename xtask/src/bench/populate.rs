//! A profile for every role of a large organization: what writing them costs beyond the
//! listing, beside writing and syncing the same bytes, and what a warm call costs with them.

use super::figures::{Figures, median};
use super::home::{Home, LEGACY};
use super::programs::Programs;
use super::spawn::Line;
use crate::write_files::write;
use emulator::Options;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

const GROUP: &str = "5,000 profiles";
/// Few accounts, so that the listing, which is paced, takes seconds and not a minute. Beyond
/// it only the number of roles counts.
const ACCOUNTS: usize = 5;
const ROLES: usize = 1000;
const PROFILES: usize = ACCOUNTS * ROLES;

pub(super) fn measure(
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let home = Home::create("populate", Options::default())?;
    home.server.handle().fill_accounts(ACCOUNTS, ROLES);
    home.sign_in(&programs.sso, "p4")?;
    writing(programs, &home, (rounds / 50).clamp(3, 5), figures)?;
    warm(programs, &home, rounds, figures)
}

fn writing(
    programs: &Programs,
    home: &Home,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let config = home.path().join(".aws/config");
    let failed = |error: std::io::Error| format!("{}: {error}", config.display());
    let before = fs::read_to_string(&config).map_err(failed)?;
    // One instance, as most people have, so that nobody needs to name it.
    let before = before.replace(LEGACY, "");
    let of = |words: &[&str]| Line::new(&programs.sso, words).environment(&home.online());
    let listing = of(&["roles", "--refresh", "--jsonl", "--role", "^$"]);
    let populate = of(&["populate", "--region", "eu-central-1"]);
    let empty = Line::new(&programs.empty, &[]);
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..rounds {
        write(&config, &before)?;
        times[0].push(listing.time()?);
        times[1].push(populate.time()?);
        let bytes = fs::read(&config).map_err(failed)?;
        times[2].push(populate.time()?);
        times[3].push(copied(&bytes, home.path())?);
        times[4].push(empty.time()?);
        if fs::read(&config).map_err(failed)? != bytes {
            return Err("the second run wrote other bytes than the first".to_owned());
        }
    }
    let text = fs::read_to_string(&config).map_err(failed)?;
    let count = text.matches("\nx_sso_session").count();
    figures.count(GROUP, "populate: profiles", count as u64, "");
    if count != PROFILES {
        return Err(format!("{count} profiles were written, not {PROFILES}"));
    }
    // How fast a disk is says nothing about the program: what is held to a limit is compared
    // with a start, at their best, because a listing is paced and takes a second or more.
    let best = |times: &[f64]| times.iter().copied().fold(f64::MAX, f64::min);
    let [listed, first, again, _, empty] = times.each_ref().map(|times| best(times));
    let times_empty = (first.max(again) - listed).max(0.0) / empty;
    let name = "populate: times an empty program";
    figures.count(GROUP, name, times_empty.ceil() as u64, "");
    let [listed, first, again, bare, _] = &mut times;
    let (listed, bare) = (median(listed), median(bare));
    figures.time(GROUP, "writing and syncing the same bytes", bare, Some(1.0));
    let beyond = |times: &mut [f64]| (median(times) - listed).max(0.0);
    for (name, times) in [("first run", first), ("run again", again)] {
        let beyond = beyond(times);
        let name = format!("populate beyond the listing, {name}");
        figures.time(GROUP, name, beyond, Some(beyond / bare));
    }
    Ok(())
}

/// Writes a file as any careful program does: what was renamed survives a power cut, too.
fn copied(bytes: &[u8], folder: &Path) -> Result<f64, String> {
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

/// The last of them, with its credentials cached.
fn warm(
    programs: &Programs,
    home: &Home,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let config = home.path().join(".aws/config");
    let text = fs::read_to_string(&config).map_err(|e| format!("{}: {e}", config.display()))?;
    let name = text.lines().rev().find_map(|line| {
        let name = line.strip_prefix("[profile ")?;
        name.strip_suffix(']')
    });
    let words = ["credential-process", "-p", name.unwrap_or_default()];
    Line::new(&programs.sso, &words)
        .environment(&home.online())
        .output()?;
    let call = Line::new(&programs.sso, &words).environment(&home.offline());
    let empty = Line::new(&programs.empty, &[]);
    let mut times: [Vec<f64>; 2] = Default::default();
    for _ in 0..rounds {
        times[0].push(empty.time()?);
        times[1].push(call.time()?);
    }
    let [empty, call] = &mut times;
    let (empty, call) = (median(empty), median(call));
    let name = "credential-process, the last of them (ratio: to an empty program)";
    figures.time(GROUP, name, call, Some(call / empty));
    Ok(())
}
