//! Tries a dynamically linked build, as `cargo install --git` makes it: that command does not
//! read `.cargo/config.toml` of this workspace.
//!
//! The tests run on the static build; this shows that the main commands do not depend on it.

use crate::bench::command_line::CommandLine;
use crate::bench::home::BenchHome;
use crate::demo::build::executable;
use crate::process::{cargo, output};
use crate::workspace::Workspace;
use emulator::Options;
use std::path::{Path, PathBuf};

pub(super) fn main(workspace: &Workspace) -> Result<(), String> {
    let sso = build(workspace)?;
    require_dynamic(&sso)?;
    let home = BenchHome::create("dynamic", Options::default())?;
    home.sign_in(&sso, "p4")?;
    let run = |args: &[&str]| {
        CommandLine::new(&sso, args)
            .environment(&home.online_environment())
            .output()
    };
    require_part(&run(&["--version"])?, "sso ")?;
    require_part(&run(&["status", "--json"])?, "\"corp\"")?;
    let process = run(&["credential-process", "-p", "p4"])?;
    require_part(&process, "\"AccessKeyId\":\"ASIA")?;
    require_part(&run(&["env", "-p", "p4"])?, "export AWS_ACCESS_KEY_ID=ASIA")?;
    let script = "printf %s:%s \"$AWS_ACCESS_KEY_ID\" \"$AWS_REGION\"";
    let child = run(&["exec", "-p", "p4", "--", "sh", "-c", script])?;
    require_part(&child, "ASIA")?;
    require_part(&child, ":eu-central-1")?;
    run(&["logout", "corp"])?;
    let after_logout = run(&["credential-process", "-p", "p4"]);
    match after_logout {
        Err(why) if why.contains("sso login") => {
            println!("the dynamic build signs in, provides credentials and signs out");
            Ok(())
        }
        other => Err(format!("credential-process after logout: {other:?}")),
    }
}

/// Builds the program without static linking and returns its path.
fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    let mut build = cargo(&workspace.root);
    build
        .args(["build", "--locked", "--package", "sso", "--bin", "sso"])
        // A separate folder, so that the static build is kept.
        .args(["--target-dir", "target/dynamic"])
        .arg("--message-format=json-render-diagnostics")
        .env("RUSTFLAGS", "-C target-feature=-crt-static");
    executable(&output(&mut build)?).ok_or_else(|| "cargo reports no path of sso".to_owned())
}

/// Fails unless the program names a dynamic loader in its first 4 KiB.
fn require_dynamic(program: &Path) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let bytes = std::fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
    let start = bytes.get(..4096).unwrap_or(&bytes);
    let has_loader = start.windows(4).any(|bytes| bytes == b"/ld-");
    match has_loader {
        true => Ok(()),
        false => Err(format!("{} is not dynamically linked", program.display())),
    }
}

fn require_part(text: &str, part: &str) -> Result<(), String> {
    match text.contains(part) {
        true => Ok(()),
        // The text is not shown, because it contains credentials, though only made-up ones.
        false => Err(format!("the output does not contain {part:?}")),
    }
}
