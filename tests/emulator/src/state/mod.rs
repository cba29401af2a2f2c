//! The mutable state of the server, behind one lock.
//!
//! Operations are short functions on the state that take the time as an argument; nothing here
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

/// The mutable state of a server.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) assignments: Assignments,
    pub(crate) ids: IdGenerator,
    pub(crate) clients: BoundedMap<ClientRegistration>,
    /// By device code.
    pub(crate) devices: BoundedMap<DeviceAuthorization>,
    /// By the request id in the page's form.
    pub(crate) authorizations: BoundedMap<PendingAuthorization>,
    pub(crate) authorization_codes: BoundedMap<AuthorizationCode>,
    pub(crate) sessions: BoundedMap<PortalSession>,
    /// Id of the newest portal session per normalized start URL.
    pub(crate) newest_sessions: BoundedMap<String>,
    pub(crate) access_tokens: BoundedMap<AccessToken>,
    pub(crate) refresh_tokens: BoundedMap<RefreshToken>,
    /// Decisions made in advance, each used by one of the next sign-ins.
    pub(crate) queued_decisions: VecDeque<Decision>,
    pub(crate) role_keys: HashMap<(String, String), RoleKeys>,
    /// Number of role credentials issued; part of generated key ids, so that tests can tell
    /// fetches apart.
    pub(crate) key_fetches: u64,
    /// By access key id.
    pub(crate) key_provenance: BoundedMap<Provenance>,
    /// By access key id.
    pub(crate) issued_keys: BoundedMap<IssuedKeys>,
    /// Console sign-in tokens; each works once.
    pub(crate) unused_signin_tokens: Vec<String>,
    /// Number of completed sign-ins, and of tokens and keys issued; see [`Provenance`].
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

    /// Takes the decision for a sign-in that starts now, if one was queued or the server approves
    /// automatically.
    pub(crate) fn take_preset_decision(&mut self) -> Option<Decision> {
        let queued = self.queued_decisions.pop_front();
        queued.or(self.options.auto_approve.then_some(Decision::Approve))
    }

    /// Returns the device authorization of a user code that waits for a decision.
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

    /// Returns the user codes that wait for a decision.
    pub(crate) fn waiting_codes(&self, now: u64) -> Vec<String> {
        let waiting = self
            .devices
            .values()
            .filter(|d| d.decision.is_none() && d.expires > now);
        waiting.map(|device| device.user_code.clone()).collect()
    }
}

/// Normalizes a user code, which users type in lower case, without the dash or with spaces.
fn normalize_user_code(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}
