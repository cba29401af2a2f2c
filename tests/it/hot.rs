//! The warm call: one file read, one line written, and nothing of the network.

use std::io::Write;

use crate::world::{ACCOUNT, ROLE, Run, World};

/// Nobody listens here, so a single attempt to connect would fail the call.
const CLOSED: &str = "http://127.0.0.1:1";

fn warm() -> World {
    let world = World::new();
    world.write_role("corp", ACCOUNT, ROLE, 3600);
    world
}

fn offline(run: Run<'_>) -> Run<'_> {
    run.env("AWS_ENDPOINT_URL_SSO", CLOSED)
        .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED)
}

const COMPLETE: [&str; 7] = [
    "credential-process",
    "--session",
    "corp",
    "--account",
    ACCOUNT,
    "--role",
    ROLE,
];

#[test]
fn a_warm_call_needs_no_network() {
    let world = warm();
    for arguments in [
        &["credential-process", "-p", "dev"][..],
        &COMPLETE[..],
        &["env", "-p", "dev"][..],
        &["exec", "-p", "dev", "--", "true"][..],
    ] {
        offline(world.sso(arguments)).run().expect(0);
    }
    assert_eq!(world.server().count(""), 0);
}

/// The system calls of a run and of what it becomes or starts, a line each. `None` where
/// there is no strace.
fn system_calls(world: &World, arguments: &[&str]) -> Option<Vec<String>> {
    let log = world.home().join("strace.log");
    let found = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|directory| directory.join("strace").is_file())
    });
    if !found {
        let required = std::env::var_os("SSO_REQUIRE_CLIENTS").is_some_and(|value| value == "1");
        assert!(!required, "strace is required and is not there");
        // Not by a macro: the test harness would keep that for itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the system calls of {arguments:?}: there is no strace"
        );
        return None;
    }
    let run = Run::other(world, "strace").args(["-f", "-o"]).arg(&log);
    let run = run.arg(crate::world::binary()).args(arguments);
    offline(run).run().expect(0);
    let text = std::fs::read_to_string(&log).unwrap();
    // `PID name(arguments) = result`
    let calls = text.lines().filter_map(|line| line.split_once(' '));
    Some(
        calls
            .map(|(_, call)| call.trim_start().to_owned())
            .collect(),
    )
}

#[track_caller]
fn assert_none(calls: &[String], names: &[&str]) {
    for call in calls {
        let name = call.split('(').next().unwrap_or_default();
        assert!(!names.contains(&name), "{call}");
    }
}

const NETWORK: [&str; 6] = [
    "socket",
    "socketpair",
    "connect",
    "sendto",
    "epoll_create1",
    "eventfd2",
];
const PROCESSES: [&str; 4] = ["clone", "clone3", "fork", "vfork"];
const WRITES: [&str; 6] = ["rename", "renameat", "mkdir", "unlink", "flock", "fsync"];

#[test]
fn a_warm_call_opens_no_socket_starts_no_thread_and_writes_nothing() {
    let world = warm();
    for arguments in [
        &["credential-process", "-p", "dev"][..],
        &COMPLETE[..],
        &["env", "-p", "dev", "--shell", "bash"][..],
        &["exec", "-p", "dev", "--", "/bin/true"][..],
    ] {
        let Some(calls) = system_calls(&world, arguments) else {
            return;
        };
        assert!(calls.iter().any(|call| call.starts_with("execve(")));
        for forbidden in [&NETWORK[..], &PROCESSES[..], &WRITES[..]] {
            assert_none(&calls, forbidden);
        }
    }
}

#[test]
fn with_the_target_in_the_options_no_configuration_is_read() {
    let world = warm();
    let Some(calls) = system_calls(&world, &COMPLETE) else {
        return;
    };
    for call in calls {
        let reads = call.contains(".aws/config") || call.contains(".aws/credentials");
        assert!(!reads, "{call}");
    }
}

#[test]
fn a_configuration_of_thousands_of_profiles_is_passed_in_pieces() {
    let world = warm();
    let mut text = std::fs::read_to_string(world.home().join(".aws/config")).unwrap();
    let dev = text.split_off(text.find("[profile dev]").unwrap());
    for number in 0..10_000 {
        text += &format!(
            "[profile filler-{number}]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = Reader{number}\nregion = eu-west-1\noutput = json\ncli_pager =\n\n"
        );
    }
    text += &dev;
    assert!(text.len() > 1_400_000, "{}", text.len());
    world.config(&text);
    offline(world.sso(["credential-process", "-p", "dev"]))
        .run()
        .expect(0);
    let Some(calls) = system_calls(&world, &["credential-process", "-p", "dev"]) else {
        return;
    };
    // Whole, the file would need a mapping of its size: each page costs a fault.
    for call in calls.iter().filter(|call| call.starts_with("mmap(")) {
        let length = call.split(", ").nth(1).unwrap_or("0");
        assert!(length.parse().unwrap_or(0usize) < 400_000, "{call}");
    }
}
