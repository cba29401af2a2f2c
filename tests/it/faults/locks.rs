//! Unavailable locks: file systems without locks, directories that cannot be written or belong
//! to another user, and other file types in place of a lock file.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::stat::Mode;

use super::{FETCH, REFRESH};
use crate::fixture::parallel::{run_all, timed};
use crate::fixture::programs::has_required;
use crate::fixture::users::{
    OTHER_UID, chown_home, copy_binary_to_home, has_root, is_root, run_as_owner, run_as_user,
};
use crate::fixture::{Run, Sandbox, binary};

const FETCH_ARGS: [&str; 4] = ["credential-process", "-v", "-p", "dev"];
/// Part of the message that a command continues without a lock.
const WITHOUT: &str = "going on without";

fn lock_directory(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".local/state/sso/lock")
}

/// Path of the lock file for the token of `corp`.
fn token_lock(sandbox: &Sandbox) -> PathBuf {
    let token = sandbox.token_path("corp");
    let stem = token.file_stem().unwrap().to_str().unwrap();
    lock_directory(sandbox).join(format!("token-{stem}"))
}

/// Prepares a run in which flock(2) fails with this error, always or as `when` says in the syntax
/// of strace.
fn run_with_failing_locks<'a>(
    sandbox: &'a Sandbox,
    error: &str,
    when: &str,
    arguments: &[&str],
) -> Run<'a> {
    let inject = format!("inject=flock:error={error}{when}");
    Run::program(sandbox, "strace")
        .args(["-f", "-o", "/dev/null", "-e", "trace=flock", "-e", &inject])
        .arg(binary())
        .args(arguments)
}

#[test]
fn everything_works_on_a_file_system_without_locks() {
    if !has_required("strace") {
        return;
    }
    for error in ["ENOLCK", "EOPNOTSUPP", "EIO"] {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let run = |arguments: &[&str]| run_with_failing_locks(&sandbox, error, "", arguments);
        let outcome = run(&FETCH_ARGS).run().expect(0);
        outcome
            .stderr_contains("this file system has no locks")
            .stderr_contains(WITHOUT);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        // Without -v there is no message.
        let quiet = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
        assert_eq!(run(&quiet).run().expect(0).stderr, "");
        let login = run(&["login", "--force"]).approving_browser();
        login.run().expect(0);
        run(&FETCH_ARGS).run().expect(0);
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
fn callers_without_locks_do_not_lose_the_session() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let runs = (0..8).map(|_| run_with_failing_locks(&sandbox, "ENOLCK", "", &FETCH_ARGS));
    for outcome in run_all(runs) {
        outcome.expect(0);
    }
    sandbox.assert_cache_is_valid();
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(sandbox.server().is_refreshable(refresh));
}

#[test]
fn an_interrupted_lock_attempt_is_repeated() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let outcome = run_with_failing_locks(&sandbox, "EINTR", ":when=1..2", &FETCH_ARGS).run();
    let outcome = outcome.expect(0);
    assert!(!outcome.stderr.contains(WITHOUT), "{outcome:#?}");
}

#[test]
fn existing_locks_work_in_a_read_only_lock_directory() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    std::fs::create_dir_all(lock_directory(&sandbox)).unwrap();
    let run = run_as_owner(&sandbox);
    let set_mode = |mode| {
        std::fs::set_permissions(lock_directory(&sandbox), PermissionsExt::from_mode(mode))
            .unwrap();
    };
    set_mode(0o500);
    let outcome = run(&sandbox, &FETCH_ARGS).run().expect(0);
    outcome
        .stderr_contains("no lock can be made in")
        .stderr_contains(WITHOUT);
    // An existing lock file can still be locked.
    set_mode(0o700);
    sandbox.store_token(-10);
    chown_home_again(&sandbox);
    let other = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
    run(&sandbox, &other).run().expect(0);
    set_mode(0o500);
    sandbox.store_token(-10);
    chown_home_again(&sandbox);
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

/// Gives files that the test has written to the owner of the home.
fn chown_home_again(sandbox: &Sandbox) {
    if is_root() {
        chown_home(sandbox, OTHER_UID);
    }
}

#[test]
fn lock_files_of_root_are_a_warning() {
    if !has_root() {
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
    // With the whole directory owned by root, no lock file can be opened.
    give_to_root(&lock_directory(&sandbox), 0o700);
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

/// Name of a defect, and a function that creates it at the path of a lock file.
type Breakage = (&'static str, fn(&Path));

#[test]
fn other_file_types_in_place_of_a_lock_are_a_warning() {
    const BREAKAGES: [Breakage; 5] = [
        ("a FIFO", |path| {
            nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
        }),
        ("a socket", |path| drop(UnixListener::bind(path).unwrap())),
        ("a directory", |path| std::fs::create_dir(path).unwrap()),
        ("a dangling link", |path| symlink("nowhere", path).unwrap()),
        ("huge", |path| {
            let file = std::fs::File::create(path).unwrap();
            file.set_len(100 << 20).unwrap();
        }),
    ];
    for (name, breakage) in BREAKAGES {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        std::fs::create_dir_all(lock_directory(&sandbox)).unwrap();
        breakage(&token_lock(&sandbox));
        let (outcome, wall) = timed(|| sandbox.credential_process().run());
        let outcome = outcome.expect(0);
        // A huge file can be locked like any other.
        let has_warning = outcome.stderr.contains("warning: a lock file in ");
        assert_eq!(has_warning, name != "huge", "{name}: {outcome:#?}");
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
        // A sign-out finds the role through the configuration, so it is stored without the index.
        assert_eq!(sandbox.server().count(FETCH), fetches, "{path}");
        sandbox.sso(["status", "-q"]).run().expect(0);
        sandbox.sso(["logout"]).run().expect(0);
        assert!(!sandbox.token_path("corp").exists(), "{path}");
        assert_eq!(sandbox.files(".aws/cli/cache"), [], "{path}");
    }
}

#[test]
fn a_locked_role_index_delays_a_call_by_its_timeout_only() {
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
    // A sign-out would not find the file without the index, so it is not stored.
    outcome
        .expect(0)
        .stderr_contains("warning: ")
        .stderr_contains("are not stored");
    sandbox.assert_within(wall, Duration::from_secs(3));
    assert_eq!(sandbox.files(".aws/cli/cache"), []);
}
