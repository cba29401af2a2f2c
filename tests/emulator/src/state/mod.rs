//! The whole mutable state of the server, behind one lock.
//!
//! Every operation is a short function on it with the time as an argument, so nothing here
//! blocks, sleeps or reads a clock.

pub(crate) mod bounded_map;
pub(crate) mod records;
mod tokens;

use std::collections::{HashMap, VecDeque};

use crate::assignments::Directory;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::options::Options;
use crate::rate_limit::Bucket;
use crate::request_log::Log;
use bounded_map::Bounded;
use records::{
    Access, Authorization, Client, Code, Decision, Device, Granted, Origin, PortalSession, Refresh,
    RoleKeys,
};

pub(crate) use tokens::{Issued, later};

/// Everything the server knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) directory: Directory,
    pub(crate) ids: Ids,
    pub(crate) clients: Bounded<Client>,
    /// By device code.
    pub(crate) devices: Bounded<Device>,
    /// By the number of the page.
    pub(crate) authorizations: Bounded<Authorization>,
    pub(crate) codes: Bounded<Code>,
    pub(crate) sessions: Bounded<PortalSession>,
    /// The newest portal session of each start URL.
    pub(crate) newest_session: Bounded<String>,
    pub(crate) access: Bounded<Access>,
    pub(crate) refresh: Bounded<Refresh>,
    /// Decisions made in advance, taken by the sign-ins that come next.
    pub(crate) decisions: VecDeque<Decision>,
    pub(crate) role_keys: HashMap<(String, String), RoleKeys>,
    /// How often role credentials were made, which makes each fetch recognisable.
    pub(crate) fetches: u64,
    /// Where the keys of each fetch come from, by their id.
    pub(crate) keys: Bounded<Origin>,
    /// The keys themselves, and the role that they are of.
    pub(crate) granted: Bounded<Granted>,
    /// Those that no browser has used yet.
    pub(crate) signin_tokens: Vec<String>,
    /// How many sign-ins there were, and how many things were handed out.
    pub(crate) sign_ins: u64,
    pub(crate) handed_out: u64,
    pub(crate) faults: Faults,
    pub(crate) rate: Option<Bucket>,
    pub(crate) log: Log,
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// The decision for a sign-in that starts now, if it needs no user.
    pub(crate) fn decision_in_advance(&mut self) -> Option<Decision> {
        let queued = self.decisions.pop_front();
        queued.or(self.options.auto_approve.then_some(Decision::Approve))
    }

    /// The device code of a user code that is still to be decided.
    pub(crate) fn waiting_device(&mut self, user_code: &str, now: u64) -> Option<&mut Device> {
        let wanted = normal_code(user_code);
        self.devices.values_mut().find(|device| {
            normal_code(&device.user_code) == wanted
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
fn normal_code(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}
