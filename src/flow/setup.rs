//! Putting the hook and the completions where a shell reads them at its start.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::domain::directory::rc_file::{Dialect, Edit, Line, edit};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::rc_file;

/// A file, and the lines that it is to have.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Where it is.
    pub file: PathBuf,
    /// The shell's name, as it stands in the lines.
    pub shell: &'a str,
    /// What it is written in.
    pub dialect: Dialect,
    /// The lines; the first has an order to keep.
    pub lines: Vec<Line<'a>>,
}

/// Looks at a file and puts in what it lacks; `dry` only looks.
pub fn put(ctx: &Context, wanted: &Wanted, dry: bool) -> Result<Edit> {
    let path = &wanted.file;
    let before = rc_file::read(path).map_err(|error| {
        Error::failure(format!("cannot read {}: {error}", ctx.in_short(path))).hint(by_hand(wanted))
    })?;
    let known = before.as_deref().unwrap_or_default();
    let edit = edit(known, wanted.shell, wanted.dialect, &wanted.lines);
    if !dry && edit.bytes != known {
        rc_file::replace(path, before.as_deref(), &edit.bytes).map_err(|error| {
            Error::failure(format!("cannot write {}: {error}", ctx.in_short(path)))
                .hint(by_hand(wanted))
        })?;
    }
    Ok(edit)
}

fn by_hand(wanted: &Wanted) -> String {
    let lines: Vec<String> = wanted
        .lines
        .iter()
        .map(|line| sanitize(line.text))
        .collect();
    format!("put this there yourself: {}", lines.join("; "))
}

/// The start-up file that a login shell of bash reads instead of .bashrc, where it does not
/// lead there. macOS opens terminals with login shells.
pub fn login_file(home: &Path) -> Option<PathBuf> {
    for name in [".bash_profile", ".bash_login", ".profile"] {
        let path = home.join(name);
        if let Ok(Some(bytes)) = rc_file::read(&path) {
            let leads_there = String::from_utf8_lossy(&bytes).contains("bashrc");
            return (!leads_there).then_some(path);
        }
    }
    Some(home.join(".bash_profile"))
}
