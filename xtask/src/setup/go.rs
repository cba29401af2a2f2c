//! The program with the AWS SDK for Go v2, `target/clients/go/credentials`.
//!
//! The SDK needs a newer Go than a stable Debian has. Where the Go in PATH is older, the
//! newer one comes through the module proxy, as newer releases of Go do it by themselves,
//! and its checksum is looked up as that of any module.

use super::State;
use super::stamp::Stamp;
use crate::run::{command, fetch, find, output};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: [&str; 3] = ["go.mod", "go.sum", "main.go"];

/// What go.mod asks for.
const NEEDED: (u32, u32) = (1, 24);
const TOOLCHAIN: &str = "go1.26.8";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    let stamp = stamp(workspace)?;
    if stamp.is_current() && version(workspace).is_ok() {
        return Ok(State::Present);
    }
    let folder = workspace.clients().join("go");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let found = find("go").ok_or("needs go")?;
    let text = output(go(&found, &folder, &folder).arg("version"))?;
    let is_new = release(&text).is_some_and(|found| found >= NEEDED);
    let program = if is_new {
        found
    } else {
        newer(&found, &folder)?
    };
    let mut build = go(&program, &folder, &workspace.programs().join("go"));
    build.args(["build", "-trimpath", "-buildvcs=false", "-o"]);
    fetch(build.arg(folder.join("credentials")).arg("."))?;
    self::version(workspace)?;
    stamp.write()?;
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_ok_and(|stamp| stamp.is_current()) && version(workspace).is_ok()
}

fn stamp(workspace: &Workspace) -> Result<Stamp, String> {
    Stamp::of_sources(workspace, "go", &format!("1 {TOOLCHAIN}"), &SOURCES)
}

fn version(workspace: &Workspace) -> Result<String, String> {
    let program = workspace.clients().join("go/credentials");
    output(command(program, &workspace.root).arg("--version"))
}

/// Go with everything that it keeps below our folder, and nothing of somebody's settings.
fn go(program: &Path, folder: &Path, at: &Path) -> Command {
    let mut go = command(program, at);
    go.env("GOPATH", folder.join("path"))
        .env("GOCACHE", folder.join("cache"))
        .env("GOFLAGS", "-modcacherw")
        .env("GOTOOLCHAIN", "local")
        .env("GOWORK", "off")
        .env("CGO_ENABLED", "0")
        .env_remove("GOMODCACHE")
        .env_remove("GOROOT");
    go
}

/// The release in `go version go1.19.8 linux/amd64`.
fn release(version: &str) -> Option<(u32, u32)> {
    let number = version.split_whitespace().nth(2)?.strip_prefix("go")?;
    let mut parts = number.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?;
    let end = minor.find(|c: char| !c.is_ascii_digit());
    Some((major, minor[..end.unwrap_or(minor.len())].parse().ok()?))
}

/// Downloads the newer Go with the old one. The old one knows it as a module like any other,
/// whose files are not programs until they are made so.
fn newer(old: &Path, folder: &Path) -> Result<PathBuf, String> {
    let of = |name: &str| {
        let text = output(go(old, folder, folder).args(["env", name]));
        text.map(|text| text.trim().to_string())
    };
    let (os, cpu) = (of("GOHOSTOS")?, of("GOHOSTARCH")?);
    let module = format!("golang.org/toolchain@v0.0.1-{TOOLCHAIN}.{os}-{cpu}");
    fetch(go(old, folder, folder).args(["mod", "download", &module]))?;
    let root = folder.join("path/pkg/mod").join(module);
    let mut chmod = command("chmod", &root);
    output(chmod.args(["-R", "u+x", "bin", "pkg/tool"]))?;
    Ok(root.join("bin/go"))
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn releases_are_compared_by_number() {
        let of = |text: &str| release(&format!("go version {text} linux/amd64"));
        assert_eq!(of("go1.19.8"), Some((1, 19)));
        assert_eq!(of("go1.24"), Some((1, 24)));
        assert_eq!(of("go1.27rc1"), Some((1, 27)));
        assert_eq!(of("devel"), None);
    }
}
