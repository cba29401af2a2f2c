//! `sso use`, `allow`, `deny` and `trust`: prompts, records and lists.

use std::os::unix::fs::PermissionsExt;

use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

#[test]
fn use_writes_a_file_and_trusts_it() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let directory = sandbox.home().join("a b");
    std::fs::create_dir(&directory).unwrap();
    let text = || std::fs::read_to_string(directory.join(".aws-sso")).unwrap();
    let run = |arguments: &[&str]| {
        sandbox
            .sso(["use"])
            .args(arguments)
            .current_dir(&directory)
            .run()
    };
    run(&["dev"])
        .expect(0)
        .stderr_contains("~/a b/.aws-sso: dev (111122223333 AdministratorAccess, eu-central-1)");
    assert_eq!(text(), "profile = dev\n");
    let shown = run(&[]).expect(0).stdout;
    assert_eq!(
        shown,
        "dev (111122223333 AdministratorAccess, eu-central-1)\n  by ~/a b/.aws-sso, which is trusted\n"
    );
    // Without a terminal there is no prompt.
    run(&["-a", ACCOUNT, "-r", "ReadOnlyAccess"])
        .expect(2)
        .stderr_contains("says something else: profile = dev")
        .stderr_contains("--yes");
    assert_eq!(text(), "profile = dev\n");
    run(&[
        "-a",
        ACCOUNT,
        "-r",
        "ReadOnlyAccess",
        "-s",
        "corp",
        "--region",
        "eu-north-1",
        "--yes",
    ])
    .expect(0);
    assert_eq!(
        text(),
        "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = ReadOnlyAccess\nregion = eu-north-1\n"
    );
    let json = run(&["--json"]).expect(0).json();
    assert_eq!(json["role"], "ReadOnlyAccess");
    assert!(json["account_name"].is_null());
    assert!(json["source"].as_str().unwrap().ends_with("/a b/.aws-sso"));
    sandbox
        .sso(["exec", "--", "true"])
        .current_dir(&directory)
        .run()
        .expect(0);
}

#[test]
fn use_refuses_unreadable_names_and_directories_above_the_home() {
    let sandbox = Sandbox::new();
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace("[profile dev]", "[profile \"d e v\"]"));
    let directory = sandbox.home().join("p");
    std::fs::create_dir(&directory).unwrap();
    let run = |arguments: &[&str]| {
        sandbox
            .sso(["use"])
            .args(arguments)
            .current_dir(&directory)
            .run()
    };
    run(&["d e v"])
        .expect(2)
        .stderr_contains("a profile's name here is letters");
    run(&["nothing"])
        .expect(1)
        .stderr_contains("profile \"nothing\" (from .aws-sso) does not exist");
    run(&["--region", "eu-west-1"])
        .expect(2)
        .stderr_contains("no profile and no role was given");
    assert!(!directory.join(".aws-sso").exists());
    sandbox.write_config(&config);
    sandbox
        .sso(["use", "dev"])
        .run()
        .expect(1)
        .stderr_contains("would rule everywhere");
    sandbox
        .sso(["use", "dev"])
        .current_dir("/".as_ref())
        .run()
        .expect(1);
    // Through a link it would write another file, and a directory belongs to another tool.
    std::os::unix::fs::symlink("target", directory.join(".aws-sso")).unwrap();
    run(&["dev", "--yes"])
        .expect(1)
        .stderr_contains("it is a link");
    assert!(!directory.join("target").exists());
    std::fs::remove_file(directory.join(".aws-sso")).unwrap();
    std::fs::create_dir(directory.join(".aws-sso")).unwrap();
    run(&["dev", "--yes"])
        .expect(1)
        .stderr_contains("~/p/.aws-sso");
}

