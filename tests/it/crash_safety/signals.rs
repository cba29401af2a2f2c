//! Signals during a refresh: between the request and the stored token SIGKILL loses the session,
//! and all other signals wait.

use std::path::PathBuf;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::fixture::parallel::{WAIT_LIMIT, wait_until};
use crate::fixture::{Running, Sandbox};

const REFRESH: &str = "CreateToken:refresh_token";

/// Asserts that the cache is valid and that no temporary file is left.
#[track_caller]
fn assert_clean(sandbox: &Sandbox) {
    sandbox.assert_cache_is_valid();
    assert_eq!(sandbox.temporary_files(), Vec::<PathBuf>::new());
}

#[test]
fn temporary_files_beside_a_linked_file_are_removed() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let token = sandbox.token_path("corp");
    let real = sandbox.home().join("elsewhere.json");
    std::fs::rename(&token, &real).unwrap();
    std::os::unix::fs::symlink(&real, &token).unwrap();
    let left = sandbox
        .home()
        .join("elsewhere.json.0123456789abcdef.sso.tmp");
    std::fs::write(&left, "{").unwrap();
    sandbox.credential_process().run().expect(0);
    assert!(!left.exists());
    assert!(std::fs::symlink_metadata(&token).unwrap().is_symlink());
    assert!(sandbox.read_json(&real)["accessToken"].is_string());
}

/// Starts a refresh for which the server has spent the refresh token and holds the response.
fn start_refresh(sandbox: &Sandbox) -> Running<'_> {
    let hold = Fault::on_operation(REFRESH, Action::Hold);
    start_refresh_with(sandbox, hold.after().times(1))
}

/// Starts a refresh that the server holds with this fault.
fn start_refresh_with(sandbox: &Sandbox, hold: Fault) -> Running<'_> {
    sandbox.store_token(-10);
    sandbox.server().fault(hold);
    let running = sandbox.credential_process().own_process_group().start();
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    running
}

#[track_caller]
fn assert_session_works(sandbox: &Sandbox) {
    let token: Value = sandbox.read_json(&sandbox.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(
        sandbox.server().is_refreshable(refresh),
        "the session is lost"
    );
    sandbox.credential_process().run().expect(0);
    assert_clean(sandbox);
}

#[test]
fn a_sign_in_repairs_a_kill_in_the_window_that_loses_the_session() {
    let sandbox = Sandbox::new();
    let running = start_refresh(&sandbox);
    let reserved = sandbox.temporary_files();
    assert_eq!(reserved.len(), 1, "{reserved:?}");
    running.signal(Signal::SIGKILL, true);
    assert_eq!(running.finish().code, 137);
    sandbox.server().release_held();
    let outcome = sandbox.credential_process().run().expect(4);
    outcome.stderr_contains("hint: sso login corp");
    sandbox.sso(["login"]).approving_browser().run().expect(0);
    assert_session_works(&sandbox);
}

#[test]
fn signals_to_the_process_group_wait_until_the_token_is_stored() {
    for (signal, code) in [
        (Signal::SIGINT, 130),
        (Signal::SIGTERM, 143),
        (Signal::SIGHUP, 129),
    ] {
        let sandbox = Sandbox::new();
        let mut running = start_refresh(&sandbox);
        running.signal(signal, true);
        // Only SIGINT comes from a user who may wonder why the command continues.
        if signal == Signal::SIGINT {
            running.wait_for_stderr("a token is being renewed");
        }
        sandbox.server().release_held();
        let outcome = running.finish().expect(code);
        let is_explained = outcome.stderr.contains("a token is being renewed");
        assert_eq!(is_explained, signal == Signal::SIGINT, "{outcome:#?}");
        assert_session_works(&sandbox);
    }
}

#[test]
fn several_signals_at_once_still_wait() {
    let sandbox = Sandbox::new();
    let running = start_refresh(&sandbox);
    for signal in [
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGINT,
    ] {
        running.signal(signal, true);
    }
    sandbox.server().release_held();
    assert!(running.finish().code > 128);
    assert_session_works(&sandbox);
}

#[test]
fn a_stop_signal_waits_and_the_call_continues_afterwards() {
    let sandbox = Sandbox::new();
    let running = start_refresh(&sandbox);
    running.signal(Signal::SIGTSTP, true);
    sandbox.server().release_held();
    let id = running.id().to_string();
    wait_until("it stops", || {
        let state = std::process::Command::new("ps")
            .args(["-o", "state=", "-p", &id])
            .output();
        state.unwrap().stdout.starts_with(b"T")
    });
    // It stops only after the token is stored.
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(sandbox.server().is_refreshable(refresh));
    running.signal(Signal::SIGCONT, true);
    running.finish().expect(0);
    assert_session_works(&sandbox);
}

#[test]
fn a_failed_refresh_is_followed_by_the_signal() {
    let sandbox = Sandbox::new();
    let reset = Fault::on_operation(REFRESH, Action::Close { reset: true });
    sandbox.server().fault(reset);
    let hold = Fault::on_operation(REFRESH, Action::Hold).times(1);
    let mut running = start_refresh_with(&sandbox, hold);
    running.signal(Signal::SIGINT, true);
    running.wait_for_stderr("a token is being renewed");
    sandbox.server().release_held();
    running.finish().expect(130);
}
