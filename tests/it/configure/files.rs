//! The file: what it is beside its text, and who else writes it.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use super::{adding, adds, config, copy, held};
use crate::faults::owners::{SOMEBODY, as_owner, as_user, give_home_to, is_root};
use crate::faults::storage::Mounted;
use crate::programs::{is_here, must_be_skipped};
use crate::world::aftermath::{all, wait_until};
use crate::world::{Run, World};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

/// Nothing of ours is left beside the file.
fn assert_no_left_over(directory: &Path) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".sso.tmp"), "{name}");
    }
}

#[test]
fn a_new_file_and_the_copy_of_an_old_one_are_private() {
    let world = World::new();
    std::fs::remove_dir_all(world.home().join(".aws")).unwrap();
    let first = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    adds(&world, "one").args(first).run().expect(0);
    assert_eq!(mode(&config(&world)), 0o600);
    assert_eq!(mode(&world.home().join(".aws")), 0o700);
    assert!(!copy(&world).exists());
    let before = held(&world);
    std::fs::set_permissions(config(&world), Permissions::from_mode(0o640)).unwrap();
    adds(&world, "two").run().expect(0);
    assert_eq!(mode(&config(&world)), 0o640);
    assert_eq!(mode(&copy(&world)), 0o600);
    assert_eq!(std::fs::read_to_string(copy(&world)).unwrap(), before);
    assert!(held(&world).starts_with(&before));
}

#[test]
fn what_is_so_already_is_not_written() {
    let world = World::new();
    adds(&world, "one").run().expect(0);
    let before = config(&world).metadata().unwrap();
    std::fs::remove_file(copy(&world)).unwrap();
    adds(&world, "one")
        .run()
        .expect(0)
        .says("nothing was changed");
    let after = config(&world).metadata().unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
    assert!(!copy(&world).exists());
}

#[test]
fn a_link_stays_one_and_what_it_leads_to_is_edited() {
    let world = World::new();
    let dotfiles = world.home().join("dotfiles");
    std::fs::create_dir(&dotfiles).unwrap();
    std::fs::rename(config(&world), dotfiles.join("aws-config")).unwrap();
    symlink("../dotfiles/aws-config", config(&world)).unwrap();
    adds(&world, "one").run().expect(0);
    assert!(config(&world).is_symlink());
    assert!(held(&world).contains("[profile one]"));
    assert!(dotfiles.join("aws-config.sso.bak").exists());
    assert_no_left_over(&dotfiles);
    // One that leads nowhere yet: the file is made there.
    let other = world.home().join("other");
    symlink(dotfiles.join("new"), &other).unwrap();
    let first = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    let run = adds(&world, "one").args(first);
    run.env("AWS_CONFIG_FILE", &other).run().expect(0);
    assert!(other.is_symlink() && dotfiles.join("new").exists());
}

#[test]
fn parallel_runs_lose_nothing_of_each_other() {
    let world = World::new();
    let names: Vec<String> = (0..24).map(|number| format!("p{number}")).collect();
    for outcome in all(names.iter().map(|name| adds(&world, name))) {
        outcome.expect(0);
    }
    let held = held(&world);
    for name in &names {
        assert_eq!(
            held.matches(&format!("[profile {name}]\n")).count(),
            1,
            "{held}"
        );
    }
    assert_no_left_over(&world.home().join(".aws"));
}

#[test]
fn a_change_by_somebody_without_a_lock_is_not_lost() {
    if !is_here("strace") {
        return;
    }
    let world = World::new();
    // Its first sync takes long: what it has read is old by then.
    let slow = "inject=fsync:delay_exit=700000:when=1";
    let running = Run::other(&world, "strace")
        .args(["-o", "/dev/null", "-e", slow])
        .arg(crate::world::binary())
        .args(adding("one"))
        .start();
    let directory = world.home().join(".aws");
    wait_until("it writes", || {
        let names = std::fs::read_dir(&directory).unwrap();
        let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.any(|name| name.ends_with(".sso.tmp"))
    });
    let edited = held(&world) + "# by an editor\n";
    world.config(&edited);
    running.finish().expect(0);
    let held = held(&world);
    assert!(
        held.starts_with(&edited) && held.contains("[profile one]"),
        "{held}"
    );
    assert_eq!(std::fs::read_to_string(copy(&world)).unwrap(), edited);
    assert_no_left_over(&directory);
}

#[test]
fn a_file_that_cannot_be_replaced_is_as_it_was() {
    let world = World::new();
    let before = held(&world);
    let script = r#"trap "" XFSZ; ulimit -f 0; exec "$@""#;
    let full = Run::other(&world, "sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_sso")])
        .args(adding("one"));
    let outcome = full.run().expect(1);
    outcome
        .says("cannot write ~/.aws/config: ")
        .says("it is as it was");
    assert_eq!(held(&world), before);
    assert_no_left_over(&world.home().join(".aws"));
    // The copy that cannot be kept.
    std::fs::create_dir(copy(&world)).unwrap();
    let outcome = adds(&world, "one").run().expect(1);
    outcome.says("cannot keep a copy of ~/.aws/config beside it");
    assert_eq!(held(&world), before);
    assert_no_left_over(&world.home().join(".aws"));
}

