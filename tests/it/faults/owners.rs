//! Homes of other users: root through sudo, and somebody who may not write.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{FETCH, REFRESH};
use crate::world::aftermath::{DIRECTORIES, all};
use crate::world::chance::rounds;
use crate::world::{Run, World};

/// A user that owns nothing on this computer.
pub const SOMEBODY: u32 = 12_345;

pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

pub fn give_home_to(world: &World, uid: u32) {
    let owner = format!("{uid}:{uid}");
    let status = std::process::Command::new("chown")
        .args(["-R", &owner])
        .arg(world.home())
        .status();
    assert!(status.unwrap().success());
}

/// The binary in a place that every user can reach; the build directory may be private.
pub fn reachable(world: &World) -> PathBuf {
    let path = world.home().join("sso");
    if !path.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_sso"), &path).unwrap();
    }
    path
}

pub fn as_user<'a>(world: &'a World, uid: u32, arguments: &[&str]) -> Run<'a> {
    let program = reachable(world);
    Run::other(world, "setpriv")
        .args([format!("--reuid={uid}"), format!("--regid={uid}")])
        .arg("--clear-groups")
        .arg(program)
        .args(arguments)
}

/// How to run the binary as the owner of the home, who is not root.
pub fn as_owner(world: &World) -> for<'a> fn(&'a World, &[&str]) -> Run<'a> {
    if is_root() {
        reachable(world);
        give_home_to(world, SOMEBODY);
        |world, arguments| as_user(world, SOMEBODY, arguments)
    } else {
        |world, arguments| world.sso(arguments)
    }
}

fn owners(world: &World) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    let mut add = |path: &Path| found.push((path.to_owned(), path.metadata().unwrap().uid()));
    for directory in DIRECTORIES {
        let directory = world.home().join(directory);
        if directory.ends_with("inventory") && !directory.exists() {
            continue;
        }
        add(&directory);
        for entry in std::fs::read_dir(&directory).unwrap().flatten() {
            add(&entry.path());
        }
    }
    add(&world.home().join(".local"));
    add(&world.home().join(".local/state"));
    found
}

#[test]
fn what_root_writes_into_somebodys_home_belongs_to_that_user() {
    if !is_root() {
        eprintln!("only root can try this; skipped");
        return;
    }
    let world = World::new();
    world.stored_token(-10);
    give_home_to(&world, SOMEBODY);
    world.credentials().run().expect(0);
    world
        .sso(["login", "--force"])
        .approving_browser()
        .run()
        .expect(0);
    world.credentials().run().expect(0);
    world.sso(["roles"]).run().expect(0);
    let owners = owners(&world);
    assert!(owners.len() >= 12, "{owners:?}");
    for (path, uid) in owners {
        assert_eq!(uid, SOMEBODY, "{}", path.display());
    }
    // The user's own calls go on with what root has left.
    as_user(&world, SOMEBODY, &["status", "-q"]).run().expect(0);
    let fetching = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
    as_user(&world, SOMEBODY, &fetching).run().expect(0);
    as_user(&world, SOMEBODY, &["roles", "--refresh"])
        .run()
        .expect(0);
    as_user(&world, SOMEBODY, &["logout"]).run().expect(0);
    assert!(!world.token_path("corp").exists());
}

#[test]
fn root_and_the_user_share_one_refresh_and_one_fetch() {
    if !is_root() {
        eprintln!("only root can try this; skipped");
        return;
    }
    for _ in 0..rounds(1) {
        let world = World::new();
        world.stored_token(-10);
        reachable(&world);
        give_home_to(&world, SOMEBODY);
        let fetching = ["credential-process", "-p", "dev"];
        let outcomes = all((0..60).map(|number| match number % 2 {
            0 => as_user(&world, SOMEBODY, &fetching),
            _ => world.credentials(),
        }));
        let mut outcomes = outcomes.into_iter().map(|one| one.expect(0).stdout);
        let first = outcomes.next().unwrap();
        assert!(outcomes.all(|other| other == first));
        assert_eq!(world.server().count(REFRESH), 1);
        assert_eq!(world.server().count(FETCH), 1);
        for (path, uid) in owners(&world) {
            assert_eq!(uid, SOMEBODY, "{}", path.display());
        }
    }
}

#[test]
fn what_root_is_just_handing_over_is_waited_for() {
    if !is_root() {
        eprintln!("only root can try this; skipped");
        return;
    }
    let world = World::new();
    world.stored_token(28_800);
    reachable(&world);
    give_home_to(&world, SOMEBODY);
    // What root has made there and not given away yet.
    let locks = world.home().join(".local/state/sso/lock");
    std::fs::create_dir_all(&locks).unwrap();
    std::fs::set_permissions(&locks, Permissions::from_mode(0o700)).unwrap();
    let fetching = ["-v", "credential-process", "-p", "dev"];
    let fetching = as_user(&world, SOMEBODY, &fetching).start();
    std::thread::sleep(Duration::from_millis(30));
    give_home_to(&world, SOMEBODY);
    let outcome = fetching.finish().expect(0);
    assert!(!outcome.stderr.contains("going on without"), "{outcome:?}");
}

#[test]
fn root_in_somebodys_home_follows_no_link_out_of_it() {
    if !is_root() {
        eprintln!("only root can try this; skipped");
        return;
    }
    let world = World::new();
    world.stored_token(-10);
    give_home_to(&world, SOMEBODY);
    // A directory of root, and in it a file that a link of that user leads to.
    let outside = world.home().with_extension("outside");
    std::fs::create_dir(&outside).unwrap();
    let token = world.token_path("corp");
    let target = outside.join("precious");
    std::fs::copy(&token, &target).unwrap();
    std::fs::remove_file(&token).unwrap();
    std::os::unix::fs::symlink(&target, &token).unwrap();
    let before = std::fs::read(&target).unwrap();
    world
        .credentials()
        .run()
        .expect(1)
        .says("does not belong to user 12345");
    assert_eq!(world.server().count(REFRESH), 0);
    let outcome = world.sso(["logout"]).run().expect(1);
    outcome.says("cannot remove").says(token.to_str().unwrap());
    assert_eq!(std::fs::read(&target).unwrap(), before);
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
    std::fs::remove_dir_all(&outside).unwrap();
}

#[test]
fn in_a_foreign_home_nothing_is_written_and_no_refresh_token_is_spent() {
    if !is_root() {
        eprintln!("only root can become somebody else; skipped");
        return;
    }
    for (expires_in, code) in [(-10, 1), (300, 0), (3600, 0)] {
        let world = World::new();
        world.stored_token(expires_in);
        reachable(&world);
        // Everybody may do everything here, and it is still not ours.
        let open = std::process::Command::new("chmod")
            .args(["-R", "a+rwX"])
            .arg(world.home())
            .status();
        assert!(open.unwrap().success());
        let before = tree(&world);
        let outcome = as_user(&world, SOMEBODY, &["credential-process", "-p", "dev"]).run();
        let outcome = outcome.expect(code).says("belongs to user 0");
        assert_eq!(outcome.stdout.is_empty(), code != 0);
        assert_eq!(world.server().count(REFRESH), 0);
        assert_eq!(world.server().count(FETCH), u64::from(code == 0));
        assert_eq!(tree(&world), before);
    }
}

fn tree(world: &World) -> Vec<String> {
    let output = std::process::Command::new("find")
        .arg(world.home())
        .output();
    let mut lines: Vec<String> = String::from_utf8(output.unwrap().stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}
