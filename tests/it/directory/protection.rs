//! `SSO_PROTECT`: roles that the hook never loads and that other commands ask about.

use super::Shell;
use super::hook::warm;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// Name of a variable with the patterns.
const PROTECT: &str = "SSO_PROTECT";

/// Creates a warm sandbox in which the same role has another profile, and the account a name that
/// no test matches.
fn with_profile(text: &str) -> Sandbox {
    let sandbox = warm();
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.cache_listing(60);
    sandbox.write_config(&format!("{config}\n{text}"));
    sandbox
}

/// Prepares a run of `sso` without a controlling terminal, such as one of cron.
fn without_terminal<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    let run = Run::program(sandbox, "setsid").arg("--wait");
    run.arg(binary()).args(arguments)
}

#[track_caller]
fn assert_not_loaded(sandbox: &Sandbox, project: &str, variables: &[(&str, &str)], reason: &str) {
    let mut shell = Shell::new(sandbox);
    for (name, value) in variables {
        shell.set(name, value);
    }
    let message = shell.prompt(&sandbox.home().join(project));
    let expected = format!("not loaded (protected): {reason}");
    assert!(message.contains(&expected), "{message}");
    assert_eq!(shell.prompt(&sandbox.home().join(project)), "");
    shell.assert_env(variables);
}

#[test]
fn the_hook_loads_no_protected_role() {
    let sandbox = warm();
    for (pattern, reason) in [
        (
            "*admin*",
            "role AdministratorAccess matches *admin*; use `sso exec`",
        ),
        ("dev", "profile dev matches dev;"),
        ("1111*", "account 111122223333 matches 1111*;"),
        ("x d?v", "profile dev matches d?v;"),
        (
            "*@1111*",
            "role AdministratorAccess@111122223333 matches *@1111*;",
        ),
    ] {
        assert_not_loaded(&sandbox, "p", &[(PROTECT, pattern)], reason);
    }
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_loaded_role_is_unloaded_once_it_is_protected() {
    let sandbox = warm();
    let mut shell = Shell::new(&sandbox);
    shell.prompt(&sandbox.home().join("p"));
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    shell.set(PROTECT, "dev");
    let message = shell.prompt(&sandbox.home().join("p"));
    assert!(message.contains("not loaded (protected)"), "{message}");
    shell.assert_env(&[(PROTECT, "dev")]);
}

#[test]
fn a_role_is_protected_by_every_profile_that_leads_to_it() {
    let role = format!("account = {ACCOUNT}\nrole = {ROLE}\nregion = eu-central-1\n");
    let keys = format!("sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n");
    for other in [
        format!("sso_session = corp\n{keys}"),
        format!("sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n{keys}"),
        format!(
            "credential_process = /bin/sso credential-process -s corp -a {ACCOUNT} -r {ROLE}\n"
        ),
        "credential_process = '/opt/my tools/sso' credential-process --profile dev\n".to_owned(),
    ] {
        let sandbox = with_profile(&format!("[profile acme-prod]\n{other}"));
        let file = if other.contains("start_url") {
            format!("sso_session = corp\n{role}")
        } else {
            role.clone()
        };
        sandbox.trusted_project("by-role", &file);
        let reason = "profile acme-prod matches *prod*";
        for project in ["p", "by-role"] {
            assert_not_loaded(&sandbox, project, &[(PROTECT, "*prod*")], reason);
            // Exports a profile's name instead of keys.
            let exporting = [(PROTECT, "*prod*"), ("SSO_HOOK_EXPORT", "profile")];
            assert_not_loaded(&sandbox, project, &exporting, reason);
        }
        for words in [
            &["exec", "-p", "dev", "--", "true"][..],
            &[
                "env", "-s", "corp", "-a", ACCOUNT, "-r", ROLE, "--shell", "sh",
            ],
            &[
                "console", "-s", "corp", "-a", ACCOUNT, "-r", ROLE, "--print",
            ],
        ] {
            let run = without_terminal(&sandbox, words).env(PROTECT, "*prod*");
            run.run().expect(1).stderr_contains(reason);
        }
    }
    // Another role of the account is another role.
    let sandbox = with_profile(&format!(
        "[profile acme-prod]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = x\n"
    ));
    let mut shell = Shell::new(&sandbox);
    shell.set(PROTECT, "*prod");
    assert!(
        shell
            .prompt(&sandbox.home().join("p"))
            .contains("sso: dev (")
    );
}

#[test]
fn account_names_of_the_stored_listing_are_matched_and_unknown_ones_count() {
    let sandbox = warm();
    let unknown = "account 111122223333 has no known name, which produc* could match \
                   - run `sso accounts --session corp --refresh`";
    assert_not_loaded(&sandbox, "p", &[(PROTECT, "9?9* produc*")], unknown);
    // A pattern of digits is meant for account ids.
    let mut shell = Shell::new(&sandbox);
    shell.set(PROTECT, "9?9*");
    assert!(
        shell
            .prompt(&sandbox.home().join("p"))
            .contains("sso: dev (")
    );
    let exec = ["exec", "-p", "dev", "--", "true"];
    let run = without_terminal(&sandbox, &exec).env(PROTECT, "produc*");
    run.run().expect(0);
    sandbox
        .sso(["accounts", "--session", "corp", "--refresh"])
        .run()
        .expect(0);
    let known = "account name Production matches produc*";
    assert_not_loaded(&sandbox, "p", &[(PROTECT, "produc*")], known);
    let run = without_terminal(&sandbox, &exec).env(PROTECT, "produc*");
    run.run().expect(1).stderr_contains(known);
    shell.set(PROTECT, "sandbox*");
    assert_eq!(shell.prompt(&sandbox.home().join("p")), "");
    assert!(shell.get("AWS_ACCESS_KEY_ID").is_some());
    // The listing of another start URL with the same session name says nothing.
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace("https://corp.", "https://other."));
    let run = without_terminal(&sandbox, &["exec", "-p", "dev", "--no-login", "--", "true"]);
    let run = run.env(PROTECT, "produc*").run();
    assert!(!run.stderr.contains("protected"), "{run:?}");
}

