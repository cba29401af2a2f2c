//! Runs other programs in an environment that does not depend on the caller's.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Creates a command without the variables that would change a build or a test.
///
/// RUSTFLAGS replaces the flags of `.cargo/config.toml` and silently yields a dynamic binary.
/// `AWS_*` would let tests reach a real account. The variables that cargo sets for `cargo run`
/// make build scripts that watch them run again each time.
pub(crate) fn command(program: impl AsRef<Path>, folder: &Path) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_removed) {
            command.env_remove(name);
        }
    }
    command
}

/// Returns `true` for variables that [`command`] removes.
fn is_removed(name: &str) -> bool {
    const EXACT: [&str; 10] = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_ENCODED_RUSTDOCFLAGS",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_CRATE_NAME",
        "CARGO_BIN_NAME",
        "CARGO_PRIMARY_PACKAGE",
    ];
    EXACT.contains(&name) || name.starts_with("AWS_") || name.starts_with("CARGO_PKG_")
}

/// Creates a cargo command in the workspace root.
pub(crate) fn cargo(root: &Path) -> Command {
    command(cargo_program(), root)
}

/// Path of the cargo that started this program, so that every step uses the same toolchain.
pub(crate) fn cargo_program() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Runs a command with inherited output.
///
/// # Errors
///
/// If it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", display(command));
    let status = command.status().map_err(|e| cannot_start(command, &e))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status})", display(command)))
    }
}

/// Runs a command and returns its stdout.
///
/// # Errors
///
/// If it cannot be started or fails; the message contains its stderr, or else its stdout.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| cannot_start(command, &e))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let details = String::from_utf8_lossy(&output.stderr);
    let details = if details.trim().is_empty() {
        text.trim()
    } else {
        details.trim()
    };
    Err(format!(
        "`{}` failed ({})\n{details}",
        display(command),
        output.status
    ))
}

/// Like [`output`], but retries once after three seconds, for commands that use the network.
pub(crate) fn output_with_retry(command: &mut Command) -> Result<String, String> {
    output(command).or_else(|_| {
        std::thread::sleep(Duration::from_secs(3));
        output(command)
    })
}

/// Like [`run`], and calls `on_line` for each line of stdout.
pub(crate) fn run_with_lines(
    command: &mut Command,
    mut on_line: impl FnMut(&str),
) -> Result<(), String> {
    println!("$ {}", display(command));
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|e| cannot_start(command, &e))?;
    if let Some(pipe) = child.stdout.take() {
        for line in BufReader::new(pipe).split(b'\n') {
            let line = line.map_err(|e| e.to_string())?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            on_line(&line);
        }
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status})", display(command)))
    }
}

/// Returns the first file of this name in PATH.
pub(crate) fn find_in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Formats a duration with a precision that suits its length, such as `2 min 05 s`.
pub(crate) fn format_duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", time.as_secs_f32()),
        10..=59 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// Formats a command line without the program's folder and without quotes.
fn display(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for word in command.get_args() {
        text.push(' ');
        text.push_str(&word.to_string_lossy());
    }
    text
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!(
        "cannot start `{}`: {error}",
        command.get_program().to_string_lossy()
    )
}
