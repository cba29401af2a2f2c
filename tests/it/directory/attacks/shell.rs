//! Attempts to reach variables, programs and secrets through the hook (T12 to T15).

use std::os::unix::fs::symlink;

use super::super::Shell;
use super::{assert_loads_nothing, chmod, warm};
use crate::fixture::{ACCOUNT, ROLE, Run, binary};

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
        shell.assert_env(&[("AWS_REGION", "eu-west-1")]);
        assert!(shell.get("__SSO_STATE").is_none(), "{state}");
    }
    // The value of a permitted variable is restored without being evaluated.
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
fn t13_a_profile_with_its_own_command_is_refused() {
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
        assert_loads_nothing(&sandbox, &project);
    }
    assert!(!sandbox.home().join("PWNED").exists());
}

#[test]
fn t14_the_state_contains_no_secret() {
    let sandbox = warm();
    let project = sandbox.trusted_project("p", "dev\n");
    let mut shell = Shell::new(&sandbox);
    // `Shell::prompt` asserts that the state contains no secret.
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
    // Another program of that name is in the directory, which comes first in PATH.
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
fn the_hook_starts_no_browser_and_no_other_program() {
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
