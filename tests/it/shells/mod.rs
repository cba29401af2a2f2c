//! The hooks in bash, zsh and fish at prompts on a terminal.
//!
//! A test inspects a shell with a command line that writes to a file. The shell draws a prompt,
//! and runs the hook, before it reads each line.

mod directory_changes;
mod direnv_starship;
mod instant_prompt;
mod lint;
mod process_count;
mod prompt_command;
mod prompts;
mod quoting;
mod scripts;
mod setup;
mod traces;
mod variables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fixture::parallel::wait_until;
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, BackgroundTerminal, ROLE, Run, Sandbox, binary};

/// A shell that has a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ShellKind {
    Bash,
    Zsh,
    Fish,
}

const SHELL_KINDS: [ShellKind; 3] = [ShellKind::Bash, ShellKind::Zsh, ShellKind::Fish];

impl ShellKind {
    fn name(self) -> &'static str {
        match self {
            ShellKind::Bash => "bash",
            ShellKind::Zsh => "zsh",
            ShellKind::Fish => "fish",
        }
    }

    /// Returns the installed shells.
    fn installed() -> impl Iterator<Item = ShellKind> {
        SHELL_KINDS
            .into_iter()
            .filter(|kind| has_required(kind.name()))
    }

    /// Quotes a word.
    fn quote(self, word: &str) -> String {
        match self {
            ShellKind::Fish => format!("'{}'", word.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => format!("'{}'", word.replace('\'', "'\\''")),
        }
    }

    /// Returns the line that installs the hook.
    fn hook(self) -> String {
        self.hook_of(&binary())
    }

    fn hook_of(self, program: &Path) -> String {
        let program = self.quote(program.to_str().unwrap());
        match self {
            ShellKind::Fish => format!("{program} hook fish | source\n"),
            _ => format!("eval \"$({program} hook {})\"\n", self.name()),
        }
    }

    /// Returns the line that exports a variable.
    fn export(self, name: &str, value: &str) -> String {
        let value = self.quote(value);
        match self {
            ShellKind::Fish => format!("set -gx {name} {value}"),
            _ => format!("export {name}={value}"),
        }
    }

    fn unset(self, name: &str) -> String {
        match self {
            ShellKind::Fish => format!("set -e {name}"),
            _ => format!("unset {name}"),
        }
    }
}

/// A running shell on a terminal.
struct Shell<'a> {
    sandbox: &'a Sandbox,
    kind: ShellKind,
    terminal: BackgroundTerminal,
    /// Number of commands run by [`Shell::output_of`].
    inspections: u32,
    /// Length of the output that [`Shell::hook_messages`] has returned.
    seen: usize,
}

