//! Commands as data: every case of `tests/cmd/*.txt` is one run of the binary in a sandbox of
//! its own, with everything that it prints.
//!
//! A case begins with `=== ` and a sentence. The line with `$ ` is the command, with
//! variables before it as a shell has them. Sections follow, each from a line `--- NAME`
//! to the next: `config`, `credentials`, `stdin` are given, `stdout` and `stderr` are
//! expected (nothing, when left out), and so is `config after` where the run changes the
//! configuration. Lines of one word and a value need no content:
//! `--- exit 2`, `--- token 3600` (the session `corp` is signed in for so long), `--- role
//! 3600` (the credentials of `dev` are cached), `--- corrupt token`, `--- no config`, `---
//! no accounts` (the portal has none), `--- listed 7200` (`sso roles` has listed so long
//! ago). `--- account ID` has a JSON array below it: the name of an account of the portal, or
//! null, and its roles.
//! 3600` (the credentials of `dev` are cached), `--- corrupt token`, `--- no config`, `--- skew
//! 3600` (the server's clock), `--- mode 644 PATH`; `--- file PATH` has content, `--- program
//! PATH` is one that does nothing, `--- within PATH` is where it runs. Paths are below the home.
//!
//! In what is given, `\e` and `\r` are the control characters. In what is printed they
//! show as such, and what differs from run to run has a name: `[HOME]`, `[URL]`, `[TIME]`,
//! `[LEFT]`. With SSO_BLESS=1 the files are rewritten with what was printed, for a person
//! to read before it is committed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use emulator::Account;

use crate::fixture::{ACCOUNT, Outcome, ROLE, Sandbox, binary};

#[test]
fn help_says_what_there_is() {
    every_case_of("help");
}

#[test]
fn a_command_line_that_means_nothing_is_a_usage_error() {
    every_case_of("usage");
}

#[test]
fn a_profile_that_cannot_be_used_is_named_with_file_line_and_key() {
    every_case_of("profiles");
}

#[test]
fn a_profile_of_another_kind_is_an_error_that_says_which() {
    every_case_of("kinds");
}

#[test]
fn a_helper_line_of_our_own_is_followed() {
    every_case_of("helper_lines");
}

#[test]
fn sessions_are_chosen_or_listed() {
    every_case_of("sessions");
}

#[test]
fn a_session_that_cannot_be_used_is_named_with_file_line_and_key() {
    every_case_of("broken_sessions");
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    every_case_of("hostile");
}

#[test]
fn configure_writes_profiles_and_sessions() {
    every_case_of("configure");
}

#[test]
fn configure_chooses_by_lines_without_a_terminal() {
    every_case_of("configure_questions");
}

#[test]
fn legacy_profiles_move_to_sessions() {
    every_case_of("configure_migrate");
}

#[test]
fn status_shows_every_state() {
    every_case_of("status");
}

#[test]
fn roles_are_listed_in_every_form() {
    every_case_of("roles");
}

#[test]
fn accounts_are_listed_in_every_form() {
    every_case_of("accounts");
}

#[test]
fn populate_writes_profiles_and_touches_nothing_else() {
    every_case_of("populate");
}

#[test]
fn check_goes_through_every_stage() {
    every_case_of("check");
}

#[test]
fn check_finds_every_trap() {
    every_case_of("check_traps");
}

#[test]
fn console_has_an_address_for_every_wish() {
    every_case_of("console");
}

#[derive(Default)]
struct Case {
    title: String,
    command: String,
    /// Sections in their order: the words of the `---` line, and the lines below it.
    given: Vec<(String, String)>,
    stdout: String,
    stderr: String,
    /// What `~/.aws/config` holds afterwards, when it is something else than before.
    after: String,
    exit: i32,
}

