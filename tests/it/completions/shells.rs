//! The scripts in the real shells, on a terminal: a key is pressed, the line is run, and
//! what the program received is compared byte for byte. On the way nothing else must run.

use std::path::Path;

use super::in_repository;
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, Run, Sandbox, Terminal, binary};

/// Names of profiles that shells would take for something else. Each begins with a letter
/// of its own, which is what is typed of it.
const HOSTILE: [&str; 27] = [
    "a b",
    "b'c",
    "c;touch PWNED",
    "D$(touch PWNED)",
    "e`touch PWNED`",
    "f\"g\"",
    "g\\h",
    "h!i!!",
    "i&touch PWNED",
    "j|touch PWNED",
    "k>PWNED",
    "l*",
    "m?[a]{b,c}",
    "n:o=p@q:r",
    "O~",
    "p#q&#r",
    "q%r",
    "r\\",
    "s$HOME${HOME}",
    "t  two",
    "u\u{fc}",
    "v^w^x",
    "w<(touch PWNED)",
    "x(y)",
    "y''\"\"",
    "z\\'$(touch PWNED)",
    "A$'\\x41'",
];

/// Two of them begin alike, so that a key completes them only in part.
const ALIKE: [&str; 2] = ["B $(touch PWNED)", "B\\$(touch PWNED)"];

/// Accounts, and roles that begin and end in what a quote has to be closed for.
const QUOTES: [(&str, &str); 3] = [
    ("000000000001", "'q'"),
    ("000000000002", "\"q\""),
    ("000000000003", "!q!"),
];

const PREPARED: &str = "RECEIVED";

/// A home with hostile profiles, and a program that takes down what it is called with in the
/// place of `sso`; what the scripts ask, it lets the real one answer.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let path = sandbox.home().join(".aws/config");
    let mut config = std::fs::read_to_string(path).unwrap();
    for name in HOSTILE.iter().chain(&ALIKE) {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        config += &format!(
            "[profile \"{quoted}\"]\nsso_session = corp\nsso_account_id = 999988887777\n\
             sso_role_name = {name}\n"
        );
    }
    // The only roles of their accounts: what is typed of them is a quote at most.
    for (account, role) in QUOTES {
        config += &format!(
            "[profile {account}]\nsso_session = corp\nsso_account_id = {account}\n\
             sso_role_name = {role}\n"
        );
    }
    config += "[profile old]\nsso_start_url = https://old.awsapps.com/start?a=b&c\n\
               sso_region = eu-west-1\n";
    sandbox.write_config(&config);
    let receiver = format!(
        "#!/bin/sh\ncase $1 in complete | completions) exec {} \"$@\" ;; esac\n\
         printf '%s\\0' \"$@\" >\"$HOME/received\"\necho RECEI''VED\n",
        shlex::try_quote(binary().to_str().unwrap()).unwrap()
    );
    for name in ["sso", "qqcommand"] {
        let file = sandbox.home().join("bin").join(name);
        sandbox.write_file(&file, receiver.as_bytes());
        make_executable(&file);
    }
    sandbox.write_file(&sandbox.home().join("qqfile"), b"");
    sandbox
}

fn make_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A shell on a terminal, with the completions of `sso`.
struct Shell<'a> {
    sandbox: &'a Sandbox,
    terminal: Terminal,
}

