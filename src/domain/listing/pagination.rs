//! Paging through the portal's lists: what to request next, what a response means, and what
//! is missing at the end.
//!
//! It sends nothing and never sleeps: `aws` sends its requests and passes on the responses.
//! Times count from the start of the listing. Whatever the portal answers, the listing ends.

mod collected;

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use super::inventory::{Account, Coverage, Inventory};
use super::pattern::AccountPattern;
use super::rate_limit::RateLimiter;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::retry::{RetryPolicy, jitter, retry_delay};
use crate::domain::session::definition::Session;
use crate::domain::time::Timestamp;

use collected::Collected;

/// Largest number of requests in flight: what the rate needs when the portal takes more than
/// a second to answer.
const MAX_IN_FLIGHT: usize = 25;

/// Longest lists that are read. No organization has longer ones, so more pages mean a portal
/// whose pages never end.
const MAX_PAGES_OF_ACCOUNTS: usize = 1000;
const MAX_PAGES_OF_ROLES: usize = 50;

/// Largest number of responses that a listing takes, at the documented rate of the portal those
/// of more than an hour.
const MAX_RESPONSES: u64 = 100_000;

/// Number of failed requests in a row after which the others would fail as well, each after
/// its own timeout.
const MAX_FAILURES_IN_A_ROW: u32 = 10;

/// Request for one page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Account whose roles are requested; `None` for the list of accounts.
    pub account: Option<String>,
    /// `nextToken` of the page before; `None` for the first page.
    pub token: Option<String>,
}

/// Response to a [`PageRequest`].
#[derive(Clone, Debug)]
pub struct PageResponse {
    pub items: PageItems,
    /// `nextToken` for the page after it.
    pub next_token: Option<String>,
}

/// Items of a page.
#[derive(Clone, Debug)]
pub enum PageItems {
    /// Accounts, without their roles.
    Accounts(Vec<Account>),
    /// Names of roles.
    Roles(Vec<String>),
}

/// Next action of the caller of a [`Pager`].
#[derive(Clone, Debug)]
pub enum PagerAction {
    /// Send the request of this number; its response must arrive within the time.
    Send(u64, PageRequest, Duration),
    /// Sleep for this time, unless a response arrives earlier.
    Sleep(Duration),
    AwaitResponse,
    /// Stop: the listing is over.
    Stop,
}

/// Pages through the list of accounts and through the role list of each account.
#[derive(Debug, Default)]
pub struct Pager {
    pub collected: Collected,
    /// Failure by which the portal rejected the token. Once it is taken, the listing goes on where
    /// it stopped, with another token.
    pub rejection: Option<Failure>,
    /// Number of responses that needed a valid token.
    pub responses: u64,
    limiter: RateLimiter,
    /// Time limit of a request, including its retries.
    limit: Duration,
    queue: VecDeque<PendingRequest>,
    /// Requests to retry, each not before its time.
    delayed: Vec<(Duration, PendingRequest)>,
    /// Requests in flight by number, each with the time at which it was sent.
    in_flight: HashMap<u64, (PendingRequest, Duration)>,
    /// Number of requests sent so far.
    sent: u64,
    failures_in_a_row: u32,
    /// Time of the last response with a page.
    last_page_at: Duration,
    /// Failure after which the rest was abandoned.
    abandoned: Option<Failure>,
}

/// A request to send, or to send again.
#[derive(Debug, Default)]
struct PendingRequest {
    request: PageRequest,
    /// Hashes of the tokens of the earlier pages of this list. The tokens may be long.
    seen: HashSet<u64>,
    attempts: u32,
    /// Time of the first attempt.
    first_sent_at: Option<Duration>,
}

