//! Homes and files of others, files that cannot be read, lists that cannot be written,
//! and variables that are no text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::fixture::users::{
    OTHER_UID, chown_home, copy_binary_to_home, is_root, run_as_owner, run_as_user,
};
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

const FETCHING: [&str; 3] = ["credential-process", "-p", "dev"];
const LIST: &str = ".local/state/sso/roles";

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn is_empty(directory: &Path) -> bool {
    std::fs::read_dir(directory).unwrap().next().is_none()
}

#[test]
fn root_in_somebodys_home_makes_nothing_where_a_directory_is_a_link_out_of_it() {
    if !is_root() {
        eprintln!("only root can try this; skipped");
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
fn a_link_of_somebody_does_not_make_roots_directory_the_measure() {
    if !is_root() {
        eprintln!("only root can try this; skipped");
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
        // Were the home taken for root's because of that link, root would replace this.
        let precious = outside.join("precious");
        std::fs::write(&precious, "of root").unwrap();
        let list = sandbox.home().join(LIST);
        std::fs::create_dir_all(list.parent().unwrap()).unwrap();
        symlink(&precious, &list).unwrap();
        chown_home(&sandbox, OTHER_UID);
        sandbox.credential_process().run().expect(0);
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
fn somebody_may_sign_in_where_root_owns_a_home_that_is_open_to_all() {
    if !is_root() {
        eprintln!("only root can become somebody else; skipped");
        return;
    }
    let sandbox = Sandbox::new();
    copy_binary_to_home(&sandbox);
    // As in a container whose image was made by root and runs as anybody.
    for directory in [sandbox.home().to_owned(), sandbox.home().join(".aws")] {
        set_mode(&directory, 0o777);
    }
    set_mode(&sandbox.home().join(".aws/config"), 0o644);
    sandbox.server().approve_next();
    let login = run_as_user(&sandbox, OTHER_UID, &["login", "--device-code"]);
    login.run().expect(0).stderr_contains("signed in to corp");
    run_as_user(&sandbox, OTHER_UID, &FETCHING).run().expect(0);
    run_as_user(&sandbox, OTHER_UID, &FETCHING).run().expect(0);
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
    run_as_user(&sandbox, OTHER_UID, &["logout"])
        .run()
        .expect(0);
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn credentials_that_may_not_be_read_are_fetched_and_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    let before = std::fs::read(&role).unwrap();
    let run = run_as_owner(&sandbox);
    set_mode(&role, 0);
    let outcome = run(&sandbox, &FETCHING).run().expect(0);
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
fn credentials_that_root_has_left_are_no_obstacle() {
    if !is_root() {
        eprintln!("only root can leave files of root; skipped");
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = run_as_owner(&sandbox);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    set_mode(&role, 0o600);
    // Only the file is root's; who made the directory does not matter here.
    for directory in [".aws/cli", ".aws/cli/cache"] {
        let directory = sandbox.home().join(directory);
        std::os::unix::fs::chown(directory, Some(OTHER_UID), Some(OTHER_UID)).unwrap();
    }
    let before = std::fs::read(&role).unwrap();
    let outcome = run(&sandbox, &FETCHING).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains(role.to_str().unwrap());
    assert_eq!(std::fs::read(&role).unwrap(), before);
}

#[test]
fn a_list_of_roles_that_cannot_be_written_costs_only_what_nobody_would_find_again() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let list = sandbox.home().join(LIST);
    std::fs::create_dir_all(&list).unwrap();
    // The configuration names this role, so a sign-out finds its file.
    let outcome = sandbox.credential_process().run().expect(0);
    assert!(!outcome.stderr.contains("warning"), "{outcome:#?}");
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    assert!(role.exists());
    // This one is named by nobody.
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
fn a_sign_out_clears_up_what_a_killed_fetch_has_left() {
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
    // One role is on our list, one in the configuration; both may have been killed before
    // the file itself was there.
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
fn a_profile_whose_name_is_no_text_is_never_another_one() {
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
            // Signing in to the session of another profile would be as wrong.
            let run = sandbox.sso(["login"]).env(variable, name);
            run.approving_browser().run().expect(1);
        }
    }
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_path_that_is_no_text_is_used_as_it_is() {
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
