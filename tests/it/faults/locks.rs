//! Locks that cannot be had: file systems without any, directories that cannot be written
//! or belong to somebody else, and other things where a lock file should be.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::stat::Mode;

use super::owners::{SOMEBODY, as_owner, as_user, give_home_to, is_root, reachable};
use super::{FETCH, REFRESH};
use crate::programs::{is_here, must_be_skipped};
use crate::world::aftermath::{all, timed};
use crate::world::{Run, World, binary};

const FETCHING: [&str; 4] = ["credential-process", "-v", "-p", "dev"];
const WITHOUT: &str = "going on without";

fn locks(world: &World) -> PathBuf {
    world.home().join(".local/state/sso/lock")
}

/// The lock file of the token of `corp`.
fn token_lock(world: &World) -> PathBuf {
    let token = world.token_path("corp");
    let stem = token.file_stem().unwrap().to_str().unwrap();
    locks(world).join(format!("token-{stem}"))
}

/// A run in which every lock, or the one of that number, fails so.
fn with_locks<'a>(world: &'a World, error: &str, when: &str, arguments: &[&str]) -> Run<'a> {
    let inject = format!("inject=flock:error={error}{when}");
    Run::other(world, "strace")
        .args(["-f", "-o", "/dev/null", "-e", "trace=flock", "-e", &inject])
        .arg(binary())
        .args(arguments)
}

#[test]
fn where_the_file_system_has_no_locks_everything_works_without() {
    if !is_here("strace") {
        return;
    }
    for error in ["ENOLCK", "EOPNOTSUPP", "EIO"] {
        let world = World::new();
        world.stored_token(-10);
        let run = |arguments: &[&str]| with_locks(&world, error, "", arguments);
        let outcome = run(&FETCHING).run().expect(0);
        outcome.says("this file system has no locks").says(WITHOUT);
        assert_eq!(world.server().count(REFRESH), 1);
        // Without being asked it says nothing.
        let quiet = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
        assert_eq!(run(&quiet).run().expect(0).stderr, "");
        let login = run(&["login", "--force"]).approving_browser();
        login.run().expect(0);
        run(&FETCHING).run().expect(0);
        run(&["logout"]).run().expect(0);
        assert!(!world.token_path("corp").exists());
        world.assert_whole();
        assert!(world.left_overs().is_empty(), "{:?}", world.left_overs());
    }
}

