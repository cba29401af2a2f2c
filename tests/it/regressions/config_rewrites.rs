//! Files that another program writes in place, without a lock: for a moment they are empty.

use std::path::Path;
use std::time::Duration;

use crate::fixture::parallel::timed;
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, ROLE, Run, START_URL, Sandbox, binary};

/// Time that the other program leaves the file empty, longer than any reader waits.
const EMPTY_FOR: Duration = Duration::from_millis(700);

const OLD_BACKUP: &str = "# the configuration of last year\n";

fn read(sandbox: &Sandbox, name: &str) -> String {
    std::fs::read_to_string(sandbox.home().join(name)).unwrap()
}

/// Empties a file as a program does that opens it for writing.
fn truncate(path: &Path) {
    std::fs::File::create(path).unwrap();
}

/// Makes the modification time of a file an hour old.
fn age(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    let hour = Duration::from_secs(3600);
    file.set_modified(std::time::SystemTime::now() - hour)
        .unwrap();
}

/// Adds a legacy profile, which `--migrate` moves.
fn add_legacy_profile(sandbox: &Sandbox) -> String {
    let text = read(sandbox, ".aws/config")
        + &format!(
            "\n[profile old]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\
             sso_account_id = {ACCOUNT}\nsso_role_name = Old\n"
        );
    sandbox.write_config(&text);
    text
}

#[test]
fn a_writer_waits_for_the_end_of_a_rewrite() {
    if !has_required("strace") {
        return;
    }
    let configure = ["configure", "one", "-a", ACCOUNT, "-r", "Added", "--yes"];
    for (line, added) in [
        (configure.as_slice(), "[profile one]"),
        (&["configure", "--migrate", "--yes"], "sso_role_name = Old"),
        (
            &["populate", "-s", "corp"],
            "[profile Pr-fung.ReadOnlyAccess]",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let text = add_legacy_profile(&sandbox);
        let config = sandbox.home().join(".aws/config");
        std::fs::write(sandbox.home().join(".aws/config.sso.bak"), OLD_BACKUP).unwrap();
        // Stopped at the first lock on the configuration, it has read the file.
        let running = Run::program(&sandbox, "env")
            .args(sandbox.strace_stop("flock"))
            .arg(binary())
            .args(line)
            .start();
        sandbox.wait_until_stopped();
        truncate(&config);
        running.resume_traced();
        std::thread::sleep(EMPTY_FOR);
        std::fs::write(&config, &text).unwrap();
        running.finish().expect(0);
        let held = read(&sandbox, ".aws/config");
        let kept = text.lines().filter(|line| line.starts_with('['));
        for header in kept {
            assert!(held.contains(header), "{line:?}: no {header} in {held}");
        }
        assert!(held.contains(added), "{line:?}: {held}");
        assert_eq!(read(&sandbox, ".aws/config.sso.bak"), text, "{line:?}");
    }
}

/// Prepares a run that adds a profile and a session, which an empty file lacks.
fn add_session(sandbox: &Sandbox) -> Run<'_> {
    sandbox
        .sso(["configure", "one", "-a", ACCOUNT, "-r", "Added", "--yes"])
        .args(["--start-url", START_URL, "--sso-region", "eu-west-1"])
}

#[test]
fn an_empty_file_is_not_taken_for_the_configuration() {
    let sandbox = Sandbox::new();
    let text = read(&sandbox, ".aws/config");
    let config = sandbox.home().join(".aws/config");
    std::fs::write(sandbox.home().join(".aws/config.sso.bak"), OLD_BACKUP).unwrap();
    truncate(&config);
    let running = add_session(&sandbox).start();
    std::thread::sleep(EMPTY_FOR);
    std::fs::write(&config, &text).unwrap();
    running.finish().expect(0);
    let held = read(&sandbox, ".aws/config");
    assert!(
        held.contains("[profile dev]") && held.contains("[profile one]"),
        "{held}"
    );
    assert_eq!(read(&sandbox, ".aws/config.sso.bak"), text);
}

#[test]
fn a_file_that_is_empty_for_long_is_edited_and_its_backup_is_kept() {
    let sandbox = Sandbox::new();
    let config = sandbox.home().join(".aws/config");
    std::fs::write(sandbox.home().join(".aws/config.sso.bak"), OLD_BACKUP).unwrap();
    truncate(&config);
    age(&config);
    let (outcome, took) = timed(|| add_session(&sandbox).run());
    outcome.expect(0);
    sandbox.assert_within(took, Duration::from_millis(1500));
    assert!(read(&sandbox, ".aws/config").contains("[profile one]"));
    assert_eq!(read(&sandbox, ".aws/config.sso.bak"), OLD_BACKUP);
    // One that stays empty is edited as well, once it must be meant.
    truncate(&config);
    let (outcome, took) = timed(|| add_session(&sandbox).run());
    outcome.expect(0);
    assert!(took > Duration::from_millis(1500), "{took:?}");
    assert_eq!(read(&sandbox, ".aws/config.sso.bak"), OLD_BACKUP);
}

#[test]
fn a_reader_waits_a_moment_for_an_empty_file() {
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let text = read(&sandbox, ".aws/config");
    let config = sandbox.home().join(".aws/config");
    for line in [["credential-process", "-p", "dev"].as_slice(), &["status"]] {
        truncate(&config);
        let running = sandbox.sso(line).start();
        std::thread::sleep(Duration::from_millis(60));
        std::fs::write(&config, &text).unwrap();
        let outcome = running.finish();
        assert!([0, 4].contains(&outcome.code), "{line:?}: {outcome:#?}");
        assert!(
            !outcome.stderr.contains("no sso-session"),
            "{line:?}: {outcome:#?}"
        );
    }
    // But not for long.
    truncate(&config);
    let (outcome, took) = timed(|| sandbox.credential_process().run());
    outcome.expect(1);
    assert!(took >= Duration::from_millis(200), "{took:?}");
    sandbox.assert_within(took, Duration::from_millis(700));
    age(&config);
    let (outcome, took) = timed(|| sandbox.credential_process().run());
    outcome.expect(1);
    sandbox.assert_within(took, Duration::from_millis(200));
}

#[test]
fn setup_waits_for_the_end_of_a_rewrite() {
    let sandbox = Sandbox::new();
    let rc = sandbox.home().join(".bashrc");
    truncate(&rc);
    let path = std::env::var("PATH").unwrap();
    let directory = binary();
    let directory = directory.parent().unwrap().display();
    let run = sandbox.sso(["setup", "--shell", "bash"]);
    let running = run.env("PATH", format!("{directory}:{path}")).start();
    std::thread::sleep(EMPTY_FOR);
    std::fs::write(&rc, "alias ll='ls -l'\n").unwrap();
    running.finish().expect(0);
    let held = read(&sandbox, ".bashrc");
    assert!(held.starts_with("alias ll='ls -l'\n"), "{held}");
    assert!(held.contains("sso hook bash"), "{held}");
}
