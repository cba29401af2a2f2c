//! A listing as a walk through the portal's pages: what to ask next, what an answer means,
//! and what is missing at the end.
//!
//! It asks nobody and waits for nothing: `aws` sends what it says and tells it what came.
//! Time is what passed since the listing began. Whatever the portal answers, the walk ends.

mod collected;
mod messages;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use super::inventory::{Account, AccountPattern, Extent, Inventory};
use super::rate_limit::Pace;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::net::retry::{RetryPolicy, jitter, retry_delay};
use crate::domain::session::definition::Session;
use crate::domain::time::Timestamp;

use collected::Found;

pub use messages::{Answer, Ask, Page, Step};

/// How many requests are under way at once: what the rate needs when the portal takes more
/// than a second to answer.
const MAX_AT_ONCE: usize = 25;

/// No organization has lists that long. A portal whose pages never end is not followed.
const MAX_PAGES_OF_ACCOUNTS: usize = 1000;
const MAX_PAGES_OF_ROLES: usize = 50;

/// When so many requests have failed one after another, the others would fail as well, each
/// after its own time.
const MAX_IN_A_ROW: u32 = 10;

/// The walk.
#[derive(Debug)]
pub struct Walk {
    pace: Pace,
    /// The time for one request, its repetitions included.
    limit: Duration,
    found: Found,
    turns: VecDeque<Turn>,
    /// Not before the time.
    later: Vec<(Duration, Turn)>,
    under_way: HashMap<u64, (Turn, Duration)>,
    sent: u64,
    in_a_row: u32,
    /// When the last answer came.
    passed_at: Duration,
    /// How many answers the portal has given that say something about the session.
    answers: u64,
    /// The portal does not accept the token any more.
    refused: Option<Failure>,
    /// It makes no sense to go on.
    given_up: Option<Failure>,
}

/// A request that is to be made, or made again.
#[derive(Debug)]
struct Turn {
    ask: Ask,
    /// The beginnings of the pages before it.
    seen: HashSet<String>,
    attempts: u32,
    /// When it went for the first time.
    since: Option<Duration>,
}

impl Turn {
    fn first(account: Option<String>) -> Turn {
        Turn {
            ask: Ask {
                account,
                from: None,
            },
            seen: HashSet::new(),
            attempts: 0,
            since: None,
        }
    }
}

impl Walk {
    /// A walk to the accounts that the patterns mean, and with `roles` to their roles. Where
    /// all patterns are ids, the list of accounts is not asked for.
    pub fn new(patterns: &[AccountPattern], roles: bool, limit: Duration) -> Walk {
        let ids = AccountPattern::ids(patterns).filter(|_| roles);
        let extent = match (roles, patterns.is_empty()) {
            (false, _) => Extent::Names,
            (true, true) => Extent::All,
            (true, false) => Extent::Some,
        };
        let mut walk = Walk {
            pace: Pace::default(),
            limit,
            found: Found::new(extent, patterns),
            turns: VecDeque::new(),
            later: Vec::new(),
            under_way: HashMap::new(),
            sent: 0,
            in_a_row: 0,
            passed_at: Duration::ZERO,
            answers: 0,
            refused: None,
            given_up: None,
        };
        match ids {
            Some(ids) => {
                for id in ids {
                    walk.listed(Account {
                        id,
                        ..Account::default()
                    });
                }
            }
            None => walk.turns.push_back(Turn::first(None)),
        }
        walk
    }

    /// Accounts that are asked for by their ids get the names that are kept of them.
    pub fn name_by(&mut self, kept: &Inventory) {
        self.found.name_by(kept);
    }

    /// What to do now.
    pub fn step(&mut self, now: Duration) -> Step {
        if self.refused.is_some() {
            return self.end();
        }
        let due = self.later.iter().position(|(at, _)| *at <= now);
        if let Some(due) = due {
            let (_, turn) = self.later.swap_remove(due);
            self.turns.push_front(turn);
        }
        let soonest = self
            .later
            .iter()
            .map(|(at, _)| at.saturating_sub(now))
            .min();
        if self.turns.is_empty() {
            return soonest.map_or_else(|| self.end(), Step::Wait);
        }
        if self.under_way.len() >= MAX_AT_ONCE {
            return Step::Await;
        }
        let wait = self.pace.wait(now);
        if !wait.is_zero() {
            return Step::Wait(soonest.map_or(wait, |soonest| soonest.min(wait)));
        }
        let Some(mut turn) = self.turns.pop_front() else {
            return self.end();
        };
        self.pace.sent(now);
        self.sent += 1;
        turn.attempts += 1;
        let since = *turn.since.get_or_insert(now);
        let left = (since + self.limit).saturating_sub(now);
        let ask = turn.ask.clone();
        self.under_way.insert(self.sent, (turn, now));
        Step::Send(self.sent, ask, left)
    }

    fn end(&self) -> Step {
        if self.under_way.is_empty() {
            Step::Done
        } else {
            Step::Await
        }
    }

    /// What came of a request. `chance`, from 0 to 1, spreads what is tried again.
    pub fn came(
        &mut self,
        number: u64,
        answer: Result<Answer, Failure>,
        now: Duration,
        chance: f64,
    ) {
        let Some((turn, sent)) = self.under_way.remove(&number) else {
            return;
        };
        match answer {
            Ok(answer) => {
                self.pace.passed(sent);
                self.in_a_row = 0;
                self.answers += 1;
                self.passed_at = now;
                self.take(turn, answer);
            }
            Err(failure) => self.failed(turn, failure, sent, now, chance),
        }
    }

