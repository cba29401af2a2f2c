//! Homes and files of other users, unreadable and unwritable files, and variables that are not
//! UTF-8.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::fixture::users::{
    OTHER_UID, chown_home, copy_binary_to_home, has_root, run_as_owner, run_as_user,
};
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

const FETCH_DEV: [&str; 3] = ["credential-process", "-p", "dev"];
/// List of the roles with cached credentials, below the home.
const ROLES_FILE: &str = ".local/state/sso/roles";

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn is_empty(directory: &Path) -> bool {
    std::fs::read_dir(directory).unwrap().next().is_none()
}

#[test]
fn root_creates_nothing_through_a_link_out_of_a_foreign_home() {
    if !has_root() {
        return;
    }
    for linked in [
        ".local",
        ".local/state",
        ".local/state/sso",
        ".aws/cli",
        ".aws/cli/cache",
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let outside = sandbox.home().with_extension("outside");
        std::fs::create_dir(&outside).unwrap();
        let link = sandbox.home().join(linked);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&outside, &link).unwrap();
        chown_home(&sandbox, OTHER_UID);
        let outcome = sandbox.credential_process().run().expect(0);
        assert_eq!(outcome.json()["AccountId"], ACCOUNT, "{linked}");
        assert!(is_empty(&outside), "{linked}");
        sandbox.sso(["logout"]).run().expect(0);
        assert!(is_empty(&outside), "{linked}");
        std::fs::remove_dir(&outside).unwrap();
    }
}

#[test]
fn a_link_to_a_directory_of_root_does_not_make_the_home_roots() {
    if !has_root() {
        return;
    }
    for linked in [".aws/sso", ".aws/sso/cache"] {
        let sandbox = Sandbox::new();
        let outside = sandbox.home().with_extension("outside");
        std::fs::create_dir_all(outside.join("cache")).unwrap();
        let link = sandbox.home().join(linked);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&outside, &link).unwrap();
        sandbox.store_token(3600);
        // If root took the home for its own because of the link, it would replace this file.
        let precious = outside.join("precious");
        std::fs::write(&precious, "of root").unwrap();
        let list = sandbox.home().join(ROLES_FILE);
        std::fs::create_dir_all(list.parent().unwrap()).unwrap();
        symlink(&precious, &list).unwrap();
        chown_home(&sandbox, OTHER_UID);
        // Nor would it read a token through the link.
        let outcome = sandbox.credential_process().run().expect(1);
        outcome.stderr_contains("root follows no link of another user");
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 0);
        let login = sandbox.sso(["login", "--force"]).approving_browser();
        login.run().expect(1);
        assert_eq!(std::fs::read(&precious).unwrap(), b"of root", "{linked}");
        let made = std::fs::read_dir(&outside).unwrap().count();
        let expected = if linked == ".aws/sso" { 2 } else { 3 };
        assert_eq!(made, expected, "{linked}");
        std::fs::remove_dir_all(&outside).unwrap();
    }
}

#[test]
fn sign_in_works_in_a_world_writable_home_owned_by_root() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    copy_binary_to_home(&sandbox);
    // As in a container whose image was built by root and runs as an arbitrary user.
    for directory in [sandbox.home().to_owned(), sandbox.home().join(".aws")] {
        set_mode(&directory, 0o777);
    }
    set_mode(&sandbox.home().join(".aws/config"), 0o644);
    sandbox.server().approve_next();
    let login = run_as_user(&sandbox, OTHER_UID, &["login", "--device-code"]);
    login.run().expect(0).stderr_contains("signed in to corp");
    run_as_user(&sandbox, OTHER_UID, &FETCH_DEV).run().expect(0);
    run_as_user(&sandbox, OTHER_UID, &FETCH_DEV).run().expect(0);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    run_as_user(&sandbox, OTHER_UID, &["logout"])
        .run()
        .expect(0);
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn unreadable_credentials_are_fetched_and_not_replaced() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    let before = std::fs::read(&role).unwrap();
    let run = run_as_owner(&sandbox);
    set_mode(&role, 0);
    let outcome = run(&sandbox, &FETCH_DEV).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains(role.to_str().unwrap());
    set_mode(&role, 0o600);
    assert_eq!(std::fs::read(&role).unwrap(), before);
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
}