impl Pager {
    /// Creates a pager for the accounts that the patterns select and, with `roles`, for their
    /// roles. If all patterns are ids, the list of accounts is not requested.
    pub fn new(patterns: &[AccountPattern], roles: bool, limit: Duration) -> Pager {
        let coverage = match (roles, patterns.is_empty()) {
            (false, _) => Coverage::AccountsOnly,
            (true, true) => Coverage::Everything,
            (true, false) => Coverage::SomeAccounts,
        };
        let mut pager = Pager {
            collected: Collected::new(coverage, patterns),
            limit,
            ..Pager::default()
        };
        match AccountPattern::ids(patterns).filter(|_| roles) {
            Some(ids) => {
                for id in ids {
                    pager.add_account(Account {
                        id,
                        ..Account::default()
                    });
                }
            }
            None => pager.queue.push_back(PendingRequest::default()),
        }
        pager
    }

    pub fn next_action(&mut self, now: Duration) -> PagerAction {
        if self.rejection.is_some() {
            return self.final_action();
        }
        if let Some(due) = self.delayed.iter().position(|(at, _)| *at <= now) {
            let (_, pending) = self.delayed.swap_remove(due);
            self.queue.push_front(pending);
        }
        let retries = self.delayed.iter();
        let next_retry = retries.map(|(at, _)| at.saturating_sub(now)).min();
        if self.queue.is_empty() {
            return next_retry.map_or_else(|| self.final_action(), PagerAction::Sleep);
        }
        if self.in_flight.len() >= MAX_IN_FLIGHT {
            return PagerAction::AwaitResponse;
        }
        let delay = self.limiter.delay(now);
        if !delay.is_zero() {
            return PagerAction::Sleep(next_retry.map_or(delay, |retry| retry.min(delay)));
        }
        let Some(mut pending) = self.queue.pop_front() else {
            return self.final_action();
        };
        self.limiter.record_sent(now);
        self.sent += 1;
        pending.attempts += 1;
        let first_sent_at = *pending.first_sent_at.get_or_insert(now);
        let left = (first_sent_at + self.limit).saturating_sub(now);
        let request = pending.request.clone();
        self.in_flight.insert(self.sent, (pending, now));
        PagerAction::Send(self.sent, request, left)
    }

    fn final_action(&self) -> PagerAction {
        if self.in_flight.is_empty() {
            PagerAction::Stop
        } else {
            PagerAction::AwaitResponse
        }
    }

    /// Takes the response to the request of this number. `random`, from 0 to 1, spreads
    /// retries.
    pub fn receive(
        &mut self,
        number: u64,
        response: Result<PageResponse, Failure>,
        now: Duration,
        random: f64,
    ) {
        let Some((pending, sent_at)) = self.in_flight.remove(&number) else {
            return;
        };
        match response {
            Ok(response) => {
                self.limiter.record_accepted(sent_at);
                self.failures_in_a_row = 0;
                self.responses += 1;
                self.last_page_at = now;
                self.add_page(pending, response);
            }
            Err(failure) => self.handle_failure(pending, failure, sent_at, now, random),
        }
    }

    fn add_page(&mut self, mut pending: PendingRequest, response: PageResponse) {
        if self.collected.is_full() || self.responses > MAX_RESPONSES {
            let failure = foreign("the lists are longer than those of any organization");
            self.fail_list(&pending, &failure);
            return self.abandon(&failure);
        }
        match (&pending.request.account, response.items) {
            (None, PageItems::Accounts(accounts)) => {
                for account in accounts {
                    self.add_account(account);
                }
            }
            (Some(id), PageItems::Roles(roles)) => self.collected.add_roles(id, roles),
            _ => return self.fail_list(&pending, &foreign("the answer is to another question")),
        }
        let Some(token) = response.next_token.filter(|token| !token.is_empty()) else {
            let account = pending.request.account.as_deref();
            return self.collected.finish_list(account);
        };
        let max_pages = match pending.request.account {
            None => MAX_PAGES_OF_ACCOUNTS,
            Some(_) => MAX_PAGES_OF_ROLES,
        };
        let is_repeated = !pending.seen.insert(hash(&token));
        pending.request.token = Some(token);
        pending.attempts = 0;
        pending.first_sent_at = None;
        if is_repeated || pending.seen.len() >= max_pages {
            return self.fail_list(&pending, &foreign("the pages of the list do not end"));
        }
        // The rest of a list comes before another list: everything waits for the accounts.
        self.queue.push_front(pending);
    }

