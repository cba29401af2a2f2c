//! The warm call, in which the cache answers: its system calls show no network, no thread, and
//! no more files than needed.

use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, Sandbox, binary};

/// System calls that use the network, start a thread or process, or write.
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

/// Arguments that name a role without a profile, so that no configuration is needed.
const ROLE_ARGS: [&str; 6] = ["-s", "corp", "-a", ACCOUNT, "-r", ROLE];

/// Creates a sandbox with cached credentials of `dev` and an expired token.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(-60);
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    sandbox
}

/// Sets endpoints, proxies and a CA bundle that all fail.
fn without_network(run: Run) -> Run {
    run.env("AWS_ENDPOINT_URL_SSO", CLOSED_URL)
        .env("AWS_ENDPOINT_URL_SSO_OIDC", CLOSED_URL)
        .env("HTTPS_PROXY", CLOSED_URL)
        .env("HTTP_PROXY", CLOSED_URL)
        .env("AWS_CA_BUNDLE", "/no/such/bundle")
}

/// Returns every warm command line and whether it needs the configuration.
fn warm_command_lines() -> Vec<(Vec<&'static str>, bool)> {
    let mut lines = Vec::new();
    for command in ["credential-process", "credential_process", "env", "exec"] {
        for (target, reads) in [(["-p", "dev"].as_slice(), true), (&ROLE_ARGS, false)] {
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
fn a_warm_call_succeeds_without_a_network() {
    let sandbox = sandbox();
    for (line, _) in warm_command_lines() {
        let outcome = without_network(sandbox.sso(&line)).run();
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (0, ""),
            "{line:?}: {outcome:?}"
        );
    }
    assert_eq!(sandbox.server().count(""), 0);
    // With less than 15 minutes left the credentials are stale, and the network is needed.
    sandbox.write_role("corp", ACCOUNT, ROLE, 14 * 60);
    let outcome = without_network(sandbox.sso(["credential-process", "-p", "dev"])).run();
    assert_ne!(outcome.code, 0, "{outcome:?}");
}

/// Returns the system calls of a run, one per line of the trace.
fn traced(sandbox: &Sandbox, line: &[&str]) -> Vec<String> {
    let file = sandbox.home().join("trace");
    let strace = Run::program(sandbox, "strace")
        .arg("-f")
        .arg("-o")
        .arg(&file);
    without_network(strace.arg(binary()).args(line))
        .run()
        .expect(0);
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
    // Pressing Tab, which runs `sso complete`, must be as cheap.
    let names = ["profiles", "sessions", "accounts", "roles"];
    let asked = names.map(|names| vec!["complete", names, "--", "exec", "-s", "corp"]);
    let lines = warm_command_lines().into_iter().map(|(line, _)| line);
    for line in lines.chain(asked) {
        for call in traced(&sandbox, &line) {
            let name = call.split('(').next().unwrap();
            assert!(!FORBIDDEN.contains(&name), "{line:?} calls {call}");
        }
    }
}

#[test]
fn a_warm_call_opens_only_the_files_that_it_needs() {
    if !has_required("strace") {
        return;
    }
    let sandbox = sandbox();
    let home = sandbox.home().to_str().unwrap().to_owned();
    for (line, reads_configuration) in warm_command_lines() {
        let calls = traced(&sandbox, &line);
        // The files that the command of `exec` opens do not count.
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
fn a_configuration_of_thousands_of_profiles_is_read_in_chunks() {
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
    let outcome = without_network(sandbox.sso(line)).run().expect(0);
    assert_eq!(outcome.json()["AccessKeyId"], "ASIAWRITTENBYATEST");
    if !has_required("strace") {
        return;
    }
    // Reading the whole file would need a mapping of its size, and each page costs a fault.
    for call in traced(&sandbox, &line)
        .iter()
        .filter(|call| call.starts_with("mmap("))
    {
        let length = call.split(", ").nth(1).unwrap_or("0");
        assert!(length.parse().unwrap_or(0usize) < 400_000, "{call}");
    }
}
