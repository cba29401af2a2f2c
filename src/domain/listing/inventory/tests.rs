//! Completeness of inventories, their file format and their merging.

use super::*;
use crate::domain::listing::inventory_file::{find_account, parse, to_text};
use crate::domain::listing::pattern::{AccountPattern, compile_regex};
use crate::domain::listing::role_selection::{RoleRow, RowOrder};

fn session() -> Session {
    Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1")
}

fn account(id: &str, name: &str, roles: &[&str]) -> Account {
    Account {
        id: id.to_owned(),
        name: (!name.is_empty()).then(|| name.to_owned()),
        email: None,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

fn inventory(taken_at: i64, coverage: Coverage, accounts: Vec<Account>) -> Inventory {
    Inventory {
        coverage,
        accounts,
        ..Inventory::empty(&session(), Timestamp(taken_at))
    }
}

fn sample() -> Inventory {
    let accounts = vec![
        account("111122223333", "Prod EU", &["Admin", "ReadOnly"]),
        account("000000000333", "aaa-low", &["Admin"]),
        account("444455556666", "", &["B"]),
    ];
    inventory(1000, Coverage::Everything, accounts)
}

fn lost(account: Option<&str>) -> MissingPart {
    MissingPart {
        account: account.map(str::to_owned),
        kind: FailureKind::Throttled,
        detail: "busy".to_owned(),
    }
}

#[test]
fn a_file_round_trips_and_a_truncated_one_is_rejected() {
    let mut hostile = sample();
    hostile.missing = vec![lost(None), lost(Some("444455556666"))];
    hostile.accounts[0].name = Some("a\n\u{1b}[31m\"{\u{2028}ü😀".to_owned());
    hostile.accounts[1].roles.push("x\ny".to_owned());
    let empty = Inventory::empty(&session(), Timestamp(0));
    for inventory in [sample(), hostile, empty] {
        let text = to_text(&inventory);
        assert_eq!(parse(text.as_bytes()).as_ref(), Some(&inventory));
        for end in 0..text.len() {
            assert_eq!(parse(&text.as_bytes()[..end]), None, "{end}");
        }
        assert_eq!(parse(format!("{text}x\n").as_bytes()), None);
        for account in &inventory.accounts {
            let found = find_account(text.as_bytes(), &account.id);
            assert_eq!(found.as_ref(), Some(account));
        }
        assert_eq!(find_account(text.as_bytes(), "999999999999"), None);
    }
}

#[test]
fn only_a_full_listing_is_complete_and_only_a_recent_one_fresh() {
    let whole = sample();
    assert!(whole.is_complete() && whole.is_fresh(Timestamp(1000)));
    assert!(whole.is_fresh(Timestamp(1000 + FRESH_FOR - 1)));
    for now in [1000 + FRESH_FOR, 999] {
        assert!(!whole.is_fresh(Timestamp(now)), "{now}");
    }
    let some = inventory(1000, Coverage::SomeAccounts, sample().accounts);
    let mut failed = sample();
    failed.missing = vec![lost(None)];
    assert!(!some.is_complete() && !failed.is_complete());
    let other = Session::new(Some("corp"), "https://other.awsapps.com/start", "eu-west-1");
    let slash = Session::new(None, "https://corp.awsapps.com/start/", "eu-west-1");
    assert!(!whole.is_of(&other) && whole.is_of(&slash));
}

#[test]
fn rows_are_sorted_by_bytes() {
    let inventory = sample();
    for (order, expected) in [
        (RowOrder::IdRole, "0 Admin, 1 Admin, 1 ReadOnly, 4 B"),
        (RowOrder::NameRole, "4 B, 1 Admin, 1 ReadOnly, 0 Admin"),
        (RowOrder::RoleId, "0 Admin, 1 Admin, 4 B, 1 ReadOnly"),
        (RowOrder::RoleName, "1 Admin, 0 Admin, 4 B, 1 ReadOnly"),
    ] {
        let mut rows = inventory.rows(&[], &[]);
        order.sort(&mut rows);
        let row = |row: &RoleRow| format!("{} {}", &row.account.id[..1], row.role);
        let sorted: Vec<String> = rows.iter().map(row).collect();
        assert_eq!(sorted.join(", "), expected, "{order:?}");
    }
}

#[test]
fn patterns_select_rows() {
    let inventory = sample();
    let accounts = ["1111", "low"].map(|text| AccountPattern::parse(text).unwrap());
    let roles = [compile_regex("^Admin$").unwrap()];
    let rows = inventory.rows(&accounts, &roles);
    let ids: Vec<&str> = rows.iter().map(|row| row.account.id.as_str()).collect();
    assert_eq!(ids, ["111122223333", "000000000333"]);
}

#[test]
fn a_failed_list_keeps_the_stored_roles_and_stays_missing() {
    let mut new = sample();
    new.taken_at = Timestamp(2000);
    new.accounts[1].roles.clear();
    new.accounts.remove(2);
    new.missing = vec![lost(Some("000000000333"))];
    let kept = new.merged_over(Some(sample()));
    assert!(!kept.is_complete());
    assert_eq!(kept.taken_at, Timestamp(2000));
    assert_eq!(kept.account("000000000333").unwrap().roles, ["Admin"]);
    // Of an account that is listed no more nothing stays.
    assert_eq!(kept.account("444455556666"), None);
    assert_eq!(kept.without_old_roles(), new);
    assert_eq!(new.merged_over(None), new);
}

#[test]
fn a_listing_of_some_accounts_keeps_the_others() {
    let accounts = vec![
        account("111122223333", "", &["New"]),
        account("777788889999", "", &["X"]),
    ];
    let some = inventory(2000, Coverage::SomeAccounts, accounts);
    let kept = some.merged_over(Some(sample()));
    assert!(kept.is_complete());
    assert_eq!(kept.taken_at, Timestamp(1000));
    let prod = kept.account("111122223333").unwrap();
    assert_eq!(prod, &account("111122223333", "Prod EU", &["New"]));
    assert_eq!(kept.accounts.len(), 4);

    let mut failed = some.clone();
    failed.accounts[0].roles.clear();
    failed.missing = vec![lost(Some("111122223333"))];
    let kept = failed.merged_over(Some(sample()));
    assert!(!kept.is_complete());
    assert_eq!(kept.accounts[0].roles, ["Admin", "ReadOnly"]);
    // A list that is read later is no longer missing.
    assert!(some.merged_over(Some(kept)).is_complete());
}

#[test]
fn a_mistyped_id_does_not_change_a_complete_listing() {
    let accounts = vec![account("999999999999", "", &[])];
    let mut some = inventory(2000, Coverage::SomeAccounts, accounts);
    some.missing = vec![lost(Some("999999999999"))];
    assert_eq!(some.merged_over(Some(sample())), sample());
    // One that is read is new.
    some.missing.clear();
    assert_eq!(some.merged_over(Some(sample())).accounts.len(), 4);
}

#[test]
fn a_listing_of_accounts_only_keeps_the_roles() {
    let accounts = vec![
        account("111122223333", "Renamed", &[]),
        account("777788889999", "New", &[]),
    ];
    let names = inventory(2000, Coverage::AccountsOnly, accounts);
    let kept = names.merged_over(Some(sample()));
    assert!(kept.is_complete());
    assert_eq!(kept.accounts.len(), 3);
    let prod = kept.account("111122223333").unwrap();
    let renamed = account("111122223333", "Renamed", &["Admin", "ReadOnly"]);
    assert_eq!(prod, &renamed);
    assert!(!names.merged_over(None).is_complete());
    // Over names, what was read of some accounts is no more than that.
    let accounts = vec![account("777788889999", "", &["X"])];
    let some = inventory(3000, Coverage::SomeAccounts, accounts);
    let kept = some.merged_over(Some(names));
    assert!(!kept.is_complete());
    let new = kept.account("777788889999").unwrap();
    assert_eq!(new.name.as_deref(), Some("New"));
}
