//! Listings of portals that answer, fail, contradict themselves and stop, in simulated time.

use super::*;

const LIMIT: Duration = Duration::from_secs(30);

fn session() -> Session {
    Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1")
}

fn account(number: usize) -> Account {
    Account {
        id: format!("{number:012}"),
        name: Some(format!("Account {number}")),
        ..Account::default()
    }
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, "simulated")
}

fn accounts_page(accounts: Vec<Account>, next_token: Option<String>) -> PageResponse {
    let items = PageItems::Accounts(accounts);
    PageResponse { items, next_token }
}

fn roles_page(roles: Vec<String>, next_token: Option<String>) -> PageResponse {
    let items = PageItems::Roles(roles);
    PageResponse { items, next_token }
}

/// A portal that answers after 50 ms: `accounts` accounts of two roles, in pages of `size`.
/// `replace` may return another response.
struct SimulatedPortal<F> {
    accounts: usize,
    size: usize,
    replace: F,
    requests: Vec<PageRequest>,
    now: Duration,
}

type Replaced = Option<Result<PageResponse, Failure>>;

impl<F: FnMut(&PageRequest, Duration) -> Replaced> SimulatedPortal<F> {
    fn new(accounts: usize, size: usize, replace: F) -> SimulatedPortal<F> {
        SimulatedPortal {
            accounts,
            size,
            replace,
            requests: Vec::new(),
            now: Duration::ZERO,
        }
    }

    fn response(&self, request: &PageRequest) -> PageResponse {
        let start = request.token.as_deref();
        let start: usize = start.map_or(0, |token| token.parse().unwrap());
        let page = |all: usize| {
            let end = (start + self.size).min(all);
            (start..end, (end < all).then(|| end.to_string()))
        };
        match &request.account {
            None => {
                let (numbers, next_token) = page(self.accounts);
                accounts_page(numbers.map(account).collect(), next_token)
            }
            Some(_) => {
                let (numbers, next_token) = page(2);
                let roles = numbers.map(|number| format!("Role{number}"));
                roles_page(roles.collect(), next_token)
            }
        }
    }

    /// Serves the pager to its end. Returns the accounts in the order in which they were ready.
    fn serve(&mut self, pager: &mut Pager) -> Vec<String> {
        let mut in_flight: Vec<(Duration, u64, PageRequest)> = Vec::new();
        let mut ready = Vec::new();
        loop {
            let timer = match pager.next_action(self.now) {
                PagerAction::Send(number, request, left) => {
                    assert!(left <= LIMIT);
                    self.requests.push(request.clone());
                    in_flight.push((self.now + Duration::from_millis(50), number, request));
                    assert!(in_flight.len() <= MAX_IN_FLIGHT);
                    continue;
                }
                PagerAction::Sleep(wait) => Some(self.now + wait),
                PagerAction::AwaitResponse => None,
                PagerAction::Stop => return ready,
            };
            assert!(self.now < Duration::from_secs(100_000), "endless listing");
            in_flight.sort_by_key(|(at, ..)| *at);
            let next = in_flight.first().map(|(at, ..)| *at);
            match (next, timer) {
                (Some(at), timer) if timer.is_none_or(|timer| at <= timer) => {
                    self.now = at;
                    let (_, number, request) = in_flight.remove(0);
                    let replaced = (self.replace)(&request, at);
                    let response = replaced.unwrap_or_else(|| Ok(self.response(&request)));
                    pager.receive(number, response, at, 0.5);
                }
                (_, Some(timer)) => self.now = timer,
                (_, None) => panic!("the pager waits for nothing"),
            }
            while let Some(account) = pager.collected.next_ready() {
                ready.push(account.id.clone());
            }
        }
    }
}

fn list_all(
    portal: &mut SimulatedPortal<impl FnMut(&PageRequest, Duration) -> Replaced>,
) -> (Inventory, Vec<String>) {
    let mut pager = Pager::new(&[], true, LIMIT);
    let ready = portal.serve(&mut pager);
    assert_eq!(pager.failure(), None);
    (pager.finish(&session(), Timestamp(1)), ready)
}

fn unchanged(_: &PageRequest, _: Duration) -> Replaced {
    None
}

/// Rejects the token after a second.
fn unauthorized(_: &PageRequest, now: Duration) -> Replaced {
    (now > Duration::from_secs(1)).then(|| Err(failure(FailureKind::Unauthorized)))
}

#[test]
fn everything_is_listed_in_order_at_the_documented_rate() {
    let mut portal = SimulatedPortal::new(1000, 100, unchanged);
    let (inventory, ready) = list_all(&mut portal);
    assert!(inventory.is_complete());
    assert_eq!(portal.requests.len(), 1010);
    let ids: Vec<String> = (0..1000).map(|number| account(number).id).collect();
    assert_eq!(ready, ids);
    let listed = inventory.accounts.iter();
    assert!(listed.clone().map(|it| &it.id).eq(&ids));
    assert!(listed.clone().all(|it| it.roles == ["Role0", "Role1"]));
    assert!(portal.now <= Duration::from_secs(51), "{:?}", portal.now);

    let (inventory, _) = list_all(&mut SimulatedPortal::new(3, 1, unchanged));
    assert!(inventory.is_complete());
    assert_eq!(inventory.accounts[2].roles, ["Role0", "Role1"]);
}

