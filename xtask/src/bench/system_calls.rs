//! Counts the system calls of warm calls with strace.

use super::command_line::CommandLine;
use super::figures::Figures;
use super::home::BenchHome;
use super::programs::Programs;
use super::warm_calls;
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
        let why = "system calls: not counted, strace is missing";
        println!("{why}");
        return if workspace.in_ci {
            Err(why.to_owned())
        } else {
            Ok(())
        };
    };
    let home = BenchHome::create("calls", Options::default())?;
    warm_calls::fill_caches(programs, &home)?;
    for (name, line) in warm_calls::command_lines(&programs.sso, &home) {
        let count = count_calls(&strace, &home, line)?;
        figures.count("system calls", format!("calls: {name}"), count, "");
    }
    Ok(())
}

/// Counts the system calls of a command line, for `exec` only until the command starts.
fn count_calls(strace: &Path, home: &BenchHome, line: CommandLine) -> Result<u64, String> {
    let file = home.path().join("trace");
    line.wrapped_in(strace, &["-qq", "-o", &file.display().to_string()])
        .output()?;
    let trace = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    // The first line is strace's own execve.
    let calls = trace
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with("execve("));
    let count = calls.filter(|line| line.contains('(')).count();
    u64::try_from(count).map_err(|e| e.to_string())
}
