//! Injected faults: matching requests, and the plan for each.
//!
//! The `respond` module carries the plan out on the socket.

use std::time::Duration;

use crate::http::Response;

/// Effect of a fault on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Responds with this status, these headers and this body.
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Responds 200 with an HTML page, like a captive portal.
    CaptivePortal,
    /// Sends nothing for this long, then closes the connection.
    Hang(Duration),
    /// Waits this long and then continues normally; combines with other faults.
    Delay(Duration),
    /// Waits until [`crate::Handle::release_held`] and then continues normally; combines with
    /// other faults. Gives up after two minutes.
    Hold,
    /// Closes the connection without a response; `reset` makes it a TCP reset.
    Close { reset: bool },
    /// Sends the full `Content-Length` but only this many bytes of the body (`None`: half), then
    /// closes.
    Truncate(Option<usize>),
    /// Sends the body byte by byte with this pause before each.
    SlowBytes(Duration),
    /// Sends a JSON body that never ends.
    Endless,
    /// Sends the real body without its last character.
    MalformedJson,
    /// Responds with a redirect.
    Redirect { status: u16, location: String },
}

/// A fault: an action and the requests that it applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Path prefix of matching requests; empty matches every path.
    pub path: String,
    /// Operation or family of matching requests, such as `CreateToken:refresh_token` or
    /// `CreateToken`; empty matches every operation.
    pub operation: String,
    /// Number of matching requests to let pass first.
    pub skip: u32,
    /// Number of requests to apply to before the fault is used up; `None` for no limit.
    pub count: Option<u32>,
    /// Whether the server runs the operation first (and spends the refresh token, for example) and
    /// the fault only affects the response. Actions that alter the real response always do.
    pub after: bool,
    pub action: Action,
}

impl Fault {
    /// Creates a fault for every request whose path begins with `path`, without a limit; the
    /// operation is not run.
    #[must_use]
    pub fn on_path(path: &str, action: Action) -> Self {
        let (path, operation) = (path.to_owned(), String::new());
        Self {
            path,
            operation,
            skip: 0,
            count: None,
            after: false,
            action,
        }
    }

    /// Creates a fault for every request of an operation, or of a family such as `CreateToken`.
    #[must_use]
    pub fn on_operation(operation: &str, action: Action) -> Self {
        Self {
            operation: operation.to_owned(),
            ..Self::on_path("", action)
        }
    }

    /// Limits the fault to `count` requests.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// Lets `skip` matching requests pass first.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Applies the fault to the response, after the server has run the operation.
    #[must_use]
    pub fn after(self) -> Self {
        Self {
            after: true,
            ..self
        }
    }

    fn matches(&self, path: &str, operation: &str) -> bool {
        let family = operation.split(':').next().unwrap_or_default();
        path.starts_with(&self.path)
            && (self.operation.is_empty()
                || self.operation == operation
                || self.operation == family)
    }
}

impl Action {
    /// Returns the name used in the log and by the control endpoint.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reply { .. } => "reply",
            Self::CaptivePortal => "captive_portal",
            Self::Hang(_) => "hang",
            Self::Delay(_) => "delay",
            Self::Hold => "hold",
            Self::Close { reset: false } => "close",
            Self::Close { reset: true } => "reset",
            Self::Truncate(_) => "truncate",
            Self::SlowBytes(_) => "slow_bytes",
            Self::Endless => "endless",
            Self::MalformedJson => "malformed_json",
            Self::Redirect { .. } => "redirect",
        }
    }

    fn needs_real_response(&self) -> bool {
        matches!(
            self,
            Self::Truncate(_) | Self::SlowBytes(_) | Self::MalformedJson
        )
    }

    /// Returns the response that replaces the real one, if this action has one.
    pub(crate) fn replacement_response(&self) -> Option<Response> {
        match self {
            Self::Reply {
                status,
                headers,
                body,
            } => {
                let reply = Response::empty(*status);
                let mut reply = headers.iter().fold(reply, |reply, (n, v)| reply.with(n, v));
                reply.body = body.clone().into_bytes();
                Some(reply)
            }
            Self::CaptivePortal => {
                let page = "<!DOCTYPE html><html><head><title>Welcome to the hotel</title></head>\
                            <body><h1>Accept the terms to use the network</h1></body></html>";
                Some(Response::html(200, page.to_owned()))
            }
            Self::Endless => Some(Response::empty(200).with("Content-Type", "application/json")),
            Self::Redirect { status, location } => Some(Response::redirect(*status, location)),
            _ => None,
        }
    }
}

