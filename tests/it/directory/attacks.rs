//! What somebody who can write files, or variables, tries (the threats are numbered as in
//! SECURITY.md). Each test fails without the defence that it names.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::Shell;
use crate::fixture::parallel::timed;
use crate::fixture::users::{OTHER_UID, chown_home, is_root, run_as_user};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

fn warm() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

#[track_caller]
fn loads_nothing(sandbox: &Sandbox, directory: &Path) -> String {
    let mut shell = Shell::new(sandbox);
    let said = shell.prompt(directory);
    shell.assert_is(&[]);
    said
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn t1_a_file_that_nobody_allowed_loads_nothing() {
    let sandbox = warm();
    let project = sandbox.project("p", "dev\n");
    assert!(loads_nothing(&sandbox, &project).contains("is not trusted"));
}

#[test]
fn t2_t4_t12_a_file_cannot_define_where_secrets_go() {
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
        assert!(loads_nothing(&sandbox, &project).contains("line 2"));
        std::fs::remove_dir_all(&project).unwrap();
    }
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn t3_a_region_is_a_region() {
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
        loads_nothing(&sandbox, &project);
    }
}

#[test]
fn t5_t6_names_that_a_shell_or_a_terminal_would_obey_are_refused_and_not_shown() {
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
        let said = loads_nothing(&sandbox, &project);
        assert!(said.contains("line 1: a profile's name here"), "{said:?}");
        assert!(!said.contains(name) || name == "-p", "{said:?}");
    }
    // The directory's own name is shown without its escapes.
    let project = sandbox.project("a\u{1b}[31m", "dev\n");
    assert!(!loads_nothing(&sandbox, &project).contains('\u{1b}'));
    assert!(!sandbox.home().join("PWNED").exists());
}

#[test]
fn t7_links_fifos_devices_and_giants_are_not_read() {
    let sandbox = warm();
    let project = sandbox.home().join("p");
    std::fs::create_dir(&project).unwrap();
    let file = project.join(".aws-sso");
    let secret = sandbox.home().join("secret");
    std::fs::write(&secret, "dev\nMYSECRET\n").unwrap();
    let refused = |what: &str| {
        let (said, took) = timed(|| loads_nothing(&sandbox, &project));
        assert!(said.contains(what) && !said.contains("MYSECRET"), "{said}");
        assert!(took < Duration::from_secs(1), "{took:?}");
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
        .set_len(10 << 30)
        .unwrap();
    refused("it is longer than 4096 bytes");
}

#[test]
fn t8_what_everybody_may_write_and_what_others_put_there_loads_nothing() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let file = project.join(".aws-sso");
    chmod(&file, 0o666);
    assert!(loads_nothing(&sandbox, &project).contains("everybody may write it"));
    chmod(&file, 0o644);
    chmod(&project, 0o777);
    assert!(loads_nothing(&sandbox, &project).contains("everybody may write its directory"));
    chmod(&project, 0o1777);
    let mut shell = Shell::new(&sandbox);
    assert!(
        shell.prompt(&project).contains("sso: dev ("),
        "a sticky one is as safe as /tmp"
    );
    if !is_root() {
        eprintln!("NOT TESTED without root: files of other users");
        return;
    }
    // Of what others have put there nobody needs to hear.
    let planted = sandbox.project("planted", "dev\n");
    nix::unistd::chown(&planted.join(".aws-sso"), Some(OTHER_UID.into()), None).unwrap();
    assert_eq!(loads_nothing(&sandbox, &planted), "");
}

#[test]
fn t8_outside_the_home_another_users_directory_ends_the_search() {
    if !is_root() {
        eprintln!("NOT TESTED without root: directories of other users");
        return;
    }
    let sandbox = warm();
    let outside = std::env::temp_dir().join(format!("sso-it-outside-{}", std::process::id()));
    let inner = outside.join("theirs/ours");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(outside.join(".aws-sso"), "dev\n").unwrap();
    nix::unistd::chown(&outside.join("theirs"), Some(OTHER_UID.into()), None).unwrap();
    assert_eq!(
        loads_nothing(&sandbox, &inner),
        "",
        "what stands above is not looked at"
    );
    // Somebody who was asked has allowed it.
    sandbox.sso(["allow", "-y"]).arg(&outside).run().expect(0);
    let mut shell = Shell::new(&sandbox);
    assert!(shell.prompt(&inner).contains("sso: dev ("));
    std::fs::remove_dir_all(&outside).unwrap();
}

