//! Symbolic links in paths, and the links that this process does not follow.
//!
//! Under sudo, root works in the home of a user, whose links could lead to files of root: a read
//! would send such a file to an endpoint of that user's choice, and a write would replace it. So
//! root follows only links that nobody else can have made, judged by the place of the link.

use std::fs::{File, OpenOptions, symlink_metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, openat};
use nix::sys::stat::Mode;

use super::ffi;

/// Limit on the links in a path, as in the kernel.
const MAX_LINKS: usize = 40;

const ROOT: u32 = 0;
/// Mode bits of a directory in which every user may replace the files of others.
const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Opens a file for reading, with more flags of open(2). A FIFO without a writer does not block.
///
/// # Errors
///
/// As for open(2), and if this is root and a link in the path may be another user's.
pub fn open(path: &Path, flags: i32) -> io::Result<File> {
    let flags = OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::from_bits_truncate(flags);
    if ffi::effective_user_id() != ROOT {
        return open_plainly(path, flags);
    }
    match open_without_links(path, flags) {
        Err(Errno::ELOOP | Errno::ENOSYS | Errno::EPERM) => {}
        opened => return Ok(opened?),
    }
    let path = resolve(path, !flags.contains(OFlag::O_NOFOLLOW))?;
    if is_of_kernel(&path) {
        return open_plainly(&path, flags);
    }
    // A link that was planted meanwhile is an error.
    match open_without_links(&path, flags) {
        Err(Errno::ENOSYS | Errno::EPERM) => open_by_component(&path, flags),
        opened => Ok(opened?),
    }
}

fn open_plainly(path: &Path, flags: OFlag) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits()).open(path)
}

/// Opens a path without links in one system call, where the kernel has it (Linux 5.6) and the
/// sandbox of a container allows it.
fn open_without_links(path: &Path, flags: OFlag) -> Result<File, Errno> {
    #[cfg(target_os = "linux")]
    {
        use nix::fcntl::{AT_FDCWD, OpenHow, ResolveFlag, openat2};
        let how = OpenHow::new().flags(flags);
        let how = how.resolve(ResolveFlag::RESOLVE_NO_SYMLINKS);
        openat2(AT_FDCWD, path, how).map(File::from)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (path, flags);
        Err(Errno::ENOSYS)
    }
}

/// Opens an absolute path without links, one directory after another.
fn open_by_component(path: &Path, flags: OFlag) -> io::Result<File> {
    let mut opened = File::open("/")?;
    let mut names = path.components().skip(1).peekable();
    while let Some(name) = names.next() {
        let flags = match names.peek() {
            Some(_) => OFlag::O_DIRECTORY | OFlag::O_CLOEXEC,
            None => flags,
        };
        let flags = flags | OFlag::O_NOFOLLOW;
        opened = openat(&opened, name.as_os_str(), flags, Mode::empty())?.into();
    }
    Ok(opened)
}

/// Returns an absolute path without the links of this one, all of which must be root's alone.
fn resolve(path: &Path, follows_last: bool) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..MAX_LINKS {
        let Some(link) = first_link(&path).filter(|_| !is_of_kernel(&path)) else {
            return Ok(path);
        };
        if link == path && !follows_last {
            return Ok(path);
        }
        check(&link, &path)?;
        let target = target_of(&link, &std::fs::read_link(&link)?);
        path = match path.strip_prefix(&link) {
            Ok(rest) if rest.components().next().is_some() => target.join(rest),
            _ => target,
        };
    }
    Err(endless())
}

/// Follows the links at the end of a path, including dangling ones, to the file that a write is
/// to replace.
///
/// # Errors
///
/// A link may be another user's, or the links do not end.
pub fn destination(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match std::fs::read_link(&path) {
            Ok(next) => {
                check(&path, &path)?;
                path = target_of(&path, &next);
            }
            // EINVAL: not a symlink.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(path),
            Err(error) if is_absent(&error) => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(endless())
}

/// Fails if a link in this path may be another user's. Root also looks at the directories above
/// the link.
pub fn check(link: &Path, path: &Path) -> io::Result<()> {
    let us = ffi::effective_user_id();
    let owner = symlink_metadata(link)?.uid();
    let shown = match link == path {
        true => "it".to_owned(),
        false => link.display().to_string(),
    };
    if us == ROOT && !std::path::absolute(link)?.ancestors().all(is_of_root) {
        return Err(denied(format!(
            "{shown} is a link, and root follows no link of another user"
        )));
    }
    if owner != us && owner != ROOT {
        return Err(denied(format!("{shown} is a link of user {owner}")));
    }
    Ok(())
}

/// Returns `true` if only root can replace a file: it is root's, and not in a directory where
/// everybody may rename it. The directory above is checked as the next ancestor.
fn is_of_root(path: &Path) -> bool {
    symlink_metadata(path).is_ok_and(|meta| {
        let is_open = meta.is_dir() && meta.mode() & OTHERS_WRITE != 0 && meta.mode() & STICKY == 0;
        meta.uid() == ROOT && !is_open
    })
}

/// Returns the topmost link in a path.
fn first_link(path: &Path) -> Option<PathBuf> {
    let ancestors: Vec<&Path> = path.ancestors().collect();
    let mut from_root = ancestors.into_iter().rev();
    let link = from_root.find(|path| symlink_metadata(path).is_ok_and(|meta| meta.is_symlink()));
    link.map(Path::to_owned)
}

fn target_of(link: &Path, target: &Path) -> PathBuf {
    link.parent().unwrap_or(Path::new("")).join(target)
}

/// Returns `true` for a path in /proc, where links are the kernel's and name open files.
fn is_of_kernel(path: &Path) -> bool {
    let mut components = path.components();
    components.next() == Some(Component::RootDir)
        && components.next() == Some(Component::Normal("proc".as_ref()))
}

/// Returns the error of an operation that is refused.
pub fn denied(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, message)
}

/// Returns `true` if an error means that the file does not exist.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn endless() -> io::Error {
    io::Error::other("its links lead nowhere")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_opening_follow_no_link() {
        let directory = std::env::temp_dir().join(format!("sso-links-{}", std::process::id()));
        std::fs::create_dir_all(directory.join("real")).unwrap();
        let directory = directory.canonicalize().unwrap();
        std::fs::write(directory.join("real/file"), "content").unwrap();
        for (link, target) in [("real/link", "file"), ("linked", "real")] {
            let _ = std::os::unix::fs::symlink(target, directory.join(link));
        }
        let flags = OFlag::O_CLOEXEC;
        for (name, is_open) in [
            ("real/file", true),
            ("real/link", false),
            ("linked/file", false),
        ] {
            let path = directory.join(name);
            assert_eq!(open_by_component(&path, flags).is_ok(), is_open, "{name}");
            if cfg!(target_os = "linux") {
                assert_eq!(open_without_links(&path, flags).is_ok(), is_open, "{name}");
            }
            let resolved = resolve(&path, true);
            assert!(resolved.is_err() || resolved.unwrap() == directory.join("real/file"));
        }
        std::fs::remove_dir_all(directory).unwrap();
    }
}
