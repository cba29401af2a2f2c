//! Killed in the one window that costs something; other signals wait until it is over.

use std::path::PathBuf;
use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::fixture::parallel::wait_until;
use crate::fixture::{Running, Sandbox};

const REFRESH: &str = "CreateToken:refresh_token";

#[track_caller]
fn assert_clean(sandbox: &Sandbox) {
    sandbox.assert_cache_is_valid();
    assert_eq!(sandbox.temporary_files(), Vec::<PathBuf>::new());
}

#[test]
fn left_overs_beside_a_linked_file_are_removed_as_well() {
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

/// A refresh for which the server has spent the token and does not answer for a while.
fn spending(sandbox: &Sandbox) -> Running<'_> {
    sandbox.store_token(-10);
    let slow = Action::Delay(Duration::from_millis(800));
    let fault = Fault::on_operation(REFRESH, slow).after().times(1);
    sandbox.server().fault(fault);
    let asked = sandbox.server().count(REFRESH) + 1;
    let running = sandbox.credential_process().own_process_group().start();
    let came = sandbox
        .server()
        .wait_for(REFRESH, asked, Duration::from_secs(30));
    assert!(came);
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
fn killed_in_the_one_window_that_costs_the_session_a_sign_in_repairs_it() {
    let sandbox = Sandbox::new();
    let running = spending(&sandbox);
    let reserved = sandbox.temporary_files();
    assert_eq!(reserved.len(), 1, "{reserved:?}");
    running.signal(Signal::SIGKILL, true);
    assert_eq!(running.finish().code, 137);
    let outcome = sandbox.credential_process().run().expect(4);
    outcome.stderr_contains("hint: sso login corp");
    sandbox.sso(["login"]).approving_browser().run().expect(0);
    assert_session_works(&sandbox);
}

#[test]
fn signals_to_the_whole_group_wait_until_the_refreshed_token_is_stored() {
    for (signal, code) in [
        (Signal::SIGINT, 130),
        (Signal::SIGTERM, 143),
        (Signal::SIGHUP, 129),
    ] {
        let sandbox = Sandbox::new();
        let running = spending(&sandbox);
        running.signal(signal, true);
        let outcome = running.finish().expect(code);
        let told = outcome.stderr.contains("a token is being renewed");
        assert_eq!(told, signal == Signal::SIGINT, "{outcome:#?}");
        assert_session_works(&sandbox);
    }
}

#[test]
fn several_signals_at_once_still_wait() {
    let sandbox = Sandbox::new();
    let running = spending(&sandbox);
    for signal in [
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGINT,
    ] {
        running.signal(signal, true);
    }
    assert!(running.finish().code > 128);
    assert_session_works(&sandbox);
}

#[test]
fn a_stop_waits_too_and_the_call_goes_on_afterwards() {
    let sandbox = Sandbox::new();
    let running = spending(&sandbox);
    running.signal(Signal::SIGTSTP, true);
    let id = running.id().to_string();
    wait_until("it stops", || {
        let state = std::process::Command::new("ps")
            .args(["-o", "state=", "-p", &id])
            .output();
        state.unwrap().stdout.starts_with(b"T")
    });
    // Stopped, it has stored the token already; it holds nobody up who needs only that.
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(sandbox.server().is_refreshable(refresh));
    running.signal(Signal::SIGCONT, true);
    running.finish().expect(0);
    assert_session_works(&sandbox);
}

#[test]
fn a_refresh_that_fails_lets_the_signal_through_afterwards() {
    let sandbox = Sandbox::new();
    let running = spending(&sandbox);
    sandbox
        .server()
        .fault(Fault::on_operation(REFRESH, Action::Close { reset: true }));
    running.signal(Signal::SIGINT, true);
    running.finish().expect(130);
}
