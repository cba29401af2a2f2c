//! Pages, the request rate, and output while the listing is running.

use std::collections::BTreeSet;
use std::time::Duration;

use emulator::{Account, Fault};

use super::{LIST, ROLES, account_page, organization, parameter, rows, stored_account};
use crate::fixture::Sandbox;
use crate::fixture::parallel::timed;

#[test]
fn all_pages_are_read_at_the_maximum_page_size() {
    let sandbox = organization(101);
    let names: Vec<String> = (0..205).map(|number| format!("Role{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let account = Account::new("000000000001", "Many", &names);
    sandbox.server().put_account(account);
    let outcome = sandbox
        .sso(["roles", "--csv", "--no-header"])
        .run()
        .expect(0);
    assert_eq!(rows(&outcome), 205 + 100);
    assert!(outcome.stdout.starts_with("Many,000000000001,Role0\r\n"));
    let log = sandbox.server().log();
    let lists: Vec<_> = log
        .iter()
        .filter(|it| it.path.starts_with("/assignment/"))
        .collect();
    assert_eq!(lists.len(), 2 + 3 + 100);
    for entry in lists {
        assert_eq!(parameter(entry, "max_result"), Some("100"), "{entry:?}");
        assert_eq!(entry.status, 200, "{entry:?}");
    }
    assert_eq!(
        stored_account(&sandbox, "000000000001")["roles"]
            .as_array()
            .unwrap()
            .len(),
        205
    );
}

#[test]
fn complete_account_ids_need_no_list_of_accounts() {
    let sandbox = organization(30);
    let arguments = [
        "roles",
        "-a",
        "000000000007",
        "-a",
        "000000000009",
        "--jsonl",
    ];
    let outcome = sandbox.sso(arguments).run().expect(0);
    assert_eq!(rows(&outcome), 2);
    assert_eq!(sandbox.server().count(LIST), 0);
    assert_eq!(sandbox.server().count(ROLES), 2);
    // A partial listing is not used for the next call.
    sandbox.server().clear_log();
    let outcome = sandbox
        .sso(["roles", "-a", "^Account 000", "--jsonl"])
        .run()
        .expect(0);
    assert_eq!(rows(&outcome), 9);
    assert_eq!(sandbox.server().count(LIST), 1);
    assert_eq!(sandbox.server().count(ROLES), 9);
}

#[test]
fn a_lower_rate_limit_than_documented_loses_no_row() {
    let sandbox = organization(40);
    sandbox.server().set_rate(10.0, 1.0);
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(0);
    assert_eq!(rows(&outcome), 40);
    let log = sandbox.server().log();
    let passed = log.iter().filter(|entry| entry.status == 200).count();
    assert_eq!(passed, 41);
    assert!(log.len() < 41 + 30, "{} requests", log.len());
}

#[test]
fn repeated_throttling_loses_no_row() {
    let sandbox = organization(40);
    let throttled = super::refusal(429, "TooManyRequestsException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, throttled).skip(10).times(7));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(0);
    assert_eq!(rows(&outcome), 40);
    assert_eq!(sandbox.server().count(ROLES), 40 + 7);
}

#[test]
fn the_timeout_applies_to_a_request_and_not_to_the_listing() {
    let sandbox = organization(60);
    let run = sandbox.sso(["roles", "--jsonl"]).env("SSO_TIMEOUT", "2");
    let (outcome, took) = timed(|| run.run().expect(0));
    assert_eq!(rows(&outcome), 60);
    // After a first burst the rate is 20 requests per second.
    assert!(took > Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_cyclic_or_invalid_list_ends_with_an_error() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let cycle = account_page(&["111122223333", "012345678901"], Some("again"));
    sandbox.server().fault(Fault::on_operation(LIST, cycle));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(1);
    let outcome = outcome.stderr_contains("the list of accounts could not be read to its end");
    assert_eq!(rows(&outcome), 3);
    assert_eq!(sandbox.server().count(LIST), 2);

    sandbox.server().clear_faults();
    let invalid = account_page(&["../x\u{1b}[2J", "111122223333", "111122223333"], Some(""));
    sandbox.server().fault(Fault::on_operation(LIST, invalid));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(1);
    let outcome = outcome.stderr_contains("is listed as an account, and an id is 12 digits");
    assert!(!outcome.stderr.contains('\u{1b}'));
    assert_eq!(rows(&outcome), 2);
}

#[test]
fn rows_are_streamed_and_requests_stop_with_the_reader() {
    let sandbox = organization(200);
    let sso = crate::fixture::binary();
    let script = format!("{} roles --csv | head -n 3", sso.display());
    let outcome = crate::fixture::Run::program(&sandbox, "sh")
        .args(["-c", &script])
        .run();
    assert_eq!(rows(&outcome), 3);
    let asked = sandbox.server().count(ROLES);
    assert!(asked < 150, "{asked} accounts were requested");
    assert!(!sandbox.inventory_path().exists());
}

#[test]
fn rows_are_in_the_order_of_the_portal() {
    let sandbox = organization(30);
    let outcome = sandbox
        .sso(["roles", "--tsv", "--no-header"])
        .run()
        .expect(0);
    let ids: Vec<&str> = outcome
        .stdout
        .lines()
        .filter_map(|line| line.split('\t').nth(1))
        .collect();
    let order: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids, order.into_iter().collect::<Vec<_>>());
}

#[test]
fn progress_is_shown_on_a_terminal_and_erased() {
    let sandbox = organization(60);
    let mut terminal = sandbox.sso(["roles", "-r", "nothing"]).start_on_terminal();
    terminal.wait_for_screen(" of 60 accounts are read");
    let outcome = terminal.finish().expect(0);
    let (_, after) = outcome.stdout.rsplit_once("accounts are read").unwrap();
    assert!(after.starts_with("\r\u{1b}[K"), "{after:?}");
    // Without a terminal there is no progress.
    sandbox.server().fill_accounts(40, 1);
    let outcome = sandbox.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(outcome.stderr, "");
}