    fn add_account(&mut self, account: Account) {
        let mut pending = PendingRequest::default();
        pending.request.account = Some(account.id.clone());
        if self.collected.add_account(account) {
            self.queue.push_back(pending);
        }
    }

    fn handle_failure(
        &mut self,
        mut pending: PendingRequest,
        failure: Failure,
        sent_at: Duration,
        now: Duration,
        random: f64,
    ) {
        let first_sent_at = pending.first_sent_at.unwrap_or(now);
        let left = (first_sent_at + self.limit).saturating_sub(now);
        match failure.kind {
            FailureKind::Unauthorized => {
                pending.attempts = 0;
                pending.first_sent_at = None;
                self.queue.push_front(pending);
                self.rejection = Some(failure);
            }
            FailureKind::Throttled => {
                self.limiter.record_throttled(sent_at, now, random);
                let delay = self.limiter.delay(now);
                if now + delay >= self.last_page_at + self.limit {
                    // The portal accepts nothing, whichever list is requested.
                    self.fail_list(&pending, &failure);
                    self.abandon(&failure);
                } else if delay < left {
                    self.queue.push_front(pending);
                } else {
                    self.give_up_request(&pending, failure);
                }
            }
            kind => {
                let delay = retry_delay(kind, pending.attempts, RetryPolicy::Idempotent);
                match delay.map(|delay| jitter(delay, random)) {
                    Some(delay) if delay < left => self.delayed.push((now + delay, pending)),
                    _ => self.give_up_request(&pending, failure),
                }
            }
        }
    }

    /// Records a request that failed for good, and abandons the rest if it would fail too.
    fn give_up_request(&mut self, pending: &PendingRequest, failure: Failure) {
        self.fail_list(pending, &failure);
        if failure.kind.is_rejection() {
            self.responses += 1;
            self.failures_in_a_row = 0;
            return;
        }
        self.failures_in_a_row += 1;
        let is_first = self.responses == 0 && pending.request.account.is_none();
        if self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW || is_first {
            self.abandon(&failure);
        }
    }

    /// Fails every list that is still to be requested.
    fn abandon(&mut self, failure: &Failure) {
        let queue = std::mem::take(&mut self.queue).into_iter();
        let delayed = std::mem::take(&mut self.delayed).into_iter();
        let left: Vec<PendingRequest> = queue.chain(delayed.map(|(_, pending)| pending)).collect();
        for pending in &left {
            self.fail_list(pending, failure);
        }
        self.abandoned.get_or_insert_with(|| failure.clone());
    }

    fn fail_list(&mut self, pending: &PendingRequest, failure: &Failure) {
        let account = pending.request.account.as_deref();
        self.collected.fail_list(account, failure);
    }

    /// Returns the failure of a listing that got no response at all.
    pub fn failure(&self) -> Option<&Failure> {
        self.abandoned.as_ref().filter(|_| self.responses == 0)
    }

    /// Returns what was collected. Lists that were not requested yet are missing.
    pub fn finish(mut self, session: &Session, taken_at: Timestamp) -> Inventory {
        let unrequested = Failure::new(FailureKind::Unauthorized, "it was not asked for any more");
        let in_flight = std::mem::take(&mut self.in_flight).into_values();
        self.queue.extend(in_flight.map(|(pending, _)| pending));
        self.abandon(&unrequested);
        self.collected.into_inventory(session, taken_at)
    }
}

fn hash(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

/// A response that the service would not give.
fn foreign(what: &str) -> Failure {
    Failure::new(FailureKind::NotTheService, what)
}

#[cfg(test)]
mod tests;
