//! How many system calls a warm call makes, by strace.

use super::figures::Figures;
use super::home::Home;
use super::programs::Programs;
use super::spawn::Line;
use super::warm;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use emulator::Options;
use std::fs;
use std::path::Path;

pub(super) fn measure(
    workspace: &Workspace,
    programs: &Programs,
    figures: &mut Figures,
) -> Result<(), String> {
    let Some(strace) = find_in_path("strace") else {
        let why = "system calls: not counted, for want of strace";
        println!("{why}");
        return if workspace.in_ci {
            Err(why.to_owned())
        } else {
            Ok(())
        };
    };
    let home = Home::create("calls", Options::default())?;
    warm::warm_up(programs, &home)?;
    for (name, line) in warm::lines(&programs.sso, &home) {
        let count = count(&strace, &home, line)?;
        figures.count("system calls", format!("calls: {name}"), count, "");
    }
    Ok(())
}

/// Counts until the end, or until the command of `exec` takes over.
fn count(strace: &Path, home: &Home, line: Line) -> Result<u64, String> {
    let file = home.path().join("trace");
    line.wrapped(strace, &["-qq", "-o", &file.display().to_string()])
        .output()?;
    let trace = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let after_the_start = trace.lines().skip(1);
    let ours = after_the_start.take_while(|line| !line.starts_with("execve("));
    let count = ours.filter(|line| line.contains('(')).count();
    u64::try_from(count).map_err(|e| e.to_string())
}
