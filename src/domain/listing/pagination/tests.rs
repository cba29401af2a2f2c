//! Walks through portals that answer, fail, lie and stop, in simulated time.

use super::*;

const LIMIT: Duration = Duration::from_secs(30);

fn session() -> Session {
    Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1")
}

fn patterns(texts: &[&str]) -> Vec<AccountPattern> {
    let parse = |text: &&str| AccountPattern::parse(text).unwrap();
    texts.iter().map(parse).collect()
}

fn listed(number: usize) -> Account {
    Account {
        id: format!("{number:012}"),
        name: Some(format!("Account {number}")),
        ..Account::default()
    }
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, "as told")
}

/// A portal with so many accounts of two roles, in pages of `size`, which answers after
/// 50 ms. `odd` may answer in its place.
struct Portal<F> {
    accounts: usize,
    size: usize,
    odd: F,
    asked: Vec<Ask>,
    now: Duration,
}

type Odd = Option<Result<Answer, Failure>>;

impl<F: FnMut(&Ask, Duration) -> Odd> Portal<F> {
    fn new(accounts: usize, size: usize, odd: F) -> Portal<F> {
        Portal {
            accounts,
            size,
            odd,
            asked: Vec::new(),
            now: Duration::ZERO,
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let from: usize = ask.from.as_deref().map_or(0, |from| from.parse().unwrap());
        let page = |all: usize| {
            let end = (from + self.size).min(all);
            (from..end, (end < all).then(|| end.to_string()))
        };
        match &ask.account {
            None => {
                let (items, next) = page(self.accounts);
                let items = items.map(listed).collect();
                Answer::Accounts(Page { items, next })
            }
            Some(_) => {
                let (items, next) = page(2);
                let items = items.map(|number| format!("Role{number}")).collect();
                Answer::Roles(Page { items, next })
            }
        }
    }

    /// Walks to the end, and gives the accounts in the order in which they were told.
    fn serve(&mut self, walk: &mut Walk) -> Vec<String> {
        let mut under_way: Vec<(Duration, u64, Ask)> = Vec::new();
        let mut told = Vec::new();
        loop {
            let timer = match walk.step(self.now) {
                Step::Send(number, ask, left) => {
                    assert!(left <= LIMIT);
                    self.asked.push(ask.clone());
                    under_way.push((self.now + Duration::from_millis(50), number, ask));
                    assert!(under_way.len() <= MAX_AT_ONCE);
                    continue;
                }
                Step::Wait(wait) => Some(self.now + wait),
                Step::Await => None,
                Step::Done => return told,
            };
            assert!(self.now < Duration::from_secs(100_000), "it does not end");
            under_way.sort_by_key(|(at, ..)| *at);
            let next = under_way.first().map(|(at, ..)| *at);
            match (next, timer) {
                (Some(at), timer) if timer.is_none_or(|timer| at <= timer) => {
                    self.now = at;
                    let (_, number, ask) = under_way.remove(0);
                    let answer = (self.odd)(&ask, at).unwrap_or_else(|| Ok(self.answer(&ask)));
                    walk.came(number, answer, at, 0.5);
                }
                (_, Some(timer)) => self.now = timer,
                (_, None) => panic!("it waits for nothing"),
            }
            while let Some(account) = walk.next_ready() {
                told.push(account.id.clone());
            }
        }
    }
}

fn whole(portal: &mut Portal<impl FnMut(&Ask, Duration) -> Odd>) -> (Inventory, Vec<String>) {
    let mut walk = Walk::new(&[], true, LIMIT);
    let told = portal.serve(&mut walk);
    assert_eq!(walk.failure(), None);
    (walk.finish(&session(), Timestamp(1)), told)
}

fn never(_: &Ask, _: Duration) -> Odd {
    None
}

#[test]
fn everything_is_listed_in_order_at_the_documented_rate() {
    let mut portal = Portal::new(1000, 100, never);
    let (inventory, told) = whole(&mut portal);
    assert!(inventory.is_complete());
    assert_eq!(portal.asked.len(), 1010);
    assert_eq!(inventory.accounts.len(), 1000);
    assert!(
        inventory
            .accounts
            .iter()
            .all(|account| account.roles == ["Role0", "Role1"])
    );
    let order: Vec<String> = (0..1000).map(|number| listed(number).id).collect();
    assert_eq!(told, order);
    assert!(portal.now <= Duration::from_secs(51), "{:?}", portal.now);
}

#[test]
fn pages_of_one_are_walked_as_well() {
    let (inventory, _) = whole(&mut Portal::new(3, 1, never));
    assert!(inventory.is_complete());
    assert_eq!(inventory.accounts[2].roles, ["Role0", "Role1"]);
}

#[test]
fn ids_are_asked_for_directly_and_a_name_only_through_the_list() {
    let mut portal = Portal::new(5, 100, never);
    let mut walk = Walk::new(&patterns(&["000000000003", "999999999999"]), true, LIMIT);
    portal.serve(&mut walk);
    assert!(portal.asked.iter().all(|ask| ask.account.is_some()));
    let inventory = walk.finish(&session(), Timestamp(1));
    assert!(!inventory.is_complete() && inventory.missing.is_empty());
    assert_eq!(inventory.account("000000000003").unwrap().roles.len(), 2);

    let mut portal = Portal::new(5, 100, never);
    let mut walk = Walk::new(&patterns(&["Account 3"]), true, LIMIT);
    assert_eq!(portal.serve(&mut walk), ["000000000003"]);
    assert_eq!(portal.asked.len(), 2);

    let mut portal = Portal::new(5, 100, never);
    let mut walk = Walk::new(&[], false, LIMIT);
    assert_eq!(portal.serve(&mut walk).len(), 5);
    assert_eq!(portal.asked.len(), 1);
    assert!(!walk.finish(&session(), Timestamp(1)).is_complete());
}

#[test]
fn one_account_that_fails_is_missing_and_the_others_are_there() {
    for kind in [
        FailureKind::Forbidden,
        FailureKind::Server,
        FailureKind::Timeout,
    ] {
        let odd = |ask: &Ask, _: Duration| {
            let bad = ask.account.as_deref() == Some("000000000001");
            bad.then(|| Err(failure(kind)))
        };
        let mut portal = Portal::new(4, 100, odd);
        let (inventory, told) = whole(&mut portal);
        assert_eq!(inventory.missing.len(), 1, "{kind:?}");
        assert_eq!(inventory.missing[0].kind, kind);
        assert_eq!(
            inventory.missing[0].account.as_deref(),
            Some("000000000001")
        );
        assert_eq!(told.len(), 3);
        let tries = if kind == FailureKind::Server { 3 } else { 1 };
        assert_eq!(portal.asked.len(), 1 + 3 + tries, "{kind:?}");
    }
}

#[test]
fn a_list_that_breaks_off_is_not_a_shorter_one() {
    let odd = |ask: &Ask, _: Duration| {
        let second = ask.account.is_none() && ask.from.is_some();
        second.then(|| Err(failure(FailureKind::InvalidRequest)))
    };
    let (inventory, told) = whole(&mut Portal::new(4, 2, odd));
    assert_eq!(told.len(), 2);
    assert!(!inventory.is_complete());
    assert_eq!(inventory.missing[0].account, None);
    // The second page of one account's roles.
    let odd = |ask: &Ask, _: Duration| {
        let second = ask.account.as_deref() == Some("000000000000") && ask.from.is_some();
        second.then(|| Err(failure(FailureKind::Server)))
    };
    let (inventory, _) = whole(&mut Portal::new(2, 1, odd));
    assert!(inventory.accounts[0].roles.is_empty());
    assert_eq!(inventory.missing.len(), 1);
}

#[test]
fn a_storm_of_refusals_loses_nothing() {
    let mut count = 0;
    let odd = |_: &Ask, now: Duration| {
        count += 1;
        let storm = now > Duration::from_secs(2) && now < Duration::from_secs(8);
        (storm || count % 7 == 0).then(|| Err(failure(FailureKind::Throttled)))
    };
    let (inventory, told) = whole(&mut Portal::new(200, 100, odd));
    assert!(inventory.is_complete(), "{:?}", inventory.missing);
    assert_eq!(told.len(), 200);
}

#[test]
fn a_portal_that_is_gone_is_not_asked_a_thousand_times() {
    for kind in [
        FailureKind::Network,
        FailureKind::Timeout,
        FailureKind::Throttled,
    ] {
        let gone = |_: &Ask, _: Duration| Some(Err(failure(kind)));
        let mut portal = Portal::new(0, 100, gone);
        let mut walk = Walk::new(&[], true, LIMIT);
        portal.serve(&mut walk);
        assert_eq!(walk.failure().map(|it| it.kind), Some(kind));
        assert!(portal.asked.len() < 30);

        let goes = |_: &Ask, now: Duration| {
            let gone = now > Duration::from_secs(3);
            gone.then(|| Err(failure(kind)))
        };
        let mut portal = Portal::new(1000, 100, goes);
        let (inventory, told) = whole(&mut portal);
        assert!(
            told.len() > 20 && told.len() < 80,
            "{kind:?}: {}",
            told.len()
        );
        assert_eq!(inventory.missing.len() + told.len(), 1000, "{kind:?}");
        assert!(portal.now < Duration::from_secs(60), "{:?}", portal.now);
    }
}

#[test]
fn pages_that_go_round_or_never_end_are_left() {
    let mut number = 0;
    for round in [true, false] {
        let odd = |ask: &Ask, _: Duration| {
            let bad = ask.account.as_deref() == Some("000000000001");
            number += 1;
            let next = Some(if round {
                "x".to_owned()
            } else {
                number.to_string()
            });
            let items = vec!["Role".to_owned(), String::new()];
            bad.then_some(Ok(Answer::Roles(Page { items, next })))
        };
        let mut portal = Portal::new(3, 100, odd);
        let (inventory, told) = whole(&mut portal);
        assert_eq!(told.len(), 2);
        assert_eq!(inventory.missing[0].kind, FailureKind::NotTheService);
        assert!(portal.asked.len() <= 60);
    }
    let odd = |ask: &Ask, _: Duration| {
        let next = Some("x".to_owned());
        let items = vec![listed(0)];
        ask.account
            .is_none()
            .then_some(Ok(Answer::Accounts(Page { items, next })))
    };
    let (inventory, told) = whole(&mut Portal::new(1, 100, odd));
    assert_eq!(told.len(), 1);
    assert!(!inventory.is_complete());
}

#[test]
fn a_new_token_goes_on_where_the_old_one_ended() {
    let mut walk = Walk::new(&[], true, LIMIT);
    let odd = |_: &Ask, now: Duration| {
        let refused = now > Duration::from_secs(1);
        refused.then(|| Err(failure(FailureKind::Unauthorized)))
    };
    let mut portal = Portal::new(100, 100, odd);
    let first = portal.serve(&mut walk);
    assert!(first.len() < 60 && walk.answers() > 0);
    assert!(walk.take_refusal().is_some() && walk.take_refusal().is_none());
    let asked = portal.asked.len();
    let now = portal.now;
    let mut portal = Portal::new(100, 100, never);
    portal.now = now;
    let second = portal.serve(&mut walk);
    assert_eq!(first.len() + second.len(), 100);
    assert!(asked + portal.asked.len() < 101 + 2 * MAX_AT_ONCE);
    assert!(walk.finish(&session(), Timestamp(1)).is_complete());
}

#[test]
fn what_was_not_asked_for_is_missing() {
    let odd = |_: &Ask, now: Duration| {
        let refused = now > Duration::from_secs(1);
        refused.then(|| Err(failure(FailureKind::Unauthorized)))
    };
    let mut walk = Walk::new(&[], true, LIMIT);
    let told = Portal::new(100, 100, odd).serve(&mut walk);
    let inventory = walk.finish(&session(), Timestamp(1));
    assert_eq!(inventory.missing.len() + told.len(), 100);
    assert_eq!(inventory.accounts.len(), 100);
}

#[test]
fn hostile_lists_are_cleaned() {
    let odd = |ask: &Ask, _: Duration| {
        let bad = |id: &str| Account {
            id: id.to_owned(),
            ..Account::default()
        };
        let items = vec![
            listed(1),
            bad("../\u{1b}[2J"),
            bad(""),
            listed(1),
            listed(2),
        ];
        let roles = ["A", "A", "", "B"].map(str::to_owned).to_vec();
        Some(Ok(match ask.account {
            None => Answer::Accounts(Page {
                items,
                next: Some(String::new()),
            }),
            Some(_) => Answer::Roles(Page {
                items: roles,
                next: None,
            }),
        }))
    };
    let (inventory, told) = whole(&mut Portal::new(0, 100, odd));
    assert_eq!(told, ["000000000001", "000000000002"]);
    assert_eq!(inventory.accounts[0].roles, ["A", "B"]);
    assert_eq!(inventory.missing.len(), 2);
    assert!(!inventory.missing[0].detail.contains('\u{1b}'));
}
