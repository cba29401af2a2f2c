//! Attempts to gain trust as a worktree of the user's repository (T10).

use std::os::unix::fs::{lchown, symlink};
use std::path::{Path, PathBuf};

use super::super::Shell;
use super::{assert_loads_nothing, chmod, warm};
use crate::fixture::Sandbox;
use crate::fixture::users::{OTHER_UID, has_root};

/// A repository in `dir/main` with a linked worktree in `linked`, as git writes them, and a trusted
/// `.aws-sso` file in `main`.
struct Repository {
    sandbox: Sandbox,
    main: PathBuf,
    linked: PathBuf,
}

impl Repository {
    fn new() -> Repository {
        let sandbox = warm();
        let main = sandbox.trusted_project("dir/main", "dev\n");
        let linked = sandbox.project("linked", "dev\n");
        link(&sandbox, &linked, &main.join(".git/worktrees/linked"));
        Repository {
            sandbox,
            main,
            linked,
        }
    }

    fn admin(&self) -> PathBuf {
        self.main.join(".git/worktrees/linked")
    }

    #[track_caller]
    fn assert_trusted(&self, directory: &Path) {
        let mut shell = Shell::new(&self.sandbox);
        assert!(shell.prompt(directory).contains("sso: dev ("));
        let run = self.sandbox.sso(["exec", "--", "true"]);
        run.current_dir(directory).run().expect(0);
    }

    #[track_caller]
    fn assert_untrusted(&self, directory: &Path, what: &str) {
        let message = assert_loads_nothing(&self.sandbox, directory);
        assert!(message.contains("is not trusted"), "{what}: {message}");
        let run = self.sandbox.sso(["exec", "--", "true"]);
        let run = run.current_dir(directory).run().expect(1);
        run.stderr_contains("is not trusted");
    }
}

/// Writes the files by which a worktree and its repository name each other.
fn link(sandbox: &Sandbox, root: &Path, admin: &Path) {
    let git = format!("gitdir: {}\n", admin.display());
    sandbox.write_file(&root.join(".git"), git.as_bytes());
    let gitdir = format!("{}\n", root.join(".git").display());
    sandbox.write_file(&admin.join("gitdir"), gitdir.as_bytes());
}

#[test]
fn t10_a_forged_git_file_proves_nothing() {
    let repository = Repository::new();
    let Repository { sandbox, main, .. } = &repository;
    repository.assert_trusted(&repository.linked);
    let forged = sandbox.project("forged", "dev\n");
    let git = forged.join(".git");
    let admin = repository.admin();
    for named in [
        admin.clone(),
        main.join(".git"),
        main.join(".git/worktrees/none"),
        main.join(".git/worktrees"),
        PathBuf::from("../dir/main/.git/worktrees/linked"),
    ] {
        let text = format!("gitdir: {}\n", named.display());
        std::fs::write(&git, text).unwrap();
        repository.assert_untrusted(&forged, &named.display().to_string());
    }
    std::fs::remove_file(&git).unwrap();
    for target in [repository.linked.join(".git"), main.join(".git")] {
        symlink(&target, &git).unwrap();
        repository.assert_untrusted(&forged, "a link to a true one");
        std::fs::remove_file(&git).unwrap();
    }
    // An archive with a whole repository, which names the user's worktrees as its own.
    for root in [main, &repository.linked] {
        let gitdir = format!("{}\n", root.join(".git").display());
        sandbox.write_file(&git.join("worktrees/x/gitdir"), gitdir.as_bytes());
        repository.assert_untrusted(&forged, "a forged repository");
    }
    std::fs::remove_dir_all(&git).unwrap();
    // The user's repository named through a link, and a forged one that nothing trusts.
    let other = sandbox.home().join("other");
    std::fs::create_dir(&other).unwrap();
    symlink(main, other.join("main")).unwrap();
    for repository_path in ["main", "forged"] {
        let admin = other.join(repository_path).join(".git/worktrees/x");
        link(sandbox, &forged, &admin);
        repository.assert_untrusted(&forged, repository_path);
        std::fs::remove_dir_all(&admin).unwrap();
    }
}

#[test]
fn t10_a_worktree_counts_only_if_everything_is_the_users_and_no_link() {
    let repository = Repository::new();
    let (main, linked, admin) = (&repository.main, &repository.linked, repository.admin());
    let parts = [
        linked.clone(),
        linked.join(".git"),
        main.join(".git"),
        main.join(".git/worktrees"),
        admin.clone(),
        admin.join("gitdir"),
    ];
    for part in &parts {
        let what = part.display().to_string();
        let mode = part.metadata().unwrap().permissions();
        // The file itself is refused below a directory that everybody may write.
        if part != linked {
            chmod(part, 0o777);
            repository.assert_untrusted(linked, &what);
            std::fs::set_permissions(part, mode).unwrap();
        }
        let moved = part.with_extension("moved");
        if part != linked {
            std::fs::rename(part, &moved).unwrap();
            symlink(&moved, part).unwrap();
            repository.assert_untrusted(linked, &what);
            std::fs::remove_file(part).unwrap();
            std::fs::rename(&moved, part).unwrap();
        }
        repository.assert_trusted(linked);
    }
    // A link further up.
    let (directory, moved) = (
        main.parent().unwrap(),
        repository.sandbox.home().join("moved"),
    );
    std::fs::rename(directory, &moved).unwrap();
    symlink(&moved, directory).unwrap();
    repository.assert_untrusted(linked, "the directory of the repository");
    std::fs::remove_file(directory).unwrap();
    std::fs::rename(&moved, directory).unwrap();
    if !has_root() {
        return;
    }
    for part in &parts {
        lchown(part, Some(OTHER_UID), None).unwrap();
        repository.assert_untrusted(linked, &part.display().to_string());
        lchown(part, Some(0), None).unwrap();
    }
    repository.assert_trusted(linked);
    // A file of another user is not reported.
    let file = linked.join(".aws-sso");
    lchown(&file, Some(OTHER_UID), None).unwrap();
    assert_eq!(assert_loads_nothing(&repository.sandbox, linked), "");
}