#[test]
fn callers_without_locks_do_not_lose_the_session_to_each_other() {
    if !is_here("strace") {
        return;
    }
    let world = World::new();
    world.stored_token(-10);
    let runs = (0..8).map(|_| with_locks(&world, "ENOLCK", "", &FETCHING));
    for outcome in all(runs) {
        outcome.expect(0);
    }
    world.assert_whole();
    let token = world.read_json(&world.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(world.server().is_refreshable(refresh));
}

#[test]
fn an_interrupted_attempt_at_a_lock_is_made_again() {
    if !is_here("strace") {
        return;
    }
    let world = World::new();
    world.stored_token(-10);
    let outcome = with_locks(&world, "EINTR", ":when=1..2", &FETCHING).run();
    let outcome = outcome.expect(0);
    assert!(!outcome.stderr.contains(WITHOUT), "{outcome:#?}");
}

#[test]
fn a_lock_directory_that_cannot_be_written_serves_the_locks_that_it_has() {
    let world = World::new();
    world.stored_token(-10);
    std::fs::create_dir_all(locks(&world)).unwrap();
    let run = as_owner(&world);
    let set_mode = |mode| {
        std::fs::set_permissions(locks(&world), PermissionsExt::from_mode(mode)).unwrap();
    };
    set_mode(0o500);
    let outcome = run(&world, &FETCHING).run().expect(0);
    outcome.says("no lock can be made in").says(WITHOUT);
    // A lock that exists can be taken all the same.
    set_mode(0o700);
    world.stored_token(-10);
    give_back(&world);
    let other = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
    run(&world, &other).run().expect(0);
    set_mode(0o500);
    world.stored_token(-10);
    give_back(&world);
    std::fs::remove_file(world.role_path("corp", crate::world::ACCOUNT, "ReadOnlyAccess")).unwrap();
    let held = world.hold("token", &world.token_path("corp"));
    let blocked = run(&world, &other).env("SSO_TIMEOUT", "1");
    blocked
        .run()
        .expect(1)
        .says("refreshing this session for too long");
    drop(held);
    run(&world, &other).run().expect(0);
    set_mode(0o700);
}

/// What a test has written belongs to the owner of the home again.
fn give_back(world: &World) {
    if is_root() {
        give_home_to(world, SOMEBODY);
    }
}

#[test]
fn locks_of_root_in_somebodys_home_are_told_and_gone_on_without() {
    if !is_root() {
        must_be_skipped("to be run by root");
        return;
    }
    let world = World::new();
    world.stored_token(-10);
    reachable(&world);
    give_home_to(&world, SOMEBODY);
    let give_to_root = |path: &Path, mode| {
        std::os::unix::fs::chown(path, Some(0), Some(0)).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    };
    let file = |path: &Path| {
        world.write_file(path, b"");
        give_home_to(&world, SOMEBODY);
        give_to_root(path, 0o600);
    };
    file(&token_lock(&world));
    let quiet = ["credential-process", "-p", "dev"];
    let outcome = as_user(&world, SOMEBODY, &quiet).run().expect(0);
    outcome.says("warning: a lock file in ").says(WITHOUT);
    // The whole directory: no lock can even be looked for.
    give_to_root(&locks(&world), 0o700);
    world.stored_token(-10);
    let owned = world.token_path("corp");
    std::os::unix::fs::chown(owned, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    let other = [
        "credential-process",
        "-v",
        "-p",
        "dev",
        "-r",
        "ReadOnlyAccess",
    ];
    let outcome = as_user(&world, SOMEBODY, &other).run().expect(0);
    outcome.says(WITHOUT);
    assert_eq!(world.server().count(REFRESH), 2);
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
        let world = World::new();
        world.stored_token(-10);
        std::fs::create_dir_all(locks(&world)).unwrap();
        breakage(&token_lock(&world));
        let (outcome, wall) = timed(|| world.credentials().run());
        let outcome = outcome.expect(0);
        // A giant can be locked as well as any other file.
        let told = outcome.stderr.contains("warning: a lock file in ");
        assert_eq!(told, name != "a giant", "{name}: {outcome:#?}");
        assert!(wall < Duration::from_secs(10), "{name}: {wall:?}");
        world.sso(["status", "-q"]).run().expect(0);
        world.sso(["logout"]).run().expect(0);
    }
    for path in [
        ".local",
        ".local/state",
        ".local/state/sso",
        ".local/state/sso/lock",
    ] {
        let world = World::new();
        world.stored_token(-10);
        world.write_file(&world.home().join(path), b"not a directory");
        world.credentials().run().expect(0);
        let fetches = world.server().count(FETCH);
        world.credentials().run().expect(0);
        // The configuration names the role, so that it is stored without the list.
        assert_eq!(world.server().count(FETCH), fetches, "{path}");
        world.sso(["status", "-q"]).run().expect(0);
        world.sso(["logout"]).run().expect(0);
        assert!(!world.token_path("corp").exists(), "{path}");
        assert_eq!(world.files(".aws/cli/cache"), [], "{path}");
    }
}

#[test]
fn a_list_of_roles_that_somebody_keeps_locked_costs_no_more_than_the_time_limit() {
    let world = World::new();
    world.stored_token(3600);
    let _held = world.hold("index", Path::new("roles"));
    let options = [
        "-s",
        "corp",
        "-a",
        crate::world::ACCOUNT,
        "-r",
        "ReadOnlyAccess",
    ];
    let run = world.sso(["credential-process"]).args(options);
    let (outcome, wall) = timed(|| run.env("SSO_TIMEOUT", "1").run());
    // Nobody would find the file again, so it is not stored.
    outcome.expect(0).says("warning: ").says("are not stored");
    assert!(wall < Duration::from_secs(3), "{wall:?}");
    assert_eq!(world.files(".aws/cli/cache"), []);
}
