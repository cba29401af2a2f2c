//! Where this program is, as its user calls it.
//!
//! A package manager puts a link into PATH and changes where it leads; what is written down
//! for later is therefore the link, as long as it is this program, and never a name that
//! PATH would have to find again.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where our own path is looked up"
)]

use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// The absolute path of this program.
pub fn path() -> Result<PathBuf> {
    let real = std::env::current_exe()
        .map_err(|error| Error::system(format!("cannot tell where sso is: {error}")))?;
    let name = std::env::args_os().next().unwrap_or_default();
    let called = as_called(&name).filter(|path| is_same(path, &real));
    Ok(called.unwrap_or(real))
}

/// Whether the name alone, looked up in PATH, is this program.
pub fn is_in_path() -> bool {
    let real = std::env::current_exe();
    let found = which::which("sso");
    matches!((real, found), (Ok(real), Ok(found)) if is_same(&found, &real))
}

/// Whether there is a program at a path.
pub fn is_at(path: &Path) -> bool {
    which::which(path).is_ok()
}

/// The path by which the program was called.
fn as_called(name: &OsStr) -> Option<PathBuf> {
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
    // `..` may follow a link, so it is left alone; nobody is led by `.`.
    let plain = |part: &Component| !matches!(part, Component::CurDir);
    path.is_absolute()
        .then(|| path.components().filter(plain).collect())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let of = |path: &Path| std::fs::metadata(path).map(|meta| (meta.dev(), meta.ino()));
    matches!((of(one), of(other)), (Ok(one), Ok(other)) if one == other)
}