#[test]
fn ids_are_requested_directly_and_names_through_the_list() {
    let list = |texts: &[&str], roles| {
        let parse = |text: &&str| AccountPattern::parse(text).unwrap();
        let patterns: Vec<AccountPattern> = texts.iter().map(parse).collect();
        let mut portal = SimulatedPortal::new(5, 100, unchanged);
        let mut pager = Pager::new(&patterns, roles, LIMIT);
        let ready = portal.serve(&mut pager);
        (
            portal.requests,
            ready,
            pager.finish(&session(), Timestamp(1)),
        )
    };
    let (requests, _, inventory) = list(&["000000000003", "999999999999"], true);
    assert!(requests.iter().all(|request| request.account.is_some()));
    assert!(!inventory.is_complete() && inventory.missing.is_empty());
    assert_eq!(inventory.account("000000000003").unwrap().roles.len(), 2);

    let (requests, ready, _) = list(&["Account 3"], true);
    assert_eq!(
        (requests.len(), ready),
        (2, vec!["000000000003".to_owned()])
    );

    let (requests, ready, inventory) = list(&[], false);
    assert_eq!((requests.len(), ready.len()), (1, 5));
    assert!(!inventory.is_complete());
}

#[test]
fn a_failed_account_is_missing_and_the_others_are_listed() {
    for (kind, attempts) in [
        (FailureKind::Forbidden, 1),
        (FailureKind::Server, 3),
        (FailureKind::Timeout, 1),
    ] {
        let replace = |request: &PageRequest, _: Duration| {
            let bad = request.account.as_deref() == Some("000000000001");
            bad.then(|| Err(failure(kind)))
        };
        let mut portal = SimulatedPortal::new(4, 100, replace);
        let (inventory, ready) = list_all(&mut portal);
        let [missing] = inventory.missing.as_slice() else {
            panic!("{kind:?}: {:?}", inventory.missing);
        };
        assert_eq!(missing.kind, kind);
        assert_eq!(missing.account.as_deref(), Some("000000000001"));
        assert_eq!(ready.len(), 3);
        assert_eq!(portal.requests.len(), 1 + 3 + attempts, "{kind:?}");
    }
}

#[test]
fn a_list_that_ends_early_is_missing() {
    let replace = |request: &PageRequest, _: Duration| {
        let second = request.account.is_none() && request.token.is_some();
        second.then(|| Err(failure(FailureKind::InvalidRequest)))
    };
    let (inventory, ready) = list_all(&mut SimulatedPortal::new(4, 2, replace));
    assert_eq!(ready.len(), 2);
    assert!(!inventory.is_complete());
    assert_eq!(inventory.missing[0].account, None);
    // The second page of one account's roles fails.
    let replace = |request: &PageRequest, _: Duration| {
        let second = request.account.as_deref() == Some("000000000000") && request.token.is_some();
        second.then(|| Err(failure(FailureKind::Server)))
    };
    let (inventory, _) = list_all(&mut SimulatedPortal::new(2, 1, replace));
    assert!(inventory.accounts[0].roles.is_empty());
    assert_eq!(inventory.missing.len(), 1);
}

#[test]
fn throttling_loses_nothing() {
    let mut count = 0;
    let replace = |_: &PageRequest, now: Duration| {
        count += 1;
        let storm = now > Duration::from_secs(2) && now < Duration::from_secs(8);
        (storm || count % 7 == 0).then(|| Err(failure(FailureKind::Throttled)))
    };
    let (inventory, ready) = list_all(&mut SimulatedPortal::new(200, 100, replace));
    assert!(inventory.is_complete(), "{:?}", inventory.missing);
    assert_eq!(ready.len(), 200);
}

#[test]
fn requests_to_a_failing_portal_end_soon() {
    for kind in [
        FailureKind::Network,
        FailureKind::Timeout,
        FailureKind::Throttled,
    ] {
        let gone = |_: &PageRequest, _: Duration| Some(Err(failure(kind)));
        let mut portal = SimulatedPortal::new(0, 100, gone);
        let mut pager = Pager::new(&[], true, LIMIT);
        portal.serve(&mut pager);
        assert_eq!(pager.failure().map(|it| it.kind), Some(kind));
        assert!(portal.requests.len() < 30);

        let goes = |_: &PageRequest, now: Duration| {
            (now > Duration::from_secs(3)).then(|| Err(failure(kind)))
        };
        let mut portal = SimulatedPortal::new(1000, 100, goes);
        let (inventory, ready) = list_all(&mut portal);
        assert!((21..80).contains(&ready.len()), "{kind:?}: {ready:?}");
        assert_eq!(inventory.missing.len() + ready.len(), 1000, "{kind:?}");
        assert!(portal.now < Duration::from_secs(60), "{:?}", portal.now);
    }
}

