//! The test client with the AWS SDK for Go v2, `target/clients/go/credentials`.
//!
//! The SDK needs a newer Go than stable Debian has. If the Go in PATH is older, it downloads a
//! newer toolchain through the module proxy, which verifies the checksum. Go does the same by
//! itself since 1.21.

use super::InstallState;
use super::stamp::InstallStamp;
use crate::process::{command, find_in_path, output, output_with_retry};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: [&str; 3] = ["go.mod", "go.sum", "main.go"];

/// Oldest release that go.mod accepts.
const MIN_RELEASE: (u32, u32) = (1, 24);
/// Toolchain to download.
const TOOLCHAIN: &str = "go1.26.8";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    let stamp = stamp(workspace)?;
    if stamp.is_current() && version(workspace).is_ok() {
        return Ok(InstallState::Present);
    }
    let folder = workspace.clients_dir().join("go");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let installed = find_in_path("go").ok_or("needs go")?;
    let text = output(go(&installed, &folder, &folder).arg("version"))?;
    let is_recent = release(&text).is_some_and(|release| release >= MIN_RELEASE);
    let program = if is_recent {
        installed
    } else {
        download_toolchain(&installed, &folder)?
    };
    let mut build = go(
        &program,
        &folder,
        &workspace.client_sources_dir().join("go"),
    );
    build.args(["build", "-trimpath", "-buildvcs=false", "-o"]);
    output_with_retry(build.arg(folder.join("credentials")).arg("."))?;
    self::version(workspace)?;
    stamp.write()?;
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_ok_and(|stamp| stamp.is_current()) && version(workspace).is_ok()
}

fn stamp(workspace: &Workspace) -> Result<InstallStamp, String> {
    InstallStamp::for_sources(workspace, "go", &format!("1 {TOOLCHAIN}"), &SOURCES)
}

fn version(workspace: &Workspace) -> Result<String, String> {
    let program = workspace.clients_dir().join("go/credentials");
    output(command(program, &workspace.root).arg("--version"))
}

/// Creates a `go` command that runs in `directory`, keeps its files in `folder` and ignores the
/// user's settings.
fn go(program: &Path, folder: &Path, directory: &Path) -> Command {
    let mut go = command(program, directory);
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

/// Parses the release in `go version go1.19.8 linux/amd64`.
fn release(version: &str) -> Option<(u32, u32)> {
    let number = version.split_whitespace().nth(2)?.strip_prefix("go")?;
    let mut parts = number.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?;
    let end = minor.find(|c: char| !c.is_ascii_digit());
    Some((major, minor[..end.unwrap_or(minor.len())].parse().ok()?))
}

/// Downloads a newer toolchain with an old Go and returns its `go`.
///
/// The old Go downloads it as an ordinary module, whose files are not executable.
fn download_toolchain(old: &Path, folder: &Path) -> Result<PathBuf, String> {
    let go_env = |name: &str| {
        let text = output(go(old, folder, folder).args(["env", name]));
        text.map(|text| text.trim().to_string())
    };
    let (os, cpu) = (go_env("GOHOSTOS")?, go_env("GOHOSTARCH")?);
    let module = format!("golang.org/toolchain@v0.0.1-{TOOLCHAIN}.{os}-{cpu}");
    output_with_retry(go(old, folder, folder).args(["mod", "download", &module]))?;
    let root = folder.join("path/pkg/mod").join(module);
    let mut chmod = command("chmod", &root);
    output(chmod.args(["-R", "u+x", "bin", "pkg/tool"]))?;
    Ok(root.join("bin/go"))
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn release_numbers_are_parsed() {
        let parse = |text: &str| release(&format!("go version {text} linux/amd64"));
        assert_eq!(parse("go1.19.8"), Some((1, 19)));
        assert_eq!(parse("go1.24"), Some((1, 24)));
        assert_eq!(parse("go1.27rc1"), Some((1, 27)));
        assert_eq!(parse("devel"), None);
    }
}
