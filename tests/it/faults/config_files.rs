//! Configuration files that are not text or not regular files.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use nix::sys::stat::Mode;

use crate::fixture::Sandbox;
use crate::fixture::parallel::timed;

/// Name of a defect, and a function that creates it at the path of the configuration.
type Breakage = (&'static str, fn(&Path));

const BREAKAGES: [Breakage; 9] = [
    ("a FIFO", |path| {
        nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
    }),
    ("a socket", |path| drop(UnixListener::bind(path).unwrap())),
    ("a directory", |path| std::fs::create_dir(path).unwrap()),
    ("a device", |path| symlink("/dev/zero", path).unwrap()),
    ("a link to itself", |path| symlink("config", path).unwrap()),
    ("empty", |path| std::fs::write(path, "").unwrap()),
    ("a program", |path| {
        std::fs::copy(crate::fixture::binary(), path).unwrap();
    }),
    ("zeros", |path| {
        let file = std::fs::File::create(path).unwrap();
        file.set_len(100 << 20).unwrap();
    }),
    ("one line", |path| {
        std::fs::write(path, "[".repeat(30 << 20)).unwrap();
    }),
];

const COMMANDS: [&[&str]; 6] = [
    &["credential-process", "-p", "dev"],
    &["env", "-p", "dev", "--shell", "sh"],
    &["exec", "-p", "dev", "--", "true"],
    &["status"],
    &["login", "corp"],
    &["logout", "corp"],
];

#[test]
fn every_command_ends_with_an_error_on_a_broken_configuration() {
    for (name, breakage) in BREAKAGES {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let config = sandbox.home().join(".aws/config");
        std::fs::remove_file(&config).unwrap();
        breakage(&config);
        for arguments in COMMANDS {
            let run = sandbox.sso(arguments).env("BROWSER", "false");
            let (outcome, wall) = timed(|| run.start().finish_measured());
            let (outcome, peak) = outcome;
            let what = format!("{name}, {arguments:?}: {wall:?}, {peak} KiB, {outcome:#?}");
            assert!(wall < Duration::from_secs(30), "{what}");
            assert!([1, 2, 4].contains(&outcome.code), "{what}");
            assert!(!outcome.stderr.contains("panicked"), "{what}");
            let is_status = arguments[0] == "status";
            assert!(is_status || outcome.stderr.contains("error: "), "{what}");
            assert!(peak < 256 * 1024, "{what}");
        }
        assert_eq!(sandbox.server().count(""), 0, "{name}");
    }
}

#[test]
fn a_huge_configuration_is_scanned_to_its_end() {
    // The end of the file may define the endpoint of all requests.
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let config = sandbox.home().join(".aws/config");
    let mut text = std::fs::read_to_string(&config).unwrap();
    text += &"# nothing but comments in line after line of this\n".repeat((65 << 20) / 50);
    sandbox.write_config(&format!(
        "{text}[profile dev]\nendpoint_url = http://[::1]:1\n"
    ));
    let outcome = sandbox.credential_process().run().expect(1);
    outcome
        .stderr_contains("config")
        .stderr_contains("too large");
    assert_eq!(sandbox.server().count(""), 0);
    // Without such a section, the profile found by the scan is enough.
    sandbox.write_config(&text);
    sandbox.credential_process().run().expect(0);
    assert_eq!(sandbox.server().count(""), 1);
}
