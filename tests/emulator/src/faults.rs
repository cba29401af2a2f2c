//! Faults on demand: which requests they meet and what they do to them.
//!
//! This file chooses; carrying it out on the socket is the job of `exchange`.

use std::time::Duration;

use crate::http::Response;

/// What happens to a request that a fault meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Answers with this status, these headers and this body.
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Answers 200 with an HTML page, as a captive portal does.
    CaptivePortal,
    /// Says nothing for so long, then closes.
    Hang(Duration),
    /// Waits, then goes on as usual; adds up with other faults.
    Delay(Duration),
    /// Closes the connection without an answer; `reset` makes it a TCP reset.
    Close { reset: bool },
    /// Announces the whole body and closes after so many bytes of it (`None`: half).
    Truncate(Option<usize>),
    /// Sends the body byte by byte with this pause before each.
    SlowBytes(Duration),
    /// Begins a JSON body that never ends.
    Endless,
    /// Sends the real body without its last character.
    MalformedJson,
    /// Redirects.
    Redirect { status: u16, location: String },
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Meets requests whose path begins with this; empty means every path.
    pub path: String,
    /// Meets only this operation, such as `CreateToken:refresh_token`; empty means every one.
    pub operation: String,
    /// Lets so many matching requests pass first.
    pub skip: u32,
    /// Meets so many requests and is then used up; `None` means for ever.
    pub count: Option<u32>,
    /// The server does its work first (spends the refresh token, say) and the fault hits
    /// the answer. Faults that need the real answer always behave like this.
    pub after: bool,
    pub action: Action,
}

impl Fault {
    /// A fault on every request whose path begins with `path`, for ever, before any work.
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

    /// A fault on every request of an operation, or of a family such as `CreateToken`.
    #[must_use]
    pub fn on_operation(operation: &str, action: Action) -> Self {
        Self {
            operation: operation.to_owned(),
            ..Self::on_path("", action)
        }
    }

    /// Meets only so many requests.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// Lets so many matching requests pass first.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Hits the answer, after the server has done its work.
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
    /// The name in the log and in the control endpoint.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reply { .. } => "reply",
            Self::CaptivePortal => "captive_portal",
            Self::Hang(_) => "hang",
            Self::Delay(_) => "delay",
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

    /// The answer this action gives instead of the real one.
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

/// What is to be done with one request.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    pub(crate) wait_before: Duration,
    pub(crate) wait_after: Duration,
    /// Whether the server does its work.
    pub(crate) skip_operation: bool,
    pub(crate) action: Option<Action>,
    /// The fault_names of all faults that met the request.
    pub(crate) fault_names: String,
}

#[derive(Debug)]
struct ArmedFault {
    fault: Fault,
    matched: u32,
    hits: u32,
}

/// All faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<ArmedFault>,
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

    /// Whether a fault with a count has met fewer requests than it was set for.
    pub(crate) fn pending(&self) -> usize {
        self.armed
            .iter()
            .filter(|armed| armed.fault.count.is_some())
            .count()
    }

    /// Decides what happens to a request: all delays that meet it, and the first of the
    /// other faults.
    pub(crate) fn plan(&mut self, path: &str, operation: &str) -> FaultPlan {
        let mut plan = FaultPlan::default();
        for armed in &mut self.armed {
            let fault = &armed.fault;
            let is_delay = matches!(fault.action, Action::Delay(_));
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
    fn skips_then_counts_then_is_gone() {
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
    fn a_fault_before_the_work_skips_it_unless_it_needs_the_answer() {
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
