//! Locks that cannot be had: file systems without any, directories that cannot be written
//! or belong to somebody else, and other things where a lock file should be.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::stat::Mode;

use super::{FETCH, REFRESH};
use crate::fixture::parallel::{run_all, timed};
use crate::fixture::programs::{has_required, skip_required};
use crate::fixture::users::{
    OTHER_UID, chown_home, copy_binary_to_home, is_root, run_as_owner, run_as_user,
};
use crate::fixture::{Run, Sandbox, binary};

const FETCHING: [&str; 4] = ["credential-process", "-v", "-p", "dev"];
const WITHOUT: &str = "going on without";

fn locks(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".local/state/sso/lock")
}

/// The lock file of the token of `corp`.
fn token_lock(sandbox: &Sandbox) -> PathBuf {
    let token = sandbox.token_path("corp");
    let stem = token.file_stem().unwrap().to_str().unwrap();
    locks(sandbox).join(format!("token-{stem}"))
}

/// A run in which every lock, or the one of that number, fails so.
fn with_locks<'a>(sandbox: &'a Sandbox, error: &str, when: &str, arguments: &[&str]) -> Run<'a> {
    let inject = format!("inject=flock:error={error}{when}");
    Run::program(sandbox, "strace")
        .args(["-f", "-o", "/dev/null", "-e", "trace=flock", "-e", &inject])
        .arg(binary())
        .args(arguments)
}

#[test]
fn where_the_file_system_has_no_locks_everything_works_without() {
    if !has_required("strace") {
        return;
    }
    for error in ["ENOLCK", "EOPNOTSUPP", "EIO"] {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let run = |arguments: &[&str]| with_locks(&sandbox, error, "", arguments);
        let outcome = run(&FETCHING).run().expect(0);
        outcome
            .stderr_contains("this file system has no locks")
            .stderr_contains(WITHOUT);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        // Without being asked it says nothing.
        let quiet = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
        assert_eq!(run(&quiet).run().expect(0).stderr, "");
        let login = run(&["login", "--force"]).approving_browser();
        login.run().expect(0);
        run(&FETCHING).run().expect(0);
        run(&["logout"]).run().expect(0);
        assert!(!sandbox.token_path("corp").exists());
        sandbox.assert_cache_is_valid();
        assert!(
            sandbox.temporary_files().is_empty(),
            "{:?}",
            sandbox.temporary_files()
        );
    }
}

#[test]
fn callers_without_locks_do_not_lose_the_session_to_each_other() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let runs = (0..8).map(|_| with_locks(&sandbox, "ENOLCK", "", &FETCHING));
    for outcome in run_all(runs) {
        outcome.expect(0);
    }
    sandbox.assert_cache_is_valid();
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(sandbox.server().is_refreshable(refresh));
}

#[test]
fn an_interrupted_attempt_at_a_lock_is_made_again() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let outcome = with_locks(&sandbox, "EINTR", ":when=1..2", &FETCHING).run();
    let outcome = outcome.expect(0);
    assert!(!outcome.stderr.contains(WITHOUT), "{outcome:#?}");
}

#[test]
fn a_lock_directory_that_cannot_be_written_serves_the_locks_that_it_has() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    std::fs::create_dir_all(locks(&sandbox)).unwrap();
    let run = run_as_owner(&sandbox);
    let set_mode = |mode| {
        std::fs::set_permissions(locks(&sandbox), PermissionsExt::from_mode(mode)).unwrap();
    };
    set_mode(0o500);
    let outcome = run(&sandbox, &FETCHING).run().expect(0);
    outcome
        .stderr_contains("no lock can be made in")
        .stderr_contains(WITHOUT);
    // A lock that exists can be taken all the same.
    set_mode(0o700);
    sandbox.store_token(-10);
    give_back(&sandbox);
    let other = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
    run(&sandbox, &other).run().expect(0);
    set_mode(0o500);
    sandbox.store_token(-10);
    give_back(&sandbox);
    std::fs::remove_file(sandbox.role_path("corp", crate::fixture::ACCOUNT, "ReadOnlyAccess"))
        .unwrap();
    let held = sandbox.hold_lock("token", &sandbox.token_path("corp"));
    let blocked = run(&sandbox, &other).env("SSO_TIMEOUT", "1");
    blocked
        .run()
        .expect(1)
        .stderr_contains("refreshing this session for too long");
    drop(held);
    run(&sandbox, &other).run().expect(0);
    set_mode(0o700);
}

