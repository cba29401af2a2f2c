//! Controls of a running server, for tests in the same process.
//!
//! The `control` module offers the same over HTTP and calls only these functions.

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

/// Controls one server; clones control the same server.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
}

/// Options, clock, faults and the rate limit.
impl Handle {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Changes options while the server runs; those about binding no longer have an effect.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        change(&mut self.shared.state().options);
    }

    /// Returns a copy of the current options.
    #[must_use]
    pub fn options(&self) -> Options {
        self.shared.state().options.clone()
    }

    /// Returns the server's clock, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.shared.clock.now_ms() / 1000
    }

    /// Moves the server's clock; negative numbers move it back.
    pub fn advance(&self, seconds: i64) {
        self.shared.clock.advance(seconds);
    }

    /// Sets the server's clock, which continues to run from there.
    pub fn set_clock(&self, epoch_seconds: u64) {
        self.shared.clock.set(epoch_seconds);
    }

    /// Arms a fault. All delays that match a request apply to it, and the first other fault.
    pub fn fault(&self, fault: Fault) {
        self.shared.state().faults.add(fault);
    }

    /// Disarms all faults.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Returns the number of faults with a count that are not used up.
    #[must_use]
    pub fn pending_faults(&self) -> usize {
        self.shared.state().faults.pending()
    }

    /// Waits until [`Action::Hold`] holds a request; returns `false` on timeout.
    ///
    /// [`Action::Hold`]: crate::Action::Hold
    #[must_use]
    pub fn wait_until_held(&self, limit: Duration) -> bool {
        let held = self
            .shared
            .wait_for(limit, |state| (state.faults.held > 0).then_some(()));
        held.is_some()
    }

    /// Lets all requests continue that are held now.
    pub fn release_held(&self) {
        self.shared.state().faults.releases += 1;
        self.shared.notify();
    }

    /// Limits the portal to `per_second` requests, with bursts up to `burst`; others get 429.
    pub fn set_rate(&self, per_second: f64, burst: f64) {
        self.shared.state().rate_limit = Some(TokenBucket::new(per_second, burst));
    }

    /// Removes the rate limit.
    pub fn clear_rate(&self) {
        self.shared.state().rate_limit = None;
    }
}

/// The request log.
impl Handle {
    /// Returns the requests since the log was last cleared, oldest first (the newest 10,000).
    #[must_use]
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.shared.state().log.entries().cloned().collect()
    }

    /// Returns the requests of one operation, or of a family such as `CreateToken`.
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

    /// Returns the number of requests of an operation or family; "" counts all.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        self.shared.state().log.count(operation)
    }

    /// Returns the number of requests per operation.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.shared.state().log.counts().clone()
    }

    /// Clears the requests and the counts.
    pub fn clear_log(&self) {
        self.shared.state().log.clear();
    }

    /// Waits until `count` requests of an operation have arrived; returns `false` on timeout.
    #[must_use]
    pub fn wait_for(&self, operation: &str, count: u64, limit: Duration) -> bool {
        let enough = self.shared.wait_for(limit, |state| {
            (state.log.count(operation) >= count).then_some(())
        });
        enough.is_some()
    }
}

/// Decisions of the user in front of the browser.
impl Handle {
    /// Returns the user codes that wait for a decision.
    #[must_use]
    pub fn waiting_codes(&self) -> Vec<String> {
        let now = self.shared.clock.now_ms();
        self.shared.state().waiting_codes(now)
    }

    /// Blocks until a user code waits for a decision; returns `None` on timeout.
    #[must_use]
    pub fn wait_for_code(&self, limit: Duration) -> Option<String> {
        self.shared.wait_for(limit, |state| {
            let now = self.shared.clock.now_ms();
            state.waiting_codes(now).pop()
        })
    }

    /// Approves a user code; returns `false` if no such code waits.
    #[must_use]
    pub fn approve_device(&self, user_code: &str) -> bool {
        self.decide(user_code, Decision::Approve)
    }

    /// Denies a user code; returns `false` if no such code waits.
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

    /// Approves the next sign-in of either flow without a page; calls queue up.
    pub fn approve_next(&self) {
        self.shared
            .state()
            .queued_decisions
            .push_back(Decision::Approve);
    }

    /// Denies the next sign-in of either flow without a page; calls queue up.
    pub fn deny_next(&self) {
        self.shared
            .state()
            .queued_decisions
            .push_back(Decision::Deny);
    }
}

/// Sessions and tokens.
impl Handle {
    /// Creates a signed-in session without a sign-in flow, with default options.
    #[must_use]
    pub fn mint_session(&self) -> MintedSession {
        self.mint(&MintOptions::default())
    }

    /// Creates a signed-in session without a sign-in flow.
    #[must_use]
    pub fn mint(&self, options: &MintOptions) -> MintedSession {
        options.issue(&mut self.shared.state(), self.shared.clock.now_ms())
    }

    /// Revokes one access token but not its refresh token; returns `false` if it is unknown.
    pub fn revoke_access(&self, token: &str) -> bool {
        let mut state = self.shared.state();
        state
            .access_tokens
            .get_mut(token)
            .map(|access| access.revoked = true)
            .is_some()
    }

    /// Ends the portal session of an access token, which may have expired; returns `false` if the
    /// token is unknown.
    pub fn end_session_of(&self, token: &str) -> bool {
        let mut state = self.shared.state();
        let session = state
            .access_tokens
            .get(token)
            .map(|access| access.session.clone());
        session.map(|id| state.end_session(&id)).is_some()
    }

    /// Revokes every refresh token; access tokens stay valid.
    pub fn revoke_refresh_tokens(&self) {
        self.shared.state().revoke_refresh_tokens();
    }

    /// Ends every portal session and with it every token; client registrations stay.
    pub fn end_all_sessions(&self) {
        self.shared.state().end_all_sessions();
    }

    /// Deletes every client registration, as if it had expired long ago.
    pub fn forget_clients(&self) {
        self.shared.state().clients.clear();
    }

    /// Returns `true` if the portal would accept this access token now.
    #[must_use]
    pub fn is_valid(&self, token: &str) -> bool {
        let now = self.shared.clock.now_ms();
        self.shared.state().active_session(token, now).is_some()
    }

    /// Returns the provenance of an access token, or of role credentials by access key id.
    #[must_use]
    pub fn provenance(&self, token_or_key_id: &str) -> Option<Provenance> {
        let state = self.shared.state();
        let token = state
            .access_tokens
            .get(token_or_key_id)
            .map(|access| access.provenance);
        token.or_else(|| state.key_provenance.get(token_or_key_id).copied())
    }

    /// Returns `true` if this refresh token would be accepted now.
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
    /// Returns the accounts in the order in which the portal lists them.
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

    /// Replaces all accounts by `accounts` generated ones with `roles` roles each.
    pub fn fill_accounts(&self, accounts: usize, roles: usize) {
        self.shared.state().assignments.fill(accounts, roles);
    }

    /// Assigns a role; an unknown account is created.
    pub fn assign(&self, account: &str, role: &str) {
        self.shared.state().assignments.assign(account, role);
    }

    /// Removes an assignment.
    pub fn unassign(&self, account: &str, role: &str) {
        self.shared.state().assignments.unassign(account, role);
    }

    /// Returns fixed keys for a role instead of generated ones; `None` undoes it.
    pub fn set_role_keys(&self, account: &str, role: &str, keys: Option<RoleKeys>) {
        let name = (account.to_owned(), role.to_owned());
        let mut state = self.shared.state();
        match keys {
            Some(keys) => state.role_keys.insert(name, keys),
            None => state.role_keys.remove(&name),
        };
    }
}