impl<'a> Shell<'a> {
    fn start(sandbox: &'a Sandbox, words: &[&str], setup: &[&str]) -> Shell<'a> {
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = sandbox.home().join("bin");
        let run = Run::program(sandbox, words[0])
            .args(&words[1..])
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("TERM", "dumb")
            .env("LC_ALL", "C.UTF-8")
            .env("PS1", "$ ");
        let terminal = run.start_on_terminal();
        let mut shell = Shell { sandbox, terminal };
        for line in setup {
            shell.terminal.type_text(&format!("{line}\r"));
        }
        assert_eq!(shell.runs("sso ready"), ["ready"]);
        shell
    }

    fn bash(sandbox: &'a Sandbox) -> Shell<'a> {
        let words = ["bash", "--norc", "--noprofile", "-i"];
        Shell::start(sandbox, &words, &["eval \"$(sso completions bash)\""])
    }

    fn zsh(sandbox: &'a Sandbox) -> Shell<'a> {
        let compinit = "autoload -Uz compinit; compinit -u -D";
        let setup = [compinit, "source <(sso completions zsh)"];
        Shell::start(sandbox, &["zsh", "-f", "-i"], &setup)
    }

    fn fish(sandbox: &'a Sandbox) -> Shell<'a> {
        let words = ["fish", "--no-config", "-i"];
        Shell::start(sandbox, &words, &["sso completions fish | source"])
    }

    /// Types a line, with a tab where the key is pressed, and runs it: the arguments of the
    /// program that took them down.
    #[track_caller]
    fn runs(&mut self, line: &str) -> Vec<String> {
        let received = self.sandbox.home().join("received");
        let _ = std::fs::remove_file(&received);
        self.terminal.type_text(&format!("{line}\r"));
        self.terminal.wait_for_screen(PREPARED);
        let text = std::fs::read_to_string(received).unwrap();
        let words = text.strip_suffix('\0').unwrap_or(&text);
        let words: Vec<String> = words.split('\0').map(str::to_owned).collect();
        for place in [self.sandbox.home(), Path::new("/")] {
            assert!(!place.join("PWNED").exists(), "{line:?} ran something");
        }
        words
    }

    fn end(mut self) {
        self.terminal.type_text("exit\r");
        self.terminal.finish();
    }

    #[track_caller]
    fn completes(&mut self, line: &str, words: &[&str]) {
        assert_eq!(self.runs(line), words, "{line:?}");
    }

    /// Every hostile name, begun in this way.
    fn completes_names(&mut self, command: &str, expected: impl Fn(&str) -> Vec<String>) {
        for name in HOSTILE {
            let first = name.chars().next().unwrap();
            let line = format!("{command}{first}\t");
            assert_eq!(self.runs(&line), expected(name), "{line:?}");
        }
    }

    /// What every shell has to do.
    fn completes_all(&mut self, quotes: &[&str]) {
        for quote in quotes {
            let used = |name: &str| vec!["use".to_owned(), name.to_owned()];
            self.completes_names(&format!("sso use {quote}"), used);
        }
        self.completes_names("sso exec --profile=", |name| {
            vec!["exec".to_owned(), format!("--profile={name}")]
        });
        self.completes_names("sso exec -v -p", |name| {
            ["exec", "-v", &format!("-p{name}")]
                .map(str::to_owned)
                .into()
        });
        self.completes_names("sso exec -p dev -a 999988887777 -s corp -r ", |name| {
            let line = [
                "exec",
                "-p",
                "dev",
                "-a",
                "999988887777",
                "-s",
                "corp",
                "-r",
                name,
            ];
            line.map(str::to_owned).into()
        });
        // What is completed in part runs nothing either. A line that it leaves open is ended
        // by the second return.
        let words = self.runs("sso use B\t\r");
        assert!(words.len() >= 2 && words[1].starts_with('B'), "{words:?}");
        self.runs("sso use B\t\t\r");

        self.completes("sso stat\t", &["status"]);
        self.completes("sso -v trust pr\t", &["-v", "trust", "prune"]);
        self.completes("sso help logi\t", &["help", "login"]);
        self.completes("sso env --uns\t", &["env", "--unset"]);
        self.completes("sso env --shell el\t", &["env", "--shell", "elvish"]);
        self.completes("sso env --format=d\t", &["env", "--format=dotenv"]);
        self.completes("sso hook o\t", &["hook", "off"]);
        self.completes("sso login c\t", &["login", "corp"]);
        let url = "https://old.awsapps.com/start?a=b&c";
        self.completes("sso login corp h\t", &["login", "corp", url]);
        self.completes("sso status -s co\t", &["status", "-s", "corp"]);
        let account = ["exec", "--account", ACCOUNT];
        self.completes("sso exec --account 1\t", &account);
        let role = ["exec", "-p", "dev", "-r", "AdministratorAccess"];
        self.completes("sso exec -p dev -r \t", &role);
        self.completes("sso allow qq\t", &["allow", "qqfile"]);
        self.completes("sso exec -p dev qqc\t", &["exec", "-p", "dev", "qqcommand"]);
        let line = ["exec", "--", "qqcommand", "qqfile"];
        self.completes("sso exec -- qqc\t qqf\t", &line);
        self.completes("true; X=1 sso use de\t", &["use", "dev"]);
        // Nothing is known there, and nothing is made up.
        self.completes("sso use dev d\t", &["use", "dev", "d"]);
        self.completes("sso exec --region qqf\t", &["exec", "--region", "qqf"]);
    }
}

#[test]
fn bash_completes_hostile_names_to_themselves_and_runs_nothing() {
    let sandbox = sandbox();
    let mut shell = Shell::bash(&sandbox);
    shell.completes_all(&["", "'", "\""]);
    // bash divides words at more places than other shells.
    for (account, role) in QUOTES {
        for quote in ["", "'", "\""] {
            let line = format!("sso exec -a {account} -r {quote}\t");
            shell.completes(&line, &["exec", "-a", account, "-r", role]);
        }
    }
    shell.completes("sso use n:\t", &["use", "n:o=p@q:r"]);
    shell.completes("sso use n:o=p\t", &["use", "n:o=p@q:r"]);
    shell.completes("sso use 'n:o\t", &["use", "n:o=p@q:r"]);
    shell.completes("sso use n\\:o\t", &["use", "n:o=p@q:r"]);
    shell.completes("sso exec --profile='a\t", &["exec", "--profile=a b"]);
    shell.completes("sso use a\\ \t", &["use", "a b"]);
    shell.completes("set -u; shopt -s extglob; IFS=x; sso stat\t", &["status"]);
    shell.completes("sso use 'D$(to'\t", &["use", "D$(touch PWNED)"]);
    shell.end();
}

#[test]
fn zsh_completes_hostile_names_to_themselves_and_runs_nothing() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = sandbox();
    let mut shell = Shell::zsh(&sandbox);
    shell.completes_all(&["", "'", "\""]);
    shell.end();
}

#[test]
fn zsh_completes_at_the_first_key_with_the_file_on_its_fpath() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = sandbox();
    let script = std::fs::read(in_repository("completions/_sso")).unwrap();
    sandbox.write_file(&sandbox.home().join("functions/_sso"), &script);
    let setup = "fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u -D";
    let evaluated = "autoload -Uz compinit; compinit -u -D; eval \"$(sso completions zsh)\"";
    for setup in [setup, evaluated] {
        let mut shell = Shell::start(&sandbox, &["zsh", "-f", "-i"], &[setup]);
        shell.completes("sso use D\\$\t", &["use", "D$(touch PWNED)"]);
        shell.completes("sso stat\t", &["status"]);
        shell.end();
    }
}

#[test]
fn zsh_says_what_is_missing_where_completion_was_not_set_up() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = sandbox();
    let script = in_repository("completions/_sso");
    let run = Run::program(&sandbox, "zsh").args(["-f", "-c", "source $0"]);
    let outcome = run.arg(script).run().expect(0);
    assert_eq!(outcome.stdout, "");
    outcome.stderr_contains("sso: completions need compinit");
}

#[test]
fn fish_completes_hostile_names_to_themselves_and_runs_nothing() {
    if !has_required("fish") {
        return;
    }
    let sandbox = sandbox();
    let mut shell = Shell::fish(&sandbox);
    shell.completes_all(&["", "'", "\""]);
    shell.end();
}

#[test]
fn fish_tells_what_a_word_means() {
    if !has_required("fish") {
        return;
    }
    let sandbox = sandbox();
    let ask = "sso completions fish | source; complete -C 'sso trust '; complete -C 'sso use de'";
    let path = std::env::var("PATH").unwrap_or_default();
    let bin = sandbox.home().join("bin");
    let run = Run::program(&sandbox, "fish").args(["--no-config", "-c", ask]);
    let run = run.env("PATH", format!("{}:{path}", bin.display()));
    let printed = run.run().expect(0).stdout;
    assert!(printed.contains("prune\tForget files"), "{printed}");
    assert!(printed.contains("dev\tAdministratorAccess@"), "{printed}");
}
