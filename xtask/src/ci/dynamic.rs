//! One build without the static flags, tried once: it is what `cargo install --git` gives,
//! which does not read this workspace's `.cargo/config.toml`.
//!
//! The tests proper run on the static build; this only shows that nothing depends on it.

use crate::bench::home::Home;
use crate::bench::spawn::Line;
use crate::demo::build::executable;
use crate::run::{cargo, output};
use crate::workspace::Workspace;
use emulator::Options;
use std::path::{Path, PathBuf};

pub(super) fn main(workspace: &Workspace) -> Result<(), String> {
    let sso = build(workspace)?;
    is_dynamic(&sso)?;
    let home = Home::create("dynamic", Options::default())?;
    home.sign_in(&sso, "p4")?;
    let say = |words: &[&str]| Line::new(&sso, words).environment(&home.online()).output();
    expect(&say(&["--version"])?, "sso ")?;
    expect(&say(&["status", "--json"])?, "\"corp\"")?;
    let process = say(&["credential-process", "-p", "p4"])?;
    expect(&process, "\"AccessKeyId\":\"ASIA")?;
    expect(&say(&["env", "-p", "p4"])?, "export AWS_ACCESS_KEY_ID=ASIA")?;
    let script = "printf %s:%s \"$AWS_ACCESS_KEY_ID\" \"$AWS_REGION\"";
    let child = say(&["exec", "-p", "p4", "--", "sh", "-c", script])?;
    expect(&child, "ASIA")?;
    expect(&child, ":eu-central-1")?;
    say(&["logout", "corp"])?;
    let refused = say(&["credential-process", "-p", "p4"]);
    match refused {
        Err(why) if why.contains("sso login") => {
            println!("the dynamic build signs in, hands out credentials and signs out");
            Ok(())
        }
        other => Err(format!("after the sign-out: {other:?}")),
    }
}

fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    let mut build = cargo(&workspace.root);
    build
        .args(["build", "--locked", "--package", "sso", "--bin", "sso"])
        // A folder of its own, so that it does not undo the static build.
        .args(["--target-dir", "target/dynamic"])
        .arg("--message-format=json-render-diagnostics")
        .env("RUSTFLAGS", "-C target-feature=-crt-static");
    executable(&output(&mut build)?).ok_or_else(|| "cargo does not say where sso is".to_owned())
}

/// A dynamic program begins by naming its loader.
fn is_dynamic(program: &Path) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let bytes = std::fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
    let start = bytes.get(..4096).unwrap_or(&bytes);
    let named = start.windows(4).any(|word| word == b"/ld-");
    match named {
        true => Ok(()),
        false => Err(format!("{} is not a dynamic program", program.display())),
    }
}

fn expect(text: &str, part: &str) -> Result<(), String> {
    match text.contains(part) {
        true => Ok(()),
        // The text may hold credentials, if only made-up ones.
        false => Err(format!("{part:?} is missing in the output")),
    }
}
