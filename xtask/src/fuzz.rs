//! `cargo xtask fuzz`: hands the targets of `tests/fuzz` what a fuzzer makes up.
//!
//! It works on stable Rust without a sanitizer: the code looked at has no `unsafe`, so what
//! is looked for are panics, overflows, endless loops, and answers that contradict each
//! other. What a target holds true is written in the target.

mod options;
mod session;

use crate::run::{cargo, cargo_program, output, run};
use crate::workspace::Workspace;
use options::Options;
use session::{Session, Verdict};
use std::path::{Path, PathBuf};

/// The crates in which the fuzzer sees where it has been: ours, and those that take foreign
/// bytes apart for us. In all of the SDK it would see so much that little time was left.
const OURS: &str = "sso";
const READERS: &str = "aws_smithy_json percent_encoding serde_json shlex";

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    let targets = targets(workspace)?;
    let options = Options::parse(words, &targets)?;
    let home = workspace.root.join("target/fuzz");
    let programs = build(
        workspace,
        &Build {
            target_folder: home.clone(),
            profile: "release",
            counted: format!("{OURS} {READERS}"),
            targets: &targets,
        },
    )?;
    let limits = options.limits();
    fuzz(workspace, &programs, &options.targets, &home, &limits)
}

/// The short run of ci: every seed, then a few seconds of the same inventions each time. It
/// uses the dependencies that the tests use, so that nothing but our own code is built anew.
pub(crate) fn smoke(workspace: &Workspace) -> Result<(), String> {
    let targets = targets(workspace)?;
    let home = workspace.root.join("target/fuzz/smoke");
    let programs = build(
        workspace,
        &Build {
            target_folder: workspace.root.join("target"),
            profile: "dev",
            counted: OURS.to_owned(),
            targets: &targets,
        },
    )?;
    let _ = std::fs::remove_dir_all(&home);
    let limits = ["-seed=1".to_owned(), "-max_total_time=5".to_owned()];
    fuzz(workspace, &programs, &targets, &home, &limits)
}

/// Where the sources of the targets are, and the names they have.
fn targets(workspace: &Workspace) -> Result<Vec<String>, String> {
    let folder = workspace.root.join("tests/fuzz/targets");
    let files = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

struct Build<'a> {
    target_folder: PathBuf,
    profile: &'static str,
    counted: String,
    targets: &'a [String],
}

/// Builds the targets and says in which folder they are.
fn build(workspace: &Workspace, wanted: &Build) -> Result<PathBuf, String> {
    let package = workspace.root.join("tests/fuzz");
    let counted = format!("{} {}", wanted.counted, wanted.targets.join(" "));
    let mut build = cargo(&package);
    build
        .args(["build", "--locked", "--bins", "--profile", wanted.profile])
        .arg("--target-dir")
        .arg(&wanted.target_folder)
        .env("RUSTC_WRAPPER", package.join("rustc"))
        .env("SSO_FUZZ_COUNTED", counted);
    run(&mut build).map_err(|why| {
        format!(
            "{why}\nif tests/fuzz/Cargo.lock is behind Cargo.lock, run \
             `cargo update --workspace --manifest-path tests/fuzz/Cargo.toml`"
        )
    })?;
    let folder = if wanted.profile == "dev" {
        "debug"
    } else {
        wanted.profile
    };
    Ok(wanted.target_folder.join(triple()?).join(folder))
}

/// This computer's triple: `.cargo/config.toml` asks for it by name.
fn triple() -> Result<String, String> {
    let rustc = cargo_program().with_file_name("rustc");
    let rustc = if rustc.is_file() {
        rustc
    } else {
        "rustc".into()
    };
    let version = output(crate::run::command(rustc, Path::new("/")).arg("-vV"))?;
    let line = version.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| "rustc does not name its host".to_owned())
}

fn fuzz(
    workspace: &Workspace,
    programs: &Path,
    targets: &[String],
    home: &Path,
    limits: &[String],
) -> Result<(), String> {
    let mut broken = Vec::new();
    for name in targets {
        let session = Session {
            name,
            program: programs.join(name),
            source: workspace.root.join("tests/fuzz"),
            home,
            limits,
        };
        match session.run()? {
            Verdict::Clean(summary) => println!("{name:<10} {summary}"),
            Verdict::Broken(what) => {
                println!("{name:<10} BROKEN\n{what}");
                broken.push(name.as_str());
            }
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("the fuzzer broke: {}", broken.join(", ")))
    }
}
