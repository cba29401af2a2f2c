//! How many processes a prompt starts, as the system sees it.

use super::{Kind, Shell, assert_loaded, directory};
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

/// What was started while these lines were typed in this directory: programs, and processes
/// of whatever sort.
fn started(sandbox: &Sandbox, kind: Kind, place: &str, variable: Option<&str>) -> (usize, usize) {
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
    // A word that is not yet the file's name: fish looks for files while it is typed.
    let mark = match kind {
        Kind::Fish => "function mark\n test -e /nowhere/$argv[1]\nend\n",
        _ => "mark() { test -e \"/nowhere/$1\"; }\n",
    };
    let startup = format!("{mark}{}", kind.hook());
    let mut shell = Shell::under(
        &starter,
        sandbox,
        kind,
        &startup,
        &[],
        |run| match variable {
            Some(name) => run.env(name, "0"),
            None => run,
        },
    );
    shell.enter(&sandbox.home().join(place));
    // Only what no shell starts a process for.
    shell.send("mark begin");
    for _ in 0..3 {
        shell.send("mark between");
        shell.send("cd .");
    }
    shell.send("mark end");
    shell.finish();
    let text = std::fs::read_to_string(&trace).unwrap();
    let (_, rest) = text.split_once("/nowhere/begin").unwrap();
    let (between, _) = rest.split_once("/nowhere/end").unwrap();
    let lines = || between.lines();
    let programs = lines().filter(|line| line.contains("execve(") && !line.contains("= -1"));
    // fish thinks in threads.
    let is_process = |line: &&str| {
        let makes = ["clone(", "clone3(", "fork("]
            .iter()
            .any(|call| line.contains(call));
        makes && !line.contains("CLONE_THREAD")
    };
    (programs.count(), lines().filter(is_process).count())
}

#[test]
fn where_nothing_is_no_process_starts_and_where_something_is_one_does() {
    if !has_required("strace") {
        return;
    }
    for kind in Kind::all() {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        sandbox.trusted_project("p", "dev\n");
        directory(&sandbox, "empty/below/it");
        // Another tool's directory of that name is no file of ours.
        directory(&sandbox, "empty/below/.aws-sso");
        let nothing = started(&sandbox, kind, "empty/below/it", None);
        assert_eq!(nothing, (0, 0), "{kind:?}");
        // Nor does the home's own count, wherever that is seen from.
        sandbox.write_file(&sandbox.home().join(".aws-sso"), b"dev\n");
        assert_eq!(started(&sandbox, kind, "empty", None), (0, 0), "{kind:?}");
        assert_eq!(started(&sandbox, kind, ".", None), (0, 0), "{kind:?}");
        let off = started(&sandbox, kind, "p", Some("SSO_HOOK"));
        assert_eq!(off, (0, 0), "{kind:?}");
        // Seven lines, seven prompts, seven runs.
        let (programs, processes) = started(&sandbox, kind, "p", None);
        assert_eq!(programs, 7, "{kind:?}");
        assert_eq!(processes, 7, "{kind:?}");
        let mut shell = Shell::start(&sandbox, kind);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
    }
}
