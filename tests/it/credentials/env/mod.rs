//! `sso env`, evaluated by real shells; the values are compared byte for byte.

mod formats;

use std::collections::BTreeMap;

use emulator::RoleKeys;

use crate::fixture::programs::{has_optional, has_required};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, Sandbox, binary};

/// A shell and its syntax for evaluating the output of a command.
struct Shell {
    name: &'static str,
    program: &'static str,
    /// Returns a script that evaluates the output of the first command and, if that succeeds,
    /// runs the second.
    evaluate: fn(&str, &str) -> String,
    /// Whether `cargo xtask setup` installs it.
    required: bool,
}

const SHELLS: [Shell; 7] = [
    Shell {
        name: "bash",
        program: "bash",
        evaluate: posix,
        required: true,
    },
    Shell {
        name: "zsh",
        program: "zsh",
        evaluate: posix,
        required: true,
    },
    Shell {
        name: "sh",
        program: "dash",
        evaluate: posix,
        required: true,
    },
    Shell {
        name: "fish",
        program: "fish",
        evaluate: fish,
        required: true,
    },
    Shell {
        name: "elvish",
        program: "elvish",
        evaluate: elvish,
        required: false,
    },
    Shell {
        name: "pwsh",
        program: "pwsh",
        evaluate: pwsh,
        required: false,
    },
    Shell {
        name: "nu",
        program: "nu",
        evaluate: nu,
        required: false,
    },
];

fn posix(command: &str, next: &str) -> String {
    // The output must also work under `set -eu`.
    format!("set -eu; if eval \"$({command})\"; then {next}; fi")
}

fn fish(command: &str, next: &str) -> String {
    format!("{command} | source; and {next}")
}

fn elvish(command: &str, next: &str) -> String {
    format!("eval ({command} | slurp); {next}")
}

fn pwsh(command: &str, next: &str) -> String {
    format!("$ErrorActionPreference = 'Stop'; {command} | Out-String | Invoke-Expression; {next}")
}

fn nu(command: &str, next: &str) -> String {
    format!("{command} | from json | load-env; {next}")
}

impl Shell {
    fn is_available(&self) -> bool {
        if self.required {
            has_required(self.program)
        } else {
            has_optional(self.program)
        }
    }

    /// Prepares a run that evaluates the output of `sso ARGUMENTS`, then runs `next`.
    fn run<'w>(&self, sandbox: &'w Sandbox, arguments: &str, next: &str) -> Run<'w> {
        let sso = crate::fixture::binary();
        let command = format!("{} {arguments} --shell {}", sso.display(), self.name);
        let script = (self.evaluate)(&command, next);
        Run::program(sandbox, self.program).args(["-c", &script])
    }
}

