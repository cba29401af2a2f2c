//! Measures warm calls beside an empty program and beside other programs for the same task.

use super::command_line::CommandLine;
use super::figures::{Figures, median};
use super::home::{ACCOUNT, BenchHome, ROLE};
use super::programs::Programs;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use emulator::Options;
use std::path::{Path, PathBuf};

const GROUP: &str = "warm calls, whole process, median";

/// Returns the measured calls with their names.
pub(super) fn command_lines(sso: &Path, home: &BenchHome) -> Vec<(&'static str, CommandLine)> {
    let call = |args: &[&str]| CommandLine::new(sso, args).environment(&home.offline_environment());
    let complete = [
        "credential-process",
        "-s",
        "corp",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
    ];
    let large = home.large_config().display().to_string();
    vec![
        ("credential-process, options complete", call(&complete)),
        (
            "credential-process, by profile",
            call(&["credential-process", "--profile", "p4"]),
        ),
        (
            "credential-process, last of 10,000 profiles",
            call(&["credential-process", "--profile", "p9999"]).env("AWS_CONFIG_FILE", large),
        ),
        (
            "env, by profile",
            call(&["env", "-p", "p4", "--shell", "bash"]),
        ),
        (
            "exec, by profile",
            call(&["exec", "-p", "p4", "--", "/bin/true"]),
        ),
        (
            "hook-env, entering",
            call(&["hook-env", "bash"]).current_dir(&home.project_dir()),
        ),
        (
            "prompt",
            call(&["prompt"])
                .env("AWS_SSO_PROFILE", "p4")
                .env("AWS_ACCESS_KEY_ID", "ASIA")
                .env("AWS_CREDENTIAL_EXPIRATION", "2099-01-01T00:00:00Z"),
        ),
    ]
}

pub(super) fn measure(
    workspace: &Workspace,
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let home = BenchHome::create("warm", Options::default())?;
    fill_caches(programs, &home)?;
    let mut rows = vec![
        ("an empty program", CommandLine::new(&programs.empty, &[])),
        ("/bin/true", CommandLine::new(Path::new("/bin/true"), &[])),
    ];
    rows.extend(command_lines(&programs.sso, &home));
    let without_shell = CommandLine::new(&programs.sso, &["env", "-p", "p4"])
        .environment(&home.offline_environment());
    rows.push(("env, shell not given", without_shell));
    let base = record(figures, rows, rounds, None)?;
    // The other programs take a thousand times as long, so a few rounds suffice.
    let others = other_programs(workspace, &home);
    record(figures, others, rounds.min(7), Some(base)).map(drop)
}

/// Signs in and caches credentials for each kind of profile, and creates the project. Calls need no
/// server afterwards.
pub(super) fn fill_caches(programs: &Programs, home: &BenchHome) -> Result<(), String> {
    for profile in ["p4", "legacy"] {
        home.sign_in(&programs.sso, profile)?;
        let args = ["credential-process", "--profile", profile];
        let fetch = CommandLine::new(&programs.sso, &args).environment(&home.online_environment());
        fetch.output()?;
    }
    home.create_project(&programs.sso)
}

/// Runs the command lines in turns and records their medians. The base of the ratios is `base` or
/// else the first median; it is returned.
fn record(
    figures: &mut Figures,
    rows: Vec<(&'static str, CommandLine)>,
    rounds: usize,
    base: Option<f64>,
) -> Result<f64, String> {
    let mut times: Vec<Vec<f64>> = rows.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for ((_, line), times) in rows.iter().zip(&mut times) {
            times.push(line.time()?);
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    let base = base.or(medians.first().copied()).unwrap_or(1.0);
    for ((name, _), time) in rows.into_iter().zip(medians) {
        figures.time(GROUP, name, time, Some(time / base));
    }
    Ok(base)
}

/// Other programs for the same task, installed by `setup` or found in PATH.
fn other_programs(workspace: &Workspace, home: &BenchHome) -> Vec<(&'static str, CommandLine)> {
    let installed = |name: &str| -> Option<PathBuf> {
        let own = workspace.clients_dir().join("bin").join(name);
        own.is_file().then_some(own).or_else(|| find_in_path(name))
    };
    let candidates: [(&'static str, &str, &[&str]); 2] = [
        (
            "aws configure export-credentials",
            "aws",
            &["configure", "export-credentials", "--profile", "p4"],
        ),
        (
            "aws-sso-util credential-process",
            "aws-sso-util",
            &["credential-process", "--profile", "legacy"],
        ),
    ];
    let mut rows = Vec::new();
    for (name, program, args) in candidates {
        let Some(program) = installed(program) else {
            println!("{name}: not measured, not found");
            continue;
        };
        let line = CommandLine::new(&program, args).environment(&home.online_environment());
        // A program that fails in this HOME is not compared.
        match line.output() {
            Ok(_) => rows.push((name, line)),
            Err(why) => println!("{name}: not measured\n{why}"),
        }
    }
    rows
}
