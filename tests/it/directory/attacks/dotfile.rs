//! Hostile content, type, directory and owner of a `.aws-sso` file (T1 to T8).

use std::os::unix::fs::{lchown, symlink};
use std::process::Command;
use std::time::Duration;

use super::super::Shell;
use super::{assert_loads_nothing, chmod, warm};
use crate::fixture::parallel::timed;
use crate::fixture::users::{OTHER_UID, chown_home, has_root, run_as_user};

#[test]
fn t1_an_untrusted_file_loads_nothing() {
    let sandbox = warm();
    let project = sandbox.project("p", "dev\n");
    assert!(assert_loads_nothing(&sandbox, &project).contains("is not trusted"));
}

#[test]
fn t2_t4_t12_a_file_cannot_define_where_secrets_are_sent() {
    let sandbox = warm();
    for line in [
        "sso_start_url = https://evil.awsapps.com/start",
        "sso_region = evil-west-1",
        "endpoint_url = https://evil.example",
        "credential_process = touch PWNED",
        "aws_access_key_id = x",
        "ca_bundle = /x",
    ] {
        let project = sandbox.project("p", &format!("profile = dev\n{line}\n"));
        let allow = sandbox
            .sso(["allow", "-y"])
            .current_dir(&project)
            .run()
            .expect(1);
        allow.stderr_contains("belongs in ~/.aws/config, not in .aws-sso");
        assert!(assert_loads_nothing(&sandbox, &project).contains("line 2"));
        std::fs::remove_dir_all(&project).unwrap();
    }
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn t3_an_invalid_region_is_refused() {
    let sandbox = warm();
    for region in [
        "evil.example/#",
        "EU-WEST-1",
        "eu-west-1@evil",
        "$(touch PWNED)-1",
    ] {
        let project = sandbox.project("p", &format!("profile = dev\nregion = {region}\n"));
        sandbox
            .sso(["allow", "-y"])
            .current_dir(&project)
            .run()
            .expect(1)
            .stderr_contains("line 2: a region looks like");
        assert_loads_nothing(&sandbox, &project);
    }
}

#[test]
fn t5_t6_names_special_to_shells_or_terminals_are_refused_and_not_shown() {
    let sandbox = warm();
    for name in [
        "$(touch PWNED)",
        "a'b",
        "x\\",
        "a;b",
        "`x`",
        "\u{1b}[31m",
        "-p",
        "\u{202e}x",
    ] {
        let project = sandbox.project("p", &format!("profile = {name}\n"));
        let message = assert_loads_nothing(&sandbox, &project);
        assert!(
            message.contains("line 1: a profile's name here"),
            "{message:?}"
        );
        assert!(!message.contains(name) || name == "-p", "{message:?}");
    }
    // The name of the directory is shown without control characters.
    let project = sandbox.project("a\u{1b}[31m", "dev\n");
    assert!(!assert_loads_nothing(&sandbox, &project).contains('\u{1b}'));
    assert!(!sandbox.home().join("PWNED").exists());
}

#[test]
fn t7_links_fifos_devices_and_huge_files_are_not_read() {
    let sandbox = warm();
    let project = sandbox.home().join("p");
    std::fs::create_dir(&project).unwrap();
    let file = project.join(".aws-sso");
    let secret = sandbox.home().join("secret");
    std::fs::write(&secret, "dev\nMYSECRET\n").unwrap();
    let refused = |what: &str| {
        let (message, took) = timed(|| assert_loads_nothing(&sandbox, &project));
        assert!(
            message.contains(what) && !message.contains("MYSECRET"),
            "{message}"
        );
        // Opening a FIFO and reading /dev/zero or the giant would take far longer.
        assert!(took < Duration::from_secs(20), "{took:?}");
        let allow = sandbox
            .sso(["allow", "-y"])
            .current_dir(&project)
            .run()
            .expect(1);
        allow.stderr_contains(what);
        std::fs::remove_file(&file).unwrap();
    };
    symlink(&secret, &file).unwrap();
    refused("it is a link");
    symlink("/dev/zero", &file).unwrap();
    refused("it is a link");
    let made = Command::new("mkfifo").arg(&file).status().unwrap();
    assert!(made.success());
    refused("it is not a regular file");
    std::fs::File::create(&file)
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    refused("it is longer than 4096 bytes");
}

#[test]
fn t8_world_writable_files_and_files_of_others_load_nothing() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let file = project.join(".aws-sso");
    chmod(&file, 0o666);
    assert!(assert_loads_nothing(&sandbox, &project).contains("everybody may write it"));
    chmod(&file, 0o644);
    chmod(&project, 0o777);
    assert!(assert_loads_nothing(&sandbox, &project).contains("everybody may write its directory"));
    chmod(&project, 0o1777);
    let mut shell = Shell::new(&sandbox);
    assert!(
        shell.prompt(&project).contains("sso: dev ("),
        "a sticky directory is as safe as /tmp"
    );
    if !has_root() {
        return;
    }
    // Files of other users are not reported.
    let planted = sandbox.project("planted", "dev\n");
    nix::unistd::chown(&planted.join(".aws-sso"), Some(OTHER_UID.into()), None).unwrap();
    assert_eq!(assert_loads_nothing(&sandbox, &planted), "");
}