/// Parses the output of `env -0`.
fn environment(outcome: &Outcome) -> BTreeMap<String, String> {
    let pairs = outcome
        .stdout
        .split('\0')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Values with characters that are special to shells.
const SPECIAL_VALUES: [&str; 22] = [
    "plain/+=",
    "it's",
    "\"double\" 'single' `touch ran` $(touch ran) ${HOME} $HOME",
    "two\nlines",
    "a newline at the end\n",
    "\n",
    "back\\slash",
    "a backslash at the end\\",
    "\\'",
    "'\\''",
    "tab\tand\rreturn",
    "=begins",
    "~",
    "~root/x",
    "a:~:b",
    "!history !! !$",
    "*?[a-z]{1,2}",
    "; touch ran # & | < > ( )",
    "naïve café ☃ 𝄞 \u{2018}typographic\u{2019} \u{201a}\u{201b}",
    "-n",
    "\u{1b}[31mred\u{7f}",
    "%PATH% ^caret",
];

/// Creates a sandbox in which the role of `dev` has these keys.
fn sandbox(keys: [&str; 3]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    let [id, secret, token] = keys.map(str::to_owned);
    let keys = RoleKeys {
        access_key_id: id,
        secret_access_key: secret,
        session_token: token,
        expiration_ms: None,
    };
    sandbox.server().set_role_keys(ACCOUNT, ROLE, Some(keys));
    sandbox
}

#[test]
fn every_shell_gets_every_value_unchanged() {
    for keys in SPECIAL_VALUES.chunks(2) {
        let sandbox = sandbox(["ASIAEXAMPLE", keys[0], keys[1]]);
        for shell in SHELLS.iter().filter(|shell| shell.is_available()) {
            let outcome = shell.run(&sandbox, "env -p dev", "env -0").run().expect(0);
            let found = environment(&outcome);
            let name = shell.name;
            assert_eq!(
                found["AWS_SECRET_ACCESS_KEY"], keys[0],
                "{name}: {outcome:?}"
            );
            assert_eq!(found["AWS_SESSION_TOKEN"], keys[1], "{name}: {outcome:?}");
            assert!(!sandbox.home().join("ran").exists(), "{name} ran {keys:?}");
        }
    }
}

#[test]
fn credentials_are_set_and_conflicting_variables_removed() {
    let sandbox = sandbox(["ASIAEXAMPLE", "secret", "token"]);
    let conflicting = [
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_SCOPE",
        "AWS_DEFAULT_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_CONTAINER_SOMETHING_NEW",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ];
    for shell in SHELLS.iter().filter(|shell| shell.is_available()) {
        let mut run = shell
            .run(&sandbox, "env", "env -0")
            .env("AWS_PROFILE", "dev")
            .env("AWS_ACCESS_KEY_ID", "AKIAOLD");
        for name in conflicting {
            run = run.env(name, "x");
        }
        let found = environment(&run.run().expect(0));
        let set = |name: &str| found.get(name).map(String::as_str);
        for name in conflicting.iter().chain(&["AWS_PROFILE"]) {
            assert_eq!(set(name), None, "{}: {name}", shell.name);
        }
        assert_eq!(set("AWS_ACCESS_KEY_ID"), Some("ASIAEXAMPLE"));
        assert_eq!(set("AWS_ACCOUNT_ID"), Some(ACCOUNT));
        assert_eq!(set("AWS_SSO_PROFILE"), Some("dev"));
        assert_eq!(set("AWS_REGION"), Some("eu-central-1"));
        assert_eq!(set("AWS_DEFAULT_REGION"), Some("eu-central-1"));
        assert!(set("AWS_CREDENTIAL_EXPIRATION").unwrap().ends_with('Z'));
    }
}

#[test]
fn unset_removes_the_variables_and_accepts_missing_ones() {
    let sandbox = sandbox(["ASIAEXAMPLE", "secret", "token"]);
    for shell in SHELLS.iter().filter(|shell| shell.is_available()) {
        let run = shell
            .run(&sandbox, "env --unset", "env -0")
            .env("AWS_KEPT", "x");
        let loaded = run
            .env("AWS_ACCESS_KEY_ID", "x")
            .env("AWS_SECRET_ACCESS_KEY", "x")
            .env("AWS_SESSION_TOKEN", "x")
            .env("AWS_CREDENTIAL_EXPIRATION", "x")
            .env("AWS_SSO_PROFILE", "x");
        let found = environment(&loaded.run().expect(0));
        // AWS_ACCOUNT_ID and the regions were not set; unsetting them must not fail.
        let left: Vec<&String> = found
            .keys()
            .filter(|name| name.starts_with("AWS_"))
            .collect();
        let kept = [
            "AWS_EC2_METADATA_DISABLED",
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_SSO_OIDC",
            "AWS_ENDPOINT_URL_STS",
            "AWS_KEPT",
        ];
        assert_eq!(left, kept, "{}", shell.name);
    }
    // It needs neither a configuration nor a sign-in.
    let bare = Sandbox::new();
    bare.write_config("nonsense");
    bare.sso(["env", "--unset", "--shell", "sh"])
        .run()
        .expect(0);
}

#[test]
fn a_universal_variable_of_fish_is_kept_and_reported() {
    if !has_required("fish") {
        return;
    }
    let sandbox = sandbox(["ASIA", "secret", "token"]);
    let script = r"
        set -Ux AWS_PROFILE mine
        eval ($argv[1] env -p dev --shell fish | string collect)
        eval ($argv[1] env --unset --shell fish | string collect)
        fish -c 'echo of another shell: $AWS_PROFILE'";
    let run = Run::program(&sandbox, "fish").args(["-c", script]);
    let outcome = run.arg(binary()).run().expect(0);
    assert_eq!(outcome.stdout, "of another shell: mine\n");
    assert_eq!(
        outcome.stderr,
        "sso: AWS_PROFILE is a universal variable and stays; `set -eU AWS_PROFILE` erases it\n"
    );
}

#[test]
fn a_failure_stops_the_command_that_follows_in_every_shell() {
    let sandbox = Sandbox::new();
    for shell in SHELLS
        .iter()
        .filter(|shell| shell.is_available() && shell.name != "nu")
    {
        for words in ["env -p nowhere", "env -p dev", "env --bogus", "env -p"] {
            let outcome = shell.run(&sandbox, words, "echo went on").run();
            assert!(
                !outcome.stdout.contains("went on"),
                "{}: {outcome:?}",
                shell.name
            );
            assert!(
                outcome.stderr.contains("error: "),
                "{}: {outcome:?}",
                shell.name
            );
        }
    }
}

#[test]
fn a_missing_home_fails_in_the_shell_too() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .sso(["env", "--shell", "bash"])
        .env_remove("HOME")
        .run();
    let outcome = outcome.expect(1).stderr_contains("HOME is not set");
    assert_eq!(outcome.stdout, "false\n");
}

#[test]
fn the_calling_shell_is_detected() {
    let sandbox = sandbox(["ASIAEXAMPLE", "secret", "token"]);
    let sso = crate::fixture::binary();
    let line = format!("{} env -p dev", sso.display());
    // The scripts have a second command, because a shell replaces itself with a single one.
    let first_word = |program: &str, script: &str| {
        let outcome = Run::program(&sandbox, program)
            .args(["-c", script])
            .run()
            .expect(0);
        outcome
            .stdout
            .lines()
            .last()
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .to_owned()
    };
    for shell in ["bash", "zsh", "dash"] {
        if has_required(shell) {
            let script = format!("{line} && true");
            assert_eq!(first_word(shell, &script), "export", "{shell}");
        }
    }
    if has_required("fish") {
        // The innermost shell counts; a wrapper such as timeout is skipped.
        for (program, script, expected) in [
            ("fish", format!("{line}; and true"), "set"),
            ("fish", format!("timeout 60 {line}; and true"), "set"),
            (
                "fish",
                format!("dash -c '{line} && true'; and true"),
                "export",
            ),
            ("dash", format!("fish -c '{line}; and true' && true"), "set"),
        ] {
            assert_eq!(first_word(program, &script), expected, "{script}");
        }
    }
}
