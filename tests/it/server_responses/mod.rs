//! Hostile and broken servers: whatever the response, a run ends within its deadline, reports an
//! error that is safe to print, never panics, and uses little memory.

mod hostile_server;
mod random_response;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::fixture::parallel::timed;
use crate::fixture::random::{Rng, report_progress, rounds};
use crate::fixture::{Outcome, Run, Running, Sandbox, binary};
use hostile_server::{HostileServer, Operation, ResponsePart};

/// Value of SSO_TIMEOUT, in seconds.
const REQUEST_TIMEOUT: &str = "0.6";

/// Maximum duration of a run: the request timeout, the lifetime of a device code, and delays of a
/// loaded computer.
const MAX_DURATION: Duration = Duration::from_secs(12);

/// Maximum peak memory of a run.
const MAX_MEMORY_KIB: u64 = 64 * 1024;

/// A command, and the request in it that gets the hostile response.
#[derive(Clone, Copy, Debug)]
enum Scenario {
    Register,
    StartDevice,
    PollDevice,
    ExchangeCode,
    Refresh,
    Fetch,
    FetchForShell,
    FetchForChild,
    SignOut,
}

const SCENARIOS: [Scenario; 9] = [
    Scenario::Register,
    Scenario::StartDevice,
    Scenario::PollDevice,
    Scenario::ExchangeCode,
    Scenario::Refresh,
    Scenario::Fetch,
    Scenario::FetchForShell,
    Scenario::FetchForChild,
    Scenario::SignOut,
];

impl Scenario {
    fn operation(self) -> Operation {
        match self {
            Scenario::Register => Operation::RegisterClient,
            Scenario::StartDevice => Operation::StartDeviceAuthorization,
            Scenario::PollDevice | Scenario::ExchangeCode | Scenario::Refresh => {
                Operation::CreateToken
            }
            Scenario::Fetch | Scenario::FetchForShell | Scenario::FetchForChild => {
                Operation::GetRoleCredentials
            }
            Scenario::SignOut => Operation::Logout,
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Scenario::Register | Scenario::StartDevice | Scenario::PollDevice => {
                &["login", "--device-code", "--no-browser"]
            }
            Scenario::ExchangeCode => &["login", "--no-browser"],
            Scenario::Refresh | Scenario::Fetch => &["credential-process", "-p", "dev"],
            Scenario::FetchForShell => &["env", "-p", "dev", "--shell", "sh"],
            Scenario::FetchForChild => &["exec", "-p", "dev", "--", "true"],
            Scenario::SignOut => &["logout"],
        }
    }

    fn prepare(self, sandbox: &Sandbox) {
        match self {
            Scenario::Register
            | Scenario::StartDevice
            | Scenario::PollDevice
            | Scenario::ExchangeCode => {}
            Scenario::Refresh => drop(sandbox.store_token(-10)),
            _ => drop(sandbox.store_token(3600)),
        }
    }

    fn run<'w>(self, sandbox: &'w Sandbox, server: &HostileServer) -> Run<'w> {
        // The limit includes all mappings, also of the program itself.
        let script = format!("ulimit -v {MAX_MEMORY_KIB}; exec \"$0\" \"$@\"");
        let run = Run::program(sandbox, "sh")
            .arg("-c")
            .arg(script)
            .arg(binary());
        run.args(self.arguments())
            .env("SSO_TIMEOUT", REQUEST_TIMEOUT)
            .env("SSO_LOGIN_FLOW", "pkce")
            .env("AWS_ENDPOINT_URL_SSO", server.url())
            .env("AWS_ENDPOINT_URL_SSO_OIDC", server.url())
    }
}

/// Delivers an authorization code to the listener, as a browser does after the sign-in at the
/// printed URL.
fn deliver_code(running: &mut Running) {
    running.wait_for_stderr("open this address in a browser:\n\n");
    let address = running.rest_of_line();
    let query = address.split_once('?').unwrap().1;
    let get = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).unwrap().1.to_owned()
    };
    let redirect = get("redirect_uri").replace("%3A", ":").replace("%2F", "/");
    let rest = redirect.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let state = get("state");
    let request =
        format!("GET /{path}?code=the-code&state={state} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    // The listener responds once the token request has ended, so read it in the background.
    std::thread::spawn(move || drop(stream.read_to_end(&mut Vec::new())));
}