#[test]
fn t8_outside_the_home_another_users_directory_ends_the_search() {
    if !has_root() {
        return;
    }
    let sandbox = warm();
    let outside = std::env::temp_dir().join(format!("sso-it-outside-{}", std::process::id()));
    let inner = outside.join("theirs/ours");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(outside.join(".aws-sso"), "dev\n").unwrap();
    nix::unistd::chown(&outside.join("theirs"), Some(OTHER_UID.into()), None).unwrap();
    assert_eq!(
        assert_loads_nothing(&sandbox, &inner),
        "",
        "files above are not read"
    );
    // An explicit `allow` makes the search continue.
    sandbox.sso(["allow", "-y"]).arg(&outside).run().expect(0);
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&inner).contains("sso: dev ("));
    std::fs::remove_dir_all(&outside).unwrap();
}

#[test]
fn t8_a_file_that_another_user_put_into_a_sticky_directory_is_ignored() {
    if !has_root() {
        return;
    }
    let sandbox = warm();
    // Above the home as in /tmp, and below it as in a shared checkout with a file above.
    let shared = std::env::temp_dir().join(format!("sso-it-shared-{}", std::process::id()));
    let outer = sandbox.trusted_project("outer", "dev\n");
    for (shared, loads) in [(shared, false), (outer.join("shared"), true)] {
        let ours = shared.join("ours");
        std::fs::create_dir_all(&ours).unwrap();
        chmod(&shared, 0o1777);
        let file = shared.join(".aws-sso");
        let plant = |uid: u32| lchown(&file, Some(uid), None).unwrap();
        for content in ["dev\n", "$(x)", "-> /etc/passwd"] {
            match content.strip_prefix("-> ") {
                Some(target) => symlink(target, &file).unwrap(),
                None => std::fs::write(&file, content).unwrap(),
            }
            plant(OTHER_UID);
            for directory in [&shared, &ours] {
                let mut shell = Shell::new(&sandbox);
                assert_eq!(shell.prompt(directory).contains("sso: dev ("), loads);
                let arguments = ["credential-process", "-v"];
                let run = sandbox.sso(arguments).current_dir(directory).run();
                assert!(!run.stderr.contains("shared"), "{run:?}");
            }
            std::fs::remove_file(&file).unwrap();
        }
        // An explicit `allow` counts, and a file of the user in that directory as well.
        std::fs::write(&file, "dev\n").unwrap();
        plant(OTHER_UID);
        sandbox.sso(["allow", "-y"]).arg(&shared).run().expect(0);
        assert!(Shell::new(&sandbox).prompt(&ours).contains("sso: dev ("));
        std::fs::write(&file, "dev\n#\n").unwrap();
        plant(0);
        let message = Shell::new(&sandbox).prompt(&ours);
        assert!(message.contains("has changed since"), "{message}");
        std::fs::remove_dir_all(&shared).unwrap();
    }
}

#[test]
fn t8_under_sudo_files_of_directories_are_ignored() {
    if !has_root() {
        return;
    }
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let mut loaded = Shell::new(&sandbox);
    loaded.prompt(&project);
    chown_home(&sandbox, OTHER_UID);
    // Variables that sudo has kept are unloaded, also in the project.
    for directory in [sandbox.home(), &project] {
        let mut kept = loaded.clone();
        assert_eq!(kept.prompt(directory), "sso: unloaded\n");
        kept.assert_env(&[]);
        assert!(kept.get("__SSO_STATE").is_none());
    }
    // A file of root in the home is not even reported as untrusted.
    nix::unistd::chown(&project.join(".aws-sso"), Some(0.into()), None).unwrap();
    assert_eq!(assert_loads_nothing(&sandbox, &project), "");
    nix::unistd::chown(&project.join(".aws-sso"), Some(OTHER_UID.into()), None).unwrap();
    sandbox
        .sso(["allow", "-y"])
        .current_dir(&project)
        .run()
        .expect(1)
        .stderr_contains("belongs to another user");
    // The owner of the home can use the allowed file.
    let own = run_as_user(&sandbox, OTHER_UID, &["exec", "--", "true"]).current_dir(&project);
    own.run().expect(0);
}
