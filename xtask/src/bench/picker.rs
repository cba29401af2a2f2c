//! How soon the list of `sso configure` is on the screen, when 5,000 roles were listed before.
//!
//! On a terminal that `script` gives: the time from what is printed before the program to what
//! stands at the end of the first screen, beside the same for a program that does nothing.

use super::figures::{Figures, median};
use super::home::Home;
use super::programs::Programs;
use super::spawn::Line;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use emulator::Options;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

const GROUP: &str = "the first screen of 5,000 roles listed before, median";
const ACCOUNTS: usize = 1000;
const ROLES: usize = 5;
/// What is printed before the program starts, and behind one that does nothing.
const BEFORE: &str = "BEFORE";
const BEHIND: &str = "BEHIND";

pub(super) fn measure(
    workspace: &Workspace,
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let Some(script) = find_in_path("script") else {
        let why = "the first screen: not measured, for want of script".to_owned();
        println!("{why}");
        return if workspace.in_ci { Err(why) } else { Ok(()) };
    };
    let home = Home::create("picker", Options::default())?;
    home.server.handle().fill_accounts(ACCOUNTS, ROLES);
    home.sign_in(&programs.sso, "p4")?;
    let list = ["roles", "-s", "corp", "--refresh", "--csv"];
    let list = Line::new(&programs.sso, &list).environment(&home.online());
    list.output()?;
    let sso = format!("'{}' configure new -s corp", programs.sso.display());
    let empty = format!("'{}'; printf {BEHIND}", programs.empty.display());
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds.min(100) {
        times[0].push(screen(&home, &script, &empty, BEHIND)?);
        times[1].push(screen(&home, &script, &sso, "Enter chooses")?);
    }
    let [empty, first] = times.each_mut().map(|times| median(times));
    figures.time(GROUP, "an empty program", empty, Some(1.0));
    figures.time(GROUP, "configure", first, Some(first / empty));
    let times = (first / empty).ceil() as u64;
    figures.count(
        GROUP,
        "picker: times an empty program".to_owned(),
        times,
        "",
    );
    Ok(())
}

/// Microseconds until `until` is shown.
fn screen(home: &Home, script: &Path, command: &str, until: &str) -> Result<f64, String> {
    let command = format!("printf {BEFORE}; {command}");
    let line = Line::new(script, &["-qec", &command, "/dev/null"]).environment(&home.offline());
    let line = line.env("TERM", "xterm").env("SHELL", "/bin/sh");
    let mut child = line
        .command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{}: {e}", script.display()))?;
    let mut shown = child.stdout.take().ok_or("script has no output")?;
    let mut seen = Vec::new();
    let mut wait = |text: &str| -> Result<Instant, String> {
        let mut bytes = [0; 8192];
        while !String::from_utf8_lossy(&seen).contains(text) {
            match shown.read(&mut bytes) {
                Ok(read) if read > 0 => seen.extend_from_slice(&bytes[..read]),
                _ => {
                    let seen = String::from_utf8_lossy(&seen);
                    return Err(format!("never shown: {text}\n{seen}"));
                }
            }
        }
        Ok(Instant::now())
    };
    let begun = wait(BEFORE);
    let ended = begun.and_then(|begun| Ok((begun, wait(until)?)));
    // With the terminal goes whatever still runs on it.
    let _ = child.kill();
    let _ = child.wait();
    let (begun, ended) = ended?;
    Ok((ended - begun).as_secs_f64() * 1e6)
}
