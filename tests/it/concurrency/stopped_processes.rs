//! Processes that are stopped with a lock in their hands, and go on later.

use std::time::Duration;

use emulator::{Action, Fault, MintedSession};
use nix::sys::signal::Signal;

use crate::fixture::parallel::{timed, wait_until};
use crate::fixture::{ACCOUNT, ROLE, Running, Sandbox, StoredToken};

const REFRESH: &str = "CreateToken:refresh_token";
const FETCH: &str = "GetRoleCredentials";
const PATIENCE: Duration = Duration::from_secs(30);
const OTHER: [&str; 5] = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];

/// A caller that is stopped while the server works on what it has asked for: before the
/// work (and so before anything is spent), or after it.
fn stopped<'w>(sandbox: &'w Sandbox, operation: &str, limit: &str, after: bool) -> Running<'w> {
    let slow = Fault::on_operation(operation, Action::Delay(Duration::from_millis(500))).times(1);
    sandbox
        .server()
        .fault(if after { slow.after() } else { slow });
    let asked = sandbox.server().count(operation) + 1;
    let running = sandbox
        .credential_process()
        .env("SSO_TIMEOUT", limit)
        .start();
    assert!(sandbox.server().wait_for(operation, asked, PATIENCE));
    running.signal(Signal::SIGSTOP, false);
    running
}

fn go_on(running: &Running) {
    running.signal(Signal::SIGCONT, false);
}

/// Whether what is stored now is good for another refresh.
fn is_refreshable(sandbox: &Sandbox) -> bool {
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    sandbox
        .server()
        .is_refreshable(token["refreshToken"].as_str().unwrap())
}

#[test]
fn waiters_keep_their_deadline_and_the_stopped_one_goes_on_where_it_was() {
    for (expires_in, code) in [(-10, 1), (300, 0)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(expires_in);
        let holder = stopped(&sandbox, REFRESH, "30", true);
        let run = sandbox.sso(OTHER).env("SSO_TIMEOUT", "2");
        let (outcome, wall) = timed(|| run.run());
        let outcome = outcome.expect(code);
        assert!(wall < Duration::from_secs(8), "{wall:?}");
        if code == 1 {
            outcome.stderr_contains(&format!("process {} has been", holder.id()));
        }
        go_on(&holder);
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
fn a_refresh_that_was_stopped_for_longer_than_its_limit_keeps_what_the_server_gave() {
    // The answer is there when it goes on, and so is the end of its time.
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let holder = stopped(&sandbox, REFRESH, "2", true);
    std::thread::sleep(Duration::from_millis(3500));
    go_on(&holder);
    holder.finish();
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert!(is_refreshable(&sandbox), "the session is lost");
    sandbox.credential_process().run().expect(0);
}

#[test]
fn a_refresh_that_runs_only_now_and_then_keeps_what_the_server_gave() {
    // As on a machine with far too much to do: by the time that one step has been made, the
    // time for the next is up.
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let holder = stopped(&sandbox, REFRESH, "1", true);
    std::thread::sleep(Duration::from_millis(1500));
    for _ in 0..20 {
        go_on(&holder);
        std::thread::sleep(Duration::from_micros(200));
        holder.signal(Signal::SIGSTOP, false);
        std::thread::sleep(Duration::from_millis(250));
    }
    go_on(&holder);
    holder.finish();
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert!(is_refreshable(&sandbox), "the session is lost");
}

#[test]
fn a_stopped_fetch_is_named_and_goes_on_later() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let holder = stopped(&sandbox, FETCH, "30", true);
    let run = sandbox.credential_process().env("SSO_TIMEOUT", "2");
    let (outcome, wall) = timed(|| run.run());
    let pid = format!("process {} has been fetching this role", holder.id());
    outcome.expect(1).stderr_contains(&pid);
    assert!(wall < Duration::from_secs(8), "{wall:?}");
    // Another role, and the session itself, are nobody's hostages.
    sandbox.sso(OTHER).run().expect(0);
    go_on(&holder);
    holder.finish().expect(0);
    sandbox.credential_process().run().expect(0);
    assert_eq!(sandbox.server().count(FETCH), 2);
}

#[test]
fn what_another_tool_has_signed_in_meanwhile_is_not_overwritten_by_the_stopped_one() {
    for after in [false, true] {
        let sandbox = Sandbox::new();
        sandbox.store_token(-10);
        let holder = stopped(&sandbox, REFRESH, "30", after);
        // Another tool knows no locks. Its sign-in is newer than whatever comes of this.
        sandbox.store_token(3600);
        let newer = std::fs::read(sandbox.token_path("corp")).unwrap();
        // Until the server has done its work, which the stop does not keep it from.
        std::thread::sleep(Duration::from_millis(800));
        go_on(&holder);
        holder.finish().expect(0);
        let now = std::fs::read(sandbox.token_path("corp")).unwrap();
        assert!(now == newer, "an older sign-in has replaced a newer one");
        sandbox.sso(OTHER).run().expect(0);
        assert_eq!(sandbox.server().count(REFRESH), 1);
    }
}

#[test]
fn what_another_tool_has_signed_out_meanwhile_does_not_come_back() {
    for operation in [REFRESH, FETCH] {
        let sandbox = Sandbox::new();
        sandbox.store_token(if operation == REFRESH { -10 } else { 3600 });
        let holder = stopped(&sandbox, operation, "30", true);
        std::fs::remove_file(sandbox.token_path("corp")).unwrap();
        std::thread::sleep(Duration::from_millis(800));
        go_on(&holder);
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
fn a_sign_out_waits_for_a_stopped_refresh_and_then_says_who_it_is() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let holder = stopped(&sandbox, REFRESH, "60", true);
    let outcome = sandbox.sso(["logout"]).run().expect(1);
    outcome.stderr_contains(&format!("process {} has been", holder.id()));
    assert!(sandbox.token_path("corp").exists());
    go_on(&holder);
    holder.finish();
    sandbox.sso(["logout"]).run().expect(0);
    assert!(!sandbox.token_path("corp").exists());
    assert_eq!(sandbox.files(".aws/cli/cache"), []);
}

#[test]
fn a_stopped_sign_in_keeps_nobody_who_does_not_sign_in() {
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
    // It still listens, and gives up when it is told to.
    login.signal(Signal::SIGTERM, false);
    assert_eq!(login.finish().code, 143);
    wait_until("the lock is free", || {
        let outcome = sandbox.credential_process().run().expect(4);
        !outcome.stderr.contains("is in progress")
    });
    sandbox.sign_in();
    sandbox.credential_process().run().expect(0);
}