/// The faults that apply to one request.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    pub(crate) wait_before: Duration,
    pub(crate) wait_after: Duration,
    /// Number of releases that a hold before the operation began with, if there is one. It is
    /// taken now, so that a release soon afterwards is not missed.
    pub(crate) hold_before: Option<u64>,
    /// Whether the response is held after the operation.
    pub(crate) hold_after: bool,
    /// Whether the operation is not run.
    pub(crate) skip_operation: bool,
    pub(crate) action: Option<Action>,
    /// Names of all faults that apply, joined by `+`.
    pub(crate) fault_names: String,
}

#[derive(Debug)]
struct ArmedFault {
    fault: Fault,
    matched: u32,
    hits: u32,
}

/// All armed faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<ArmedFault>,
    /// Number of requests held now.
    pub(crate) held: usize,
    /// Number of releases; a request is held until the number grows.
    pub(crate) releases: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.armed.push(ArmedFault {
            fault,
            matched: 0,
            hits: 0,
        });
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    /// Returns the number of faults with a count that are not used up.
    pub(crate) fn pending(&self) -> usize {
        self.armed
            .iter()
            .filter(|armed| armed.fault.count.is_some())
            .count()
    }

    /// Returns the plan for a request: all matching delays and holds, and the first other matching
    /// fault.
    pub(crate) fn plan(&mut self, path: &str, operation: &str) -> FaultPlan {
        let mut plan = FaultPlan::default();
        for armed in &mut self.armed {
            let fault = &armed.fault;
            let is_delay = matches!(fault.action, Action::Delay(_) | Action::Hold);
            if !fault.matches(path, operation) || (plan.action.is_some() && !is_delay) {
                continue;
            }
            armed.matched = armed.matched.saturating_add(1);
            if armed.matched <= fault.skip {
                continue;
            }
            armed.hits = armed.hits.saturating_add(1);
            if !plan.fault_names.is_empty() {
                plan.fault_names.push('+');
            }
            plan.fault_names.push_str(fault.action.name());
            match &fault.action {
                Action::Delay(time) if fault.after => plan.wait_after += *time,
                Action::Delay(time) => plan.wait_before += *time,
                Action::Hold if fault.after => plan.hold_after = true,
                Action::Hold => plan.hold_before = Some(self.releases),
                action => {
                    plan.skip_operation = !fault.after && !action.needs_real_response();
                    plan.action = Some(action.clone());
                }
            }
        }
        self.armed
            .retain(|armed| armed.fault.count.is_none_or(|count| armed.hits < count));
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_skips_then_applies_then_is_used_up() {
        let mut faults = Faults::default();
        faults.add(Fault::on_path("/token", Action::Endless).skip(1).times(2));
        let hits: Vec<bool> = (0..5)
            .map(|_| faults.plan("/token", "CreateToken:x").action.is_some())
            .collect();
        assert_eq!(hits, [false, true, true, false, false]);
        assert_eq!(faults.pending(), 0);
    }

    #[test]
    fn operations_match_by_name_or_family_and_delays_add_up() {
        let mut faults = Faults::default();
        faults.add(Fault::on_operation(
            "CreateToken",
            Action::Delay(Duration::from_millis(5)),
        ));
        faults.add(
            Fault::on_operation("CreateToken:refresh_token", Action::Close { reset: true }).after(),
        );
        let plan = faults.plan("/token", "CreateToken:refresh_token");
        assert_eq!(plan.wait_before, Duration::from_millis(5));
        assert_eq!(
            (plan.skip_operation, plan.fault_names.as_str()),
            (false, "delay+reset")
        );
        assert!(
            faults
                .plan("/token", "CreateToken:device_code")
                .action
                .is_none()
        );
        assert!(faults.plan("/logout", "Logout").fault_names.is_empty());
    }

    #[test]
    fn a_fault_skips_the_operation_unless_it_alters_the_real_response() {
        for (action, skips) in [
            (Action::CaptivePortal, true),
            (Action::MalformedJson, false),
        ] {
            let mut faults = Faults::default();
            faults.add(Fault::on_path("", action));
            assert_eq!(faults.plan("/x", "Y").skip_operation, skips);
        }
    }
}
