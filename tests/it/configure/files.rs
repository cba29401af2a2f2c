//! The configuration file: modes, links, owners, backups, and concurrent writers.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use super::{add_profile, add_profile_args, backup_path, config_path, read_config};
use crate::fixture::mounts::Tmpfs;
use crate::fixture::parallel::run_all;
use crate::fixture::programs::{has_required, skip_required};
use crate::fixture::users::{OTHER_UID, chown_home, has_root, run_as_owner, run_as_user};
use crate::fixture::{Run, Sandbox};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

/// Asserts that no temporary file is left in a directory.
fn assert_no_temporary_file(directory: &Path) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".sso.tmp"), "{name}");
    }
}

#[test]
fn a_new_file_and_the_backup_are_private() {
    let sandbox = Sandbox::new();
    std::fs::remove_dir_all(sandbox.home().join(".aws")).unwrap();
    let first = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    add_profile(&sandbox, "one").args(first).run().expect(0);
    assert_eq!(mode(&config_path(&sandbox)), 0o600);
    assert_eq!(mode(&sandbox.home().join(".aws")), 0o700);
    assert!(!backup_path(&sandbox).exists());
    let before = read_config(&sandbox);
    std::fs::set_permissions(config_path(&sandbox), Permissions::from_mode(0o640)).unwrap();
    add_profile(&sandbox, "two").run().expect(0);
    assert_eq!(mode(&config_path(&sandbox)), 0o640);
    assert_eq!(mode(&backup_path(&sandbox)), 0o600);
    assert_eq!(
        std::fs::read_to_string(backup_path(&sandbox)).unwrap(),
        before
    );
    assert!(read_config(&sandbox).starts_with(&before));
}

#[test]
fn an_unchanged_file_is_not_written() {
    let sandbox = Sandbox::new();
    add_profile(&sandbox, "one").run().expect(0);
    let before = config_path(&sandbox).metadata().unwrap();
    std::fs::remove_file(backup_path(&sandbox)).unwrap();
    add_profile(&sandbox, "one")
        .run()
        .expect(0)
        .stderr_contains("nothing was changed");
    let after = config_path(&sandbox).metadata().unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
    assert!(!backup_path(&sandbox).exists());
}

#[test]
fn a_symbolic_link_is_kept_and_its_target_is_edited() {
    let sandbox = Sandbox::new();
    let dotfiles = sandbox.home().join("dotfiles");
    std::fs::create_dir(&dotfiles).unwrap();
    std::fs::rename(config_path(&sandbox), dotfiles.join("aws-config")).unwrap();
    symlink("../dotfiles/aws-config", config_path(&sandbox)).unwrap();
    add_profile(&sandbox, "one").run().expect(0);
    assert!(config_path(&sandbox).is_symlink());
    assert!(read_config(&sandbox).contains("[profile one]"));
    assert!(dotfiles.join("aws-config.sso.bak").exists());
    assert_no_temporary_file(&dotfiles);
    // The file is created at the target of a dangling link.
    let other = sandbox.home().join("other");
    symlink(dotfiles.join("new"), &other).unwrap();
    let first = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    let run = add_profile(&sandbox, "one").args(first);
    run.env("AWS_CONFIG_FILE", &other).run().expect(0);
    assert!(other.is_symlink() && dotfiles.join("new").exists());
}

#[test]
fn parallel_runs_lose_no_change() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..24).map(|number| format!("p{number}")).collect();
    for outcome in run_all(names.iter().map(|name| add_profile(&sandbox, name))) {
        outcome.expect(0);
    }
    let held = read_config(&sandbox);
    for name in &names {
        assert_eq!(
            held.matches(&format!("[profile {name}]\n")).count(),
            1,
            "{held}"
        );
    }
    assert_no_temporary_file(&sandbox.home().join(".aws"));
}

#[test]
fn a_change_by_an_editor_without_a_lock_is_not_lost() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    // Stopped at its first sync, it has read the file and not replaced it.
    let running = Run::program(&sandbox, "env")
        .args(sandbox.strace_stop("fsync"))
        .arg(crate::fixture::binary())
        .args(add_profile_args("one"))
        .start();
    sandbox.wait_until_stopped();
    let edited = read_config(&sandbox) + "# by an editor\n";
    sandbox.write_config(&edited);
    running.resume_traced();
    running.finish().expect(0);
    let held = read_config(&sandbox);
    assert!(
        held.starts_with(&edited) && held.contains("[profile one]"),
        "{held}"
    );
    assert_eq!(
        std::fs::read_to_string(backup_path(&sandbox)).unwrap(),
        edited
    );
    assert_no_temporary_file(&sandbox.home().join(".aws"));
}

#[test]
fn a_file_that_cannot_be_replaced_is_unchanged() {
    let sandbox = Sandbox::new();
    let before = read_config(&sandbox);
    let script = r#"trap "" XFSZ; ulimit -f 0; exec "$@""#;
    let full = Run::program(&sandbox, "sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_sso")])
        .args(add_profile_args("one"));
    let outcome = full.run().expect(1);
    outcome
        .stderr_contains("cannot write ~/.aws/config: ")
        .stderr_contains("it is as it was");
    assert_eq!(read_config(&sandbox), before);
    assert_no_temporary_file(&sandbox.home().join(".aws"));
    // The backup cannot be written.
    std::fs::create_dir(backup_path(&sandbox)).unwrap();
    let outcome = add_profile(&sandbox, "one").run().expect(1);
    outcome.stderr_contains("cannot keep a copy of ~/.aws/config beside it");
    assert_eq!(read_config(&sandbox), before);
    assert_no_temporary_file(&sandbox.home().join(".aws"));
}

