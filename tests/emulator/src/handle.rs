//! The controls of a running server, for tests in the same process.
//!
//! `control` offers the same over HTTP and calls only what is here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::assignments::Account;
use crate::faults::Fault;
use crate::minted_session::{MintOptions, MintedSession};
use crate::options::Options;
use crate::rate_limit::TokenBucket;
use crate::request_log::LoggedRequest;
use crate::shared::Shared;
use crate::state::records::{Decision, Provenance, RoleKeys};

/// Controls one server; clones control the same one.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
}

/// Behaviour: options, time, faults and the rate limit.
impl Handle {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Changes options while the server runs; those about binding have no effect any more.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        change(&mut self.shared.state().options);
    }

    /// A copy of the options as they are now.
    #[must_use]
    pub fn options(&self) -> Options {
        self.shared.state().options.clone()
    }

    /// The server's clock, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.shared.clock.now_ms() / 1000
    }

    /// Moves the server's clock; negative numbers move it back.
    pub fn advance(&self, seconds: i64) {
        self.shared.clock.advance(seconds);
    }

    /// Sets the server's clock, which runs on from there.
    pub fn set_clock(&self, epoch_seconds: u64) {
        self.shared.clock.set(epoch_seconds);
    }

    /// Arms a fault; several work together as [`crate::Action`] says.
    pub fn fault(&self, fault: Fault) {
        self.shared.state().faults.add(fault);
    }

    /// Disarms all faults.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// How many faults with a count are not used up.
    #[must_use]
    pub fn pending_faults(&self) -> usize {
        self.shared.state().faults.pending()
    }

    /// Limits the portal to so many requests a second, `burst` at once; the rest gets 429.
    pub fn set_rate(&self, per_second: f64, burst: f64) {
        self.shared.state().rate_limit = Some(TokenBucket::new(per_second, burst));
    }

    /// Takes the limit away.
    pub fn clear_rate(&self) {
        self.shared.state().rate_limit = None;
    }
}

/// What was asked.
impl Handle {
    /// The requests since the last clearing, oldest first (the newest 10,000).
    #[must_use]
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.shared.state().log.entries().cloned().collect()
    }

    /// The requests of one operation, or of a family such as `CreateToken`.
    #[must_use]
    pub fn requests(&self, operation: &str) -> Vec<LoggedRequest> {
        let family = |entry: &LoggedRequest| entry.operation.split(':').next() == Some(operation);
        let state = self.shared.state();
        let found = state
            .log
            .entries()
            .filter(|e| e.operation == operation || family(e));
        found.cloned().collect()
    }

    /// How many requests there were; see [`Handle::requests`], and "" counts all.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        self.shared.state().log.count(operation)
    }

    /// The counts of all operations that were asked for.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.shared.state().log.counts().clone()
    }

    /// Forgets the requests and the counts.
    pub fn clear_log(&self) {
        self.shared.state().log.clear();
    }

    /// Waits until so many requests of an operation have come in; false if they did not.
    #[must_use]
    pub fn wait_for(&self, operation: &str, count: u64, limit: Duration) -> bool {
        let enough = self.shared.wait_for(limit, |state| {
            (state.log.count(operation) >= count).then_some(())
        });
        enough.is_some()
    }
}

/// The user in front of the browser.
impl Handle {
    /// The user codes that wait for a decision.
    #[must_use]
    pub fn waiting_codes(&self) -> Vec<String> {
        let now = self.shared.clock.now_ms();
        self.shared.state().waiting_codes(now)
    }

    /// Waits for a user code that waits for a decision.
    #[must_use]
    pub fn wait_for_code(&self, limit: Duration) -> Option<String> {
        self.shared.wait_for(limit, |state| {
            let now = self.shared.clock.now_ms();
            state.waiting_codes(now).pop()
        })
    }

    /// Approves a user code; false if no such code waits.
    #[must_use]
    pub fn approve_device(&self, user_code: &str) -> bool {
        self.decide(user_code, Decision::Approve)
    }

    /// Denies a user code; false if no such code waits.
    #[must_use]
    pub fn deny_device(&self, user_code: &str) -> bool {
        self.decide(user_code, Decision::Deny)
    }

    fn decide(&self, user_code: &str, decision: Decision) -> bool {
        let now = self.shared.clock.now_ms();
        let mut state = self.shared.state();
        let device = state.waiting_device(user_code, now);
        device
            .map(|device| device.decision = Some(decision))
            .is_some()
    }