#[test]
fn allow_shows_the_role_and_needs_confirmation() {
    let sandbox = Sandbox::new();
    let project = sandbox.project("p", "dev\n");
    let run = |arguments: &[&str]| {
        sandbox
            .sso(["allow"])
            .args(arguments)
            .current_dir(&project)
            .run()
    };
    let outcome = run(&[]).expect(2);
    for part in [
        "~/p/.aws-sso",
        "profile  dev",
        ACCOUNT,
        ROLE,
        "eu-central-1",
        "corp (corp.awsapps.com)",
    ] {
        assert!(outcome.stderr.contains(part), "no {part:?} in {outcome:#?}");
    }
    outcome.stderr_contains("there is no terminal");
    run(&["--yes"])
        .expect(0)
        .stderr_contains("it is trusted from now on");
    run(&[]).expect(0).stderr_contains("it is trusted already");
    // From another directory, by the path of the file or of its directory.
    for path in [project.join(".aws-sso"), project.clone()] {
        sandbox.sso(["allow"]).arg(&path).run().expect(0);
    }
    sandbox
        .sso(["allow"])
        .run()
        .expect(1)
        .stderr_contains("there is no .aws-sso here or above");
    sandbox
        .sso(["allow", "nowhere"])
        .run()
        .expect(1)
        .stderr_contains("cannot look at nowhere");
    std::fs::set_permissions(project.join(".aws-sso"), PermissionsExt::from_mode(0o664)).unwrap();
    run(&[])
        .expect(0)
        .stderr_contains("warning: its group can change the file");
}

#[test]
fn allow_prompts_on_a_terminal() {
    let sandbox = Sandbox::new();
    let project = sandbox.project("p", "dev\n");
    for (answer, code) in [("n\n", 1), ("\n", 1), ("y\n", 0)] {
        let run = sandbox.sso(["allow"]).current_dir(&project);
        let mut terminal = run.start_on_terminal();
        terminal.wait_for_screen("Allow it? [y/N]");
        terminal.type_text(answer);
        assert_eq!(terminal.finish().code, code, "{answer:?}");
    }
}

#[test]
fn records_are_listed_and_invalid_ones_are_pruned() {
    let sandbox = Sandbox::new();
    let list = || {
        sandbox
            .sso(["trust", "list", "--json"])
            .run()
            .expect(0)
            .json()
    };
    assert_eq!(list(), serde_json::json!([]));
    for name in ["trusted", "changed", "gone", "moved"] {
        sandbox.trusted_project(name, "dev\n");
    }
    let denied = sandbox.project("denied", "dev\n");
    sandbox.sso(["deny"]).current_dir(&denied).run().expect(0);
    sandbox.project("changed", "dev\n\n");
    std::fs::remove_dir_all(sandbox.home().join("gone")).unwrap();
    let state_of = |name: &str| {
        let list = list();
        let entries = list.as_array().unwrap().clone();
        let path = sandbox.home().join(name).join(".aws-sso");
        let found = entries
            .into_iter()
            .find(|entry| entry["path"].as_str() == path.to_str());
        found.map(|entry| entry["state"].as_str().unwrap().to_owned())
    };
    for name in ["trusted", "changed", "gone", "denied"] {
        assert_eq!(state_of(name).as_deref(), Some(name));
    }
    let list = list();
    let entry = &list.as_array().unwrap()[0];
    for key in [
        "path",
        "state",
        "session",
        "account",
        "role",
        "region",
        "allowed_at",
    ] {
        assert!(entry.get(key).is_some(), "no {key} in {entry}");
    }
    let pruned = sandbox
        .sso(["trust", "prune", "--json"])
        .run()
        .expect(0)
        .json();
    assert_eq!(pruned.as_array().unwrap().len(), 2);
    assert_eq!(state_of("changed"), None);
    assert_eq!(state_of("gone"), None);
    assert_eq!(state_of("denied").as_deref(), Some("denied"));
    let text = sandbox.sso(["trust", "list"]).run().expect(0).stdout;
    assert!(
        text.contains("trusted  ~/trusted/.aws-sso  AdministratorAccess@111122223333 (corp)\n"),
        "{text}"
    );
    // The file is unchanged, but its profile now means another instance.
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace(START_URL, "https://other.awsapps.com/start"));
    assert_eq!(state_of("trusted").as_deref(), Some("changed"));
}

#[test]
fn records_are_private_and_located_by_home_alone() {
    let sandbox = Sandbox::new();
    let project = sandbox.project("p", "dev\n");
    let run = sandbox.sso(["allow", "-y"]).current_dir(&project);
    run.env("XDG_STATE_HOME", "/nonexistent").run().expect(0);
    let directory = sandbox.home().join(".local/state/sso/trust");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let record = std::fs::read_dir(&directory)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    assert_eq!(mode(&record), 0o600);
}
