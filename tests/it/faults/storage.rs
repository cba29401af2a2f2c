//! Full disks, read-only homes, and the modes of files.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;

use super::{FETCH, REFRESH};
use crate::fixture::mounts::Tmpfs;
use crate::fixture::parallel::WAIT_LIMIT;
use crate::fixture::state_files::STATE_DIRECTORIES;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox};

/// Prepares a run that cannot write to any file, as on a full disk.
fn run_on_full_disk<'a>(sandbox: &'a Sandbox, arguments: &[&str]) -> Run<'a> {
    // With SIGXFSZ ignored, write(2) fails instead of killing the process.
    let script = r#"trap "" XFSZ; ulimit -f 0; exec "$@""#;
    Run::program(sandbox, "sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_sso")])
        .args(arguments)
}

const FETCH_ARGS: [&str; 3] = ["credential-process", "-p", "dev"];

#[test]
fn a_full_disk_stops_a_refresh_before_it_is_sent() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(-10);
    let outcome = run_on_full_disk(&sandbox, &FETCH_ARGS).run().expect(1);
    let path = sandbox.token_path("corp");
    outcome
        .stderr_contains(path.to_str().unwrap())
        .stderr_contains("hint: free some space");
    assert_eq!(sandbox.server().count(""), 0);
    assert!(sandbox.server().is_refreshable(&old.refresh_token.unwrap()));
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
    sandbox.credential_process().run().expect(0);
}

#[test]
fn a_full_disk_is_a_warning_while_the_token_is_valid() {
    for expires_in in [300, 3600] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        let outcome = run_on_full_disk(&sandbox, &FETCH_ARGS).run().expect(0);
        let role = sandbox.role_path("corp", ACCOUNT, ROLE);
        let outcome = outcome
            .stderr_contains("warning: ")
            .stderr_contains(role.to_str().unwrap());
        assert_eq!(outcome.json()["AccountId"], ACCOUNT);
        assert_eq!(sandbox.server().count(REFRESH), 0);
        assert!(!role.exists());
        assert!(
            sandbox.temporary_files().is_empty(),
            "{:?}",
            sandbox.temporary_files()
        );
    }
}

#[test]
fn a_full_disk_stops_a_sign_in_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    let login = run_on_full_disk(&sandbox, &["login"]).approving_browser();
    login
        .run()
        .expect(1)
        .stderr_contains("cannot sign in, because");
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_full_file_system_stops_a_refresh_before_it_is_sent() {
    let sandbox = Sandbox::new();
    let Some(mounted) = Tmpfs::mount(&sandbox.home().join(".aws/sso/cache"), "size=64k") else {
        // `a_full_disk_stops_a_refresh_before_it_is_sent` needs no mount.
        return;
    };
    sandbox.store_token(-10);
    let filler = mounted.path().join("filler");
    let filled = std::fs::write(&filler, vec![0; 1 << 20]);
    assert!(filled.is_err(), "the disk is not full");
    sandbox
        .credential_process()
        .run()
        .expect(1)
        .stderr_contains("No space left");
    assert_eq!(sandbox.server().count(""), 0);
    std::fs::remove_file(&filler).unwrap();
    sandbox.credential_process().run().expect(0);
    assert_eq!(sandbox.server().count(REFRESH), 1);
}