#[test]
fn t8_under_sudo_nothing_has_to_do_with_directories() {
    if !is_root() {
        eprintln!("NOT TESTED without root: sudo");
        return;
    }
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let mut loaded = Shell::new(&sandbox);
    loaded.prompt(&project);
    chown_home(&sandbox, OTHER_UID);
    let before = loaded.env.clone();
    assert_eq!(loaded.prompt(sandbox.home()), "");
    assert_eq!(loaded.env, before, "what was handed through sudo stays");
    // Root's own file there is none either, and not only one that is not trusted.
    nix::unistd::chown(&project.join(".aws-sso"), Some(0.into()), None).unwrap();
    assert_eq!(loads_nothing(&sandbox, &project), "");
    nix::unistd::chown(&project.join(".aws-sso"), Some(OTHER_UID.into()), None).unwrap();
    sandbox
        .sso(["allow", "-y"])
        .current_dir(&project)
        .run()
        .expect(1)
        .stderr_contains("belongs to another user");
    // The owner has what was allowed.
    let own = run_as_user(&sandbox, OTHER_UID, &["exec", "--", "true"]).current_dir(&project);
    own.run().expect(0);
}

#[test]
fn t9_the_bytes_that_were_shown_are_those_that_are_trusted() {
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
    assert!(loads_nothing(&sandbox, &project).contains("has changed since it was allowed"));
}

#[test]
fn t10_a_copy_elsewhere_and_an_older_version_are_not_trusted() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let copy = sandbox.project("copy", "dev\n");
    assert!(loads_nothing(&sandbox, &copy).contains("is not trusted"));
    let moved = sandbox.home().join("moved");
    std::fs::rename(&project, &moved).unwrap();
    assert!(loads_nothing(&sandbox, &moved).contains("is not trusted"));
    std::fs::rename(&moved, &project).unwrap();
    sandbox.project("p", "# new\ndev\n");
    sandbox
        .sso(["allow", "-y"])
        .current_dir(&project)
        .run()
        .expect(0);
    sandbox.project("p", "dev\n");
    assert!(loads_nothing(&sandbox, &project).contains("has changed"));
}

#[test]
fn t10_a_profile_that_leads_elsewhere_is_asked_about_again() {
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
            loads_nothing(&sandbox, &project).contains("no longer means"),
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
        loads_nothing(&sandbox, &project);
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
fn t11_a_record_that_others_could_have_written_does_not_count() {
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
            loads_nothing(&sandbox, &project).contains("is not trusted"),
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
    assert!(loads_nothing(&sandbox, &project).contains("is not trusted"));
    std::fs::remove_file(&record).unwrap();
    if is_root() {
        std::fs::write(&record, &text).unwrap();
        chmod(&record, 0o600);
        nix::unistd::chown(&record, Some(OTHER_UID.into()), None).unwrap();
        assert!(loads_nothing(&sandbox, &project).contains("is not trusted"));
    }
}

#[test]
fn t12_the_state_can_name_no_other_variable() {
    let sandbox = warm();
    let project = sandbox.project("q", "");
    for state in [
        "v1;f=/x;h=;n=l;s:PATH=x;p:PATH=/evil",
        "v1;f=/x;h=;n=l;p:LD_PRELOAD=/evil.so",
        "v1;f=/x;h=;n=l;p:AWS_ENDPOINT_URL=https://evil.example",
        "v9;f=/x",
        "$(touch PWNED)",
        "v1;f=%00",
    ] {
        let mut shell = Shell::new(&sandbox);
        shell.set("__SSO_STATE", state);
        shell.set("AWS_REGION", "eu-west-1");
        shell.prompt(sandbox.home());
        shell.assert_is(&[("AWS_REGION", "eu-west-1")]);
        assert!(shell.get("__SSO_STATE").is_none(), "{state}");
    }
    // What it may name comes back as it is, and is not evaluated.
    let mut shell = Shell::new(&sandbox);
    shell.set(
        "__SSO_STATE",
        "v1;f=/x;h=;n=l;p:AWS_PROFILE=a%27%24%28touch%20PWNED%29",
    );
    shell.prompt(sandbox.home());
    assert_eq!(shell.get("AWS_PROFILE"), Some("a'$(touch PWNED)"));
    assert!(!project.join("PWNED").exists() && !sandbox.home().join("PWNED").exists());
}

#[test]
fn t13_a_profile_that_runs_a_command_of_its_own_is_none_of_ours() {
    let sandbox = warm();
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&format!(
        "{config}\n[profile other]\ncredential_process = touch {}\n",
        sandbox.home().join("PWNED").display()
    ));
    for text in ["other\n", "profile = other\nexport = profile\n"] {
        let project = sandbox.project("p", text);
        sandbox
            .sso(["allow", "-y"])
            .current_dir(&project)
            .run()
            .expect(1);
        loads_nothing(&sandbox, &project);
    }
    assert!(!sandbox.home().join("PWNED").exists());
}