impl<'a> Shell<'a> {
    /// Starts a shell whose startup file only installs the hook.
    fn start(sandbox: &'a Sandbox, kind: ShellKind) -> Shell<'a> {
        Shell::start_with(sandbox, kind, &kind.hook(), &[], |run| run)
    }

    /// Starts a shell with this startup file and these options; `prepare` changes the run.
    fn start_with(
        sandbox: &'a Sandbox,
        kind: ShellKind,
        startup: &str,
        options: &[&str],
        prepare: impl FnOnce(Run<'a>) -> Run<'a>,
    ) -> Shell<'a> {
        Shell::start_under(&[], sandbox, kind, startup, options, prepare)
    }

    /// Starts the same as an argument of another program, such as strace.
    fn start_under(
        starter: &[&str],
        sandbox: &'a Sandbox,
        kind: ShellKind,
        startup: &str,
        options: &[&str],
        prepare: impl FnOnce(Run<'a>) -> Run<'a>,
    ) -> Shell<'a> {
        let home = sandbox.home();
        let run = match starter.split_first() {
            Some((program, words)) => Run::program(sandbox, program).args(words).arg(kind.name()),
            None => Run::program(sandbox, kind.name()),
        };
        let run = match kind {
            ShellKind::Bash => {
                sandbox.write_file(&home.join(".startup"), startup.as_bytes());
                run.args(["--noprofile", "--rcfile", ".startup", "-i"])
                    .args(options)
            }
            ShellKind::Zsh => {
                sandbox.write_file(&home.join(".zshrc"), startup.as_bytes());
                run.args(["-d", "-i"]).args(options)
            }
            ShellKind::Fish => {
                // Otherwise fish parses all manual pages in the background.
                create_directory(sandbox, ".local/share/fish/generated_completions");
                let config = home.join(".config/fish/config.fish");
                let quiet = "set -g fish_greeting\nfunction fish_prompt\n echo -n '> '\nend\n";
                sandbox.write_file(&config, format!("{quiet}{startup}").as_bytes());
                run.arg("-i").args(options)
            }
        };
        let run = prepare(run.env("TERM", "xterm").env("LC_ALL", "C.UTF-8"));
        let mut shell = Shell {
            sandbox,
            kind,
            terminal: run.start_on_terminal().read_in_background(),
            inspections: 0,
            seen: 0,
        };
        shell.environment();
        shell
    }

    /// Types a line.
    fn send(&mut self, line: &str) {
        self.terminal.type_text(line);
        self.terminal.type_text("\r");
    }

    /// Types a line and returns the environment at the next prompt.
    #[track_caller]
    fn run(&mut self, line: &str) -> BTreeMap<String, String> {
        self.send(line);
        self.environment()
    }

    /// Changes the directory and returns the environment at the next prompt.
    #[track_caller]
    fn enter(&mut self, directory: &Path) -> BTreeMap<String, String> {
        let directory = self.kind.quote(directory.to_str().unwrap());
        self.run(&format!("cd {directory}"))
    }

    /// Returns the environment at the prompt.
    #[track_caller]
    fn environment(&mut self) -> BTreeMap<String, String> {
        let text = self.output_of("command env -0");
        let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Runs a command and returns its stdout.
    ///
    /// The command line also prints [`marker`] to the terminal, after the output of all earlier
    /// prompts.
    #[track_caller]
    fn output_of(&mut self, command: &str) -> String {
        self.inspections += 1;
        let number = self.inspections;
        let file = self.sandbox.home().join(format!("output-{number}"));
        let path = file.display();
        self.send(&format!(
            "{command} >{path}.part; command printf '\\n[output %s]\\n' {number}; command mv {path}.part {path}"
        ));
        for _ in 0..12_000 {
            if let Ok(bytes) = std::fs::read(&file) {
                return String::from_utf8_lossy(&bytes).into_owned();
            }
            assert!(
                self.terminal.is_running(),
                "{} has ended: {}",
                self.kind.name(),
                self.terminal.shown()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!(
            "{} never ran {command}: {}",
            self.kind.name(),
            self.terminal.shown()
        );
    }

    /// Exits the shell and waits for its end.
    fn finish(mut self) {
        self.environment();
        self.send("exit");
        while self.terminal.is_running() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Returns the messages that the hook printed between the previous call and the last command of
    /// [`Shell::output_of`].
    fn hook_messages(&mut self) -> Vec<String> {
        // Waits for the marker, since output arrives through the terminal with a delay.
        let marker = marker(self.inspections);
        let mut shown = String::new();
        wait_until("the marker of the last command is shown", || {
            shown = self.terminal.shown();
            shown.contains(&marker)
        });
        self.sandbox.assert_no_secret(&shown, "the terminal");
        let end = shown.find(&marker).unwrap() + marker.len();
        let lines = shown[self.seen.min(end)..end].split(['\r', '\n']);
        let messages = lines.filter_map(|line| Some(line[line.find("sso: ")?..].to_owned()));
        self.seen = end;
        messages.collect()
    }

    /// Returns the lines with error messages of the hook or the shell.
    fn error_lines(&self) -> Vec<String> {
        let shown = self.terminal.shown();
        let words = [
            "not found",
            "__sso",
            "rror",
            "unbound",
            "not set",
            "Unknown",
        ];
        let lines = shown.split(['\r', '\n']);
        lines
            .filter(|line| words.iter().any(|word| line.contains(word)))
            .map(str::to_owned)
            .collect()
    }
}

/// Text that the command line of an inspection prints to the terminal.
///
/// The typed line itself does not contain it.
fn marker(inspection: u32) -> String {
    format!("[output {inspection}]")
}

/// Asserts that no variable of the hook is set.
#[track_caller]
fn assert_unloaded(env: &BTreeMap<String, String>) {
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SSO_PROFILE",
        "AWS_ACCOUNT_ID",
        "AWS_CREDENTIAL_EXPIRATION",
        "__SSO_STATE",
    ] {
        assert!(!env.contains_key(name), "{name} is set: {env:?}");
    }
}

/// Asserts that the credentials of this profile are loaded.
#[track_caller]
fn assert_loaded(env: &BTreeMap<String, String>, profile: &str) {
    let value = env.get("AWS_SSO_PROFILE").map(String::as_str);
    assert_eq!(value, Some(profile), "{env:?}");
    assert!(env.contains_key("AWS_ACCESS_KEY_ID"), "{env:?}");
}

/// Creates a directory below the home.
fn create_directory(sandbox: &Sandbox, name: &str) -> PathBuf {
    let path = sandbox.home().join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Creates a sandbox with a token and cached credentials of `dev`.
fn warm_sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(7200);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

/// Creates a sandbox with cached credentials of two roles, and trusted projects for both.
fn sandbox_with_projects() -> Sandbox {
    let sandbox = warm_sandbox();
    sandbox.write_role("corp", ACCOUNT, "ReadOnlyAccess", 3600);
    sandbox.trusted_project("p", "dev\n");
    let inner = format!("account = {ACCOUNT}\nrole = ReadOnlyAccess\nregion = eu-north-1\n");
    sandbox.trusted_project("p/inner", &inner);
    sandbox
}
