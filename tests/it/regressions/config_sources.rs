//! Configurations that are no plain UTF-8 files in the usual place.

use std::os::unix::fs::FileTypeExt;
use std::time::Duration;

use nix::sys::stat::Mode;

use super::{hint, run_hint};
use crate::fixture::parallel::timed;
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, ROLE, Run, START_URL, Sandbox, binary};

/// Creates a sandbox with cached credentials of `dev`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

/// Returns the options that add a profile without prompts.
const ADD_PROFILE: [&str; 11] = [
    "configure",
    "one",
    "-a",
    ACCOUNT,
    "-r",
    "Added",
    "--start-url",
    START_URL,
    "--sso-region",
    "eu-west-1",
    "--yes",
];

#[test]
fn dev_null_is_an_empty_file_that_is_never_written() {
    let sandbox = sandbox();
    let run = sandbox.credential_process();
    run.env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .run()
        .expect(0);
    let without_config = |line: &[&str]| sandbox.sso(line).env("AWS_CONFIG_FILE", "/dev/null");
    let role = [
        "credential-process",
        "-s",
        START_URL,
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
    ];
    without_config(&role)
        .args(["--sso-region", "eu-west-1"])
        .run();
    let outcome = without_config(&["status"]).run();
    let outcome = outcome.stderr_contains("no sso-session is configured in /dev/null");
    assert!(!outcome.stderr.contains("cannot read"), "{outcome:#?}");
    for line in [
        ADD_PROFILE.as_slice(),
        &["configure", "--migrate"],
        &["populate"],
    ] {
        let outcome = without_config(line).run().expect(2);
        outcome.stderr_contains("cannot write /dev/null");
    }
    let meta = std::fs::metadata("/dev/null").unwrap();
    assert!(meta.file_type().is_char_device());
    // A start-up file may be a link to it.
    let rc = sandbox.home().join(".bashrc");
    std::os::unix::fs::symlink("/dev/null", &rc).unwrap();
    let outcome = sandbox.sso(["setup", "--shell", "bash"]).run();
    assert_ne!(outcome.code, 0, "{outcome:#?}");
    assert!(rc.is_symlink());
}

#[test]
fn a_pipe_is_read_once_and_never_written() {
    if !has_required("bash") {
        return;
    }
    let sandbox = sandbox();
    let in_bash = |script: &str| {
        let run = Run::program(&sandbox, "bash").args(["-c", script]);
        run.arg(binary()).run()
    };
    // Questions about both profiles and sessions need the file several times.
    for arguments in [
        "credential-process -p dev",
        "status",
        "env -p dev --shell sh",
    ] {
        let script = format!("AWS_CONFIG_FILE=<(cat ~/.aws/config) \"$0\" {arguments}");
        let outcome = in_bash(&script);
        assert!([0, 4].contains(&outcome.code), "{arguments}: {outcome:#?}");
        let by_input =
            format!("AWS_CONFIG_FILE=/dev/stdin \"$0\" {arguments} < <(cat ~/.aws/config)");
        let outcome = in_bash(&by_input);
        assert!([0, 4].contains(&outcome.code), "{arguments}: {outcome:#?}");
    }
    // A writer that is slow, but not too slow.
    let slow = "{ sleep 0.4; cat ~/.aws/config; sleep 0.4; }";
    in_bash(&format!(
        "AWS_CONFIG_FILE=<({slow}) \"$0\" credential-process -p dev"
    ))
    .expect(0);
    let line = ADD_PROFILE.join(" ");
    let outcome = in_bash(&format!(
        "AWS_CONFIG_FILE=<(cat ~/.aws/config) \"$0\" {line}"
    ));
    outcome
        .expect(2)
        .stderr_contains("it is a pipe or a device, which is only read");
}

