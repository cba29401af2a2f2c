//! Adds the hook and the completions to the file that a shell reads when it starts.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::domain::directory::rc_file::{HookLine, RcLine, RcLineState, append, hook_obstacle};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::private_dir::Mode;
use crate::os::user_file;

/// Size limit of a start-up file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// A start-up file and the lines that belong in it.
#[derive(Clone, Debug)]
pub struct RcFile<'a> {
    pub path: PathBuf,
    /// The shell's name, as the lines pass it to `sso`.
    pub shell: &'a str,
    /// The lines, in the order in which they are appended.
    pub lines: Vec<RcLine<'a>>,
}

/// State of a start-up file after [`add_lines`].
#[derive(Clone, Debug)]
pub struct RcFileState {
    /// State of each line of [`RcFile::lines`].
    pub lines: Vec<RcLineState>,
    /// The line of the hook, in the file that has it.
    pub hook: Option<HookLine>,
}

/// Appends the lines that the file lacks; with `dry_run`, only tells which ones. If this fails,
/// the file is unchanged.
pub fn add_lines(ctx: &Context, rc_file: &RcFile, dry_run: bool) -> Result<RcFileState> {
    let path = &rc_file.path;
    let before = user_file::read_settled(path, MAX_BYTES, None).map_err(|error| {
        Error::storage(format!("cannot read {}: {error}", ctx.display_path(path)))
            .hint(by_hand(rc_file))
    })?;
    let old = before.as_deref().unwrap_or_default();
    let (bytes, lines) = append(old, rc_file.shell, &rc_file.lines);
    if !dry_run && bytes != old {
        let replaced = user_file::replace(path, before.as_deref(), &bytes, Mode::Shared);
        replaced.map_err(|error| {
            let error = std::io::Error::from(error);
            Error::storage(format!("cannot write {}: {error}", ctx.display_path(path)))
                .hint(by_hand(rc_file))
        })?;
    }
    let mut states = rc_file.lines.iter().zip(&lines);
    let hook = states.find(|(line, _)| line.command == "hook");
    let hook = hook.map(|(_, state)| HookLine {
        path: ctx.display_path(path),
        number: state.number,
        obstacle: hook_obstacle(&bytes, rc_file.shell, state.number),
    });
    Ok(RcFileState { lines, hook })
}

fn by_hand(rc_file: &RcFile) -> String {
    let lines = rc_file.lines.iter().map(|line| sanitize(line.text));
    let lines: Vec<String> = lines.collect();
    format!("put this there yourself: {}", lines.join("; "))
}

/// Returns the start-up file of a bash login shell, unless that file reads `.bashrc`.
///
/// macOS opens terminals with login shells, which do not read `.bashrc` by themselves.
pub fn bash_login_file(home: &Path) -> Option<PathBuf> {
    for name in [".bash_profile", ".bash_login", ".profile"] {
        let path = home.join(name);
        if let Ok(Some(bytes)) = user_file::read_settled(&path, MAX_BYTES, None) {
            let reads_bashrc = String::from_utf8_lossy(&bytes).contains("bashrc");
            return (!reads_bashrc).then_some(path);
        }
    }
    Some(home.join(".bash_profile"))
}
