//! Promises of SECURITY.md about every command.

use std::collections::BTreeMap;
use std::path::Path;

use emulator::{Action, Fault};

use crate::fixture::programs::has_required;
use crate::fixture::users::{OTHER_UID, copy_binary_to_home, has_root, run_as_user};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// Command lines that change files where they may.
const CHANGING: [&[&str]; 11] = [
    &[
        "configure",
        "new",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
        "--region",
        "eu-west-1",
        "--yes",
    ],
    &["populate"],
    &["use", "dev", "--yes"],
    &["allow", "--yes"],
    &["deny"],
    &["setup", "--shell", "bash"],
    &["roles", "--refresh"],
    &["credential-process", "-p", "dev"],
    &["exec", "-p", "dev", "--", "true"],
    &["login", "--force"],
    &["logout"],
];

/// Returns the content of every file below a directory, and its directories.
fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        let name = path.display().to_string();
        if path.is_dir() {
            found.insert(name, Vec::new());
            found.append(&mut contents(&path));
        } else {
            found.insert(name, std::fs::read(path).unwrap());
        }
    }
    found
}

/// Creates a signed-in sandbox with a file in a directory and a file with static keys.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(300);
    sandbox.trusted_project("q", "dev\n");
    sandbox.project("p", "profile = dev\n");
    let keys = "[base]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
    sandbox.write_file(&sandbox.home().join(".aws/credentials"), keys.as_bytes());
    sandbox
}

#[test]
fn in_a_foreign_home_no_command_changes_a_file() {
    if !has_root() {
        return;
    }
    for words in CHANGING {
        let sandbox = sandbox();
        copy_binary_to_home(&sandbox);
        let open = std::process::Command::new("chmod");
        let status = { open }.args(["-R", "a+rwX"]).arg(sandbox.home()).status();
        assert!(status.unwrap().success());
        let before = contents(sandbox.home());
        let run = run_as_user(&sandbox, OTHER_UID, words);
        let outcome = run.current_dir(&sandbox.home().join("p")).run();
        assert!(contents(sandbox.home()) == before, "{words:?}: {outcome:?}");
    }
}

#[test]
fn only_configure_and_populate_write_the_configuration() {
    for words in CHANGING {
        let sandbox = sandbox();
        let paths = [".aws/config", ".aws/credentials"];
        let before = contents(sandbox.home());
        let run = sandbox.sso(words).current_dir(&sandbox.home().join("p"));
        let outcome = run.approving_browser().run().expect(0);
        let after = contents(sandbox.home());
        assert!(after != before, "{words:?}: {outcome:?}");
        let is_kept = |path: &str| {
            let path = sandbox.home().join(path).display().to_string();
            after[&path] == before[&path]
        };
        let writes = matches!(words[0], "configure" | "populate");
        assert_eq!(
            paths.map(is_kept),
            [!writes, true],
            "{words:?}: {outcome:?}"
        );
    }
}

#[test]
fn no_command_asks_the_instance_metadata_service() {
    if !has_required("strace") {
        return;
    }
    for words in [
        &["credential-process", "-p", "dev"][..],
        &["exec", "-p", "dev", "--", "true"],
        &["login"],
        &["roles"],
        &["check"],
    ] {
        for expires_in in [-100_000, 3600] {
            let sandbox = Sandbox::new();
            sandbox.store_token(expires_in);
            let trace = sandbox.home().join("trace");
            let run = Run::program(&sandbox, "strace").args(["-f", "-e", "trace=connect,sendto"]);
            let run = run.arg("-o").arg(&trace).arg(binary()).args(words);
            let run = run.env_remove("AWS_EC2_METADATA_DISABLED");
            run.approving_browser().run();
            let text = std::fs::read_to_string(&trace).unwrap();
            assert!(
                !text.contains("169.254.") && !text.contains("fd00:ec2"),
                "{text}"
            );
        }
    }
}

#[test]
fn a_browser_gets_no_address_but_https() {
    for address in [
        "http://device.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "-p",
        "https://user@device.example.com/\n",
    ] {
        let sandbox = Sandbox::new();
        let body = serde_json::json!({
            "deviceCode": "the-device-code",
            "userCode": "ABCD-EFGH",
            "verificationUri": address,
            "verificationUriComplete": address,
            "expiresIn": 1,
            "interval": 1,
        });
        sandbox.server().fault(Fault::on_operation(
            "StartDeviceAuthorization",
            Action::Reply {
                status: 200,
                headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
                body: body.to_string(),
            },
        ));
        let opened = sandbox.home().join("opened");
        let script = format!("touch '{}'\n", opened.display());
        let browser = sandbox.home().join("browser");
        sandbox.write_file(&browser, script.as_bytes());
        let run = sandbox.sso(["login", "--device-code"]);
        let run = run.env("BROWSER", format!("sh {} %s", browser.display()));
        let outcome = run.run();
        assert_ne!(outcome.code, 0, "{address:?}: {outcome:?}");
        assert!(!opened.exists(), "{address:?}: {outcome:?}");
    }
}
