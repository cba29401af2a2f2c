//! The file: what it is beside its text, and who else writes it.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use super::{adding, adds, config, copy, held};
use crate::fixture::mounts::Tmpfs;
use crate::fixture::parallel::{run_all, wait_until};
use crate::fixture::programs::{has_required, skip_required};
use crate::fixture::users::{OTHER_UID, chown_home, is_root, run_as_owner, run_as_user};
use crate::fixture::{Run, Sandbox};

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
    let sandbox = Sandbox::new();
    std::fs::remove_dir_all(sandbox.home().join(".aws")).unwrap();
    let first = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    adds(&sandbox, "one").args(first).run().expect(0);
    assert_eq!(mode(&config(&sandbox)), 0o600);
    assert_eq!(mode(&sandbox.home().join(".aws")), 0o700);
    assert!(!copy(&sandbox).exists());
    let before = held(&sandbox);
    std::fs::set_permissions(config(&sandbox), Permissions::from_mode(0o640)).unwrap();
    adds(&sandbox, "two").run().expect(0);
    assert_eq!(mode(&config(&sandbox)), 0o640);
    assert_eq!(mode(&copy(&sandbox)), 0o600);
    assert_eq!(std::fs::read_to_string(copy(&sandbox)).unwrap(), before);
    assert!(held(&sandbox).starts_with(&before));
}

#[test]
fn what_is_so_already_is_not_written() {
    let sandbox = Sandbox::new();
    adds(&sandbox, "one").run().expect(0);
    let before = config(&sandbox).metadata().unwrap();
    std::fs::remove_file(copy(&sandbox)).unwrap();
    adds(&sandbox, "one")
        .run()
        .expect(0)
        .stderr_contains("nothing was changed");
    let after = config(&sandbox).metadata().unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
    assert!(!copy(&sandbox).exists());
}

#[test]
fn a_link_stays_one_and_what_it_leads_to_is_edited() {
    let sandbox = Sandbox::new();
    let dotfiles = sandbox.home().join("dotfiles");
    std::fs::create_dir(&dotfiles).unwrap();
    std::fs::rename(config(&sandbox), dotfiles.join("aws-config")).unwrap();
    symlink("../dotfiles/aws-config", config(&sandbox)).unwrap();
    adds(&sandbox, "one").run().expect(0);
    assert!(config(&sandbox).is_symlink());
    assert!(held(&sandbox).contains("[profile one]"));
    assert!(dotfiles.join("aws-config.sso.bak").exists());
    assert_no_left_over(&dotfiles);
    // One that leads nowhere yet: the file is made there.
    let other = sandbox.home().join("other");
    symlink(dotfiles.join("new"), &other).unwrap();
    let first = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    let run = adds(&sandbox, "one").args(first);
    run.env("AWS_CONFIG_FILE", &other).run().expect(0);
    assert!(other.is_symlink() && dotfiles.join("new").exists());
}

#[test]
fn parallel_runs_lose_nothing_of_each_other() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..24).map(|number| format!("p{number}")).collect();
    for outcome in run_all(names.iter().map(|name| adds(&sandbox, name))) {
        outcome.expect(0);
    }
    let held = held(&sandbox);
    for name in &names {
        assert_eq!(
            held.matches(&format!("[profile {name}]\n")).count(),
            1,
            "{held}"
        );
    }
    assert_no_left_over(&sandbox.home().join(".aws"));
}

#[test]
fn a_change_by_somebody_without_a_lock_is_not_lost() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    // Its first sync takes long: what it has read is old by then.
    let slow = "inject=fsync:delay_exit=700000:when=1";
    let running = Run::program(&sandbox, "strace")
        .args(["-o", "/dev/null", "-e", slow])
        .arg(crate::fixture::binary())
        .args(adding("one"))
        .start();
    let directory = sandbox.home().join(".aws");
    wait_until("it writes", || {
        let names = std::fs::read_dir(&directory).unwrap();
        let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.any(|name| name.ends_with(".sso.tmp"))
    });
    let edited = held(&sandbox) + "# by an editor\n";
    sandbox.write_config(&edited);
    running.finish().expect(0);
    let held = held(&sandbox);
    assert!(
        held.starts_with(&edited) && held.contains("[profile one]"),
        "{held}"
    );
    assert_eq!(std::fs::read_to_string(copy(&sandbox)).unwrap(), edited);
    assert_no_left_over(&directory);
}

#[test]
fn a_file_that_cannot_be_replaced_is_as_it_was() {
    let sandbox = Sandbox::new();
    let before = held(&sandbox);
    let script = r#"trap "" XFSZ; ulimit -f 0; exec "$@""#;
    let full = Run::program(&sandbox, "sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_sso")])
        .args(adding("one"));
    let outcome = full.run().expect(1);
    outcome
        .stderr_contains("cannot write ~/.aws/config: ")
        .stderr_contains("it is as it was");
    assert_eq!(held(&sandbox), before);
    assert_no_left_over(&sandbox.home().join(".aws"));
    // The copy that cannot be kept.
    std::fs::create_dir(copy(&sandbox)).unwrap();
    let outcome = adds(&sandbox, "one").run().expect(1);
    outcome.stderr_contains("cannot keep a copy of ~/.aws/config beside it");
    assert_eq!(held(&sandbox), before);
    assert_no_left_over(&sandbox.home().join(".aws"));
}

