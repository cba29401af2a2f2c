//! Golden cases: each case of `tests/cmd/*.txt` is one run of the binary in its own sandbox and
//! its complete output.
//!
//! A case begins with a line `=== TITLE`. The line `$ COMMAND` may set variables before the
//! command, as in a shell. Sections follow, each from a line `--- NAME` to the next one.
//!
//! - Input: `config`, `credentials`, `stdin`, `file PATH`, and `account ID` (a JSON array: the
//!   account's name or null, then its roles).
//! - Expected: `stdout`, `stderr` (empty if left out), and `config after` if the run changes the
//!   configuration.
//! - Without content: `exit 2`, `token 3600` (seconds until the token of `corp` expires), `role
//!   3600` (the credentials of `dev` are cached), `corrupt token`, `no config`, `no accounts`
//!   (in the portal), `listed 7200` (age of the stored listing), `skew 3600` (of the server's
//!   clock), `mode 644 PATH`, `program PATH` (an executable that does nothing), `within PATH`
//!   (the working directory). Paths are relative to the home.
//!
//! `\e` and `\r` stand for the control characters in input and output. Placeholders replace
//! output that differs between runs: `[HOME]`, `[SSO]`, `[URL]`, `[HOST]`, `[TIME]`, `[LEFT]`.
//! SSO_BLESS=1 rewrites the files with the actual output, to be reviewed before a commit.

mod case;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use emulator::Account;

use case::{Case, format_case, parse};

use crate::fixture::{ACCOUNT, Outcome, ROLE, Sandbox, binary};

#[test]
fn help() {
    run_cases("help");
}

#[test]
fn invalid_command_lines_are_usage_errors() {
    run_cases("usage");
}

#[test]
fn an_unusable_profile_is_reported_with_file_line_and_key() {
    run_cases("profiles");
}

#[test]
fn a_profile_of_another_kind_is_an_error() {
    run_cases("kinds");
}

#[test]
fn a_credential_process_line_that_calls_sso_is_followed() {
    run_cases("helper_lines");
}

#[test]
fn sessions_are_chosen_or_listed() {
    run_cases("sessions");
}

#[test]
fn use_names_the_value_that_a_dotfile_cannot_express() {
    run_cases("use");
}

#[test]
fn every_command_accepts_the_same_regions() {
    run_cases("regions");
}

#[test]
fn an_unusable_session_is_reported_with_file_line_and_key() {
    run_cases("broken_sessions");
}

