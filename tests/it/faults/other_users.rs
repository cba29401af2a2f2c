//! Homes of other users: root under sudo, and a user without the permission to write.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{FETCH, REFRESH};
use crate::fixture::parallel::run_all;
use crate::fixture::programs::has_required;
use crate::fixture::random::rounds;
use crate::fixture::state_files::STATE_DIRECTORIES;
use crate::fixture::users::{OTHER_UID, chown_home, copy_binary_to_home, has_root, run_as_user};
use crate::fixture::{Run, Sandbox};

/// Returns the owner of every state file and directory.
fn owners(sandbox: &Sandbox) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    let mut add = |path: &Path| found.push((path.to_owned(), path.metadata().unwrap().uid()));
    for directory in STATE_DIRECTORIES {
        let directory = sandbox.home().join(directory);
        if directory.ends_with("inventory") && !directory.exists() {
            continue;
        }
        add(&directory);
        for entry in std::fs::read_dir(&directory).unwrap().flatten() {
            add(&entry.path());
        }
    }
    add(&sandbox.home().join(".local"));
    add(&sandbox.home().join(".local/state"));
    found
}

#[test]
fn files_created_by_root_belong_to_the_owner_of_the_home() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    chown_home(&sandbox, OTHER_UID);
    sandbox.credential_process().run().expect(0);
    sandbox
        .sso(["login", "--force"])
        .approving_browser()
        .run()
        .expect(0);
    sandbox.credential_process().run().expect(0);
    sandbox.sso(["roles"]).run().expect(0);
    let owners = owners(&sandbox);
    assert!(owners.len() >= 12, "{owners:?}");
    for (path, uid) in owners {
        assert_eq!(uid, OTHER_UID, "{}", path.display());
    }
    // The user's own calls work with the files that root has created.
    run_as_user(&sandbox, OTHER_UID, &["status", "-q"])
        .run()
        .expect(0);
    let fetching = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
    run_as_user(&sandbox, OTHER_UID, &fetching).run().expect(0);
    run_as_user(&sandbox, OTHER_UID, &["roles", "--refresh"])
        .run()
        .expect(0);
    run_as_user(&sandbox, OTHER_UID, &["logout"])
        .run()
        .expect(0);
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn root_and_the_user_share_one_refresh_and_one_fetch() {
    if !has_root() {
        return;
    }
    for _ in 0..rounds(1) {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        copy_binary_to_home(&sandbox);
        chown_home(&sandbox, OTHER_UID);
        let fetching = ["credential-process", "-p", "dev"];
        let outcomes = run_all((0..60).map(|number| match number % 2 {
            0 => run_as_user(&sandbox, OTHER_UID, &fetching),
            _ => sandbox.credential_process(),
        }));
        let mut outcomes = outcomes.into_iter().map(|one| one.expect(0).stdout);
        let first = outcomes.next().unwrap();
        assert!(outcomes.all(|other| other == first));
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert_eq!(sandbox.server().count(FETCH), 1);
        for (path, uid) in owners(&sandbox) {
            assert_eq!(uid, OTHER_UID, "{}", path.display());
        }
    }
}

#[test]
fn a_directory_that_root_is_about_to_chown_is_waited_for() {
    if !has_root() || !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(28_800);
    copy_binary_to_home(&sandbox);
    chown_home(&sandbox, OTHER_UID);
    // A directory that root has created and not chowned yet.
    let locks = sandbox.home().join(".local/state/sso/lock");
    std::fs::create_dir_all(&locks).unwrap();
    std::fs::set_permissions(&locks, Permissions::from_mode(0o700)).unwrap();
    // Stopped at its first sleep, the user's call has failed to open a lock and will try again.
    let fetch = Run::program(&sandbox, "setpriv")
        .args([
            format!("--reuid={OTHER_UID}"),
            format!("--regid={OTHER_UID}"),
        ])
        .arg("--clear-groups")
        .args(sandbox.strace_stop("clock_nanosleep"))
        .arg(copy_binary_to_home(&sandbox))
        .args(["-v", "credential-process", "-p", "dev"])
        .start();
    sandbox.wait_until_stopped();
    chown_home(&sandbox, OTHER_UID);
    fetch.resume_traced();
    let outcome = fetch.finish().expect(0);
    assert!(!outcome.stderr.contains("going on without"), "{outcome:?}");
}

#[test]
fn root_follows_no_link_out_of_the_home() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    chown_home(&sandbox, OTHER_UID);
    // A link of the user points to a file in a directory of root.
    let outside = sandbox.home().with_extension("outside");
    std::fs::create_dir(&outside).unwrap();
    let token = sandbox.token_path("corp");
    let target = outside.join("precious");
    std::fs::copy(&token, &target).unwrap();
    std::fs::remove_file(&token).unwrap();
    std::os::unix::fs::symlink(&target, &token).unwrap();
    let before = std::fs::read(&target).unwrap();
    sandbox
        .credential_process()
        .run()
        .expect(1)
        .stderr_contains("root follows no link of another user");
    assert_eq!(sandbox.server().count(REFRESH), 0);
    let outcome = sandbox.sso(["logout"]).run().expect(1);
    outcome
        .stderr_contains("cannot read")
        .stderr_contains(token.to_str().unwrap());
    assert_eq!(std::fs::read(&target).unwrap(), before);
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
    std::fs::remove_dir_all(&outside).unwrap();
}

#[test]
fn in_a_foreign_home_nothing_is_written_and_no_refresh_token_is_used() {
    if !has_root() {
        return;
    }
    for (expires_in, code) in [(-10, 1), (300, 0), (3600, 0)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        copy_binary_to_home(&sandbox);
        // World-writable, but owned by another user.
        let open = std::process::Command::new("chmod")
            .args(["-R", "a+rwX"])
            .arg(sandbox.home())
            .status();
        assert!(open.unwrap().success());
        let before = list_files(&sandbox);
        let outcome = run_as_user(&sandbox, OTHER_UID, &["credential-process", "-p", "dev"]).run();
        let outcome = outcome.expect(code).stderr_contains("belongs to user 0");
        assert_eq!(outcome.stdout.is_empty(), code != 0);
        assert_eq!(sandbox.server().count(REFRESH), 0);
        assert_eq!(sandbox.server().count(FETCH), u64::from(code == 0));
        assert_eq!(list_files(&sandbox), before);
    }
}

/// Returns the paths of all files in the home, sorted.
fn list_files(sandbox: &Sandbox) -> Vec<String> {
    let output = std::process::Command::new("find")
        .arg(sandbox.home())
        .output();
    let mut lines: Vec<String> = String::from_utf8(output.unwrap().stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}
