//! Parallel processes that share one listing, and the stored listing.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::{LIST, ROLES, organization, rows, stored_header};
use crate::fixture::parallel::{WAIT_LIMIT, run_all, timed};
use crate::fixture::{Outcome, Sandbox};

/// Starts this many parallel runs, of which one lists and the others wait for it, and returns
/// their outcomes.
fn run_sharing(sandbox: &Sandbox, count: usize, arguments: &[&str]) -> Vec<Outcome> {
    let hold = Fault::on_operation(LIST, Action::Hold);
    sandbox.server().fault(hold.times(1));
    let mut running = vec![sandbox.sso(arguments).start()];
    assert!(sandbox.server().wait_until_held(WAIT_LIMIT));
    running.extend((1..count).map(|_| sandbox.sso(arguments).start()));
    for waiter in &mut running[1..] {
        waiter.wait_for_stderr("which is listing already");
    }
    sandbox.server().release_held();
    running.into_iter().map(|run| run.finish()).collect()
}

#[test]
fn parallel_callers_share_one_listing() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let outcomes = run_sharing(&sandbox, 20, &["roles", "--refresh", "--json"]);
    let outcomes: Vec<Outcome> = outcomes.into_iter().map(|one| one.expect(0)).collect();
    assert!(outcomes.iter().all(|one| one.stdout == outcomes[0].stdout));
    assert_eq!(sandbox.server().count(LIST), 1);
    assert_eq!(sandbox.server().count(ROLES), 7);
    // A later call lists again.
    sandbox.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(sandbox.server().count(LIST), 2);
}

#[test]
fn waiters_share_an_incomplete_listing() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let gone = super::refusal(403, "ForbiddenException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, gone).times(1));
    for outcome in run_sharing(&sandbox, 10, &["roles", "--refresh", "--tsv"]) {
        outcome
            .expect(1)
            .stderr_contains("1 account of 7 could not be read");
    }
    assert_eq!(sandbox.server().count(LIST), 1);
}

#[test]
fn waiters_share_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let failure = super::refusal(400, "InvalidRequestException");
    sandbox.server().fault(Fault::on_operation(LIST, failure));
    for outcome in run_sharing(&sandbox, 10, &["roles"]) {
        outcome
            .expect(1)
            .stderr_contains("the service refused the request");
    }
    assert_eq!(sandbox.server().count(LIST), 1);
}

#[test]
fn a_partial_listing_does_not_wait_for_a_complete_one() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let lock = sandbox.hold_lock("inventory", &sandbox.token_path("corp"));
    let arguments = ["roles", "-a", "111122223333", "--jsonl"];
    let (outcome, took) = timed(|| sandbox.sso(arguments).run().expect(0));
    assert_eq!((rows(&outcome), outcome.stderr.as_str()), (2, ""));
    assert!(took < Duration::from_secs(5), "{took:?}");
    sandbox.sso(["accounts"]).run().expect(0);
    assert!(!sandbox.inventory_path().exists());
    // A complete listing waits and names the process that it waits for.
    let run = sandbox.sso(["roles"]).env("SSO_TIMEOUT", "0.1");
    let outcome = run.run().expect(1);
    outcome
        .stderr_contains("which is listing already")
        .stderr_contains("has been listing the accounts and roles for too long");
    drop(lock);
    sandbox.sso(["roles"]).run().expect(0);
}

#[test]
fn the_stored_listing_survives_a_kill_at_any_moment() {
    let sandbox = organization(12);
    sandbox.cache_listing(600);
    let before = stored_header(&sandbox);
    sandbox.server().fill_accounts(14, 1);
    for ms in [5, 30, 60, 120, 250, 400, 600, 650, 700] {
        let running = sandbox
            .sso(["roles", "--refresh"])
            .own_process_group()
            .start();
        // The instant of the kill is the subject of the test.
        std::thread::sleep(Duration::from_millis(ms));
        running.signal(Signal::SIGKILL, true);
        running.finish();
        let text = std::fs::read_to_string(sandbox.inventory_path()).unwrap();
        let now: Value = stored_header(&sandbox);
        assert!(now == before || now["accounts"] == 14, "{now}");
        let lines = 1 + usize::try_from(now["accounts"].as_u64().unwrap()).unwrap();
        assert_eq!(text.lines().count(), lines);
    }
    sandbox.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(stored_header(&sandbox)["accounts"], 14);
    let directory = sandbox.inventory_path();
    let directory = directory.parent().unwrap();
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), 1);
}

#[test]
fn the_stored_listing_is_private_and_tied_to_its_start_url() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.sso(["roles"]).run().expect(0);
    let path = sandbox.inventory_path();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let bytes = std::fs::read(&path).unwrap();
    // Another configuration uses the session name `corp` for another instance.
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace("https://corp.", "https://other."));
    sandbox.sso(["roles"]).run().expect(4);
    sandbox.write_config(&config);
    // A sign-out keeps the stored listing.
    sandbox.sso(["logout"]).run().expect(0);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    sandbox
        .sso(["roles"])
        .run()
        .expect(0)
        .stderr_contains("ago");
}

#[test]
fn an_invalid_stored_listing_is_ignored() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.sso(["roles"]).run().expect(0);
    let path = sandbox.inventory_path();
    let complete = std::fs::read(&path).unwrap();
    let half = complete[..complete.len() / 2].to_vec();
    let other_format = String::from_utf8(complete)
        .unwrap()
        .replace("\"form\":1", "\"form\":2");
    for bytes in [half, other_format.into_bytes(), Vec::new(), vec![0xff; 100]] {
        std::fs::write(&path, bytes).unwrap();
        let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(0);
        assert_eq!((rows(&outcome), outcome.stderr.as_str()), (9, ""));
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    sandbox
        .sso(["roles"])
        .run()
        .expect(0)
        .stderr_contains("are not stored in");
}

#[test]
fn parallel_populate_runs_write_the_same_profiles_as_one() {
    let (sandbox, alone) = (Sandbox::new(), Sandbox::new());
    sandbox.store_token(3600);
    alone.store_token(3600);
    alone.sso(["populate"]).run().expect(0);
    for outcome in run_all((0..12).map(|_| sandbox.sso(["populate"]))) {
        outcome.expect(0);
    }
    let config = |sandbox: &Sandbox| std::fs::read(sandbox.home().join(".aws/config")).unwrap();
    assert_eq!(config(&sandbox), config(&alone));
}
