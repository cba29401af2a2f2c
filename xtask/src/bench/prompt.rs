//! What a prompt costs with the hook, in real shells on a terminal, beside direnv's and
//! beside the capture of a program that does nothing. A script for each shell stands beside
//! this file; it writes down what each call took.

use super::figures::{Figures, median};
use super::home::{Home, ROLE};
use super::programs::Programs;
use super::spawn::Line;
use super::warm;
use crate::process::find_in_path;
use crate::workspace::Workspace;
use crate::write_files::write;
use emulator::Options;
use std::fs;
use std::path::Path;

/// Rows of the table, and the names in the scripts. The first is what the others are
/// compared with.
const ROWS: [(&str, &str); 8] = [
    ("true", "a captured /bin/true"),
    ("nothing", "nothing here"),
    // Only fish writes down where it has looked; the others look the same way each time.
    ("arriving", "nothing here, the first prompt"),
    ("loaded", "loaded, unchanged"),
    ("entering", "entering, warm"),
    ("direnv-nothing", "direnv, nothing here"),
    ("direnv-loaded", "direnv, loaded, unchanged"),
    ("direnv-entering", "direnv, entering"),
];

struct Shell {
    name: &'static str,
    group: &'static str,
    script: &'static str,
    /// Starts it without anybody's start-up files, then our script.
    start: &'static str,
}

const SHELLS: [Shell; 3] = [
    Shell {
        name: "bash",
        group: "a prompt of bash, median",
        script: include_str!("prompt/bash.sh"),
        start: "bash --noprofile --rcfile",
    },
    Shell {
        name: "zsh",
        group: "a prompt of zsh, median",
        script: include_str!("prompt/zsh.sh"),
        start: "zsh -f -i",
    },
    Shell {
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
    let home = Home::create("prompt", Options::default())?;
    warm::warm_up(programs, &home)?;
    // Otherwise every fish in a new home describes all manual pages first.
    let pages = home.path().join(".local/share/fish/generated_completions");
    fs::create_dir_all(&pages).map_err(|e| format!("{}: {e}", pages.display()))?;
    let direnv = find_in_path("direnv");
    if let Some(direnv) = &direnv {
        let envrc = home.path().join("q/.envrc");
        write(&home.path().join("q/a/b/keep"), "")?;
        write(&envrc, &format!("export AWS_PROFILE={ROLE}\n"))?;
        let allow = ["allow", &envrc.display().to_string()];
        let allow = Line::new(direnv, &allow).environment(&home.offline());
        allow.output()?;
    }
    for shell in &SHELLS {
        if find_in_path(shell.name).is_none() || find_in_path("script").is_none() {
            let why = format!("a prompt of {}: not measured, for want of it", shell.name);
            println!("{why}");
            if workspace.in_ci {
                return Err(why);
            }
            continue;
        }
        let times = run(&home, programs, shell, direnv.as_deref(), rounds)?;
        record(shell, &times, figures)?;
    }
    Ok(())
}

/// The lines that the script has written.
fn run(
    home: &Home,
    programs: &Programs,
    shell: &Shell,
    direnv: Option<&Path>,
    rounds: usize,
) -> Result<String, String> {
    let script = home.path().join(format!("measure.{}", shell.name));
    let out = home.path().join(format!("times.{}", shell.name));
    write(&script, shell.script)?;
    // In a file of its own, so that no shell has to quote it.
    let start = format!("{} {}", shell.start, script.display());
    let started = Line::new(Path::new("script"), &["-qec", &start, "/dev/null"])
        .environment(&home.offline())
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

fn record(shell: &Shell, times: &str, figures: &mut Figures) -> Result<(), String> {
    let medians = ROWS.map(|(name, _)| {
        let lines = times.lines().filter_map(|line| line.split_once(' '));
        let mut own: Vec<f64> = lines
            .filter(|(of, _)| *of == name)
            .filter_map(|(_, time)| time.parse().ok())
            .collect();
        (!own.is_empty()).then(|| median(&mut own))
    });
    let Some(base) = medians.first().copied().flatten() else {
        return Err(format!("{} has measured nothing", shell.name));
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
