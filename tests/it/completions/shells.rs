//! The completion scripts in real shells on a terminal: Tab is pressed, the line is run, and the
//! arguments that the program receives are compared byte for byte. Nothing else may run.

use std::path::Path;

use super::repository_path;
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, Run, Sandbox, Terminal, binary};

/// Profile names with characters that are special to shells. Each begins with a different
/// letter, which is the part that is typed.
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

/// Profile names with a common prefix, so that Tab completes them only in part.
const COMMON_PREFIX: [&str; 2] = ["B $(touch PWNED)", "B\\$(touch PWNED)"];

/// Accounts with a role whose name begins and ends with a quote or an exclamation mark.
const QUOTED_ROLES: [(&str, &str); 3] = [
    ("000000000001", "'q'"),
    ("000000000002", "\"q\""),
    ("000000000003", "!q!"),
];

/// Text that the replacement of `sso` prints once it has recorded its arguments.
const RECEIVED: &str = "RECEIVED";

/// Creates a sandbox with hostile profiles and a replacement of `sso` that records its
/// arguments, but passes the scripts' queries to the real binary.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let path = sandbox.home().join(".aws/config");
    let mut config = std::fs::read_to_string(path).unwrap();
    for name in HOSTILE.iter().chain(&COMMON_PREFIX) {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        config += &format!(
            "[profile \"{quoted}\"]\nsso_session = corp\nsso_account_id = 999988887777\n\
             sso_role_name = {name}\n"
        );
    }
    // Each is the only role of its account, so that at most a quote has to be typed.
    for (account, role) in QUOTED_ROLES {
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

/// A shell on a terminal with the completions of `sso` loaded.
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
        assert_eq!(shell.run_line("sso ready"), ["ready"]);
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

    /// Types a line, in which a tab is the Tab key, and runs it. Returns the arguments that the
    /// program received.
    #[track_caller]
    fn run_line(&mut self, line: &str) -> Vec<String> {
        let received = self.sandbox.home().join("received");
        let _ = std::fs::remove_file(&received);
        self.terminal.type_text(&format!("{line}\r"));
        self.terminal.wait_for_screen(RECEIVED);
        let text = std::fs::read_to_string(received).unwrap();
        let words = text.strip_suffix('\0').unwrap_or(&text);
        let words: Vec<String> = words.split('\0').map(str::to_owned).collect();
        for directory in [self.sandbox.home(), Path::new("/")] {
            assert!(!directory.join("PWNED").exists(), "{line:?} ran something");
        }
        words
    }

    fn end(mut self) {
        self.terminal.type_text("exit\r");
        self.terminal.finish();
    }

    #[track_caller]
    fn assert_completes(&mut self, line: &str, words: &[&str]) {
        assert_eq!(self.run_line(line), words, "{line:?}");
    }

    /// Asserts the completion of every hostile name after this start of a line.
    fn assert_completes_names(&mut self, command: &str, expected: impl Fn(&str) -> Vec<String>) {
        for name in HOSTILE {
            let first = name.chars().next().unwrap();
            let line = format!("{command}{first}\t");
            assert_eq!(self.run_line(&line), expected(name), "{line:?}");
        }
    }

    /// Asserts the completions that every shell must support.
    fn assert_completes_all(&mut self, quotes: &[&str]) {
        for quote in quotes {
            let used = |name: &str| vec!["use".to_owned(), name.to_owned()];
            self.assert_completes_names(&format!("sso use {quote}"), used);
        }
        self.assert_completes_names("sso exec --profile=", |name| {
            vec!["exec".to_owned(), format!("--profile={name}")]
        });
        self.assert_completes_names("sso exec -v -p", |name| {
            ["exec", "-v", &format!("-p{name}")]
                .map(str::to_owned)
                .into()
        });
        self.assert_completes_names("sso exec -p dev -a 999988887777 -s corp -r ", |name| {
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
        // A partial completion runs nothing either. The second return ends a line that it
        // leaves open.
        let words = self.run_line("sso use B\t\r");
        assert!(words.len() >= 2 && words[1].starts_with('B'), "{words:?}");
        self.run_line("sso use B\t\t\r");

        self.assert_completes("sso stat\t", &["status"]);
        self.assert_completes("sso -v trust pr\t", &["-v", "trust", "prune"]);
        self.assert_completes("sso help logi\t", &["help", "login"]);
        self.assert_completes("sso env --uns\t", &["env", "--unset"]);
        self.assert_completes("sso env --shell el\t", &["env", "--shell", "elvish"]);
        self.assert_completes("sso env --format=d\t", &["env", "--format=dotenv"]);
        self.assert_completes("sso hook o\t", &["hook", "off"]);
        self.assert_completes("sso login c\t", &["login", "corp"]);
        let url = "https://old.awsapps.com/start?a=b&c";
        self.assert_completes("sso login corp h\t", &["login", "corp", url]);
        self.assert_completes("sso status -s co\t", &["status", "-s", "corp"]);
        let account = ["exec", "--account", ACCOUNT];
        self.assert_completes("sso exec --account 1\t", &account);
        let role = ["exec", "-p", "dev", "-r", "AdministratorAccess"];
        self.assert_completes("sso exec -p dev -r \t", &role);
        self.assert_completes("sso allow qq\t", &["allow", "qqfile"]);
        self.assert_completes("sso exec -p dev qqc\t", &["exec", "-p", "dev", "qqcommand"]);
        let line = ["exec", "--", "qqcommand", "qqfile"];
        self.assert_completes("sso exec -- qqc\t qqf\t", &line);
        self.assert_completes("true; X=1 sso use de\t", &["use", "dev"]);
        // There are no candidates for these arguments.
        self.assert_completes("sso use dev d\t", &["use", "dev", "d"]);
        self.assert_completes("sso exec --region qqf\t", &["exec", "--region", "qqf"]);
    }
}

#[test]
fn bash_completes_hostile_names_literally_and_runs_nothing() {
    let sandbox = sandbox();
    let mut shell = Shell::bash(&sandbox);
    shell.assert_completes_all(&["", "'", "\""]);
    // bash also splits words at the characters of COMP_WORDBREAKS.
    for (account, role) in QUOTED_ROLES {
        for quote in ["", "'", "\""] {
            let line = format!("sso exec -a {account} -r {quote}\t");
            shell.assert_completes(&line, &["exec", "-a", account, "-r", role]);
        }
    }
    shell.assert_completes("sso use n:\t", &["use", "n:o=p@q:r"]);
    shell.assert_completes("sso use n:o=p\t", &["use", "n:o=p@q:r"]);
    shell.assert_completes("sso use 'n:o\t", &["use", "n:o=p@q:r"]);
    shell.assert_completes("sso use n\\:o\t", &["use", "n:o=p@q:r"]);
    shell.assert_completes("sso exec --profile='a\t", &["exec", "--profile=a b"]);
    shell.assert_completes("sso use a\\ \t", &["use", "a b"]);
    shell.assert_completes("set -u; shopt -s extglob; IFS=x; sso stat\t", &["status"]);
    shell.assert_completes("sso use 'D$(to'\t", &["use", "D$(touch PWNED)"]);
    shell.end();
}

#[test]
fn zsh_completes_hostile_names_literally_and_runs_nothing() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = sandbox();
    let mut shell = Shell::zsh(&sandbox);
    shell.assert_completes_all(&["", "'", "\""]);
    shell.end();
}

#[test]
fn zsh_completes_at_the_first_tab_with_the_script_on_fpath() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = sandbox();
    let script = std::fs::read(repository_path("completions/_sso")).unwrap();
    sandbox.write_file(&sandbox.home().join("functions/_sso"), &script);
    let setup = "fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u -D";
    let evaluated = "autoload -Uz compinit; compinit -u -D; eval \"$(sso completions zsh)\"";
    for setup in [setup, evaluated] {
        let mut shell = Shell::start(&sandbox, &["zsh", "-f", "-i"], &[setup]);
        shell.assert_completes("sso use D\\$\t", &["use", "D$(touch PWNED)"]);
        shell.assert_completes("sso stat\t", &["status"]);
        shell.end();
    }
}

#[test]
fn zsh_reports_a_missing_compinit() {
    if !has_required("zsh") {
        return;
    }
    let sandbox = sandbox();
    let script = repository_path("completions/_sso");
    let run = Run::program(&sandbox, "zsh").args(["-f", "-c", "source $0"]);
    let outcome = run.arg(script).run().expect(0);
    assert_eq!(outcome.stdout, "");
    outcome.stderr_contains("sso: completions need compinit");
}

#[test]
fn fish_completes_hostile_names_literally_and_runs_nothing() {
    if !has_required("fish") {
        return;
    }
    let sandbox = sandbox();
    let mut shell = Shell::fish(&sandbox);
    shell.assert_completes_all(&["", "'", "\""]);
    shell.end();
}

#[test]
fn fish_shows_descriptions() {
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
