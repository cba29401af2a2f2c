//! Attempts to gain trust: changed files, copies, variables and forged records (T9 to T11).

use std::os::unix::fs::symlink;

use super::super::Shell;
use super::{assert_loads_nothing, chmod, warm};
use crate::fixture::users::{OTHER_UID, has_root};
use crate::fixture::{ACCOUNT, ROLE};

#[test]
fn t9_only_the_bytes_that_were_shown_are_trusted() {
    let sandbox = warm();
    let project = sandbox.project("p", "dev\n");
    let mut terminal = sandbox
        .sso(["allow"])
        .current_dir(&project)
        .start_on_terminal();
    terminal.wait_for_screen("Allow it? [y/N]");
    sandbox.project(
        "p",
        &format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\n"),
    );
    terminal.type_text("y\n");
    assert_eq!(terminal.finish().code, 0);
    assert!(assert_loads_nothing(&sandbox, &project).contains("has changed since it was allowed"));
}

#[test]
fn t10_a_copy_and_an_older_version_are_not_trusted() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let copy = sandbox.project("copy", "dev\n");
    assert!(assert_loads_nothing(&sandbox, &copy).contains("is not trusted"));
    let moved = sandbox.home().join("moved");
    std::fs::rename(&project, &moved).unwrap();
    assert!(assert_loads_nothing(&sandbox, &moved).contains("is not trusted"));
    std::fs::rename(&moved, &project).unwrap();
    sandbox.project("p", "# new\ndev\n");
    sandbox
        .sso(["allow", "-y"])
        .current_dir(&project)
        .run()
        .expect(0);
    sandbox.project("p", "dev\n");
    assert!(assert_loads_nothing(&sandbox, &project).contains("has changed"));
}

#[test]
fn t10_a_changed_meaning_of_the_profile_needs_new_trust() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_role("corp", ACCOUNT, "ReadOnlyAccess", 3600);
    for (what, with) in [
        (ROLE, "ReadOnlyAccess"),
        (
            "https://corp.awsapps.com/start",
            "https://corq.awsapps.com/start",
        ),
        ("sso_region = eu-west-1", "sso_region = eu-west-2"),
    ] {
        sandbox.write_config(&config.replace(what, with));
        assert!(
            assert_loads_nothing(&sandbox, &project).contains("no longer means"),
            "{what}"
        );
        let exec = sandbox
            .sso(["exec", "--", "true"])
            .current_dir(&project)
            .run()
            .expect(1);
        exec.stderr_contains("no longer means");
    }
}

#[test]
fn t11_neither_the_file_nor_the_environment_grants_trust() {
    let sandbox = warm();
    for line in ["trust = yes", "allow = true", "confirm = no", "quiet = 1"] {
        let project = sandbox.project("p", &format!("profile = dev\n{line}\n"));
        assert_loads_nothing(&sandbox, &project);
    }
    let project = sandbox.project("p", "dev\n");
    let mut shell = Shell::new(&sandbox);
    let elsewhere = sandbox.home().join("elsewhere");
    let store = elsewhere.join("sso/trust");
    std::fs::create_dir_all(&store).unwrap();
    for (name, value) in [
        ("CI", "1"),
        ("SSO_TRUST", "1"),
        ("SSO_ALLOW", "1"),
        ("XDG_STATE_HOME", elsewhere.to_str().unwrap()),
        ("XDG_CONFIG_HOME", elsewhere.to_str().unwrap()),
    ] {
        shell.set(name, value);
    }
    shell.prompt(&project);
    assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), None);
}

#[test]
fn t11_a_record_writable_by_others_does_not_count() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let store = sandbox.home().join(".local/state/sso/trust");
    let record = std::fs::read_dir(&store)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    for (path, bad, good) in [
        (&store, 0o755, 0o700),
        (&store, 0o770, 0o700),
        (&record, 0o644, 0o600),
    ] {
        chmod(path, bad);
        assert!(
            assert_loads_nothing(&sandbox, &project).contains("is not trusted"),
            "{bad:o}"
        );
        chmod(path, good);
    }
    let text = std::fs::read(&record).unwrap();
    let target = sandbox.home().join("planted");
    std::fs::write(&target, &text).unwrap();
    chmod(&target, 0o600);
    std::fs::remove_file(&record).unwrap();
    symlink(&target, &record).unwrap();
    assert!(assert_loads_nothing(&sandbox, &project).contains("is not trusted"));
    std::fs::remove_file(&record).unwrap();
    if has_root() {
        std::fs::write(&record, &text).unwrap();
        chmod(&record, 0o600);
        nix::unistd::chown(&record, Some(OTHER_UID.into()), None).unwrap();
        assert!(assert_loads_nothing(&sandbox, &project).contains("is not trusted"));
    }
}
