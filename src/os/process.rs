//! Other programs: becoming one, and who our parent is.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where processes are made and looked at"
)]

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, ErrorKind};

/// Replaces this program by another; returns only when that fails.
pub fn replace(
    program: &OsString,
    arguments: &[OsString],
    set: &[(&str, &str)],
    remove: &[String],
) -> Error {
    let mut command = Command::new(program);
    command.args(arguments);
    for name in remove {
        command.env_remove(name);
    }
    for (name, value) in set {
        command.env(name, value);
    }
    let error = command.exec();
    let shown = crate::domain::text::sanitize(&program.to_string_lossy());
    match error.kind() {
        io::ErrorKind::NotFound => Error::new(
            ErrorKind::CommandNotFound,
            format!("there is no command \"{shown}\""),
        ),
        io::ErrorKind::ArgumentListTooLong => Error::new(
            ErrorKind::CommandNotExecutable,
            format!("cannot run \"{shown}\": the arguments and the environment are too long"),
        ),
        _ => Error::new(
            ErrorKind::CommandNotExecutable,
            format!("cannot run \"{shown}\": {error}"),
        ),
    }
}

/// What a program prints, with nothing to read; its stderr is ours.
pub fn output_of(program: &str, arguments: &[&str]) -> io::Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("it ended with {}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

/// Starts a program that goes on when we and our terminal are gone, with nothing to read
/// and nowhere to write.
pub fn start_detached(program: &Path, arguments: &[&str]) -> io::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments);
    for variable in crate::domain::role::variables::keys() {
        command.env_remove(variable);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
}

/// Leaves the terminal and the job of the shell, as the other side of `start_detached`. It
/// must not begin before: between a fork and a program nothing may be done that is not
/// safe there.
pub fn detach() {
    // Who leads a group already is detached enough.
    let _ = nix::unistd::setsid();
}

/// The executables of our ancestors, nearest first, as far as they can be seen.
pub fn ancestors() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pid = u32::try_from(nix::unistd::getppid().as_raw()).unwrap_or(0);
    while pid > 1 && found.len() < 16 {
        let Some((parent, executable)) = look_at(pid) else {
            break;
        };
        found.extend(executable);
        pid = parent;
    }
    found
}

/// A process's parent and executable.
#[cfg(target_os = "linux")]
fn look_at(pid: u32) -> Option<(u32, Option<PathBuf>)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, parentheses too; what follows may not.
    let (_, rest) = stat.rsplit_once(')')?;
    let parent = rest.split_whitespace().nth(1)?.parse().ok()?;
    Some((parent, std::fs::read_link(format!("/proc/{pid}/exe")).ok()))
}

/// A process's parent and executable, asked of `ps` where there is no `/proc`.
#[cfg(not(target_os = "linux"))]
fn look_at(pid: u32) -> Option<(u32, Option<PathBuf>)> {
    let pid = pid.to_string();
    let output = Command::new("ps")
        .args(["-o", "ppid=,comm=", "-p", &pid])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (parent, command) = text.trim().split_once(char::is_whitespace)?;
    let command = command.trim().trim_start_matches('-');
    Some((parent.parse().ok()?, Some(PathBuf::from(command))))
}

/// Our own process id.
pub fn id() -> u32 {
    std::process::id()
}
