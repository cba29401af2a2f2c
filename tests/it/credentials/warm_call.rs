//! The warm call: no network, no thread, no more files than it needs. Looked at from
//! outside, by the system calls that it makes.

use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, Sandbox, binary};

/// What a call does that reaches out, starts something or writes.
const FORBIDDEN: [&str; 16] = [
    "socket",
    "socketpair",
    "connect",
    "sendto",
    "epoll_create1",
    "eventfd2",
    "clone",
    "clone3",
    "fork",
    "vfork",
    "rename",
    "renameat",
    "mkdir",
    "unlink",
    "flock",
    "fsync",
];

const COMPLETE: [&str; 6] = ["-s", "corp", "-a", ACCOUNT, "-r", ROLE];

/// A sandbox with warm credentials of `dev`, a token that has ended, and no way out.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

fn lost(run: Run) -> Run {
    run.env("AWS_ENDPOINT_URL_SSO", CLOSED_URL)
        .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL)
        .env("HTTPS_PROXY", CLOSED_URL)
        .env("HTTP_PROXY", CLOSED_URL)
        .env("AWS_CA_BUNDLE", "/no/such/bundle")
}

/// Every warm command line, and whether it needs the configuration.
fn lines() -> Vec<(Vec<&'static str>, bool)> {
    let mut lines = Vec::new();
    for command in ["credential-process", "credential_process", "env", "exec"] {
        for (target, reads) in [(["-p", "dev"].as_slice(), true), (&COMPLETE, false)] {
            let mut line = vec![command];
            line.extend(target);
            if command == "exec" {
                line.extend(["--", "true"]);
            }
            lines.push((line, reads));
        }
    }
    lines
}

#[test]
fn a_warm_call_succeeds_where_nothing_can_be_reached() {
    let sandbox = sandbox();
    for (line, _) in lines() {
        let outcome = lost(sandbox.sso(&line)).run();
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (0, ""),
            "{line:?}: {outcome:?}"
        );
    }
    assert_eq!(sandbox.server().count(""), 0);
    // The same credentials a little later are stale, and then the network is missed.
    sandbox.write_role("corp", ACCOUNT, ROLE, 14 * 60);
    let outcome = lost(sandbox.sso(["credential-process", "-p", "dev"])).run();
    assert_ne!(outcome.code, 0, "{outcome:?}");
}

/// The system calls of a run, one a line.
fn traced(sandbox: &Sandbox, line: &[&str]) -> Vec<String> {
    let file = sandbox.home().join("trace");
    let strace = Run::program(sandbox, "strace")
        .arg("-f")
        .arg("-o")
        .arg(&file);
    lost(strace.arg(binary()).args(line)).run().expect(0);
    let text = std::fs::read_to_string(&file).unwrap();
    // Each line begins with a process id.
    let call = |line: &str| line.split_once(' ').unwrap().1.trim_start().to_owned();
    text.lines().map(call).collect()
}

#[test]
fn a_warm_call_opens_no_socket_starts_no_thread_and_writes_nothing() {
    if !has_required("strace") {
        return;
    }
    let sandbox = sandbox();
    // A key that asks for names is as warm as that.
    let names = ["profiles", "sessions", "accounts", "roles"];
    let asked = names.map(|names| vec!["complete", names, "--", "exec", "-s", "corp"]);
    let lines = lines().into_iter().map(|(line, _)| line);
    for line in lines.chain(asked) {
        for call in traced(&sandbox, &line) {
            let name = call.split('(').next().unwrap();
            assert!(!FORBIDDEN.contains(&name), "{line:?} calls {call}");
        }
    }
}

#[test]
fn a_warm_call_opens_its_one_cache_file_and_the_configuration_where_it_must() {
    if !has_required("strace") {
        return;
    }
    let sandbox = sandbox();
    let home = sandbox.home().to_str().unwrap().to_owned();
    for (line, reads_configuration) in lines() {
        let calls = traced(&sandbox, &line);
        // Until the command of `exec` begins, whose files are its own.
        let ours = calls
            .iter()
            .skip(1)
            .take_while(|call| !call.starts_with("execve("));
        let opened: Vec<&String> = ours
            .filter(|call| call.starts_with("open") && call.contains(&home))
            .collect();
        let mut expected = vec![sandbox.role_path("corp", ACCOUNT, ROLE)];
        if reads_configuration {
            expected.insert(0, sandbox.home().join(".aws/config"));
            expected.insert(1, sandbox.home().join(".aws/credentials"));
        }
        assert_eq!(opened.len(), expected.len(), "{line:?}: {opened:#?}");
        for (call, path) in opened.iter().zip(&expected) {
            assert!(
                call.contains(&format!("\"{}\"", path.display())),
                "{line:?}: {call}"
            );
            assert!(call.contains("O_RDONLY"), "{line:?}: {call}");
        }
    }
}

#[test]
fn a_configuration_of_thousands_of_profiles_is_passed_in_pieces() {
    let sandbox = sandbox();
    let text = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let (session, dev) = text.split_at(text.find("[profile dev]").unwrap());
    let more: String = (0..10_000)
        .map(|number| {
            format!(
                "[profile filler-{number}]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
                 sso_role_name = Reader{number}\nregion = eu-west-1\noutput = json\ncli_pager =\n\n"
            )
        })
        .collect();
    assert!(more.len() > 1_400_000, "{}", more.len());
    sandbox.write_config(&format!("{session}{more}{dev}"));
    let line = ["credential-process", "-p", "dev"];
    let outcome = lost(sandbox.sso(line)).run().expect(0);
    assert_eq!(outcome.json()["AccessKeyId"], "ASIAWRITTENBYATEST");
    if !has_required("strace") {
        return;
    }
    // Whole, the file would need a mapping of its size: each page costs a fault.
    for call in traced(&sandbox, &line)
        .iter()
        .filter(|call| call.starts_with("mmap("))
    {
        let length = call.split(", ").nth(1).unwrap_or("0");
        assert!(length.parse().unwrap_or(0usize) < 400_000, "{call}");
    }
}
