//! The whole mutable state of the server, behind one lock.
//!
//! Every operation is a short function on it with the time as an argument, so nothing here
//! blocks, sleeps or reads a clock.

pub(crate) mod bounded_map;
pub(crate) mod records;
mod tokens;

use std::collections::{HashMap, VecDeque};

use crate::assignments::Assignments;
use crate::faults::Faults;
use crate::ids::IdGenerator;
use crate::options::Options;
use crate::rate_limit::TokenBucket;
use crate::request_log::RequestLog;
use bounded_map::BoundedMap;
use records::{
    AccessToken, AuthorizationCode, ClientRegistration, Decision, DeviceAuthorization, IssuedKeys,
    PendingAuthorization, PortalSession, Provenance, RefreshToken, RoleKeys,
};

pub(crate) use tokens::{IssuedTokens, expiry_after};

/// Everything the server knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) assignments: Assignments,
    pub(crate) ids: IdGenerator,
    pub(crate) clients: BoundedMap<ClientRegistration>,
    /// By device code.
    pub(crate) devices: BoundedMap<DeviceAuthorization>,
    /// By the number of the page.
    pub(crate) authorizations: BoundedMap<PendingAuthorization>,
    pub(crate) authorization_codes: BoundedMap<AuthorizationCode>,
    pub(crate) sessions: BoundedMap<PortalSession>,
    /// The newest portal session of each start URL.
    pub(crate) newest_sessions: BoundedMap<String>,
    pub(crate) access_tokens: BoundedMap<AccessToken>,
    pub(crate) refresh_tokens: BoundedMap<RefreshToken>,
    /// Decisions made in advance, taken by the sign-ins that come next.
    pub(crate) queued_decisions: VecDeque<Decision>,
    pub(crate) role_keys: HashMap<(String, String), RoleKeys>,
    /// How often role credentials were made, which makes each fetch recognisable.
    pub(crate) key_fetches: u64,
    /// Where the keys of each fetch come from, by their id.
    pub(crate) key_provenance: BoundedMap<Provenance>,
    /// The keys themselves, and the role that they are of.
    pub(crate) issued_keys: BoundedMap<IssuedKeys>,
    /// Those that no browser has used yet.
    pub(crate) unused_signin_tokens: Vec<String>,
    /// How many sign-ins there were, and how many things were handed out.
    pub(crate) sign_in_count: u64,
    pub(crate) issued_count: u64,
    pub(crate) faults: Faults,
    pub(crate) rate_limit: Option<TokenBucket>,
    pub(crate) log: RequestLog,
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// The decision for a sign-in that starts now, if it needs no user.
    pub(crate) fn take_preset_decision(&mut self) -> Option<Decision> {
        let queued = self.queued_decisions.pop_front();
        queued.or(self.options.auto_approve.then_some(Decision::Approve))
    }

    /// The device code of a user code that is still to be decided.
    pub(crate) fn waiting_device(
        &mut self,
        user_code: &str,
        now: u64,
    ) -> Option<&mut DeviceAuthorization> {
        let wanted = normalize_user_code(user_code);
        self.devices.values_mut().find(|device| {
            normalize_user_code(&device.user_code) == wanted
                && device.decision.is_none()
                && device.expires > now
        })
    }

    /// The user codes that wait for a decision.
    pub(crate) fn waiting_codes(&self, now: u64) -> Vec<String> {
        let waiting = self
            .devices
            .values()
            .filter(|d| d.decision.is_none() && d.expires > now);
        waiting.map(|device| device.user_code.clone()).collect()
    }
}

/// Users type codes in small letters, without the dash or with blanks.
fn normalize_user_code(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}
