//! Many processes, one listing; and what is kept when one of them is killed.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::{LIST, ROLES, head, organization, rows};
use crate::fixture::parallel::{run_all, timed};
use crate::fixture::{Outcome, Sandbox};

fn slowly(sandbox: &Sandbox, operation: &str, ms: u64) {
    let slow = Action::Delay(Duration::from_millis(ms));
    sandbox.server().fault(Fault::on_operation(operation, slow));
}

#[test]
fn many_at_once_share_one_listing() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    slowly(&sandbox, LIST, 1500);
    let outcomes = run_all((0..20).map(|_| sandbox.sso(["roles", "--refresh", "--json"])));
    let outcomes: Vec<Outcome> = outcomes.into_iter().map(|one| one.expect(0)).collect();
    assert!(outcomes.iter().all(|one| one.stdout == outcomes[0].stdout));
    assert_eq!(sandbox.server().count(LIST), 1);
    assert_eq!(sandbox.server().count(ROLES), 7);
    // Whoever comes later asks anew.
    sandbox.server().clear_faults();
    sandbox.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(sandbox.server().count(LIST), 2);
}

#[test]
fn those_who_wait_share_what_is_missing_as_well() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    slowly(&sandbox, LIST, 1500);
    let gone = super::refusal(403, "ForbiddenException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, gone).times(1));
    let outcomes = run_all((0..10).map(|_| sandbox.sso(["roles", "--refresh", "--tsv"])));
    for outcome in outcomes {
        outcome
            .expect(1)
            .stderr_contains("1 account of 7 could not be read");
    }
    assert_eq!(sandbox.server().count(LIST), 1);
}

#[test]
fn those_who_wait_share_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let failure = super::refusal(400, "InvalidRequestException");
    sandbox.server().fault(Fault::on_operation(LIST, failure));
    slowly(&sandbox, LIST, 1500);
    let outcomes = run_all((0..10).map(|_| sandbox.sso(["roles"])));
    for outcome in outcomes {
        outcome
            .expect(1)
            .stderr_contains("the service refused the request");
    }
    assert_eq!(sandbox.server().count(LIST), 1);
}

#[test]
fn a_part_is_asked_for_while_somebody_lists_everything() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let lock = sandbox.hold_lock("inventory", &sandbox.token_path("corp"));
    let words = ["roles", "-a", "111122223333", "--jsonl"];
    let (outcome, took) = timed(|| sandbox.sso(words).run().expect(0));
    assert_eq!((rows(&outcome), outcome.stderr.as_str()), (2, ""));
    assert!(took < Duration::from_secs(5), "{took:?}");
    sandbox.sso(["accounts"]).run().expect(0);
    assert!(!sandbox.inventory_path().exists());
    // Everything waits, and says for whom.
    let run = sandbox.sso(["roles"]).env("SSO_TIMEOUT", "0.1");
    let outcome = run.run().expect(1);
    outcome
        .stderr_contains("which is listing already")
        .stderr_contains("has been listing the accounts and roles for too long");
    drop(lock);
    sandbox.sso(["roles"]).run().expect(0);
}

#[test]
fn killed_at_any_moment_what_is_kept_is_old_or_new() {
    let sandbox = organization(12);
    sandbox.cache_listing(600);
    let before = head(&sandbox);
    sandbox.server().fill_accounts(14, 1);
    for ms in [5, 30, 60, 120, 250, 400, 600, 650, 700] {
        let running = sandbox
            .sso(["roles", "--refresh"])
            .own_process_group()
            .start();
        std::thread::sleep(Duration::from_millis(ms));
        running.signal(Signal::SIGKILL, true);
        running.finish();
        let text = std::fs::read_to_string(sandbox.inventory_path()).unwrap();
        let now: Value = head(&sandbox);
        assert!(now == before || now["accounts"] == 14, "{now}");
        let lines = 1 + usize::try_from(now["accounts"].as_u64().unwrap()).unwrap();
        assert_eq!(text.lines().count(), lines);
    }
    sandbox.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(head(&sandbox)["accounts"], 14);
    let directory = sandbox.inventory_path();
    let directory = directory.parent().unwrap();
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), 1);
}

#[test]
fn what_is_kept_is_private_and_of_one_start_url() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.sso(["roles"]).run().expect(0);
    let path = sandbox.inventory_path();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let bytes = std::fs::read(&path).unwrap();
    // Another configuration says `corp` as well.
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    sandbox.write_config(&config.replace("https://corp.", "https://other."));
    sandbox.sso(["roles"]).run().expect(4);
    sandbox.write_config(&config);
    // A sign-out ends the session, and what is known stays.
    sandbox.sso(["logout"]).run().expect(0);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    sandbox
        .sso(["roles"])
        .run()
        .expect(0)
        .stderr_contains("ago");
}

#[test]
fn a_file_that_is_no_inventory_is_as_good_as_none() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.sso(["roles"]).run().expect(0);
    let path = sandbox.inventory_path();
    let whole = std::fs::read(&path).unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    let other_form = String::from_utf8(whole)
        .unwrap()
        .replace("\"form\":1", "\"form\":2");
    for bytes in [half, other_form.into_bytes(), Vec::new(), vec![0xff; 100]] {
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
fn many_who_write_the_profiles_write_them_once() {
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