/// What a test has written belongs to the owner of the home again.
fn give_back(sandbox: &Sandbox) {
    if is_root() {
        chown_home(sandbox, OTHER_UID);
    }
}

#[test]
fn locks_of_root_in_somebodys_home_are_told_and_gone_on_without() {
    if !is_root() {
        skip_required("to be run by root");
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    copy_binary_to_home(&sandbox);
    chown_home(&sandbox, OTHER_UID);
    let give_to_root = |path: &Path, mode| {
        std::os::unix::fs::chown(path, Some(0), Some(0)).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    };
    let file = |path: &Path| {
        sandbox.write_file(path, b"");
        chown_home(&sandbox, OTHER_UID);
        give_to_root(path, 0o600);
    };
    file(&token_lock(&sandbox));
    let quiet = ["credential-process", "-p", "dev"];
    let outcome = run_as_user(&sandbox, OTHER_UID, &quiet).run().expect(0);
    outcome
        .stderr_contains("warning: a lock file in ")
        .stderr_contains(WITHOUT);
    // The whole directory: no lock can even be looked for.
    give_to_root(&locks(&sandbox), 0o700);
    sandbox.store_token(-10);
    let owned = sandbox.token_path("corp");
    std::os::unix::fs::chown(owned, Some(OTHER_UID), Some(OTHER_UID)).unwrap();
    let other = [
        "credential-process",
        "-v",
        "-p",
        "dev",
        "-r",
        "ReadOnlyAccess",
    ];
    let outcome = run_as_user(&sandbox, OTHER_UID, &other).run().expect(0);
    outcome.stderr_contains(WITHOUT);
    assert_eq!(sandbox.server().count(REFRESH), 2);
}

/// Puts something where a lock file, or its directory, should be.
type Breakage = (&'static str, fn(&Path));

#[test]
fn whatever_stands_where_a_lock_should_be_nobody_waits_for_it() {
    const BREAKAGES: [Breakage; 5] = [
        ("a FIFO", |path| {
            nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
        }),
        ("a socket", |path| drop(UnixListener::bind(path).unwrap())),
        ("a directory", |path| std::fs::create_dir(path).unwrap()),
        ("a dangling link", |path| symlink("nowhere", path).unwrap()),
        ("a giant", |path| {
            let file = std::fs::File::create(path).unwrap();
            file.set_len(100 << 20).unwrap();
        }),
    ];
    for (name, breakage) in BREAKAGES {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        std::fs::create_dir_all(locks(&sandbox)).unwrap();
        breakage(&token_lock(&sandbox));
        let (outcome, wall) = timed(|| sandbox.credential_process().run());
        let outcome = outcome.expect(0);
        // A giant can be locked as well as any other file.
        let told = outcome.stderr.contains("warning: a lock file in ");
        assert_eq!(told, name != "a giant", "{name}: {outcome:#?}");
        assert!(wall < Duration::from_secs(10), "{name}: {wall:?}");
        sandbox.sso(["status", "-q"]).run().expect(0);
        sandbox.sso(["logout"]).run().expect(0);
    }
    for path in [
        ".local",
        ".local/state",
        ".local/state/sso",
        ".local/state/sso/lock",
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        sandbox.write_file(&sandbox.home().join(path), b"not a directory");
        sandbox.credential_process().run().expect(0);
        let fetches = sandbox.server().count(FETCH);
        sandbox.credential_process().run().expect(0);
        // The configuration names the role, so that it is stored without the list.
        assert_eq!(sandbox.server().count(FETCH), fetches, "{path}");
        sandbox.sso(["status", "-q"]).run().expect(0);
        sandbox.sso(["logout"]).run().expect(0);
        assert!(!sandbox.token_path("corp").exists(), "{path}");
        assert_eq!(sandbox.files(".aws/cli/cache"), [], "{path}");
    }
}

#[test]
fn a_list_of_roles_that_somebody_keeps_locked_costs_no_more_than_the_time_limit() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let _held = sandbox.hold_lock("index", Path::new("roles"));
    let options = [
        "-s",
        "corp",
        "-a",
        crate::fixture::ACCOUNT,
        "-r",
        "ReadOnlyAccess",
    ];
    let run = sandbox.sso(["credential-process"]).args(options);
    let (outcome, wall) = timed(|| run.env("SSO_TIMEOUT", "1").run());
    // Nobody would find the file again, so it is not stored.
    outcome
        .expect(0)
        .stderr_contains("warning: ")
        .stderr_contains("are not stored");
    assert!(wall < Duration::from_secs(3), "{wall:?}");
    assert_eq!(sandbox.files(".aws/cli/cache"), []);
}