#[track_caller]
fn every_case_of(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cmd")
        .join(name)
        .with_extension("txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, cases) = parse(&text);
    let mut wrong = String::new();
    let mut blessed = head;
    for mut case in cases {
        let (sandbox, outcome, after) = perform(&case);
        let stdout = normal(&sandbox, &outcome.stdout);
        let stderr = normal(&sandbox, &outcome.stderr);
        let after = normal(&sandbox, &after);
        let printed = (&stdout, &stderr, &after, outcome.code);
        if printed != (&case.stdout, &case.stderr, &case.after, case.exit) {
            let _ = writeln!(wrong, "=== {}\n$ {}", case.title, case.command);
            differ(&mut wrong, "stdout", &case.stdout, &stdout);
            differ(&mut wrong, "stderr", &case.stderr, &stderr);
            differ(&mut wrong, "config after", &case.after, &after);
            differ(
                &mut wrong,
                "exit",
                &case.exit.to_string(),
                &outcome.code.to_string(),
            );
        }
        (case.stdout, case.stderr, case.exit) = (stdout, stderr, outcome.code);
        case.after = after;
        blessed += &written(&case);
    }
    if std::env::var_os("SSO_BLESS").is_some() {
        std::fs::write(&path, blessed).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{}:\n{wrong}", path.display());
}

fn differ(wrong: &mut String, what: &str, expected: &str, printed: &str) {
    if expected != printed {
        let _ = writeln!(
            wrong,
            "--- {what} expected\n{expected}\n--- {what} printed\n{printed}"
        );
    }
}

/// The lines before the first case, and the cases.
fn parse(text: &str) -> (String, Vec<Case>) {
    let mut head = String::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut section = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            section.clear();
            cases.push(Case {
                title: title.to_owned(),
                ..Case::default()
            });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            head += &format!("{line}\n");
            continue;
        };
        if let Some(command) = line.strip_prefix("$ ") {
            command.clone_into(&mut case.command);
        } else if let Some(name) = section_name(line) {
            name.clone_into(&mut section);
            match name.strip_prefix("exit ") {
                Some(code) => {
                    case.exit = code.parse().unwrap();
                    section.clear();
                }
                None if matches!(name, "stdout" | "stderr" | "config after") => {}
                None => case.given.push((name.to_owned(), String::new())),
            }
        } else {
            let place = match section.as_str() {
                "stdout" => &mut case.stdout,
                "stderr" => &mut case.stderr,
                "config after" => &mut case.after,
                "" => {
                    assert!(line.is_empty(), "{}: {line:?} is nowhere", case.title);
                    continue;
                }
                _ => &mut case.given.last_mut().unwrap().1,
            };
            *place += &format!("{line}\n");
        }
    }
    // The blank line before the next case belongs to nobody.
    for case in &mut cases {
        let given = case.given.iter_mut().map(|(_, text)| text);
        for text in given.chain([&mut case.stdout, &mut case.stderr, &mut case.after]) {
            let length = text.trim_end_matches('\n').len();
            text.truncate(length);
            if length > 0 {
                text.push('\n');
            }
        }
    }
    (head, cases)
}

/// What begins here; the first line of a diff is none.
fn section_name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("--- ")?;
    (!name.starts_with("~/")).then_some(name)
}

/// The case as it stands in the file.
fn written(case: &Case) -> String {
    let mut text = format!("=== {}\n$ {}\n", case.title, case.command);
    for (name, content) in &case.given {
        let _ = write!(text, "--- {name}\n{content}");
    }
    let printed = [
        ("stdout", &case.stdout),
        ("stderr", &case.stderr),
        ("config after", &case.after),
    ];
    for (name, content) in printed {
        if !content.is_empty() {
            let _ = write!(text, "--- {name}\n{content}");
        }
    }
    if case.exit != 0 {
        let _ = writeln!(text, "--- exit {}", case.exit);
    }
    text + "\n"
}

/// Runs a case. The sandbox lives on, so that its names can be taken out of the output.
fn perform(case: &Case) -> (Sandbox, Outcome, String) {
    let sandbox = Sandbox::new();
    let mut input = None;
    let mut within = None;
    for (name, content) in &case.given {
        let content = unescaped(content);
        let words: Vec<&str> = name.split(' ').collect();
        match words.as_slice() {
            ["config"] => sandbox.write_config(&content),
            ["credentials"] => {
                sandbox.write_file(&in_home(&sandbox, "credentials"), content.as_bytes())
            }
            ["stdin"] => input = Some(content),
            ["no", "config"] => std::fs::remove_file(in_home(&sandbox, "config")).unwrap(),
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
            ["within", path] => within = Some(sandbox.home().join(path)),
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
    let words = shlex::split(&unescaped(&case.command)).unwrap();
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
    if let Some(directory) = &within {
        run = run.current_dir(directory);
    }
    if let Some(input) = input {
        run = run.stdin(input);
    }
    let config = || std::fs::read_to_string(in_home(&sandbox, "config")).unwrap_or_default();
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

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn in_home(sandbox: &Sandbox, file: &str) -> PathBuf {
    sandbox.home().join(".aws").join(file)
}

fn unescaped(text: &str) -> String {
    text.replace("\\e", "\u{1b}").replace("\\r", "\r")
}

/// What was printed, with names in place of what differs from run to run.
fn normal(sandbox: &Sandbox, printed: &str) -> String {
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
    let text = masked(&text, "0000-00-00T00:00:00Z", "[TIME]");
    // Longer forms first, because shorter ones are their ends.
    let durations = [
        "00h 00m left",
        "0h 00m left",
        "0d 00h left",
        "0d 0h left",
        "00m left",
    ];
    durations.iter().fold(text, |text, duration| {
        masked(&text, duration, "[LEFT] left")
    })
}

/// Puts `name` wherever the text has the shape; a `0` of the shape stands for any digit.
fn masked(text: &str, shape: &str, name: &str) -> String {
    let fits = |at: &str| {
        at.len() >= shape.len()
            && at
                .bytes()
                .zip(shape.bytes())
                .all(|(byte, wanted)| byte == wanted || wanted == b'0' && byte.is_ascii_digit())
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
