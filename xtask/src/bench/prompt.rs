//! Measures the hook at a prompt in real shells on a terminal, beside direnv's hook and a captured
//! `/bin/true`.
//!
//! The scripts in `prompt/`, one per shell, write the duration of each call to a file.

use super::command_line::CommandLine;
use super::figures::{Figures, median};
use super::home::{BenchHome, ROLE};
use super::programs::Programs;
use super::warm_calls;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use crate::write_files::write;
use emulator::Options;
use std::fs;
use std::path::Path;

/// Names in the scripts' output and rows of the table. The first is the base of the ratios.
const ROWS: [(&str, &str); 8] = [
    ("true", "a captured /bin/true"),
    ("nothing", "nothing here"),
    // Only the fish hook remembers the directory that it has checked.
    ("arriving", "nothing here, the first prompt"),
    ("loaded", "loaded, unchanged"),
    ("entering", "entering, warm"),
    ("direnv-nothing", "direnv, nothing here"),
    ("direnv-loaded", "direnv, loaded, unchanged"),
    ("direnv-entering", "direnv, entering"),
];

/// A shell and its script.
struct MeasuredShell {
    name: &'static str,
    group: &'static str,
    script: &'static str,
    /// Command that runs a script without the user's start-up files.
    start: &'static str,
}

const SHELLS: [MeasuredShell; 3] = [
    MeasuredShell {
        name: "bash",
        group: "a prompt of bash, median",
        script: include_str!("prompt/bash.sh"),
        start: "bash --noprofile --rcfile",
    },
    MeasuredShell {
        name: "zsh",
        group: "a prompt of zsh, median",
        script: include_str!("prompt/zsh.sh"),
        start: "zsh -f -i",
    },
    MeasuredShell {
        name: "fish",
        group: "a prompt of fish, median",
        script: include_str!("prompt/fish.fish"),
        start: "fish --no-config --interactive",
    },
];

pub(super) fn measure(
    workspace: &Workspace,
    programs: &Programs,
    rounds: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let home = BenchHome::create("prompt", Options::default())?;
    warm_calls::fill_caches(programs, &home)?;
    // Without this folder, fish generates completions from all manual pages first.
    let pages = home.path().join(".local/share/fish/generated_completions");
    fs::create_dir_all(&pages).map_err(|e| format!("{}: {e}", pages.display()))?;
    let direnv = find_in_path("direnv");
    if let Some(direnv) = &direnv {
        let envrc = home.path().join("q/.envrc");
        write(&home.path().join("q/a/b/keep"), "")?;
        write(&envrc, &format!("export AWS_PROFILE={ROLE}\n"))?;
        let allow = ["allow", &envrc.display().to_string()];
        let allow = CommandLine::new(direnv, &allow).environment(&home.offline_environment());
        allow.output()?;
    }
    for shell in &SHELLS {
        if find_in_path(shell.name).is_none() || find_in_path("script").is_none() {
            let why = format!(
                "prompt of {0}: not measured, {0} or script is missing",
                shell.name
            );
            println!("{why}");
            if workspace.in_ci {
                return Err(why);
            }
            continue;
        }
        let times = run_script(&home, programs, shell, direnv.as_deref(), rounds)?;
        record(shell, &times, figures)?;
    }
    Ok(())
}

/// Runs the script of a shell and returns the lines that it wrote.
fn run_script(
    home: &BenchHome,
    programs: &Programs,
    shell: &MeasuredShell,
    direnv: Option<&Path>,
    rounds: usize,
) -> Result<String, String> {
    let script = home.path().join(format!("measure.{}", shell.name));
    let out = home.path().join(format!("times.{}", shell.name));
    write(&script, shell.script)?;
    // The shell's script is in a file, so that it need not be quoted for `script`.
    let start = format!("{} {}", shell.start, script.display());
    let started = CommandLine::new(Path::new("script"), &["-qec", &start, "/dev/null"])
        .environment(&home.offline_environment())
        .env("TERM", "dumb")
        .env("SHELL", "/bin/sh")
        .env("B_SSO", programs.sso.display().to_string())
        .env(
            "B_DIRENV",
            direnv.map_or(String::new(), |it| it.display().to_string()),
        )
        .env("B_ROUNDS", rounds.to_string())
        .env("B_OUT", out.display().to_string())
        .output();
    match fs::read_to_string(&out) {
        Ok(times) => Ok(times),
        Err(error) => Err(format!("{}: {error}: {started:?}", shell.name)),
    }
}

/// Records the medians of the times in the output of a script.
fn record(shell: &MeasuredShell, times: &str, figures: &mut Figures) -> Result<(), String> {
    let medians = ROWS.map(|(name, _)| {
        let lines = times.lines().filter_map(|line| line.split_once(' '));
        let mut own: Vec<f64> = lines
            .filter(|(of, _)| *of == name)
            .filter_map(|(_, time)| time.parse().ok())
            .collect();
        (!own.is_empty()).then(|| median(&mut own))
    });
    let Some(base) = medians.first().copied().flatten() else {
        return Err(format!("{} wrote no times", shell.name));
    };
    for ((_, row), time) in ROWS.iter().zip(medians) {
        if let Some(time) = time {
            figures.time(
                shell.group,
                format!("{}: {row}", shell.name),
                time,
                Some(time / base),
            );
        }
    }
    Ok(())
}
