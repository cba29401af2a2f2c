//! `cargo xtask fuzz`: runs the fuzz targets of `tests/fuzz`.
//!
//! Works on stable Rust without a sanitizer: the tested code has no `unsafe`, so the failures to
//! find are panics, overflows, endless loops and contradictory results. Each target states its
//! invariants.

mod options;
mod target_run;

use crate::process::{cargo, cargo_program, output, run};
use crate::workspace::Workspace;
use options::FuzzOptions;
use std::path::{Path, PathBuf};
use target_run::{RunResult, TargetRun};

/// Crates with coverage counters: the product and the crates that parse input for it. Counters
/// in the whole SDK would slow the fuzzer down too much.
const PRODUCT: &str = "sso";
const PARSERS: &str = "aws_smithy_json percent_encoding serde_json shlex";

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let targets = target_names(workspace)?;
    let options = FuzzOptions::parse(args, &targets)?;
    let output_dir = workspace.root.join("target/fuzz");
    let programs = build(
        workspace,
        &TargetBuild {
            target_dir: output_dir.clone(),
            profile: "release",
            instrumented: format!("{PRODUCT} {PARSERS}"),
            targets: &targets,
        },
    )?;
    let limits = options.limits();
    fuzz(workspace, &programs, &options.targets, &output_dir, &limits)
}

/// Runs every seed, and then five seconds of inputs that are the same each time. For `ci`.
///
/// Shares the dependencies that the tests have built, so that only the product is compiled again.
pub(crate) fn smoke(workspace: &Workspace) -> Result<(), String> {
    let targets = target_names(workspace)?;
    let output_dir = workspace.root.join("target/fuzz/smoke");
    let programs = build(
        workspace,
        &TargetBuild {
            target_dir: workspace.root.join("target"),
            profile: "dev",
            instrumented: PRODUCT.to_owned(),
            targets: &targets,
        },
    )?;
    let _ = std::fs::remove_dir_all(&output_dir);
    let limits = ["-seed=1".to_owned(), "-max_total_time=5".to_owned()];
    fuzz(workspace, &programs, &targets, &output_dir, &limits)
}

/// Names of the fuzz targets, from their source files.
fn target_names(workspace: &Workspace) -> Result<Vec<String>, String> {
    let folder = workspace.root.join("tests/fuzz/targets");
    let files = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Options for building the targets.
struct TargetBuild<'a> {
    target_dir: PathBuf,
    profile: &'static str,
    /// Names of crates with coverage counters, separated by spaces.
    instrumented: String,
    targets: &'a [String],
}

/// Builds the targets and returns the folder that contains them.
fn build(workspace: &Workspace, build: &TargetBuild) -> Result<PathBuf, String> {
    let package = workspace.root.join("tests/fuzz");
    let instrumented = format!("{} {}", build.instrumented, build.targets.join(" "));
    let mut cargo = cargo(&package);
    cargo
        .args(["build", "--locked", "--bins", "--profile", build.profile])
        .arg("--target-dir")
        .arg(&build.target_dir)
        .env("RUSTC_WRAPPER", package.join("rustc"))
        .env("SSO_FUZZ_INSTRUMENTED", instrumented);
    run(&mut cargo).map_err(|why| {
        format!(
            "{why}\nif tests/fuzz/Cargo.lock is older than Cargo.lock, run \
             `cargo update --workspace --manifest-path tests/fuzz/Cargo.toml`"
        )
    })?;
    let folder = if build.profile == "dev" {
        "debug"
    } else {
        build.profile
    };
    Ok(build.target_dir.join(host_triple()?).join(folder))
}

/// Target triple of this computer. `.cargo/config.toml` sets it explicitly, so it is part of the
/// output path.
fn host_triple() -> Result<String, String> {
    let rustc = cargo_program().with_file_name("rustc");
    let rustc = if rustc.is_file() {
        rustc
    } else {
        "rustc".into()
    };
    let version = output(crate::process::command(rustc, Path::new("/")).arg("-vV"))?;
    let line = version.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| "rustc -vV prints no host".to_owned())
}

/// Runs targets one after the other.
fn fuzz(
    workspace: &Workspace,
    programs: &Path,
    targets: &[String],
    output_dir: &Path,
    limits: &[String],
) -> Result<(), String> {
    let mut failed = Vec::new();
    for name in targets {
        let target = TargetRun {
            name,
            program: programs.join(name),
            fuzz_dir: workspace.root.join("tests/fuzz"),
            output_dir,
            limits,
        };
        match target.run()? {
            RunResult::Passed(summary) => println!("{name:<12} {summary}"),
            RunResult::Failed(report) => {
                println!("{name:<12} FAILED\n{report}");
                failed.push(name.as_str());
            }
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("fuzzing failed: {}", failed.join(", ")))
    }
}
