//! The path of this program, as written into configuration and start-up files.
//!
//! Package managers put a symbolic link into PATH and change its target with each version. The
//! path is therefore that of the link, as long as it leads to this program, and never a bare name,
//! which PATH could resolve to another program.

use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// Returns the absolute path of this program.
pub fn path() -> Result<PathBuf> {
    let real = std::env::current_exe()
        .map_err(|error| Error::system(format!("cannot tell where sso is: {error}")))?;
    let name = std::env::args_os().next().unwrap_or_default();
    let called = path_as_called(&name).filter(|path| is_same(path, &real));
    Ok(called.unwrap_or(real))
}

/// Returns `true` if PATH resolves `sso` to this program.
pub fn is_in_path() -> bool {
    let real = std::env::current_exe();
    let found = which::which("sso");
    matches!((real, found), (Ok(real), Ok(found)) if is_same(&found, &real))
}

/// Returns `true` if the path is an executable file, or PATH resolves it to one.
pub fn is_executable(path: &Path) -> bool {
    which::which(path).is_ok()
}

/// Returns the path by which this program was called: `name` is its first argument.
fn path_as_called(name: &OsStr) -> Option<PathBuf> {
    let here = std::env::current_dir().ok();
    let path = if name.as_encoded_bytes().contains(&b'/') {
        PathBuf::from(name)
    } else {
        which::which(name).ok()?
    };
    let path = match here {
        Some(here) => here.join(path),
        None => path,
    };
    // `.` is dropped. `..` stays: before it may be a link, whose parent is another directory.
    let is_kept = |part: &Component| !matches!(part, Component::CurDir);
    path.is_absolute()
        .then(|| path.components().filter(is_kept).collect())
}

/// Returns `true` if both paths lead to the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| std::fs::metadata(path).map(|meta| (meta.dev(), meta.ino()));
    matches!((id(one), id(other)), (Ok(one), Ok(other)) if one == other)
}