/// Runs a scenario against one response and checks everything that must hold; returns the peak
/// memory in KiB.
fn run_scenario(scenario: Scenario, response: Vec<ResponsePart>) -> Result<u64, String> {
    let sandbox = Sandbox::new();
    scenario.prepare(&sandbox);
    let server = HostileServer::start(scenario.operation(), response);
    let ((outcome, peak), wall) = timed(|| {
        let mut running = scenario.run(&sandbox, &server).start();
        if matches!(scenario, Scenario::ExchangeCode) {
            deliver_code(&mut running);
        }
        running.finish_measured()
    });
    let fail = |what: &str| Err(format!("{what}: {outcome:#?}"));
    if server.request_count() == 0 {
        return fail("no request reached the server");
    }
    if wall > MAX_DURATION {
        return fail(&format!("it took {wall:?}"));
    }
    if peak > MAX_MEMORY_KIB {
        return fail(&format!("it used {peak} KiB"));
    }
    if let Err(what) = check_outcome(scenario, &outcome) {
        return fail(&what);
    }
    sandbox.assert_cache_is_valid();
    if !sandbox.temporary_files().is_empty() {
        return fail("it left temporary files");
    }
    // The next run must cope with stored data as well.
    let next = sandbox.sso(["status"]).run();
    check_outcome(Scenario::SignOut, &next)?;
    if !next.stdout.chars().all(is_safe_to_print) {
        return fail(&format!("status shows {:?}", next.stdout));
    }
    Ok(peak)
}

fn check_outcome(scenario: Scenario, outcome: &Outcome) -> Result<(), String> {
    // Credentials can exceed the maximum size of a child's environment.
    let for_child = matches!(scenario, Scenario::FetchForChild) && outcome.code == 126;
    if ![0, 1, 4].contains(&outcome.code) && !for_child {
        return Err(format!("it ended with {}", outcome.code));
    }
    if outcome.stderr.contains("panicked") {
        return Err("it panicked".to_owned());
    }
    if !outcome.stderr.chars().all(is_safe_to_print) {
        return Err("stderr contains control characters".to_owned());
    }
    if outcome.code == 0 {
        return Ok(());
    }
    let is_error = |line: &str| line.starts_with("error: ");
    if !matches!(scenario, Scenario::SignOut)
        && outcome.stderr.lines().filter(|line| is_error(line)).count() != 1
    {
        return Err("stderr does not contain exactly one error".to_owned());
    }
    let expected = match scenario {
        Scenario::FetchForShell => "false\n",
        Scenario::SignOut => return Ok(()),
        _ => "",
    };
    if outcome.stdout != expected {
        return Err("stdout is not empty after a failure".to_owned());
    }
    Ok(())
}

/// Returns `true` if a terminal displays this character without any other effect.
fn is_safe_to_print(c: char) -> bool {
    let reorders = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c == '\n' || !(c.is_control() || reorders)
}

#[test]
fn hostile_responses_are_survived() {
    const WORKERS: u32 = 4;
    let count = rounds(180);
    let rng = Rng::new("hostile_responses_are_survived");
    let next = AtomicU32::new(0);
    let work = || {
        let mut highest = 0;
        loop {
            let round = next.fetch_add(1, Ordering::Relaxed);
            if round >= count {
                return highest;
            }
            let mut rng = rng.for_round(round);
            // Every scenario runs equally often.
            let scenario = SCENARIOS[round as usize % SCENARIOS.len()];
            let (family, response) = random_response::generate(&mut rng, scenario.operation());
            match run_scenario(scenario, response.clone()) {
                Ok(peak) => highest = highest.max(peak),
                Err(what) => {
                    panic!("round {round}, {scenario:?}, {what}\nanswer: {family} {response:?}")
                }
            }
        }
    };
    let highest = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let peaks = workers.into_iter().map(|worker| worker.join());
        peaks.map(Result::unwrap).max().unwrap()
    });
    report_progress(&format!("{count} responses, highest memory {highest} KiB"));
}

