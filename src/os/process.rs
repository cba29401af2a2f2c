//! Other programs: running them, replacing this process, and the ancestors of this process.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::domain::role::environment_variables::{self, Change};
use crate::domain::text::sanitize;
use crate::error::{Error, ErrorKind};

/// Limit on the ancestors to inspect.
const MAX_ANCESTORS: usize = 16;

/// Replaces this process with another program and changes the environment. Returns only on failure.
pub fn exec(program: &OsString, arguments: &[OsString], changes: &[Change]) -> Error {
    let mut command = Command::new(program);
    command.args(arguments);
    for change in changes {
        match change {
            Change::Set(name, value) => command.env(name, value.expose()),
            Change::Remove(name) => command.env_remove(name),
        };
    }
    let error = command.exec();
    let shown = sanitize(&program.to_string_lossy());
    let reason = match error.kind() {
        io::ErrorKind::NotFound => {
            let message = format!("there is no command \"{shown}\"");
            return Error::new(ErrorKind::CommandNotFound, message);
        }
        io::ErrorKind::ArgumentListTooLong => {
            "the arguments and the environment are too long".to_owned()
        }
        _ => error.to_string(),
    };
    let message = format!("cannot run \"{shown}\": {reason}");
    Error::new(ErrorKind::CommandNotExecutable, message)
}

/// Runs a program and returns its stdout, which must be UTF-8. Its stdin is empty and its stderr
/// that of this process.
pub fn run(program: &str, arguments: &[&str]) -> io::Result<String> {
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

/// Starts a program that outlives this process and, once it calls [`detach`], the terminal. Its
/// stdin, stdout and stderr are `/dev/null`.
pub fn spawn_detached(program: &Path, arguments: &[String]) -> io::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments);
    for variable in environment_variables::keys() {
        command.env_remove(variable);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
}

/// Detaches from the terminal and the shell's job. The started program calls this itself: between
/// fork(2) and exec(3) only async-signal-safe functions may be called.
pub fn detach() {
    // setsid(2) fails only for a process group leader, which gets no signals of the shell's job.
    let _ = nix::unistd::setsid();
}

/// Returns the executables of the ancestor processes, nearest first, up to the first that this
/// user may not inspect.
pub fn ancestors() -> Vec<PathBuf> {
    let mut executables = Vec::new();
    let mut pid = u32::try_from(nix::unistd::getppid().as_raw()).unwrap_or(0);
    while pid > 1 && executables.len() < MAX_ANCESTORS {
        let Some((parent, executable)) = inspect(pid) else {
            break;
        };
        executables.extend(executable);
        pid = parent;
    }
    executables
}

/// Returns the parent and the executable of a process, from proc(5).
#[cfg(target_os = "linux")]
fn inspect(pid: u32) -> Option<(u32, Option<PathBuf>)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may contain parentheses; the fields after it do not.
    let (_, rest) = stat.rsplit_once(')')?;
    let parent = rest.split_whitespace().nth(1)?.parse().ok()?;
    Some((parent, std::fs::read_link(format!("/proc/{pid}/exe")).ok()))
}

/// Returns the parent and the executable of a process, from ps(1).
#[cfg(not(target_os = "linux"))]
fn inspect(pid: u32) -> Option<(u32, Option<PathBuf>)> {
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
