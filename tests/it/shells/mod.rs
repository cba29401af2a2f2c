//! The hooks in real shells, at real prompts: bash, zsh and fish on a terminal.
//!
//! A shell is looked at from within, by what its next line writes into a file: the prompt,
//! and with it the hook, comes between two lines.

mod direnv_starship;
mod lint;
mod process_count;
mod prompt_command;
mod prompts;
mod quoting;
mod scripts;
mod setup;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fixture::programs::has_required;
use crate::fixture::{BackgroundTerminal, Run, Sandbox, binary};

/// A shell with a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bash,
    Zsh,
    Fish,
}

const KINDS: [Kind; 3] = [Kind::Bash, Kind::Zsh, Kind::Fish];

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Bash => "bash",
            Kind::Zsh => "zsh",
            Kind::Fish => "fish",
        }
    }

    /// Those that are here.
    fn all() -> impl Iterator<Item = Kind> {
        KINDS.into_iter().filter(|kind| has_required(kind.name()))
    }

    /// A word in its quotes.
    fn quote(self, word: &str) -> String {
        match self {
            Kind::Fish => format!("'{}'", word.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => format!("'{}'", word.replace('\'', "'\\''")),
        }
    }

    /// The line that installs the hook.
    fn hook(self) -> String {
        self.hook_of(&binary())
    }

    fn hook_of(self, program: &Path) -> String {
        let program = self.quote(program.to_str().unwrap());
        match self {
            Kind::Fish => format!("{program} hook fish | source\n"),
            _ => format!("eval \"$({program} hook {})\"\n", self.name()),
        }
    }

    /// The line that sets a variable for programs.
    fn export(self, name: &str, value: &str) -> String {
        let value = self.quote(value);
        match self {
            Kind::Fish => format!("set -gx {name} {value}"),
            _ => format!("export {name}={value}"),
        }
    }

    fn unset(self, name: &str) -> String {
        match self {
            Kind::Fish => format!("set -e {name}"),
            _ => format!("unset {name}"),
        }
    }
}

/// A shell at its prompt.
struct Shell<'a> {
    sandbox: &'a Sandbox,
    kind: Kind,
    terminal: BackgroundTerminal,
    looks: u32,
    /// So much of what was shown has been looked at.
    seen: usize,
}

impl<'a> Shell<'a> {
    /// Starts one whose start-up file only has the hook.
    fn start(sandbox: &'a Sandbox, kind: Kind) -> Shell<'a> {
        Shell::with(sandbox, kind, &kind.hook(), &[], |run| run)
    }

    /// Starts one with this start-up file, these options, and whatever else.
    fn with(
        sandbox: &'a Sandbox,
        kind: Kind,
        startup: &str,
        options: &[&str],
        prepare: impl FnOnce(Run<'a>) -> Run<'a>,
    ) -> Shell<'a> {
        Shell::under(&[], sandbox, kind, startup, options, prepare)
    }

    /// The same, started by another program.
    fn under(
        starter: &[&str],
        sandbox: &'a Sandbox,
        kind: Kind,
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
            Kind::Bash => {
                sandbox.write_file(&home.join(".startup"), startup.as_bytes());
                run.args(["--noprofile", "--rcfile", ".startup", "-i"])
                    .args(options)
            }
            Kind::Zsh => {
                sandbox.write_file(&home.join(".zshrc"), startup.as_bytes());
                run.args(["-d", "-i"]).args(options)
            }
            Kind::Fish => {
                // Or it would read every manual page in the background.
                directory(sandbox, ".local/share/fish/generated_completions");
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
            looks: 0,
            seen: 0,
        };
        shell.look();
        shell
    }

    /// Types a line.
    fn send(&mut self, line: &str) {
        self.terminal.type_text(line);
        self.terminal.type_text("\r");
    }

    /// Types a line and gives the environment at the next prompt.
    #[track_caller]
    fn run(&mut self, line: &str) -> BTreeMap<String, String> {
        self.send(line);
        self.look()
    }

    #[track_caller]
    fn enter(&mut self, directory: &Path) -> BTreeMap<String, String> {
        let directory = self.kind.quote(directory.to_str().unwrap());
        self.run(&format!("cd {directory}"))
    }

    /// The environment at the prompt.
    #[track_caller]
    fn look(&mut self) -> BTreeMap<String, String> {
        let text = self.ask("command env -0");
        let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// What a command prints into a file.
    #[track_caller]
    fn ask(&mut self, command: &str) -> String {
        self.looks += 1;
        let file = self.sandbox.home().join(format!("look-{}", self.looks));
        let shown = file.display();
        self.send(&format!(
            "{command} >{shown}.part; command mv {shown}.part {shown}"
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
            "{} never came to {command}: {}",
            self.kind.name(),
            self.terminal.shown()
        );
    }

    /// Leaves it, and waits for its end.
    fn finish(mut self) {
        self.look();
        self.send("exit");
        while self.terminal.is_running() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What the hook has said since this was asked last.
    fn said(&mut self) -> Vec<String> {
        let mut shown = self.terminal.shown();
        // What was written comes through the terminal in its own time.
        for quiet in 0..10 {
            std::thread::sleep(Duration::from_millis(10));
            let now = self.terminal.shown();
            if quiet > 2 && now.len() == shown.len() {
                break;
            }
            shown = now;
        }
        self.sandbox.assert_no_secret(&shown, "the terminal");
        let new = &shown[self.seen..];
        let lines = new.split(['\r', '\n']);
        let said = lines.filter_map(|line| Some(line[line.find("sso: ")?..].to_owned()));
        let said = said.collect();
        self.seen = shown.len();
        said
    }

    /// A line that a part of the hook or of the shell has complained in.
    fn complaints(&self) -> Vec<String> {
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

/// Demands that nothing of ours is there.
#[track_caller]
fn assert_bare(env: &BTreeMap<String, String>) {
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SSO_PROFILE",
        "AWS_ACCOUNT_ID",
        "AWS_CREDENTIAL_EXPIRATION",
        "__SSO_STATE",
    ] {
        assert!(!env.contains_key(name), "{name} is there: {env:?}");
    }
}

#[track_caller]
fn assert_loaded(env: &BTreeMap<String, String>, profile: &str) {
    let value = env.get("AWS_SSO_PROFILE").map(String::as_str);
    assert_eq!(value, Some(profile), "{env:?}");
    assert!(env.contains_key("AWS_ACCESS_KEY_ID"), "{env:?}");
}

/// A directory below the home, made.
fn directory(sandbox: &Sandbox, name: &str) -> PathBuf {
    let path = sandbox.home().join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}