#[test]
fn t14_no_secret_is_kept_twice() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let mut shell = Shell::new(&sandbox);
    // `prompt` looks for each secret in the state.
    shell.prompt(&project);
    assert!(
        shell
            .get("__SSO_STATE")
            .unwrap()
            .contains("s:AWS_SECRET_ACCESS_KEY=")
    );
}

#[test]
fn t15_a_hook_runs_the_program_that_printed_it() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let bin = sandbox.home().join("bin with 'quotes");
    std::fs::create_dir(&bin).unwrap();
    symlink(binary(), bin.join("sso")).unwrap();
    // Another program of that name lies in the directory, and comes first in PATH.
    let tripwire = project.join("sso");
    let tripped = sandbox.home().join("TRIPPED");
    std::fs::write(
        &tripwire,
        format!("#!/bin/sh\ntouch {}\n", tripped.display()),
    )
    .unwrap();
    chmod(&tripwire, 0o755);
    let script = "eval \"$(./sso hook bash)\"\nPATH=.:$2:$PATH\ncd \"$2\"\n__sso_hook\n\
        hash -r\necho \"$AWS_SSO_PROFILE\"";
    let run = Run::program(&sandbox, "bash").args(["--norc", "-i", "-c", script, "bash"]);
    let run = run.arg("unused").arg(&project).current_dir(&bin);
    assert_eq!(run.run().expect(0).stdout, "dev\n");
    assert!(!tripped.exists());
}

#[test]
fn no_browser_no_question_and_no_program_is_started() {
    let sandbox = warm();
    sandbox.trusted_project("p", "dev\n");
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    let tripwires = sandbox.home().join("tripwires");
    std::fs::create_dir(&tripwires).unwrap();
    for name in ["xdg-open", "open", "firefox", "x-www-browser", "sso", "aws"] {
        let text = format!(
            "#!/bin/sh\ntouch {}\n",
            sandbox.home().join("TRIPPED").display()
        );
        let path = tripwires.join(name);
        std::fs::write(&path, text).unwrap();
        chmod(&path, 0o755);
    }
    let path = format!("{}:{}", tripwires.display(), std::env::var("PATH").unwrap());
    let run = sandbox
        .sso(["hook-env", "bash"])
        .current_dir(&sandbox.home().join("p"));
    let run = run
        .env("PATH", path)
        .env("BROWSER", "xdg-open %s")
        .env("DISPLAY", ":0");
    run.run()
        .expect(0)
        .stderr_contains("has expired - run `sso login corp`");
    assert!(!sandbox.home().join("TRIPPED").exists());
    assert_eq!(sandbox.server().count(""), 0);
}