    /// Approves the sign-in that starts next (of either flow), without a page; adds up.
    pub fn approve_next(&self) {
        self.shared
            .state()
            .queued_decisions
            .push_back(Decision::Approve);
    }

    /// Denies the sign-in that starts next.
    pub fn deny_next(&self) {
        self.shared
            .state()
            .queued_decisions
            .push_back(Decision::Deny);
    }
}

/// Sessions and tokens.
impl Handle {
    /// Makes a signed-in state without a flow, with the default choices.
    #[must_use]
    pub fn mint_session(&self) -> MintedSession {
        self.mint(&MintOptions::default())
    }

    /// Makes a signed-in state without a flow.
    #[must_use]
    pub fn mint(&self, options: &MintOptions) -> MintedSession {
        options.issue(&mut self.shared.state(), self.shared.clock.now_ms())
    }

    /// Revokes one access token; its refresh token stays. False if it is unknown.
    pub fn revoke_access(&self, token: &str) -> bool {
        let mut state = self.shared.state();
        state
            .access_tokens
            .get_mut(token)
            .map(|access| access.revoked = true)
            .is_some()
    }

    /// Ends the portal session that an access token belongs to, even an expired one.
    pub fn end_session_of(&self, token: &str) -> bool {
        let mut state = self.shared.state();
        let session = state
            .access_tokens
            .get(token)
            .map(|access| access.session.clone());
        session.map(|id| state.end_session(&id)).is_some()
    }

    /// Makes every refresh token invalid; access tokens live on.
    pub fn revoke_refresh_tokens(&self) {
        self.shared.state().revoke_refresh_tokens();
    }

    /// Ends every portal session and so every token; registrations stay.
    pub fn end_all_sessions(&self) {
        self.shared.state().end_all_sessions();
    }

    /// Forgets every client registration, as if it had expired long ago.
    pub fn forget_clients(&self) {
        self.shared.state().clients.clear();
    }

    /// Whether the portal would accept this access token now.
    #[must_use]
    pub fn is_valid(&self, token: &str) -> bool {
        let now = self.shared.clock.now_ms();
        self.shared.state().active_session(token, now).is_some()
    }

    /// Where an access token comes from, or role credentials by their access key id.
    #[must_use]
    pub fn provenance(&self, token_or_key_id: &str) -> Option<Provenance> {
        let state = self.shared.state();
        let token = state
            .access_tokens
            .get(token_or_key_id)
            .map(|access| access.provenance);
        token.or_else(|| state.key_provenance.get(token_or_key_id).copied())
    }

    /// Whether this refresh token would be accepted now.
    #[must_use]
    pub fn is_refreshable(&self, token: &str) -> bool {
        let now = self.shared.clock.now_ms();
        let state = self.shared.state();
        let known = state.refresh_tokens.get(token);
        known.is_some_and(|known| !known.spent && state.is_session_active(&known.session, now))
    }
}

/// Accounts and roles.
impl Handle {
    /// The accounts in the order the portal lists them.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.shared.state().assignments.accounts.clone()
    }

    /// Adds an account, or replaces the one with the same id.
    pub fn put_account(&self, account: Account) {
        self.shared.state().assignments.put(account);
    }

    /// Removes an account.
    pub fn remove_account(&self, id: &str) {
        self.shared.state().assignments.remove(id);
    }

    /// Removes all accounts.
    pub fn clear_accounts(&self) {
        self.shared.state().assignments.accounts.clear();
    }

    /// Replaces all accounts by so many, with so many roles each.
    pub fn fill_accounts(&self, accounts: usize, roles: usize) {
        self.shared.state().assignments.fill(accounts, roles);
    }

    /// Assigns a role; an unknown account is made.
    pub fn assign(&self, account: &str, role: &str) {
        self.shared.state().assignments.assign(account, role);
    }

    /// Takes an assignment away.
    pub fn unassign(&self, account: &str, role: &str) {
        self.shared.state().assignments.unassign(account, role);
    }

    /// Hands out these keys for a role instead of made-up ones; `None` undoes it.
    pub fn set_role_keys(&self, account: &str, role: &str, keys: Option<RoleKeys>) {
        let name = (account.to_owned(), role.to_owned());
        let mut state = self.shared.state();
        match keys {
            Some(keys) => state.role_keys.insert(name, keys),
            None => state.role_keys.remove(&name),
        };
    }
}
