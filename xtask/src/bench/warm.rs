//! Warm calls beside an empty program, and beside other programs for the same job.

use super::figures::{Figures, median};
use super::home::{ACCOUNT, Home, ROLE};
use super::programs::Programs;
use super::spawn::Line;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use emulator::Options;
use std::path::{Path, PathBuf};

const GROUP: &str = "warm calls, whole process, median";

/// The calls whose cost is the point of this project.
pub(super) fn lines(sso: &Path, home: &Home) -> Vec<(&'static str, Line)> {
    let of = |words: &[&str]| Line::new(sso, words).environment(&home.offline());
    let complete = [
        "credential-process",
        "-s",
        "corp",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
    ];
    let large = home.large().display().to_string();
    vec![
        ("credential-process, options complete", of(&complete)),
        (
            "credential-process, by profile",
            of(&["credential-process", "--profile", "p4"]),
        ),
        (
            "credential-process, last of 10,000 profiles",
            of(&["credential-process", "--profile", "p9999"]).env("AWS_CONFIG_FILE", large),
        ),
        (
            "env, by profile",
            of(&["env", "-p", "p4", "--shell", "bash"]),
        ),
        (
            "exec, by profile",
            of(&["exec", "-p", "p4", "--", "/bin/true"]),
        ),
        (
            "hook-env, entering",
            of(&["hook-env", "bash"]).within(&home.project()),
        ),
        (
            "prompt",
            of(&["prompt"])
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
    let home = Home::create("warm", Options::default())?;
    warm_up(programs, &home)?;
    let mut rows = vec![
        ("an empty program", Line::new(&programs.empty, &[])),
        ("/bin/true", Line::new(Path::new("/bin/true"), &[])),
    ];
    rows.extend(lines(&programs.sso, &home));
    let guessing = Line::new(&programs.sso, &["env", "-p", "p4"]).environment(&home.offline());
    rows.push(("env, guessing the shell", guessing));
    let base = record(figures, rows, rounds, None)?;
    // They take a thousand times as long; a few rounds say enough.
    let others = others(workspace, &home);
    record(figures, others, rounds.min(7), Some(base)).map(drop)
}

/// A sign-in and a fetch for each kind of profile, and a project; after that the server is not needed any
/// more.
pub(super) fn warm_up(programs: &Programs, home: &Home) -> Result<(), String> {
    for profile in ["p4", "legacy"] {
        home.sign_in(&programs.sso, profile)?;
        let words = ["credential-process", "--profile", profile];
        let fetch = Line::new(&programs.sso, &words).environment(&home.online());
        fetch.output()?;
    }
    home.make_project(&programs.sso)
}

/// Runs all lines in turn, again and again, and records the medians. Without a given base
/// the first line is it; its median comes back.
fn record(
    figures: &mut Figures,
    rows: Vec<(&'static str, Line)>,
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

/// The AWS CLI that `setup` has installed, or the one on PATH; and peers.
fn others(workspace: &Workspace, home: &Home) -> Vec<(&'static str, Line)> {
    let installed = |name: &str| -> Option<PathBuf> {
        let ours = workspace.clients_dir().join("bin").join(name);
        ours.is_file()
            .then_some(ours)
            .or_else(|| find_in_path(name))
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
    for (name, program, words) in candidates {
        let Some(program) = installed(program) else {
            println!("{name}: not found, so not measured");
            continue;
        };
        let line = Line::new(&program, words).environment(&home.online());
        // What cannot answer on this HOME has nothing to be compared.
        match line.output() {
            Ok(_) => rows.push((name, line)),
            Err(why) => println!("{name}: not measured\n{why}"),
        }
    }
    rows
}
