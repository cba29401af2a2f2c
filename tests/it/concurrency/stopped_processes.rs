//! Processes that are stopped by SIGSTOP while they hold a lock, and continue later.

use std::time::Duration;

use emulator::{Action, Fault, MintedSession};
use nix::sys::signal::Signal;

use crate::fixture::parallel::{WAIT_LIMIT, timed, wait_until};
use crate::fixture::{ACCOUNT, ROLE, Running, Sandbox, StoredToken};

const REFRESH: &str = "CreateToken:refresh_token";
const FETCH: &str = "GetRoleCredentials";
/// Fetch of another role of the same session.
const OTHER: [&str; 5] = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];

/// Starts a caller with this SSO_TIMEOUT and stops it while it waits for a response, which the
/// emulator has then sent: without the stop, the caller would continue.
fn start_and_stop<'w>(sandbox: &'w Sandbox, operation: &str, timeout: &str) -> Running<'w> {
    let running = start_and_stop_before_response(sandbox, operation, timeout, true);
    release_response(sandbox, operation);
    running
}

/// Starts a caller and stops it while the emulator holds the request: before the operation (and
/// so before a refresh token is spent), or `after` it.
fn start_and_stop_before_response<'w>(
    sandbox: &'w Sandbox,
    operation: &str,
    timeout: &str,
    after: bool,
) -> Running<'w> {
    let hold = Fault::on_operation(operation, Action::Hold).times(1);
    sandbox
        .server()
        .fault(if after { hold.after() } else { hold });
    let running = sandbox
        .credential_process()
        .env("SSO_TIMEOUT", timeout)
        .start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    running.signal(Signal::SIGSTOP, false);
    running
}

/// Lets the emulator send the held response and waits until it has done so.
fn release_response(sandbox: &Sandbox, operation: &str) {
    sandbox.server().release_held();
    wait_until("the response", || {
        let requests = sandbox.server().requests(operation);
        requests.iter().all(|request| request.status != 0)
    });
}

/// Continues a stopped process.
fn resume(running: &Running) {
    running.signal(Signal::SIGCONT, false);
}

/// Returns `true` if the stored refresh token works.
fn is_refreshable(sandbox: &Sandbox) -> bool {
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    sandbox
        .server()
        .is_refreshable(token["refreshToken"].as_str().unwrap())
}

#[test]
fn waiters_keep_their_deadline_while_the_lock_holder_is_stopped() {
    for (expires_in, code) in [(-10, 1), (300, 0)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        let holder = start_and_stop(&sandbox, REFRESH, "30");
        let run = sandbox.sso(OTHER).env("SSO_TIMEOUT", "2");
        let (outcome, wall) = timed(|| run.run());
        let outcome = outcome.expect(code);
        assert!(wall < Duration::from_secs(8), "{wall:?}");
        if code == 1 {
            outcome.stderr_contains(&format!("process {} has been", holder.id()));
        }
        resume(&holder);
        holder.finish().expect(0);
        assert_eq!(sandbox.server().count(REFRESH), 1);
        assert!(is_refreshable(&sandbox), "the session is lost");
        sandbox.sso(OTHER).run().expect(0);
        sandbox.assert_cache_is_valid();
        assert!(
            sandbox.temporary_files().is_empty(),
            "{:?}",
            sandbox.temporary_files()
        );
    }
}

#[test]
fn a_refresh_stopped_beyond_its_deadline_stores_the_response() {
    // When it continues, the response has arrived and its deadline has passed.
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let holder = start_and_stop(&sandbox, REFRESH, "2");
    std::thread::sleep(Duration::from_millis(3500));
    resume(&holder);
    holder.finish();
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert!(is_refreshable(&sandbox), "the session is lost");
    sandbox.credential_process().run().expect(0);
}

#[test]
fn a_refresh_that_is_stopped_repeatedly_stores_the_response() {
    // As on an overloaded machine: each step takes longer than the time that is left.
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let holder = start_and_stop(&sandbox, REFRESH, "1");
    std::thread::sleep(Duration::from_millis(1500));
    for _ in 0..20 {
        resume(&holder);
        std::thread::sleep(Duration::from_micros(200));
        holder.signal(Signal::SIGSTOP, false);
        std::thread::sleep(Duration::from_millis(250));
    }
    resume(&holder);
    holder.finish();
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert!(is_refreshable(&sandbox), "the session is lost");
}