#[test]
fn commands_fail_without_a_terminal_and_yes_answers() {
    let sandbox = warm();
    for (command, rest) in [
        ("exec", &["-p", "dev", "--", "echo", "ran"][..]),
        ("env", &["-p", "dev", "--shell", "sh"]),
        ("console", &["-p", "dev", "--print"]),
    ] {
        let protected = |option: &[&str]| {
            let words = [&[command], option, rest].concat();
            without_terminal(&sandbox, &words).env(PROTECT, "*admin*")
        };
        let outcome = protected(&[]).stdin("y\n").run().expect(1);
        let outcome = outcome.stderr_contains(
            "error: dev (111122223333 AdministratorAccess, eu-central-1) is protected: role \
             AdministratorAccess matches *admin*, and there is no terminal to ask on\n",
        );
        let outcome = outcome.stderr_contains(&format!("`sso {command} --yes …`"));
        let output = if command == "env" { "false\n" } else { "" };
        assert_eq!(outcome.stdout, output);
        for yes in ["--yes", "-y"] {
            let outcome = protected(&[yes]).run().expect(0);
            assert!(!outcome.stdout.is_empty() && outcome.stderr.is_empty());
        }
    }
    // A program that reads credentials has nobody to ask.
    let run = without_terminal(&sandbox, &["credential-process", "-p", "dev"]);
    run.env(PROTECT, "*admin*").run().expect(0);
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn a_terminal_is_asked_in_pipelines_too() {
    for (script, shown) in [
        ("sso exec -p dev -- echo ran", "ran"),
        (
            "echo n | sso exec -p dev -- echo ran 2>/dev/null | cat",
            "ran",
        ),
        (
            "eval \"$(sso env -p dev)\" && echo $AWS_SSO_PROFILE loaded",
            "dev loaded",
        ),
        (
            "sso console -p dev --print </dev/null | cat",
            "console?account_id",
        ),
    ] {
        let sandbox = warm();
        let script = format!("sso() {{ \"$0\" \"$@\"; }}\n{script}; echo end");
        for (answer, is_run) in [("y\n", true), ("n\n", false), ("\u{4}", false)] {
            let run = Run::program(&sandbox, "bash").env(PROTECT, "*admin*");
            let mut terminal = run.args(["-c", &script]).arg(binary()).start_on_terminal();
            terminal.wait_for_screen("is protected: role AdministratorAccess matches *admin*");
            terminal.wait_for_screen("Continue? [y/N] ");
            terminal.type_text(answer);
            let outcome = terminal.finish().expect(0);
            let rest = outcome.stdout.split("[y/N]").nth(1).unwrap();
            assert_eq!(rest.contains(shown), is_run, "{script} {answer:?}: {rest}");
        }
    }
}

#[test]
fn check_reports_patterns_that_match_no_known_name() {
    let sandbox = warm();
    let check = |patterns: &str| {
        let run = sandbox.sso(["check"]).env(PROTECT, patterns);
        run.run()
    };
    let outcome = check("DEV *admin* 1111*");
    assert!(!outcome.stdout.contains(PROTECT), "{outcome:?}");
    let outcome = check("*admin*,'dev' [a]");
    for text in [
        "no known profile, account or role matches \"*admin*,'dev'\", \"[a]\"",
        "export SSO_PROTECT='*admin* dev [a]'",
    ] {
        assert!(outcome.stdout.contains(text), "{outcome:#?}");
    }
}
