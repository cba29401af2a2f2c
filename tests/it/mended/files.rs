//! Homes and files of others, files that cannot be read, lists that cannot be written,
//! and variables that are no text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::faults::owners::{SOMEBODY, as_owner, as_user, give_home_to, is_root, reachable};
use crate::world::{ACCOUNT, ROLE, START_URL, World};

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
        let world = World::new();
        world.stored_token(3600);
        let outside = world.home().with_extension("outside");
        std::fs::create_dir(&outside).unwrap();
        let link = world.home().join(linked);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&outside, &link).unwrap();
        give_home_to(&world, SOMEBODY);
        let outcome = world.credentials().run().expect(0);
        assert_eq!(outcome.json()["AccountId"], ACCOUNT, "{linked}");
        assert!(is_empty(&outside), "{linked}");
        world.sso(["logout"]).run().expect(0);
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
        let world = World::new();
        let outside = world.home().with_extension("outside");
        std::fs::create_dir_all(outside.join("cache")).unwrap();
        let link = world.home().join(linked);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&outside, &link).unwrap();
        world.stored_token(3600);
        // Were the home taken for root's because of that link, root would replace this.
        let precious = outside.join("precious");
        std::fs::write(&precious, "of root").unwrap();
        let list = world.home().join(LIST);
        std::fs::create_dir_all(list.parent().unwrap()).unwrap();
        symlink(&precious, &list).unwrap();
        give_home_to(&world, SOMEBODY);
        world.credentials().run().expect(0);
        let login = world.sso(["login", "--force"]).approving_browser();
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
    let world = World::new();
    reachable(&world);
    // As in a container whose image was made by root and runs as anybody.
    for directory in [world.home().to_owned(), world.home().join(".aws")] {
        set_mode(&directory, 0o777);
    }
    set_mode(&world.home().join(".aws/config"), 0o644);
    world.server().approve_next();
    let login = as_user(&world, SOMEBODY, &["login", "--device-code"]);
    login.run().expect(0).says("signed in to corp");
    as_user(&world, SOMEBODY, &FETCHING).run().expect(0);
    as_user(&world, SOMEBODY, &FETCHING).run().expect(0);
    assert_eq!(world.server().count("GetRoleCredentials"), 1);
    as_user(&world, SOMEBODY, &["logout"]).run().expect(0);
    assert!(!world.token_path("corp").exists());
}

#[test]
fn credentials_that_may_not_be_read_are_fetched_and_left_alone() {
    let world = World::new();
    world.stored_token(3600);
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    let role = world.role_path("corp", ACCOUNT, ROLE);
    let before = std::fs::read(&role).unwrap();
    let run = as_owner(&world);
    set_mode(&role, 0);
    let outcome = run(&world, &FETCHING).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome.says("warning: ").says(role.to_str().unwrap());
    set_mode(&role, 0o600);
    assert_eq!(std::fs::read(&role).unwrap(), before);
    assert!(world.left_overs().is_empty(), "{:?}", world.left_overs());
}