#[test]
fn a_file_that_its_owner_protects_is_not_replaced() {
    let world = World::new();
    let as_owner = as_owner(&world);
    let before = held(&world);
    std::fs::set_permissions(config(&world), Permissions::from_mode(0o400)).unwrap();
    let outcome = as_owner(&world, &adding("one")).run().expect(1);
    outcome.says("cannot write ~/.aws/config: Permission denied");
    let directory = world.home().join(".aws");
    std::fs::set_permissions(config(&world), Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();
    let outcome = as_owner(&world, &adding("one")).run().expect(1);
    outcome.says("cannot write ~/.aws/config: Permission denied");
    std::fs::set_permissions(&directory, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(held(&world), before);
    as_owner(&world, &adding("one")).run().expect(0);
}

#[test]
fn root_in_somebodys_home_leaves_the_file_to_them() {
    if !is_root() {
        must_be_skipped("root");
        return;
    }
    let world = World::new();
    give_home_to(&world, SOMEBODY);
    adds(&world, "one").run().expect(0);
    for path in [config(&world), copy(&world)] {
        let there = path.metadata().unwrap();
        assert_eq!((there.uid(), there.gid()), (SOMEBODY, SOMEBODY), "{path:?}");
    }
    as_user(&world, SOMEBODY, &adding("two")).run().expect(0);
}

#[test]
fn a_file_that_is_mounted_on_its_own_says_so() {
    let world = World::new();
    let bound = world.home().join("bound");
    std::fs::copy(config(&world), &bound).unwrap();
    let mut mount = std::process::Command::new("mount");
    mount.arg("--bind").args([&bound, &config(&world)]);
    if !mount.output().is_ok_and(|output| output.status.success()) {
        must_be_skipped("the right to mount a file");
        return;
    }
    let before = held(&world);
    let outcome = adds(&world, "one").run();
    let after = held(&world);
    let mut unmount = std::process::Command::new("umount");
    assert!(unmount.arg(config(&world)).status().unwrap().success());
    let outcome = outcome.expect(1).says("something is mounted on it");
    outcome.says("hint: a file that is mounted on its own");
    assert_eq!(before, after);
    assert_no_left_over(&world.home().join(".aws"));
}

#[test]
fn a_real_full_file_system_changes_nothing() {
    let world = World::new();
    let aside = std::fs::read(config(&world)).unwrap();
    let directory = world.home().join(".aws");
    let Some(_mounted) = Mounted::at(&directory, "size=64k,mode=700") else {
        return;
    };
    std::fs::write(config(&world), &aside).unwrap();
    let filler = directory.join("filler");
    // What is in the way is more than a page, and grows until there is no page left.
    let mut size = 4096;
    while std::fs::write(&filler, vec![0; size]).is_ok() {
        size += 4096;
    }
    let outcome = adds(&world, "one").run().expect(1);
    outcome.says("No space left on device");
    assert_eq!(std::fs::read(config(&world)).unwrap(), aside);
    assert_no_left_over(&directory);
    std::fs::remove_file(filler).unwrap();
    adds(&world, "one").run().expect(0);
}

#[test]
fn a_sign_in_that_is_there_is_not_asked_for_after_a_move() {
    let world = World::new();
    let old = "[profile old]\nsso_start_url = https://corp.awsapps.com/start\n\
               sso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Admin\n";
    let text = held(&world);
    for signed_in in [false, true] {
        world.config(&format!("{text}\n{old}"));
        if signed_in {
            world.stored_token(3600);
        }
        let run = world.sso(["configure", "--migrate", "--yes"]).run();
        let asks = run
            .expect(0)
            .stderr
            .contains("sign in once: sso login corp");
        assert_eq!(asks, !signed_in);
    }
}

#[test]
fn a_sign_in_for_nothing_is_ended_again() {
    let session = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    for (rest, code) in [(["-r", "NoSuchRole"], 1), (["-r", "Auditor"], 0)] {
        let world = World::new();
        world.config("");
        let words = ["configure", "dev"];
        let run = world.sso(words).args(session).args(rest);
        let run = if code == 0 { run.arg("--dry-run") } else { run };
        run.approving_browser()
            .run()
            .expect(code)
            .says("signed out of x again");
        assert_eq!(held(&world), "");
        let signed_in = world.server().count("CreateToken");
        assert!(signed_in > 0, "nobody has signed in");
        assert_eq!(world.server().count("Logout"), 1);
        let left = world.files(".aws/sso/cache");
        let tokens = left.iter().filter(|(_, bytes)| {
            let token = b"\"accessToken\"";
            bytes.windows(token.len()).any(|window| window == token)
        });
        assert_eq!(tokens.count(), 0);
    }
}