#[test]
fn a_file_that_its_owner_protects_is_not_replaced() {
    let sandbox = Sandbox::new();
    let run_as_owner = run_as_owner(&sandbox);
    let before = held(&sandbox);
    std::fs::set_permissions(config(&sandbox), Permissions::from_mode(0o400)).unwrap();
    let outcome = run_as_owner(&sandbox, &adding("one")).run().expect(1);
    outcome.stderr_contains("cannot write ~/.aws/config: Permission denied");
    let directory = sandbox.home().join(".aws");
    std::fs::set_permissions(config(&sandbox), Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();
    let outcome = run_as_owner(&sandbox, &adding("one")).run().expect(1);
    outcome.stderr_contains("cannot write ~/.aws/config: Permission denied");
    std::fs::set_permissions(&directory, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(held(&sandbox), before);
    run_as_owner(&sandbox, &adding("one")).run().expect(0);
}

#[test]
fn root_in_somebodys_home_leaves_the_file_to_them() {
    if !is_root() {
        skip_required("root");
        return;
    }
    let sandbox = Sandbox::new();
    chown_home(&sandbox, OTHER_UID);
    adds(&sandbox, "one").run().expect(0);
    for path in [config(&sandbox), copy(&sandbox)] {
        let there = path.metadata().unwrap();
        assert_eq!(
            (there.uid(), there.gid()),
            (OTHER_UID, OTHER_UID),
            "{path:?}"
        );
    }
    run_as_user(&sandbox, OTHER_UID, &adding("two"))
        .run()
        .expect(0);
}

#[test]
fn a_file_that_is_mounted_on_its_own_says_so() {
    let sandbox = Sandbox::new();
    let bound = sandbox.home().join("bound");
    std::fs::copy(config(&sandbox), &bound).unwrap();
    let mut mount = std::process::Command::new("mount");
    mount.arg("--bind").args([&bound, &config(&sandbox)]);
    if !mount.output().is_ok_and(|output| output.status.success()) {
        skip_required("the right to mount a file");
        return;
    }
    let before = held(&sandbox);
    let outcome = adds(&sandbox, "one").run();
    let after = held(&sandbox);
    let mut unmount = std::process::Command::new("umount");
    assert!(unmount.arg(config(&sandbox)).status().unwrap().success());
    let outcome = outcome
        .expect(1)
        .stderr_contains("something is mounted on it");
    outcome.stderr_contains("hint: a file that is mounted on its own");
    assert_eq!(before, after);
    assert_no_left_over(&sandbox.home().join(".aws"));
}

#[test]
fn a_real_full_file_system_changes_nothing() {
    let sandbox = Sandbox::new();
    let aside = std::fs::read(config(&sandbox)).unwrap();
    let directory = sandbox.home().join(".aws");
    let Some(_mounted) = Tmpfs::mount(&directory, "size=64k,mode=700") else {
        return;
    };
    std::fs::write(config(&sandbox), &aside).unwrap();
    let filler = directory.join("filler");
    // What is in the way is more than a page, and grows until there is no page left.
    let mut size = 4096;
    while std::fs::write(&filler, vec![0; size]).is_ok() {
        size += 4096;
    }
    let outcome = adds(&sandbox, "one").run().expect(1);
    outcome.stderr_contains("No space left on device");
    assert_eq!(std::fs::read(config(&sandbox)).unwrap(), aside);
    assert_no_left_over(&directory);
    std::fs::remove_file(filler).unwrap();
    adds(&sandbox, "one").run().expect(0);
}

#[test]
fn a_sign_in_that_is_there_is_not_asked_for_after_a_move() {
    let sandbox = Sandbox::new();
    let old = "[profile old]\nsso_start_url = https://corp.awsapps.com/start\n\
               sso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Admin\n";
    let text = held(&sandbox);
    for signed_in in [false, true] {
        sandbox.write_config(&format!("{text}\n{old}"));
        if signed_in {
            sandbox.store_token(3600);
        }
        let run = sandbox.sso(["configure", "--migrate", "--yes"]).run();
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
        let sandbox = Sandbox::new();
        sandbox.write_config("");
        let words = ["configure", "dev"];
        let run = sandbox.sso(words).args(session).args(rest);
        let run = if code == 0 { run.arg("--dry-run") } else { run };
        run.approving_browser()
            .run()
            .expect(code)
            .stderr_contains("signed out of x again");
        assert_eq!(held(&sandbox), "");
        let signed_in = sandbox.server().count("CreateToken");
        assert!(signed_in > 0, "nobody has signed in");
        assert_eq!(sandbox.server().count("Logout"), 1);
        let left = sandbox.files(".aws/sso/cache");
        let tokens = left.iter().filter(|(_, bytes)| {
            let token = b"\"accessToken\"";
            bytes.windows(token.len()).any(|window| window == token)
        });
        assert_eq!(tokens.count(), 0);
    }
}
