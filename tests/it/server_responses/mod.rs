//! A server that means harm, or has lost its mind: whatever it answers, the run ends within
//! its deadline, says what is wrong in words fit for a terminal, never panics, and needs
//! little memory.

mod hostile;
mod server;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::fixture::parallel::timed;
use crate::fixture::random::{Rng, report_progress, rounds};
use crate::fixture::{Outcome, Run, Running, Sandbox, binary};
use server::{Hostile, Operation, Part};

/// What a request may take, in seconds, for the variable.
const LIMIT: &str = "0.6";

/// What a run takes at most: its limit, the life of a device code, and the time that a
/// loaded computer needs for nothing at all.
const PATIENCE: Duration = Duration::from_secs(12);

/// In KiB; what a run may need at its highest.
const MOST_MEMORY: u64 = 64 * 1024;

/// How the operation is reached.
#[derive(Clone, Copy, Debug)]
enum Way {
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

const WAYS: [Way; 9] = [
    Way::Register,
    Way::StartDevice,
    Way::PollDevice,
    Way::ExchangeCode,
    Way::Refresh,
    Way::Fetch,
    Way::FetchForShell,
    Way::FetchForChild,
    Way::SignOut,
];

impl Way {
    fn operation(self) -> Operation {
        match self {
            Way::Register => Operation::RegisterClient,
            Way::StartDevice => Operation::StartDeviceAuthorization,
            Way::PollDevice | Way::ExchangeCode | Way::Refresh => Operation::CreateToken,
            Way::Fetch | Way::FetchForShell | Way::FetchForChild => Operation::GetRoleCredentials,
            Way::SignOut => Operation::Logout,
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Way::Register | Way::StartDevice | Way::PollDevice => {
                &["login", "--device-code", "--no-browser"]
            }
            Way::ExchangeCode => &["login", "--no-browser"],
            Way::Refresh | Way::Fetch => &["credential-process", "-p", "dev"],
            Way::FetchForShell => &["env", "-p", "dev", "--shell", "sh"],
            Way::FetchForChild => &["exec", "-p", "dev", "--", "true"],
            Way::SignOut => &["logout"],
        }
    }

    fn prepare(self, sandbox: &Sandbox) {
        match self {
            Way::Register | Way::StartDevice | Way::PollDevice | Way::ExchangeCode => {}
            Way::Refresh => drop(sandbox.store_token(-10)),
            _ => drop(sandbox.store_token(3600)),
        }
    }

    fn run<'w>(self, sandbox: &'w Sandbox, server: &Hostile) -> Run<'w> {
        // The limit counts all that is mapped, the program itself included.
        let script = format!("ulimit -v {MOST_MEMORY}; exec \"$0\" \"$@\"");
        let run = Run::program(sandbox, "sh")
            .arg("-c")
            .arg(script)
            .arg(binary());
        run.args(self.words())
            .env("SSO_TIMEOUT", LIMIT)
            .env("SSO_LOGIN_FLOW", "pkce")
            .env("AWS_ENDPOINT_URL_SSO", server.url())
            .env("AWS_ENDPOINT_URL_SSO_OIDC", server.url())
    }
}

/// Plays the browser that brings the code, by the address that the user is shown.
fn bring_code(running: &mut Running) {
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
    // The page comes when the run has its token, or has none.
    std::thread::spawn(move || drop(stream.read_to_end(&mut Vec::new())));
}

/// One run against one answer, and everything that must hold.
fn look(way: Way, answer: Vec<Part>) -> Result<u64, String> {
    let sandbox = Sandbox::new();
    way.prepare(&sandbox);
    let server = Hostile::start(way.operation(), answer);
    let ((outcome, peak), wall) = timed(|| {
        let mut running = way.run(&sandbox, &server).start();
        if matches!(way, Way::ExchangeCode) {
            bring_code(&mut running);
        }
        running.finish_measured()
    });
    let complain = |what: &str| Err(format!("{what}: {outcome:#?}"));
    if server.asked() == 0 {
        return complain("it was never asked");
    }
    if wall > PATIENCE {
        return complain(&format!("it took {wall:?}"));
    }
    if peak > MOST_MEMORY {
        return complain(&format!("it used {peak} KiB"));
    }
    if let Err(what) = judge(way, &outcome) {
        return complain(&what);
    }
    sandbox.assert_cache_is_valid();
    if !sandbox.temporary_files().is_empty() {
        return complain("it left something behind");
    }
    // Whatever was stored, the next to look at it survives it too.
    let next = sandbox.sso(["status"]).run();
    judge(Way::SignOut, &next)?;
    if !next.stdout.chars().all(is_fit) {
        return complain(&format!("status shows {:?}", next.stdout));
    }
    Ok(peak)
}

fn judge(way: Way, outcome: &Outcome) -> Result<(), String> {
    // Credentials can be longer than the environment of a child may be.
    let for_child = matches!(way, Way::FetchForChild) && outcome.code == 126;
    if ![0, 1, 4].contains(&outcome.code) && !for_child {
        return Err(format!("it ended with {}", outcome.code));
    }
    if outcome.stderr.contains("panicked") {
        return Err("it panicked".to_owned());
    }
    if !outcome.stderr.chars().all(is_fit) {
        return Err("it says what a terminal obeys".to_owned());
    }
    if outcome.code == 0 {
        return Ok(());
    }
    let is_error = |line: &str| line.starts_with("error: ");
    if !matches!(way, Way::SignOut)
        && outcome.stderr.lines().filter(|line| is_error(line)).count() != 1
    {
        return Err("it gives not one error".to_owned());
    }
    let expected = match way {
        Way::FetchForShell => "false\n",
        Way::SignOut => return Ok(()),
        _ => "",
    };
    if outcome.stdout != expected {
        return Err("it prints something all the same".to_owned());
    }
    Ok(())
}

/// Whether a terminal shows it and does nothing else.
fn is_fit(c: char) -> bool {
    let reorders =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c == '\n' || !(c.is_control() || reorders)
}

#[test]
fn no_answer_of_a_server_does_harm() {
    const WORKERS: u32 = 4;
    let count = rounds(180);
    let rng = Rng::new("no_answer_of_a_server_does_harm");
    let next = AtomicU32::new(0);
    let work = || {
        let mut highest = 0;
        loop {
            let round = next.fetch_add(1, Ordering::Relaxed);
            if round >= count {
                return highest;
            }
            let mut rng = rng.for_round(round);
            // Every way comes equally often, whatever the rng say.
            let way = WAYS[round as usize % WAYS.len()];
            let (family, answer) = hostile::answer(&mut rng, way.operation());
            match look(way, answer.clone()) {
                Ok(peak) => highest = highest.max(peak),
                Err(what) => panic!("round {round}, {way:?}, {what}\nanswer: {family} {answer:?}"),
            }
        }
    };
    let highest = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let peaks = workers.into_iter().map(|worker| worker.join());
        peaks.map(Result::unwrap).max().unwrap()
    });
    report_progress(&format!("{count} answers, highest memory {highest} KiB"));
}