#[test]
fn a_read_only_home_stops_a_refresh_before_it_is_sent() {
    let sandbox = Sandbox::new();
    let home = sandbox.home().join("home");
    let Some(mounted) = Tmpfs::mount(&home, "size=1m") else {
        return;
    };
    sandbox.store_token(-10);
    let copied = std::process::Command::new("cp")
        .args(["-a".as_ref(), sandbox.home().join(".aws").as_os_str()])
        .arg(&home)
        .status();
    assert!(copied.unwrap().success());
    mounted.make_read_only();
    let run = || sandbox.credential_process().env("HOME", &home);
    run()
        .run()
        .expect(1)
        .stderr_contains("Read-only file system");
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_read_only_home_serves_commands_that_need_no_writing() {
    let sandbox = Sandbox::new();
    let home = sandbox.home().join("home");
    let Some(mounted) = Tmpfs::mount(&home, "size=1m") else {
        return;
    };
    let minted = sandbox.store_token(300);
    let copied = std::process::Command::new("cp")
        .args(["-a".as_ref(), sandbox.home().join(".aws").as_os_str()])
        .arg(&home)
        .status();
    assert!(copied.unwrap().success());
    mounted.make_read_only();
    let run = |arguments: &[&str]| sandbox.sso(arguments).env("HOME", &home);
    // The token has not expired yet, so its refresh is not attempted.
    let outcome = run(&FETCH_ARGS).run().expect(0);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains("are not stored");
    assert_eq!(sandbox.server().count(REFRESH), 0);
    run(&["status", "-q"]).run().expect(0);
    let login = run(&["login"]).approving_browser().run().expect(1);
    login
        .stderr_contains("cannot sign in, because")
        .stderr_contains("Read-only");
    assert_eq!(sandbox.server().count("CreateToken"), 0);
    // The session at the server ends nevertheless.
    let outcome = run(&["logout"]).run().expect(1);
    outcome
        .stderr_contains("cannot remove")
        .stderr_contains("Read-only");
    assert!(!sandbox.server().is_valid(&minted.access_token));
}

#[test]
fn an_unwritable_cache_stops_a_refresh_before_it_is_sent() {
    // Root can write everywhere, so the test needs another user.
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let run = crate::fixture::users::run_as_owner(&sandbox);
    let cache = sandbox.home().join(".aws/sso/cache");
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o500)).unwrap();
    run(&sandbox, &FETCH_ARGS)
        .run()
        .expect(1)
        .stderr_contains("ermission denied");
    assert_eq!(sandbox.server().count(""), 0);
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o700)).unwrap();
    run(&sandbox, &FETCH_ARGS).run().expect(0);
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert_eq!(sandbox.server().count(FETCH), 1);
}

#[test]
fn files_and_directories_are_private_under_every_umask() {
    for umask in ["000", "022", "077"] {
        let sandbox = Sandbox::new();
        std::fs::remove_dir_all(sandbox.home().join(".aws/sso")).unwrap_or_default();
        let masked = |arguments: &[&str]| {
            Run::program(&sandbox, "sh")
                .args(["-c", r#"umask "$0"; exec "$@""#, umask])
                .arg(env!("CARGO_BIN_EXE_sso"))
                .args(arguments)
                .approving_browser()
        };
        masked(&["login"]).run().expect(0);
        masked(&FETCH_ARGS).run().expect(0);
        masked(&["roles"]).run().expect(0);
        let mut seen = 0;
        for directory in STATE_DIRECTORIES {
            let directory = sandbox.home().join(directory);
            let mode = |path: &Path| path.metadata().unwrap().mode() & 0o777;
            assert_eq!(mode(&directory), 0o700, "{}", directory.display());
            for entry in std::fs::read_dir(&directory).unwrap().flatten() {
                if entry.path().is_file() {
                    let path = entry.path();
                    assert_eq!(mode(&path), 0o600, "{}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(
            seen >= 7,
            "token, registration, role, index, inventory and locks"
        );
        for parent in [".aws/sso", ".aws/cli", ".local", ".local/state"] {
            let path = sandbox.home().join(parent);
            assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o700, "{parent}");
        }
    }
}

#[test]
fn a_stopped_lock_holder_is_named_or_an_unexpired_token_is_used() {
    for (expires_in, code) in [(-10, 1), (300, 0)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        sandbox
            .server()
            .fault(Fault::on_operation(REFRESH, Action::Hold).times(1));
        let holder = sandbox.credential_process().start();
        assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
        holder.signal(Signal::SIGSTOP, false);
        let run = sandbox.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]);
        let outcome = run.env("SSO_TIMEOUT", "2").run().expect(code);
        if code == 1 {
            outcome.stderr_contains(&format!("process {} has been", holder.id()));
        }
        holder.signal(Signal::SIGKILL, false);
        assert_eq!(holder.finish().code, 137);
    }
}