#[test]
fn a_stopped_fetch_is_named_by_waiters_and_continues() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let holder = start_and_stop(&sandbox, FETCH, "30");
    let run = sandbox.credential_process().env("SSO_TIMEOUT", "2");
    let (outcome, wall) = timed(|| run.run());
    let pid = format!("process {} has been fetching this role", holder.id());
    outcome.expect(1).stderr_contains(&pid);
    assert!(wall < Duration::from_secs(8), "{wall:?}");
    // Fetches of another role do not wait for it.
    sandbox.sso(OTHER).run().expect(0);
    resume(&holder);
    holder.finish().expect(0);
    sandbox.credential_process().run().expect(0);
    assert_eq!(sandbox.server().count(FETCH), 2);
}

#[test]
fn a_stopped_refresh_does_not_overwrite_a_newer_sign_in() {
    for after in [false, true] {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let holder = start_and_stop_before_response(&sandbox, REFRESH, "30", after);
        // Another tool takes no lock. Its sign-in is newer than the result of this refresh.
        sandbox.store_token(3600);
        let newer = std::fs::read(sandbox.token_path("corp")).unwrap();
        release_response(&sandbox, REFRESH);
        resume(&holder);
        holder.finish().expect(0);
        let now = std::fs::read(sandbox.token_path("corp")).unwrap();
        assert!(now == newer, "an older sign-in has replaced a newer one");
        sandbox.sso(OTHER).run().expect(0);
        assert_eq!(sandbox.server().count(REFRESH), 1);
    }
}

#[test]
fn a_stopped_process_does_not_undo_a_sign_out() {
    for operation in [REFRESH, FETCH] {
        let sandbox = Sandbox::new();
        sandbox.store_token(if operation == REFRESH { -10 } else { 3600 });
        let holder = start_and_stop_before_response(&sandbox, operation, "30", true);
        std::fs::remove_file(sandbox.token_path("corp")).unwrap();
        release_response(&sandbox, operation);
        resume(&holder);
        holder.finish().expect(0);
        assert!(!sandbox.token_path("corp").exists(), "{operation}");
        let role = sandbox.role_path("corp", ACCOUNT, ROLE);
        assert!(!role.exists(), "{operation}");
        assert!(
            sandbox.temporary_files().is_empty(),
            "{:?}",
            sandbox.temporary_files()
        );
    }
}

#[test]
fn a_sign_out_names_the_stopped_refresh_after_its_wait() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let holder = start_and_stop(&sandbox, REFRESH, "60");
    let outcome = sandbox.sso(["logout"]).run().expect(1);
    outcome.stderr_contains(&format!("process {} has been", holder.id()));
    assert!(sandbox.token_path("corp").exists());
    resume(&holder);
    holder.finish();
    sandbox.sso(["logout"]).run().expect(0);
    assert!(!sandbox.token_path("corp").exists());
    assert_eq!(sandbox.files(".aws/cli/cache"), []);
}

#[test]
fn a_stopped_sign_in_does_not_block_other_commands() {
    let sandbox = Sandbox::new();
    let minted = sandbox.store_token(3600);
    let stored = StoredToken {
        minted: MintedSession {
            refresh_token: None,
            ..minted
        },
        expires_in: -10,
        registration_in: 3600,
    };
    sandbox.write_token("corp", &stored);
    let mut login = sandbox.sso(["login"]).browser("open").start();
    login.wait_for_stderr("Waiting for the answer");
    login.signal(Signal::SIGSTOP, false);
    let (outcome, wall) = timed(|| sandbox.credential_process().run());
    let pid = format!("is in progress (process {})", login.id());
    outcome.expect(4).stderr_contains(&pid);
    assert!(wall < Duration::from_secs(8), "{wall:?}");
    sandbox.sso(["status", "-q"]).run().expect(4);
    sandbox.sso(["logout"]).run().expect(0);
    login.signal(Signal::SIGCONT, false);
    // It still handles signals: SIGTERM ends it.
    login.signal(Signal::SIGTERM, false);
    assert_eq!(login.finish().code, 143);
    wait_until("the lock is free", || {
        let outcome = sandbox.credential_process().run().expect(4);
        !outcome.stderr.contains("is in progress")
    });
    sandbox.sign_in();
    sandbox.credential_process().run().expect(0);
}