    fn take(&mut self, turn: Turn, answer: Answer) {
        let next = match (&turn.ask.account, answer) {
            (None, Answer::Accounts(page)) => {
                for account in page.items {
                    self.listed(account);
                }
                page.next
            }
            (Some(id), Answer::Roles(page)) => {
                self.found.add_roles(id, page.items);
                page.next
            }
            _ => return self.miss(&turn, &strange("the answer is to another question")),
        };
        let Some(next) = next.filter(|next| !next.is_empty()) else {
            return self.found.settle(turn.ask.account.as_deref());
        };
        let Turn { ask, mut seen, .. } = turn;
        let again = !seen.insert(next.clone());
        let most = match ask.account {
            None => MAX_PAGES_OF_ACCOUNTS,
            Some(_) => MAX_PAGES_OF_ROLES,
        };
        let endless = seen.len() >= most;
        let turn = Turn {
            ask: Ask {
                account: ask.account,
                from: Some(next),
            },
            seen,
            attempts: 0,
            since: None,
        };
        if again || endless {
            return self.miss(&turn, &strange("the pages of the list do not end"));
        }
        // The rest of a list before another one: the accounts are what everything waits for.
        self.turns.push_front(turn);
    }

    fn listed(&mut self, account: Account) {
        let id = account.id.clone();
        if self.found.add(account) {
            self.turns.push_back(Turn::first(Some(id)));
        }
    }

    fn failed(
        &mut self,
        mut turn: Turn,
        failure: Failure,
        sent: Duration,
        now: Duration,
        chance: f64,
    ) {
        let left = (turn.since.unwrap_or(now) + self.limit).saturating_sub(now);
        match failure.kind {
            FailureKind::Unauthorized => {
                turn.attempts = 0;
                turn.since = None;
                self.turns.push_front(turn);
                self.refused = Some(failure);
            }
            FailureKind::Throttled => {
                self.pace.throttled(sent, now, chance);
                let wait = self.pace.wait(now);
                if now + wait >= self.passed_at + self.limit {
                    // Nobody is let through, whatever is asked for.
                    self.miss(&turn, &failure);
                    self.give_up(&failure);
                } else if wait < left {
                    self.turns.push_front(turn);
                } else {
                    self.lose(&turn, failure);
                }
            }
            kind => match retry_delay(kind, turn.attempts, RetryPolicy::Idempotent) {
                Some(delay) => {
                    let wait = jitter(delay, chance);
                    if wait < left {
                        self.later.push((now + wait, turn));
                    } else {
                        self.lose(&turn, failure);
                    }
                }
                None => self.lose(&turn, failure),
            },
        }
    }

    /// A request has failed for good.
    fn lose(&mut self, turn: &Turn, failure: Failure) {
        self.miss(turn, &failure);
        if failure.kind.is_rejection() {
            self.answers += 1;
            self.in_a_row = 0;
            return;
        }
        self.in_a_row += 1;
        let nothing_yet = self.answers == 0 && turn.ask.account.is_none();
        if self.in_a_row >= MAX_IN_A_ROW || nothing_yet {
            self.give_up(&failure);
        }
    }

    fn give_up(&mut self, failure: &Failure) {
        let turns = std::mem::take(&mut self.turns).into_iter();
        let later = std::mem::take(&mut self.later).into_iter();
        let left: Vec<Turn> = turns.chain(later.map(|(_, turn)| turn)).collect();
        for turn in &left {
            self.miss(turn, failure);
        }
        self.given_up.get_or_insert_with(|| failure.clone());
    }

    fn miss(&mut self, turn: &Turn, failure: &Failure) {
        self.found.miss(turn.ask.account.as_deref(), failure);
    }

    /// The next account, in the portal's order, whose roles are known now.
    pub fn next_ready(&mut self) -> Option<&Account> {
        self.found.next_ready()
    }

    /// How many accounts are done, and how many are known.
    pub fn progress(&self) -> (usize, usize) {
        self.found.progress()
    }

    /// That the portal does not accept the token any more, once. After this the walk goes on
    /// where it stood, with another one.
    pub fn take_refusal(&mut self) -> Option<Failure> {
        self.refused.take()
    }

    /// How many answers have come, for which a token was good.
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// Why nothing came at all, where that is so.
    pub fn failure(&self) -> Option<&Failure> {
        self.given_up.as_ref().filter(|_| self.answers == 0)
    }

    /// What was found. What has not been asked for yet counts as missing.
    pub fn finish(mut self, session: &Session, taken_at: Timestamp) -> Inventory {
        let unasked = Failure::new(FailureKind::Unauthorized, "it was not asked for any more");
        let under_way = std::mem::take(&mut self.under_way).into_values();
        self.turns.extend(under_way.map(|(turn, _)| turn));
        self.give_up(&unasked);
        let extent = self.found.extent;
        let (accounts, missing) = self.found.into_parts();
        Inventory {
            extent,
            accounts,
            missing,
            ..Inventory::empty(session, taken_at)
        }
    }
}

fn strange(what: &str) -> Failure {
    Failure::new(FailureKind::NotTheService, what)
}

#[cfg(test)]
mod tests;
