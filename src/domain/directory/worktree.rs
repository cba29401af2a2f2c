//! The two files by which a linked git worktree and its repository name each other.
//!
//! `ROOT/.git` names `COMMON/worktrees/ID`, and `COMMON/worktrees/ID/gitdir` names `ROOT/.git`
//! (gitrepository-layout(5)). Paths may be relative since git 2.48. `os::worktree` reads both.

use std::path::{Component, Path, PathBuf};

/// Name of the file or directory in the root of a worktree.
pub const GIT: &str = ".git";

/// Returns the directory `COMMON/worktrees/ID` that the `.git` file of a worktree names. `None`
/// for the file of a submodule, which names another kind of directory.
pub fn admin_directory(root: &Path, git_file: &str) -> Option<PathBuf> {
    let admin = resolve(root, git_file.strip_prefix("gitdir:")?)?;
    admin.parent()?.ends_with("worktrees").then_some(admin)
}

/// Returns the root of the worktree that `COMMON/worktrees/ID/gitdir` names.
pub fn root_directory(admin: &Path, gitdir_file: &str) -> Option<PathBuf> {
    let git_file = resolve(admin, gitdir_file)?;
    git_file
        .ends_with(GIT)
        .then(|| git_file.parent().map(Path::to_owned))?
}

/// Returns the root of the main worktree of a repository; a bare one has none.
pub fn main_root(common: &Path) -> Option<&Path> {
    common.ends_with(GIT).then(|| common.parent())?
}

/// Resolves `.` and `..` as text: the path has no links where the file system agrees.
fn resolve(base: &Path, text: &str) -> Option<PathBuf> {
    let text = text.trim_matches([' ', '\r', '\n']);
    let mut resolved = PathBuf::new();
    for component in base.join(text).components() {
        match component {
            Component::ParentDir if !resolved.pop() => return None,
            Component::ParentDir | Component::CurDir => {}
            other => resolved.push(other),
        }
    }
    (!text.is_empty() && resolved.is_absolute()).then_some(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_git_file_names_a_directory_of_worktrees_only() {
        let admin = |text: &str| admin_directory(Path::new("/w/t"), text);
        let expected = Some(PathBuf::from("/r/.git/worktrees/t"));
        for text in [
            "gitdir: /r/.git/worktrees/t\n",
            "gitdir: ../../r/.git/worktrees/t\r\n",
            "gitdir: /r/x/.././.git/worktrees/t/",
        ] {
            assert_eq!(admin(text), expected, "{text:?}");
        }
        for text in [
            "",
            "gitdir:",
            "/r/.git/worktrees/t",
            "gitdir: /r/.git",
            "gitdir: /r/.git/modules/sub",
            "gitdir: /r/.git/worktrees",
            "gitdir: ../../../../r/.git/worktrees/t",
        ] {
            assert_eq!(admin(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_gitdir_file_names_a_git_file() {
        let root = |text: &str| root_directory(Path::new("/r/.git/worktrees/t"), text);
        for text in ["/w/t/.git\n", "../../../../w/t/.git\n"] {
            assert_eq!(root(text), Some(PathBuf::from("/w/t")), "{text:?}");
        }
        for text in ["", "\n", "/w/t", "/w/t/.gitx"] {
            assert_eq!(root(text), None, "{text:?}");
        }
        assert_eq!(main_root(Path::new("/r/.git")), Some(Path::new("/r")));
        assert_eq!(main_root(Path::new("/r/bare.git")), None);
    }
}