#[test]
fn a_write_protected_file_is_not_replaced() {
    let sandbox = Sandbox::new();
    let run_as_owner = run_as_owner(&sandbox);
    let before = read_config(&sandbox);
    std::fs::set_permissions(config_path(&sandbox), Permissions::from_mode(0o400)).unwrap();
    let outcome = run_as_owner(&sandbox, &add_profile_args("one"))
        .run()
        .expect(1);
    outcome.stderr_contains("cannot write ~/.aws/config: Permission denied");
    let directory = sandbox.home().join(".aws");
    std::fs::set_permissions(config_path(&sandbox), Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();
    let outcome = run_as_owner(&sandbox, &add_profile_args("one"))
        .run()
        .expect(1);
    outcome.stderr_contains("cannot write ~/.aws/config: Permission denied");
    std::fs::set_permissions(&directory, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(read_config(&sandbox), before);
    run_as_owner(&sandbox, &add_profile_args("one"))
        .run()
        .expect(0);
}

#[test]
fn root_keeps_the_owner_of_the_file() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    chown_home(&sandbox, OTHER_UID);
    add_profile(&sandbox, "one").run().expect(0);
    for path in [config_path(&sandbox), backup_path(&sandbox)] {
        let metadata = path.metadata().unwrap();
        assert_eq!(
            (metadata.uid(), metadata.gid()),
            (OTHER_UID, OTHER_UID),
            "{path:?}"
        );
    }
    run_as_user(&sandbox, OTHER_UID, &add_profile_args("two"))
        .run()
        .expect(0);
}

#[test]
fn a_bind_mounted_file_is_an_error_with_a_hint() {
    let sandbox = Sandbox::new();
    let bound = sandbox.home().join("bound");
    std::fs::copy(config_path(&sandbox), &bound).unwrap();
    let mut mount = std::process::Command::new("mount");
    mount.arg("--bind").args([&bound, &config_path(&sandbox)]);
    if !mount.output().is_ok_and(|output| output.status.success()) {
        skip_required("permission to mount a file");
        return;
    }
    let before = read_config(&sandbox);
    let outcome = add_profile(&sandbox, "one").run();
    let after = read_config(&sandbox);
    let mut unmount = std::process::Command::new("umount");
    assert!(
        unmount
            .arg(config_path(&sandbox))
            .status()
            .unwrap()
            .success()
    );
    let outcome = outcome
        .expect(1)
        .stderr_contains("something is mounted on it");
    outcome.stderr_contains("hint: a file that is mounted on its own");
    assert_eq!(before, after);
    assert_no_temporary_file(&sandbox.home().join(".aws"));
}

#[test]
fn a_full_file_system_changes_nothing() {
    let sandbox = Sandbox::new();
    let before = std::fs::read(config_path(&sandbox)).unwrap();
    let directory = sandbox.home().join(".aws");
    let Some(_mounted) = Tmpfs::mount(&directory, "size=64k,mode=700") else {
        return;
    };
    std::fs::write(config_path(&sandbox), &before).unwrap();
    let filler = directory.join("filler");
    // The filler grows page by page until no page is left.
    let mut size = 4096;
    while std::fs::write(&filler, vec![0; size]).is_ok() {
        size += 4096;
    }
    let outcome = add_profile(&sandbox, "one").run().expect(1);
    outcome.stderr_contains("No space left on device");
    assert_eq!(std::fs::read(config_path(&sandbox)).unwrap(), before);
    assert_no_temporary_file(&directory);
    std::fs::remove_file(filler).unwrap();
    add_profile(&sandbox, "one").run().expect(0);
}

#[test]
fn migrate_hints_at_a_sign_in_only_without_a_token() {
    let sandbox = Sandbox::new();
    let old = "[profile old]\nsso_start_url = https://corp.awsapps.com/start\n\
               sso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Admin\n";
    let text = read_config(&sandbox);
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
fn a_sign_in_that_leads_to_no_change_is_ended() {
    let session = [
        "--start-url",
        "https://x.awsapps.com/start",
        "--sso-region",
        "eu-west-1",
    ];
    for (rest, code) in [(["-r", "NoSuchRole"], 1), (["-r", "Auditor"], 0)] {
        let sandbox = Sandbox::new();
        sandbox.write_config("");
        let configure = ["configure", "dev"];
        let run = sandbox.sso(configure).args(session).args(rest);
        let run = if code == 0 { run.arg("--dry-run") } else { run };
        run.approving_browser()
            .run()
            .expect(code)
            .stderr_contains("signed out of x again");
        assert_eq!(read_config(&sandbox), "");
        let signed_in = sandbox.server().count("CreateToken");
        assert!(signed_in > 0, "there was no sign-in");
        assert_eq!(sandbox.server().count("Logout"), 1);
        let left = sandbox.files(".aws/sso/cache");
        let tokens = left.iter().filter(|(_, bytes)| {
            let token = b"\"accessToken\"";
            bytes.windows(token.len()).any(|window| window == token)
        });
        assert_eq!(tokens.count(), 0);
    }
}
