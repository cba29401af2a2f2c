//! `sso env`, evaluated by the real shells and compared byte for byte.

mod formats;

use std::collections::BTreeMap;

use emulator::RoleKeys;

use crate::fixture::programs::{has_optional, has_required};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, Sandbox, binary};

/// How a shell takes the statements of a command, and goes on where they do not fail.
struct Shell {
    name: &'static str,
    program: &'static str,
    evaluate: fn(&str, &str) -> String,
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
    // Whoever works with -e and -u must be able to use it as well.
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

    /// Evaluates what `sso` prints with these words, then does `next`.
    fn run<'w>(&self, sandbox: &'w Sandbox, words: &str, next: &str) -> Run<'w> {
        let sso = crate::fixture::binary();
        let command = format!("{} {words} --shell {}", sso.display(), self.name);
        let script = (self.evaluate)(&command, next);
        Run::program(sandbox, self.program).args(["-c", &script])
    }
}

/// The environment that `env -0` printed.
fn environment(outcome: &Outcome) -> BTreeMap<String, String> {
    let pairs = outcome
        .stdout
        .split('\0')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

const NASTY: [&str; 22] = [
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

/// A sandbox whose role `dev` has these keys.
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
fn every_shell_gets_every_value_to_the_byte() {
    for keys in NASTY.chunks(2) {
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
fn everything_is_set_and_everything_misleading_removed() {
    let sandbox = sandbox(["ASIAEXAMPLE", "secret", "token"]);
    let misleading = [
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
        for name in misleading {
            run = run.env(name, "x");
        }
        let found = environment(&run.run().expect(0));
        let set = |name: &str| found.get(name).map(String::as_str);
        for name in misleading.iter().chain(&["AWS_PROFILE"]) {
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
fn unset_removes_what_was_set_and_nothing_fails_where_nothing_was() {
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
        // AWS_ACCOUNT_ID and the regions were not even set, which must not be a failure.
        let left: Vec<&String> = found
            .keys()
            .filter(|name| name.starts_with("AWS_"))
            .collect();
        let ours = [
            "AWS_EC2_METADATA_DISABLED",
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_SSO_OIDC",
            "AWS_ENDPOINT_URL_STS",
            "AWS_KEPT",
        ];
        assert_eq!(left, ours, "{}", shell.name);
    }
    // It needs no configuration and nobody signed in.
    let bare = Sandbox::new();
    bare.write_config("nonsense");
    bare.sso(["env", "--unset", "--shell", "sh"])
        .run()
        .expect(0);
}

#[test]
fn a_universal_variable_of_fish_stays_and_that_is_said() {
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
fn a_failure_stops_what_follows_in_every_shell() {
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
fn without_a_home_the_shell_sees_a_failure_too() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .sso(["env", "--shell", "bash"])
        .env_remove("HOME")
        .run();
    let outcome = outcome.expect(1).stderr_contains("HOME is not set");
    assert_eq!(outcome.stdout, "false\n");
}

#[test]
fn the_shell_that_runs_us_is_recognised() {
    let sandbox = sandbox(["ASIAEXAMPLE", "secret", "token"]);
    let sso = crate::fixture::binary();
    let line = format!("{} env -p dev", sso.display());
    let form = |program: &str, script: &str| {
        // A second command keeps a shell from becoming the first one.
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
            assert_eq!(form(shell, &format!("{line} && true")), "export", "{shell}");
        }
    }
    if has_required("fish") {
        assert_eq!(form("fish", &format!("{line}; and true")), "set");
        // A wrapper between us and the shell is looked through, and another shell is not.
        assert_eq!(form("fish", &format!("timeout 60 {line}; and true")), "set");
        assert_eq!(
            form("fish", &format!("dash -c '{line} && true'; and true")),
            "export"
        );
        assert_eq!(
            form("dash", &format!("fish -c '{line}; and true' && true")),
            "set"
        );
    }
}