#[test]
fn credentials_that_root_has_left_are_no_obstacle() {
    if !is_root() {
        eprintln!("only root can leave files of root; skipped");
        return;
    }
    let world = World::new();
    world.stored_token(3600);
    let run = as_owner(&world);
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    let role = world.role_path("corp", ACCOUNT, ROLE);
    set_mode(&role, 0o600);
    // Only the file is root's; who made the directory does not matter here.
    for directory in [".aws/cli", ".aws/cli/cache"] {
        let directory = world.home().join(directory);
        std::os::unix::fs::chown(directory, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    }
    let before = std::fs::read(&role).unwrap();
    let outcome = run(&world, &FETCHING).run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome.says("warning: ").says(role.to_str().unwrap());
    assert_eq!(std::fs::read(&role).unwrap(), before);
}

#[test]
fn a_list_of_roles_that_cannot_be_written_costs_only_what_nobody_would_find_again() {
    let world = World::new();
    world.stored_token(3600);
    let list = world.home().join(LIST);
    std::fs::create_dir_all(&list).unwrap();
    // The configuration names this role, so a sign-out finds its file.
    let outcome = world.credentials().run().expect(0);
    assert!(!outcome.stderr.contains("warning"), "{outcome:#?}");
    let role = world.role_path("corp", ACCOUNT, ROLE);
    assert!(role.exists());
    // This one is named by nobody.
    let options = ["-s", "corp", "-a", ACCOUNT, "-r", "ReadOnlyAccess"];
    let run = world.sso(["credential-process"]).args(options);
    let outcome = run.run().expect(0);
    assert_eq!(outcome.json()["AccountId"], ACCOUNT);
    outcome.says("warning: ").says(list.to_str().unwrap());
    let other = world.role_path("corp", ACCOUNT, "ReadOnlyAccess");
    assert!(!other.exists());
    world.sso(["logout"]).run().expect(0);
    assert!(!role.exists() && list.is_dir());
    assert!(world.left_overs().is_empty(), "{:?}", world.left_overs());
}

#[test]
fn a_sign_out_clears_up_what_a_killed_fetch_has_left() {
    let world = World::new();
    world.stored_token(3600);
    let options = ["-s", "corp", "-a", ACCOUNT, "-r", "ReadOnlyAccess"];
    let by_options = world.sso(["credential-process"]).args(options);
    by_options.run().expect(0);
    let left = |role: &str| {
        let role = world.role_path("corp", ACCOUNT, role);
        let left = role.with_extension("json.0123456789abcdef.sso.tmp");
        world.write_file(&left, br#"{"Credentials": {"SecretAccessKey": "of nobody"#);
        left
    };
    // One role is on our list, one in the configuration; both may have been killed before
    // the file itself was there.
    let ours = [left("ReadOnlyAccess"), left(ROLE)];
    let others = world.home().join(".aws/cli/cache/other.json.tmp");
    world.write_file(&others, b"{");
    world.sso(["logout"]).run().expect(0);
    for path in ours {
        assert!(!path.exists(), "{}", path.display());
    }
    assert!(others.exists());
}

#[test]
fn a_profile_whose_name_is_no_text_is_never_another_one() {
    let world = World::new();
    world.config(&format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         \n\
         [default]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    ));
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    world.sso(["credential-process"]).run().expect(0);
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        for bytes in [b"\xff".as_slice(), b"d\xe9v", b"default\x80"] {
            let name = OsStr::from_bytes(bytes);
            let run = world.sso(["credential-process"]).env(variable, name);
            let outcome = run.run().expect(1).says(variable);
            assert_eq!(outcome.stdout, "");
            let run = world.sso(["exec", "--", "echo", "ran"]).env(variable, name);
            assert_eq!(run.run().expect(1).stdout, "");
            let run = world.sso(["env", "--shell", "sh"]).env(variable, name);
            assert_eq!(run.run().expect(1).stdout, "false\n");
            // Signing in to the session of another profile would be as wrong.
            let run = world.sso(["login"]).env(variable, name);
            run.approving_browser().run().expect(1);
        }
    }
    assert_eq!(world.server().count(""), 0);
}

#[test]
fn a_path_that_is_no_text_is_used_as_it_is() {
    let world = World::new();
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    let config = world.home().join(OsStr::from_bytes(b"con\xfffig"));
    std::fs::rename(world.home().join(".aws/config"), &config).unwrap();
    world.credentials().run().expect(1);
    let run = world.credentials().env("AWS_CONFIG_FILE", &config);
    run.run().expect(0);
    let shell = world.home().join(OsStr::from_bytes(b"sh\xffell"));
    world.write_file(&shell, b"#!/bin/sh\necho my shell\n");
    set_mode(&shell, 0o755);
    let run = world.sso(["exec", "-p", "dev"]).env("SHELL", &shell);
    let outcome = run.env("AWS_CONFIG_FILE", &config).run().expect(0);
    assert_eq!(outcome.stdout, "my shell\n");
}
