//! Number of processes that a prompt starts, counted with strace.

use super::{Shell, ShellKind, assert_loaded, create_directory, warm_sandbox};
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

/// Counts the programs and the processes that seven prompts in this directory start.
fn count_started(
    sandbox: &Sandbox,
    kind: ShellKind,
    directory: &str,
    disabling_variable: Option<&str>,
    moves: [&str; 2],
) -> (usize, usize) {
    let trace = sandbox.home().join("trace");
    let starter = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=execve,clone,clone3,fork,vfork,stat,newfstatat,faccessat,faccessat2,access,statx",
        "-o",
    ];
    let starter: Vec<&str> = starter
        .into_iter()
        .chain([trace.to_str().unwrap()])
        .collect();
    // The file name is assembled in the function: fish looks up files while a line is typed.
    let mark = match kind {
        ShellKind::Fish => "function mark\n test -e /nowhere/$argv[1]\nend\n",
        _ => "mark() { test -e \"/nowhere/$1\"; }\n",
    };
    let startup = format!("{mark}{}", kind.hook());
    let mut shell =
        Shell::start_under(
            &starter,
            sandbox,
            kind,
            &startup,
            &[],
            |run| match disabling_variable {
                Some(name) => run.env(name, "0"),
                None => run,
            },
        );
    shell.enter(&sandbox.home().join(directory));
    // Lines for which no shell starts a process.
    shell.send("mark begin");
    for directory in moves.repeat(3) {
        shell.send(&format!("cd {directory}"));
    }
    shell.send("mark end");
    shell.finish();
    let text = std::fs::read_to_string(&trace).unwrap();
    let (_, rest) = text.split_once("/nowhere/begin").unwrap();
    let (between, _) = rest.split_once("/nowhere/end").unwrap();
    let lines = || between.lines();
    let programs = lines().filter(|line| line.contains("execve(") && !line.contains("= -1"));
    // fish uses threads.
    let is_process = |line: &&str| {
        let makes = ["clone(", "clone3(", "fork("]
            .iter()
            .any(|call| line.contains(call));
        makes && !line.contains("CLONE_THREAD")
    };
    (programs.count(), lines().filter(is_process).count())
}

/// Moves that change nothing.
const STAY: [&str; 2] = [".", "."];

#[test]
fn change_of_directory_starts_a_process_only_for_a_project() {
    if !has_required("strace") {
        return;
    }
    for kind in ShellKind::installed() {
        let sandbox = warm_sandbox();
        sandbox.trusted_project("p", "dev\n");
        create_directory(&sandbox, "p/below");
        create_directory(&sandbox, "empty/below");
        let back_and_forth = ["..", "below"];
        let nothing = count_started(&sandbox, kind, "empty/below", None, back_and_forth);
        assert_eq!(nothing, (0, 0), "{kind:?}");
        // zsh and fish do not know whether a prompt follows.
        let expected = match kind {
            ShellKind::Bash => 7,
            ShellKind::Zsh | ShellKind::Fish => 13,
        };
        let project = count_started(&sandbox, kind, "p/below", None, back_and_forth);
        assert_eq!(project, (expected, expected), "{kind:?}");
    }
}

#[test]
fn prompt_starts_a_process_only_in_a_project() {
    if !has_required("strace") {
        return;
    }
    for kind in ShellKind::installed() {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        sandbox.trusted_project("p", "dev\n");
        create_directory(&sandbox, "empty/below/it");
        // A directory of that name is not an `.aws-sso` file.
        create_directory(&sandbox, "empty/below/.aws-sso");
        let nothing = count_started(&sandbox, kind, "empty/below/it", None, STAY);
        assert_eq!(nothing, (0, 0), "{kind:?}");
        // A file in the home directory itself is ignored, from any directory.
        sandbox.write_file(&sandbox.home().join(".aws-sso"), b"dev\n");
        assert_eq!(
            count_started(&sandbox, kind, "empty", None, STAY),
            (0, 0),
            "{kind:?}"
        );
        assert_eq!(
            count_started(&sandbox, kind, ".", None, STAY),
            (0, 0),
            "{kind:?}"
        );
        let off = count_started(&sandbox, kind, "p", Some("SSO_HOOK"), STAY);
        assert_eq!(off, (0, 0), "{kind:?}");
        // Seven lines, so seven prompts and seven runs.
        let (programs, processes) = count_started(&sandbox, kind, "p", None, STAY);
        assert_eq!(programs, 7, "{kind:?}");
        assert_eq!(processes, 7, "{kind:?}");
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
    }
}