#[test]
fn repeated_and_endless_pages_end_the_list() {
    let mut number = 0;
    for is_repeated in [true, false] {
        let replace = |request: &PageRequest, _: Duration| {
            let bad = request.account.as_deref() == Some("000000000001");
            number += 1;
            let token = if is_repeated { 0 } else { number };
            let roles = vec!["Role".to_owned(), String::new()];
            bad.then_some(Ok(roles_page(roles, Some(token.to_string()))))
        };
        let mut portal = SimulatedPortal::new(3, 100, replace);
        let (inventory, ready) = list_all(&mut portal);
        assert_eq!(ready.len(), 2);
        assert_eq!(inventory.missing[0].kind, FailureKind::NotTheService);
        assert!(portal.requests.len() <= 60);
    }
    let replace = |request: &PageRequest, _: Duration| {
        let page = accounts_page(vec![account(0)], Some("x".to_owned()));
        request.account.is_none().then_some(Ok(page))
    };
    let (inventory, ready) = list_all(&mut SimulatedPortal::new(1, 100, replace));
    assert_eq!(ready.len(), 1);
    assert!(!inventory.is_complete());
}

#[test]
fn lists_longer_than_any_organization_end() {
    let mut number = 0;
    let mut fill = |page: fn(usize) -> PageResponse| {
        let mut portal = SimulatedPortal::new(3000, 1000, |request, _| {
            number += 1;
            request.account.as_ref().map(|_| Ok(page(number)))
        });
        let (inventory, _) = list_all(&mut portal);
        let roles: usize = inventory.accounts.iter().map(|it| it.roles.len()).sum();
        let detail = inventory.missing.last().unwrap().detail.clone();
        assert!(
            detail.contains("longer than those of any organization"),
            "{detail}"
        );
        (roles, portal.requests.len())
    };
    // Many short names in full pages.
    let (roles, requests) =
        fill(|_| roles_page((0..20_000).map(|at| at.to_string()).collect(), None));
    assert!((500_000..2_000_000).contains(&roles), "{roles}");
    assert!(requests < 100, "{requests}");
    // Few long names.
    let (roles, _) =
        fill(|number| roles_page(vec!["x".repeat(1 << 20) + &number.to_string()], None));
    assert!((60..100).contains(&roles), "{roles}");
}

#[test]
fn invalid_accounts_do_not_fill_the_memory() {
    let mut portal = SimulatedPortal::new(0, 1, |_, now| {
        let invalid = vec![Account::default(); 20_000];
        Some(Ok(accounts_page(invalid, Some(format!("{now:?}")))))
    });
    let mut pager = Pager::new(&[], true, LIMIT);
    portal.serve(&mut pager);
    let inventory = pager.finish(&session(), Timestamp(1));
    assert!(
        inventory.missing.len() < 500_000,
        "{}",
        inventory.missing.len()
    );
}

#[test]
fn a_new_token_continues_the_listing() {
    let mut pager = Pager::new(&[], true, LIMIT);
    let mut portal = SimulatedPortal::new(100, 100, unauthorized);
    let first = portal.serve(&mut pager);
    assert!(first.len() < 60 && pager.responses > 0);
    assert!(pager.rejection.take().is_some());
    let requested = portal.requests.len();
    let now = portal.now;
    let mut portal = SimulatedPortal::new(100, 100, unchanged);
    portal.now = now;
    let second = portal.serve(&mut pager);
    assert_eq!(first.len() + second.len(), 100);
    assert!(requested + portal.requests.len() < 101 + 2 * MAX_IN_FLIGHT);
    assert!(pager.finish(&session(), Timestamp(1)).is_complete());
}

#[test]
fn unrequested_lists_are_missing() {
    let mut pager = Pager::new(&[], true, LIMIT);
    let ready = SimulatedPortal::new(100, 100, unauthorized).serve(&mut pager);
    let inventory = pager.finish(&session(), Timestamp(1));
    assert_eq!(inventory.missing.len() + ready.len(), 100);
    assert_eq!(inventory.accounts.len(), 100);
}

#[test]
fn invalid_and_repeated_items_are_dropped() {
    let replace = |request: &PageRequest, _: Duration| {
        if request.account.is_some() {
            let roles = ["A", "A", "", "B"].map(str::to_owned).to_vec();
            return Some(Ok(roles_page(roles, None)));
        }
        let ids = [
            "000000000001",
            "../\u{1b}[2J",
            "",
            "000000000001",
            "000000000002",
        ];
        let accounts = ids.map(|id| Account {
            id: id.to_owned(),
            ..Account::default()
        });
        Some(Ok(accounts_page(accounts.to_vec(), Some(String::new()))))
    };
    let (inventory, ready) = list_all(&mut SimulatedPortal::new(0, 100, replace));
    assert_eq!(ready, ["000000000001", "000000000002"]);
    assert_eq!(inventory.accounts[0].roles, ["A", "B"]);
    assert_eq!(inventory.missing.len(), 2);
    assert!(!inventory.missing[0].detail.contains('\u{1b}'));
}
