//! Trust in the linked worktrees of a git repository, made by git itself.

use std::path::Path;

use super::Shell;
use super::hook::warm;
use crate::fixture::{ACCOUNT, Run, Sandbox, programs};

fn git(sandbox: &Sandbox, directory: &Path, arguments: &[&str]) {
    let run = Run::program(sandbox, "git").args(["-c", "user.name=x", "-c", "user.email=x@x"]);
    let run = run.args(arguments).current_dir(directory);
    run.run().expect(0);
}

/// Returns the message of the hook on entering a directory.
fn enter(sandbox: &Sandbox, directory: &Path) -> String {
    Shell::new(sandbox).prompt(directory)
}

#[test]
fn trust_covers_the_same_bytes_at_the_same_path_of_every_worktree() {
    if !programs::has_required("git") {
        return;
    }
    let sandbox = warm();
    let home = sandbox.home();
    let main = sandbox.project("main", "dev\n");
    sandbox.project("main/sub", "dev\n# sub\n");
    git(&sandbox, &main, &["init", "-q"]);
    git(&sandbox, &main, &["add", "."]);
    git(&sandbox, &main, &["commit", "-qm", "x"]);
    for worktree in ["../one", "../a b", "inner"] {
        git(
            &sandbox,
            &main,
            &["worktree", "add", "-q", "--detach", worktree],
        );
    }
    let (one, two, inner) = (home.join("one"), home.join("a b"), main.join("inner"));
    assert!(enter(&sandbox, &one).contains("is not trusted"));
    // Trust of a linked worktree covers the main one as well.
    sandbox.sso(["allow", "-y"]).arg(&two).run().expect(0);
    for directory in [&main, &one, &two, &inner] {
        assert!(enter(&sandbox, directory).contains("sso: dev ("));
        let run = sandbox.sso(["exec", "--", "true"]).current_dir(directory);
        run.run().expect(0);
    }
    // The other path, and other bytes, are not covered.
    assert!(enter(&sandbox, &one.join("sub")).contains("is not trusted"));
    std::fs::write(one.join(".aws-sso"), "dev\n\n").unwrap();
    assert!(enter(&sandbox, &one).contains("is not trusted"));
    std::fs::write(one.join(".aws-sso"), "dev\n").unwrap();
    // A decision about the path itself wins.
    sandbox.sso(["deny"]).current_dir(&one).run().expect(0);
    assert_eq!(enter(&sandbox, &one), "");
    // Only the role that was allowed.
    let config = std::fs::read_to_string(home.join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace("AdministratorAccess", "ReadOnlyAccess"));
    assert!(enter(&sandbox, &inner).contains("no longer means"));
    sandbox.write_config(&config);
    // A moved worktree is one no longer, until git has repaired it.
    let moved = home.join("moved");
    std::fs::rename(&inner, &moved).unwrap();
    assert!(enter(&sandbox, &moved).contains("is not trusted"));
    git(&sandbox, &moved, &["worktree", "repair"]);
    assert!(enter(&sandbox, &moved).contains("sso: dev ("));
    // The end of trust in one worktree is its end in all.
    sandbox.sso(["deny"]).current_dir(&two).run().expect(0);
    assert!(enter(&sandbox, &moved).contains("is not trusted"));
}

#[test]
fn worktrees_of_a_bare_repository_trust_each_other() {
    if !programs::has_required("git") {
        return;
    }
    let sandbox = warm();
    let source = sandbox.project(
        "source",
        &format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\n"),
    );
    git(&sandbox, &source, &["init", "-q"]);
    git(&sandbox, &source, &["add", "."]);
    git(&sandbox, &source, &["commit", "-qm", "x"]);
    git(
        &sandbox,
        sandbox.home(),
        &["clone", "-q", "--bare", "source", "bare.git"],
    );
    let bare = sandbox.home().join("bare.git");
    for worktree in ["../one", "../two"] {
        git(
            &sandbox,
            &bare,
            &["worktree", "add", "-q", "--detach", worktree],
        );
    }
    let (one, two) = (sandbox.home().join("one"), sandbox.home().join("two"));
    sandbox.sso(["allow", "-y"]).arg(&one).run().expect(0);
    assert!(enter(&sandbox, &two).contains("sso: ReadOnlyAccess@"));
    // Another clone is another repository.
    assert!(enter(&sandbox, &source).contains("is not trusted"));
}