#[test]
fn a_pipe_that_is_not_closed_costs_two_seconds_at_most() {
    let sandbox = sandbox();
    let fifo = sandbox.home().join("fifo");
    nix::unistd::mkfifo(&fifo, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
    let own = std::fs::File::options()
        .read(true)
        .write(true)
        .open(&fifo)
        .unwrap();
    for line in [
        ["credential-process", "-p", "dev"].as_slice(),
        &["status"],
        &["login", "--all"],
        &["populate", "-s", "corp", "--dry-run"],
    ] {
        let run = sandbox.sso(line).env("AWS_CONFIG_FILE", &fifo);
        let (outcome, took) = timed(|| run.run());
        outcome
            .expect(1)
            .stderr_contains("whose writer has not finished within 2 s");
        sandbox.assert_within(took, Duration::from_millis(2600));
    }
    drop(own);
}

#[test]
fn a_pipe_of_endless_text_is_an_error() {
    if !has_required("bash") {
        return;
    }
    let sandbox = sandbox();
    let script = "AWS_CONFIG_FILE=<(yes '# endless') exec \"$0\" credential-process -p dev";
    let run = Run::program(&sandbox, "bash")
        .args(["-c", script])
        .arg(binary());
    let (outcome, peak) = run.start().finish_measured();
    outcome.expect(1).stderr_contains("cannot read /dev/fd/");
    assert!(peak < 256 << 10, "{peak} KiB");
}

#[test]
fn the_home_is_expanded_in_paths_of_variables() {
    let sandbox = sandbox();
    std::fs::rename(
        sandbox.home().join(".aws/config"),
        sandbox.home().join("cfg"),
    )
    .unwrap();
    std::fs::write(
        sandbox.home().join("keys"),
        "[static]\naws_access_key_id = AKIA1\n",
    )
    .unwrap();
    for home in ["$HOME", "${HOME}", "~"] {
        let run = sandbox.credential_process();
        let run = run.env("AWS_CONFIG_FILE", format!("{home}/cfg"));
        run.current_dir(std::path::Path::new("/")).run().expect(0);
        let run = sandbox.sso(["credential-process", "-p", "static"]);
        let run = run.env("AWS_SHARED_CREDENTIALS_FILE", format!("{home}/keys"));
        run.run().expect(1).stderr_contains("static");
    }
}

#[test]
fn a_set_path_that_does_not_exist_is_named() {
    let sandbox = sandbox();
    for line in [
        ["credential-process", "-p", "dev"].as_slice(),
        &["login", "corp"],
        &["login", "--all"],
        &["status"],
        &["roles"],
        &["exec", "-p", "dev", "--", "true"],
    ] {
        let run = sandbox.sso(line).env("AWS_CONFIG_FILE", "/no/such/config");
        let outcome = run.run();
        assert!([1, 2].contains(&outcome.code), "{line:?}: {outcome:#?}");
        let outcome =
            outcome.stderr_contains("AWS_CONFIG_FILE names /no/such/config, which does not exist");
        assert!(
            hint(&outcome).ends_with("unset AWS_CONFIG_FILE"),
            "{outcome:#?}"
        );
    }
    let run = sandbox.sso(["credential-process", "-p", "keys"]);
    let run = run.env("AWS_SHARED_CREDENTIALS_FILE", "$HOMES/keys");
    let outcome = run.run();
    outcome.stderr_contains("AWS_SHARED_CREDENTIALS_FILE names $HOMES/keys, which does not exist");
}

#[test]
fn a_file_in_utf16_is_named_and_not_edited() {
    if !has_required("iconv") {
        return;
    }
    let sandbox = sandbox();
    let config = sandbox.home().join(".aws/config");
    let text = std::fs::read_to_string(&config).unwrap();
    for encoding in ["UTF-16", "UTF-16LE", "UTF-16BE"] {
        // Larger files are read in pieces.
        for filler in [0, 5000] {
            let whole = text.clone() + &"# filler\n".repeat(filler);
            std::fs::write(sandbox.home().join("text"), &whole).unwrap();
            let convert = format!("iconv -f UTF-8 -t {encoding} text > .aws/config");
            let run = Run::program(&sandbox, "sh").args(["-c", &convert]);
            run.run().expect(0);
            let before = std::fs::read(&config).unwrap();
            sandbox
                .sso(ADD_PROFILE)
                .run()
                .expect(1)
                .stderr_contains("it is in UTF-16");
            assert_eq!(std::fs::read(&config).unwrap(), before);
            let outcome = sandbox.credential_process().run().expect(1);
            let outcome = outcome.stderr_contains("it is in UTF-16");
            let command = hint(&outcome)
                .strip_prefix("convert it: ")
                .unwrap()
                .to_owned();
            let run = Run::program(&sandbox, "sh").args(["-c", &command]);
            run.run().expect(0);
            assert_eq!(
                std::fs::read_to_string(&config).unwrap(),
                whole,
                "{encoding}"
            );
        }
    }
    sandbox.credential_process().run().expect(0);
}

#[test]
fn a_no_break_space_in_a_value_is_named() {
    let sandbox = sandbox();
    let text = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    for key in [
        "sso_start_url",
        "sso_region",
        "sso_session",
        "sso_account_id",
        "sso_role_name",
    ] {
        sandbox.write_config(&text.replacen(&format!("{key} = "), &format!("{key} =\u{a0}"), 1));
        let outcome = sandbox.credential_process().run().expect(1);
        let outcome = outcome.stderr_contains("~/.aws/config:");
        let outcome = outcome.stderr_contains("a no-break space or other white space");
        if has_required("perl") {
            run_hint(&sandbox, &outcome).run().expect(0);
            sandbox.credential_process().run().expect(0);
        }
    }
    assert_eq!(sandbox.server().count(""), 0);
}