/// Servers may send any number of informational responses (RFC 9110 §15.2), which HTTP clients
/// skip without an end.
#[test]
fn endless_informational_responses_do_not_extend_a_time_limit() {
    for scenario in [Scenario::Refresh, Scenario::Fetch, Scenario::SignOut] {
        for status in ["103 E", "100 Continue"] {
            let block = format!("HTTP/1.1 {status}\r\n\r\n").repeat(200);
            for part in [ResponsePart::Flood, ResponsePart::Stream] {
                let response = vec![part(block.clone().into_bytes())];
                let (result, wall) = timed(|| run_scenario(scenario, response.clone()));
                assert!(result.is_ok(), "{scenario:?}, {response:?}: {result:?}");
                assert!(wall < Duration::from_secs(6), "{scenario:?}: {wall:?}");
            }
        }
    }
}

#[test]
fn secrets_that_a_server_repeats_are_not_shown() {
    for scenario in [Scenario::Refresh, Scenario::Fetch, Scenario::SignOut] {
        let sandbox = Sandbox::new();
        scenario.prepare(&sandbox);
        let file = std::fs::read(sandbox.token_path("corp")).unwrap();
        let token: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let secrets = ["accessToken", "refreshToken", "clientSecret"]
            .map(|key| token[key].as_str().unwrap().to_owned());
        let message = format!("cannot read the request: {}", secrets.join(" "));
        let body = serde_json::json!({
            "__type": secrets[0], "error": secrets[1], "message": message,
            "error_description": message,
        });
        let body = body.to_string();
        let response = format!(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nx-amzn-ErrorType: {}\r\nContent-Length: {}\r\n\r\n{body}",
            secrets[0],
            body.len()
        );
        let parts = vec![ResponsePart::Bytes(response.into_bytes())];
        let server = HostileServer::start(scenario.operation(), parts);
        let run = scenario.run(&sandbox, &server);
        let outcome = run.arg("--verbose").run();
        assert!(server.request_count() > 0, "{scenario:?}");
        assert!(
            outcome.stderr.contains("[secret]"),
            "{scenario:?}: {outcome:#?}"
        );
        let output = outcome.stdout.clone() + &outcome.stderr;
        for secret in &secrets {
            assert!(!output.contains(&**secret), "{scenario:?}: {outcome:#?}");
        }
    }
}

#[test]
fn refused_sign_ins_name_what_to_correct() {
    let session =
        "hint: correct sso_start_url and sso_region of the session; `sso check --session corp`";
    let kms = "error: the service cannot use its KMS key: AccessDeniedException";
    for (code, more, expected) in [
        ("InvalidRequestException", "", session),
        (
            "InvalidRequestRegionException",
            r#","region":"eu-north-1""#,
            "InvalidRequestRegionException (region: eu-north-1)",
        ),
        (
            "InvalidScopeException",
            "",
            "hint: correct sso_registration_scopes of the session",
        ),
        (
            "AccessDeniedException",
            r#","reason":"KMS_AccessDeniedException""#,
            kms,
        ),
    ] {
        for scenario in [
            Scenario::Register,
            Scenario::StartDevice,
            Scenario::ExchangeCode,
        ] {
            let body = format!(r#"{{"error_description":""{more}}}"#);
            let response = format!(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nx-amzn-ErrorType: {code}:http://x\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let sandbox = Sandbox::new();
            let parts = vec![ResponsePart::Bytes(response.into_bytes())];
            let server = HostileServer::start(scenario.operation(), parts);
            let mut running = scenario.run(&sandbox, &server).start();
            if matches!(scenario, Scenario::ExchangeCode) {
                deliver_code(&mut running);
            }
            let outcome = running.finish();
            let stderr = &outcome.stderr;
            assert_eq!(outcome.code, 1, "{scenario:?}: {outcome:#?}");
            assert!(stderr.contains(expected), "{scenario:?}: {outcome:#?}");
            assert!(!stderr.contains("denied in the browser"), "{outcome:#?}");
            let dangling = |line: &str| line.starts_with("error") && line.trim_end().ends_with(':');
            assert!(!stderr.lines().any(dangling), "{outcome:#?}");
        }
    }
}
