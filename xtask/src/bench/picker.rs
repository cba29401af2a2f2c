//! Measures how soon `sso configure` shows its first screen, with 5,000 cached roles.
//!
//! Runs on a terminal that `script` provides. The time runs from a marker printed before the
//! program to the end of the first screen, beside the same for an empty program.

use super::command_line::CommandLine;
use super::figures::{Figures, median};
use super::home::BenchHome;
use super::programs::Programs;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use emulator::Options;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

const GROUP: &str = "first screen of 5,000 cached roles, median";
const ACCOUNTS: usize = 1000;
const ROLES: usize = 5;
/// Marker printed before the program starts.
const BEFORE: &str = "BEFORE";
/// Marker printed after the empty program.
const AFTER: &str = "AFTER";

pub(super) fn measure(
    workspace: &Workspace,
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let Some(script) = find_in_path("script") else {
        let why = "first screen: not measured, script is missing".to_owned();
        println!("{why}");
        return if workspace.in_ci { Err(why) } else { Ok(()) };
    };
    let home = BenchHome::create("picker", Options::default())?;
    home.server.handle().fill_accounts(ACCOUNTS, ROLES);
    home.sign_in(&programs.sso, "p4")?;
    let args = ["roles", "-s", "corp", "--refresh", "--csv"];
    CommandLine::new(&programs.sso, &args)
        .environment(&home.online_environment())
        .output()?;
    let sso = format!("'{}' configure new -s corp", programs.sso.display());
    let empty = format!("'{}'; printf {AFTER}", programs.empty.display());
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds.min(100) {
        times[0].push(time_until(&home, &script, &empty, AFTER)?);
        times[1].push(time_until(&home, &script, &sso, "Enter chooses")?);
    }
    let [empty, configure] = times.each_mut().map(|times| median(times));
    figures.time(GROUP, "an empty program", empty, Some(1.0));
    figures.time(GROUP, "configure", configure, Some(configure / empty));
    let multiple = (configure / empty).ceil() as u64;
    figures.count(
        GROUP,
        "picker: multiple of an empty program".to_owned(),
        multiple,
        "",
    );
    Ok(())
}

/// Returns the microseconds until the command prints `end`.
fn time_until(home: &BenchHome, script: &Path, command: &str, end: &str) -> Result<f64, String> {
    let command = format!("printf {BEFORE}; {command}");
    let line = CommandLine::new(script, &["-qec", &command, "/dev/null"])
        .environment(&home.offline_environment());
    let line = line.env("TERM", "xterm").env("SHELL", "/bin/sh");
    let mut child = line
        .command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{}: {e}", script.display()))?;
    let mut screen = child.stdout.take().ok_or("script has no output")?;
    let mut seen = Vec::new();
    let mut wait_for = |text: &str| -> Result<Instant, String> {
        let mut bytes = [0; 8192];
        while !String::from_utf8_lossy(&seen).contains(text) {
            match screen.read(&mut bytes) {
                Ok(read) if read > 0 => seen.extend_from_slice(&bytes[..read]),
                _ => {
                    let seen = String::from_utf8_lossy(&seen);
                    return Err(format!("not shown: {text}\n{seen}"));
                }
            }
        }
        Ok(Instant::now())
    };
    let begun = wait_for(BEFORE);
    let ended = begun.and_then(|begun| Ok((begun, wait_for(end)?)));
    // Closing the terminal ends the program.
    let _ = child.kill();
    let _ = child.wait();
    let (begun, ended) = ended?;
    Ok((ended - begun).as_secs_f64() * 1e6)
}