#[test]
fn every_fix_of_check_has_a_command() {
    // No command can help here.
    const OTHERS: [&str; 6] = [
        "ask your administrator",
        "check the connection",
        "sign in to the network (captive portal?) or",
        "look at this computer's clock; where",
        "wait a moment",
        "try again; SSO_TIMEOUT",
    ];
    const COMMANDS: [&str; 8] = [
        "sso ",
        "unset ",
        "chmod ",
        "sudo ",
        "vi +",
        "timedatectl ",
        "export ",
        "aws ",
    ];
    let is_command = |text: &str| COMMANDS.iter().any(|command| text.starts_with(command));
    let mut count = 0;
    for name in ["check", "check_traps", "typing_errors"] {
        let path = format!("{}/tests/cmd/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        for line in text.lines() {
            let Some(fix) = line.trim_start().strip_prefix("fix: ") else {
                continue;
            };
            count += 1;
            let quoted = || fix.split('`').skip(1).step_by(2).any(is_command);
            let is_other = OTHERS.iter().any(|other| fix.starts_with(other));
            assert!(is_command(fix) || quoted() || is_other, "{name}: {fix}");
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn misspelt_headers_and_keys_are_named() {
    run_cases("typing_errors");
}

#[test]
fn hostile_names_are_printed_without_control_characters() {
    run_cases("hostile");
}

#[test]
fn configure_writes_profiles_and_sessions() {
    run_cases("configure");
}

#[test]
fn configure_reads_answers_from_stdin_without_a_terminal() {
    run_cases("configure_questions");
}

#[test]
fn configure_migrates_legacy_profiles_to_sessions() {
    run_cases("configure_migrate");
}

#[test]
fn status_shows_every_state() {
    run_cases("status");
}

#[test]
fn roles_are_listed_in_every_format() {
    run_cases("roles");
}

#[test]
fn accounts_are_listed_in_every_format() {
    run_cases("accounts");
}

#[test]
fn populate_writes_its_own_profiles_only() {
    run_cases("populate");
}

#[test]
fn check_reports_every_stage() {
    run_cases("check");
}

#[test]
fn check_reports_every_warning() {
    run_cases("check_traps");
}

#[test]
fn console_prints_a_url_for_every_option() {
    run_cases("console");
}

/// Runs every case of `tests/cmd/NAME.txt` and compares or, with SSO_BLESS, records the output.
#[track_caller]
fn run_cases(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cmd")
        .join(name)
        .with_extension("txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, cases) = parse(&text);
    let mut failures = String::new();
    let mut blessed = head;
    for mut case in cases {
        let (sandbox, outcome, after) = run_case(&case);
        let stdout = normalize(&sandbox, &outcome.stdout);
        let stderr = normalize(&sandbox, &outcome.stderr);
        let after = normalize(&sandbox, &after);
        let printed = (&stdout, &stderr, &after, outcome.code);
        if printed != (&case.stdout, &case.stderr, &case.config_after, case.exit) {
            let _ = writeln!(failures, "=== {}\n$ {}", case.title, case.command);
            report_difference(&mut failures, "stdout", &case.stdout, &stdout);
            report_difference(&mut failures, "stderr", &case.stderr, &stderr);
            report_difference(&mut failures, "config after", &case.config_after, &after);
            report_difference(
                &mut failures,
                "exit",
                &case.exit.to_string(),
                &outcome.code.to_string(),
            );
        }
        (case.stdout, case.stderr, case.exit) = (stdout, stderr, outcome.code);
        case.config_after = after;
        blessed += &format_case(&case);
    }
    if std::env::var_os("SSO_BLESS").is_some() {
        std::fs::write(&path, blessed).unwrap();
        return;
    }
    assert!(failures.is_empty(), "{}:\n{failures}", path.display());
}

fn report_difference(failures: &mut String, what: &str, expected: &str, printed: &str) {
    if expected != printed {
        let _ = writeln!(
            failures,
            "--- {what} expected\n{expected}\n--- {what} printed\n{printed}"
        );
    }
}

/// Runs a case. Returns the sandbox too, whose paths are replaced in the output.
fn run_case(case: &Case) -> (Sandbox, Outcome, String) {
    let sandbox = Sandbox::new();
    let mut stdin = None;
    let mut directory = None;
    for (name, content) in &case.given {
        let content = unescape(content);
        let words: Vec<&str> = name.split(' ').collect();
        match words.as_slice() {
            ["config"] => sandbox.write_config(&content),
            ["credentials"] => {
                sandbox.write_file(&aws_file(&sandbox, "credentials"), content.as_bytes())
            }
            ["stdin"] => stdin = Some(content),
            ["no", "config"] => std::fs::remove_file(aws_file(&sandbox, "config")).unwrap(),
            ["corrupt", "token"] => {
                sandbox.write_file(&sandbox.token_path("corp"), b"{\"accessToken\"");
                set_mode(&sandbox.token_path("corp"), 0o600);
            }
            ["no", "accounts"] => sandbox.server().clear_accounts(),
            ["account", id] => put_account(&sandbox, id, &content),
            ["listed", seconds] => sandbox.cache_listing(seconds.parse().unwrap()),
            ["token", seconds] => {
                sandbox.store_token(seconds.parse().unwrap());
                set_mode(&sandbox.token_path("corp"), 0o600);
            }
            ["within", path] => directory = Some(sandbox.home().join(path)),
            ["file", path] => sandbox.write_file(&sandbox.home().join(path), content.as_bytes()),
            ["program", path] => {
                let path = sandbox.home().join(path);
                sandbox.write_file(&path, b"#!/bin/sh\n");
                set_mode(&path, 0o755);
            }
            ["mode", mode, path] => set_mode(
                &sandbox.home().join(path),
                u32::from_str_radix(mode, 8).unwrap(),
            ),
            ["skew", seconds] => sandbox.server().advance(seconds.parse().unwrap()),
            ["role", seconds] => {
                sandbox.write_role("corp", ACCOUNT, ROLE, seconds.parse().unwrap())
            }
            _ => panic!("{}: there is no section {name:?}", case.title),
        }
    }
    let words = shlex::split(&unescape(&case.command)).unwrap();
    let sso = words.iter().position(|word| word == "sso").unwrap();
    let mut run = sandbox.sso(&words[sso + 1..]);
    for assignment in &words[..sso] {
        let (name, value) = assignment.split_once('=').unwrap();
        run = run.env(
            name,
            value
                .replace("[HOME]", sandbox.home().to_str().unwrap())
                .replace("[URL]", &sandbox.emulator().url()),
        );
    }
    if let Some(directory) = &directory {
        run = run.current_dir(directory);
    }
    if let Some(stdin) = stdin {
        run = run.stdin(stdin);
    }
    let config = || std::fs::read_to_string(aws_file(&sandbox, "config")).unwrap_or_default();
    let before = config();
    let outcome = run.run();
    let after = Some(config()).filter(|after| *after != before);
    (sandbox, outcome, after.unwrap_or_default())
}

fn put_account(sandbox: &Sandbox, id: &str, content: &str) {
    let words: Vec<Option<String>> = serde_json::from_str(content).unwrap();
    let (name, roles) = words.split_first().unwrap();
    sandbox.server().put_account(Account {
        id: id.to_owned(),
        name: name.clone(),
        email: None,
        roles: roles.iter().flatten().cloned().collect(),
    });
}

/// Changes the mode of a file.
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Path of a file in `~/.aws`.
fn aws_file(sandbox: &Sandbox, file: &str) -> PathBuf {
    sandbox.home().join(".aws").join(file)
}

fn unescape(text: &str) -> String {
    text.replace("\\e", "\u{1b}").replace("\\r", "\r")
}

/// Replaces everything that differs between runs by placeholders.
fn normalize(sandbox: &Sandbox, printed: &str) -> String {
    let text = printed
        .replace(sandbox.home().to_str().unwrap(), "[HOME]")
        .replace(binary().to_str().unwrap(), "[SSO]")
        .replace(&sandbox.emulator().url(), "[URL]")
        .replace(
            sandbox.emulator().url().trim_start_matches("http://"),
            "[HOST]",
        )
        .replace('\u{1b}', "\\e")
        .replace('\r', "\\r");
    let text = mask(&text, "0000-00-00T00:00:00Z", "[TIME]");
    // Longer formats first: a shorter one is the end of a longer one.
    let durations = [
        "00h 00m left",
        "0h 00m left",
        "0d 00h left",
        "0d 0h left",
        "00m left",
    ];
    durations
        .iter()
        .fold(text, |text, duration| mask(&text, duration, "[LEFT] left"))
}

/// Replaces each match of `shape` by `name`; a `0` of the shape matches any digit.
fn mask(text: &str, shape: &str, name: &str) -> String {
    let fits = |at: &str| {
        at.len() >= shape.len()
            && at.bytes().zip(shape.bytes()).all(|(byte, expected)| {
                byte == expected || expected == b'0' && byte.is_ascii_digit()
            })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if fits(rest) {
            out += name;
            rest = &rest[shape.len()..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}
