//! Other worktrees of a git repository, read without running git.
//!
//! A `.git` file proves nothing by itself: an archive may contain one that names the user's
//! repository. It counts only if the repository names it back, everything belongs to the user and
//! cannot be written by everybody, and no path leads through a link.

use std::fs::Metadata;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::libc::O_NOFOLLOW;

use crate::domain::directory::worktree::{GIT, admin_directory, main_root, root_directory};

use super::file;

/// Longest `.git` or `gitdir` file that is read, in bytes.
const MAX_BYTES: u64 = 8 * 1024;

/// Number of worktrees that are considered.
const MAX_WORKTREES: usize = 256;

/// Calls `find` with the counterparts of `directory` in the other worktrees of its repository,
/// and returns the first result whose worktree is genuine. `directory` is a canonical path.
pub fn find_in_others<T>(directory: &Path, find: impl Fn(&Path) -> Option<T>) -> Option<T> {
    let (root, meta) = directory.ancestors().find_map(|root| {
        let meta = std::fs::symlink_metadata(root.join(GIT)).ok()?;
        Some((root, meta))
    })?;
    let below = directory.strip_prefix(root).ok()?;
    let common = if meta.is_dir() {
        root.join(GIT)
    } else {
        let admin = admin_of(root)?;
        (root_of(&admin)? == root).then_some(())?;
        admin.parent()?.parent()?.to_owned()
    };
    if !is_own_directory(root) || !is_own_directory(&common) {
        return None;
    }
    let main = main_root(&common).filter(|main| *main != root);
    let in_main = || {
        let main = main.filter(|main| is_own_directory(main))?;
        find(&main.join(below))
    };
    in_main().or_else(|| {
        let worktrees = common.join("worktrees");
        let entries = is_own_directory(&worktrees).then(|| worktrees.read_dir().ok())??;
        let admins = entries.flatten().take(MAX_WORKTREES);
        admins.map(|entry| entry.path()).find_map(|admin| {
            let other = root_of(&admin).filter(|other| *other != root)?;
            let found = find(&other.join(below))?;
            (is_own_directory(&other) && admin_of(&other)? == admin).then_some(found)
        })
    })
}

/// Returns the directory `COMMON/worktrees/ID` that the `.git` file of a root names.
fn admin_of(root: &Path) -> Option<PathBuf> {
    let admin = admin_directory(root, &read_own(&root.join(GIT))?)?;
    let is_own = is_own_directory(&admin) && is_own_directory(admin.parent()?);
    is_own.then_some(admin)
}

/// Returns the root of the worktree that `COMMON/worktrees/ID/gitdir` names.
fn root_of(admin: &Path) -> Option<PathBuf> {
    let text = is_own_directory(admin).then(|| read_own(&admin.join("gitdir")))??;
    root_directory(admin, &text)
}

/// Reads a small regular file of the user.
fn read_own(path: &Path) -> Option<String> {
    let file = file::open(path, O_NOFOLLOW).ok()?;
    let meta = file.metadata().ok()?;
    if !meta.is_file() || !is_own(&meta) {
        return None;
    }
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Returns `true` for a directory of the user whose path has no links.
fn is_own_directory(path: &Path) -> bool {
    let is_canonical = || std::fs::canonicalize(path).is_ok_and(|canonical| canonical == path);
    let meta = std::fs::symlink_metadata(path);
    meta.is_ok_and(|meta| meta.is_dir() && is_own(&meta)) && is_canonical()
}

fn is_own(meta: &Metadata) -> bool {
    meta.uid() == file::user_id() && meta.mode() & 0o002 == 0
}
