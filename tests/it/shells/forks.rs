//! How many processes a prompt starts, as the system sees it.

use super::{Kind, Shell, assert_loaded, directory};
use crate::programs::is_here;
use crate::world::{ACCOUNT, ROLE, World};

/// What was started while these lines were typed in this directory: programs, and processes
/// of whatever sort.
fn started(world: &World, kind: Kind, place: &str, variable: Option<&str>) -> (usize, usize) {
    let trace = world.home().join("trace");
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
    let mut shell = Shell::under(&starter, world, kind, &startup, &[], |run| match variable {
        Some(name) => run.env(name, "0"),
        None => run,
    });
    shell.enter(&world.home().join(place));
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
    if !is_here("strace") {
        return;
    }
    for kind in Kind::all() {
        let world = World::new();
        world.stored_token(7200);
        world.write_role("corp", ACCOUNT, ROLE, 3600);
        world.trusted("p", "dev\n");
        directory(&world, "empty/below/it");
        // Another tool's directory of that name is no file of ours.
        directory(&world, "empty/below/.aws-sso");
        let nothing = started(&world, kind, "empty/below/it", None);
        assert_eq!(nothing, (0, 0), "{kind:?}");
        // Nor does the home's own count, wherever that is seen from.
        world.write_file(&world.home().join(".aws-sso"), b"dev\n");
        assert_eq!(started(&world, kind, "empty", None), (0, 0), "{kind:?}");
        assert_eq!(started(&world, kind, ".", None), (0, 0), "{kind:?}");
        let off = started(&world, kind, "p", Some("SSO_HOOK"));
        assert_eq!(off, (0, 0), "{kind:?}");
        // Seven lines, seven prompts, seven runs.
        let (programs, processes) = started(&world, kind, "p", None);
        assert_eq!(programs, 7, "{kind:?}");
        assert_eq!(processes, 7, "{kind:?}");
        let mut shell = Shell::start(&world, kind);
        assert_loaded(&shell.enter(&world.home().join("p")), "dev");
    }
}
