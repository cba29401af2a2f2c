//! Pages, and the pace at which they are asked for.

use std::collections::BTreeSet;
use std::time::Duration;

use emulator::{Account, Fault};

use super::{LIST, ROLES, kept, listed, organization, parameter, rows};
use crate::fixture::Sandbox;
use crate::fixture::parallel::timed;

#[test]
fn pages_are_as_long_as_the_portal_allows_and_all_of_them_are_read() {
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
        kept(&sandbox, "000000000001")["roles"]
            .as_array()
            .unwrap()
            .len(),
        205
    );
}

#[test]
fn whole_ids_need_no_list_of_accounts() {
    let sandbox = organization(30);
    let words = [
        "roles",
        "-a",
        "000000000007",
        "-a",
        "000000000009",
        "--jsonl",
    ];
    let outcome = sandbox.sso(words).run().expect(0);
    assert_eq!(rows(&outcome), 2);
    assert_eq!(sandbox.server().count(LIST), 0);
    assert_eq!(sandbox.server().count(ROLES), 2);
    // A part of the list is no listing: the next one asks.
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
fn a_portal_that_lets_less_through_than_documented_loses_nothing() {
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
fn a_storm_of_refusals_is_sat_out() {
    let sandbox = organization(40);
    let busy = super::refusal(429, "TooManyRequestsException");
    sandbox
        .server()
        .fault(Fault::on_operation(ROLES, busy).skip(10).times(7));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(0);
    assert_eq!(rows(&outcome), 40);
    assert_eq!(sandbox.server().count(ROLES), 40 + 7);
}

#[test]
fn the_time_limit_is_for_a_request_and_not_for_the_listing() {
    let sandbox = organization(60);
    let run = sandbox.sso(["roles", "--jsonl"]).env("SSO_TIMEOUT", "1");
    let (outcome, took) = timed(|| run.run().expect(0));
    assert_eq!(rows(&outcome), 60);
    // At 20 requests a second, after the first few.
    assert!(took > Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_list_that_goes_round_or_lies_ends() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let round = listed(&["111122223333", "012345678901"], Some("again"));
    sandbox.server().fault(Fault::on_operation(LIST, round));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(1);
    let outcome = outcome.stderr_contains("the list of accounts could not be read to its end");
    assert_eq!(rows(&outcome), 3);
    assert_eq!(sandbox.server().count(LIST), 2);

    sandbox.server().clear_faults();
    let lies = listed(&["../x\u{1b}[2J", "111122223333", "111122223333"], Some(""));
    sandbox.server().fault(Fault::on_operation(LIST, lies));
    let outcome = sandbox.sso(["roles", "--jsonl"]).run().expect(1);
    let outcome = outcome.stderr_contains("is listed as an account, and an id is 12 digits");
    assert!(!outcome.stderr.contains('\u{1b}'));
    assert_eq!(rows(&outcome), 2);
}

#[test]
fn rows_are_printed_while_the_rest_is_being_read_and_nobody_asks_for_what_nobody_reads() {
    let sandbox = organization(80);
    let sso = crate::fixture::binary();
    let script = format!("{} roles --csv | head -n 3", sso.display());
    let outcome = crate::fixture::Run::program(&sandbox, "sh")
        .args(["-c", &script])
        .run();
    assert_eq!(rows(&outcome), 3);
    let asked = sandbox.server().count(ROLES);
    assert!(asked < 40, "{asked} accounts were asked for");
    assert!(!sandbox.inventory_path().exists());
}

#[test]
fn every_row_is_there_once_and_in_the_order_of_the_portal() {
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
fn how_far_it_is_is_shown_on_a_terminal_and_taken_away_again() {
    let sandbox = organization(60);
    let mut terminal = sandbox.sso(["roles", "-r", "nothing"]).start_on_terminal();
    terminal.wait_for_screen(" of 60 accounts are read");
    let outcome = terminal.finish().expect(0);
    let (_, after) = outcome.stdout.rsplit_once("accounts are read").unwrap();
    assert!(after.starts_with("\r\u{1b}[K"), "{after:?}");
    // Elsewhere nothing is said.
    sandbox.server().fill_accounts(40, 1);
    let outcome = sandbox.sso(["roles", "--refresh"]).run().expect(0);
    assert_eq!(outcome.stderr, "");
}