#[test]
fn credentials_owned_by_root_are_fetched_and_not_replaced() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = run_as_owner(&sandbox);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    set_mode(&role, 0o600);
    // Only the file belongs to root; the owner of the directories does not matter here.
    for directory in [".aws/cli", ".aws/cli/cache"] {
        let directory = sandbox.home().join(directory);
        std::os::unix::fs::chown(directory, Some(OTHER_UID), Some(OTHER_UID)).unwrap();
    }
    let before = std::fs::read(&role).unwrap();
    let outcome = run(&sandbox, &FETCH_DEV).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains(role.to_str().unwrap());
    assert_eq!(std::fs::read(&role).unwrap(), before);
}

#[test]
fn without_a_writable_roles_file_only_configured_roles_are_stored() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let list = sandbox.home().join(ROLES_FILE);
    std::fs::create_dir_all(&list).unwrap();
    // The configuration contains this role, so a sign-out finds its file without the list.
    let outcome = sandbox.credential_process().run().expect(0);
    assert!(!outcome.stderr.contains("warning"), "{outcome:#?}");
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    assert!(role.exists());
    // The configuration does not contain this role.
    let options = ["-s", "corp", "-a", ACCOUNT, "-r", "ReadOnlyAccess"];
    let run = sandbox.sso(["credential-process"]).args(options);
    let outcome = run.run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains(list.to_str().unwrap());
    let other = sandbox.role_path("corp", ACCOUNT, "ReadOnlyAccess");
    assert!(!other.exists());
    sandbox.sso(["logout"]).run().expect(0);
    assert!(!role.exists() && list.is_dir());
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
}

#[test]
fn logout_removes_temporary_files_of_killed_fetches() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let options = ["-s", "corp", "-a", ACCOUNT, "-r", "ReadOnlyAccess"];
    let by_options = sandbox.sso(["credential-process"]).args(options);
    by_options.run().expect(0);
    let left = |role: &str| {
        let role = sandbox.role_path("corp", ACCOUNT, role);
        let left = role.with_extension("json.0123456789abcdef.sso.tmp");
        sandbox.write_file(&left, br#"{"Credentials": {"SecretAccessKey": "of nobody"#);
        left
    };
    // One role is in the list, one in the configuration. A fetch may have been killed before it
    // created the file itself.
    let ours = [left("ReadOnlyAccess"), left(ROLE)];
    let others = sandbox.home().join(".aws/cli/cache/other.json.tmp");
    sandbox.write_file(&others, b"{");
    sandbox.sso(["logout"]).run().expect(0);
    for path in ours {
        assert!(!path.exists(), "{}", path.display());
    }
    assert!(others.exists());
}

#[test]
fn profile_names_that_are_not_utf8_are_errors() {
    let sandbox = Sandbox::new();
    sandbox.write_config(&format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         \n\
         [default]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    ));
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox.sso(["credential-process"]).run().expect(0);
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        for bytes in [b"\xff".as_slice(), b"d\xe9v", b"default\x80"] {
            let name = OsStr::from_bytes(bytes);
            let run = sandbox.sso(["credential-process"]).env(variable, name);
            let outcome = run.run().expect(1).stderr_contains(variable);
            assert_eq!(outcome.stdout, "");
            let run = sandbox
                .sso(["exec", "--", "echo", "ran"])
                .env(variable, name);
            assert_eq!(run.run().expect(1).stdout, "");
            let run = sandbox.sso(["env", "--shell", "sh"]).env(variable, name);
            assert_eq!(run.run().expect(1).stdout, "false\n");
            // A sign-in to the session of another profile is wrong as well.
            let run = sandbox.sso(["login"]).env(variable, name);
            run.approving_browser().run().expect(1);
        }
    }
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn paths_that_are_not_utf8_work() {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let config = sandbox.home().join(OsStr::from_bytes(b"con\xfffig"));
    std::fs::rename(sandbox.home().join(".aws/config"), &config).unwrap();
    sandbox.credential_process().run().expect(1);
    let run = sandbox.credential_process().env("AWS_CONFIG_FILE", &config);
    run.run().expect(0);
    let shell = sandbox.home().join(OsStr::from_bytes(b"sh\xffell"));
    sandbox.write_file(&shell, b"#!/bin/sh\necho my shell\n");
    set_mode(&shell, 0o755);
    let run = sandbox.sso(["exec", "-p", "dev"]).env("SHELL", &shell);
    let outcome = run.env("AWS_CONFIG_FILE", &config).run().expect(0);
    assert_eq!(outcome.stdout, "my shell\n");
}
