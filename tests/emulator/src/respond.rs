//! Answers one request: log it, choose faults, run the operation, send the response.
//!
//! Only this module delays responses and breaks connections on purpose.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use socket2::SockRef;

use crate::control;
use crate::faults::{Action, FaultPlan};
use crate::http::write::{self, WriteOptions};
use crate::http::{Request, Response};
use crate::route;
use crate::shared::Shared;

/// State of the connection after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    KeepOpen,
    Close,
    /// The client starts TLS on the same connection, as if to another host.
    Tunnel,
}

/// Answers one request.
pub(crate) fn respond(
    shared: &Arc<Shared>,
    request: &Request,
    to: &mut impl Write,
    raw: &TcpStream,
) -> Next {
    if request.path.starts_with("/_control/") {
        let response = control::respond(shared, request);
        let options = write_options(shared, request, 0);
        return after_write(
            write::write_response(to, &response, &options),
            options.keep_alive,
        );
    }
    let operation = route::operation_name(request);
    let (number, plan) = {
        let mut state = shared.state();
        let number = state
            .log
            .record_request(request, &operation, shared.clock.now_ms());
        (number, state.faults.plan(&request.path, &operation))
    };
    shared.notify();
    if shared.sleep_unless_stopped(plan.wait_before)
        || plan
            .hold_before
            .is_some_and(|releases| shared.hold(releases))
    {
        return Next::Close;
    }
    let response = produce_response(shared, request, &operation, &plan);
    let releases = shared.state().faults.releases;
    if shared.sleep_unless_stopped(plan.wait_after) || plan.hold_after && shared.hold(releases) {
        return Next::Close;
    }
    let silent = matches!(plan.action, Some(Action::Hang(_) | Action::Close { .. }));
    let status = if silent { 0 } else { response.status };
    shared
        .state()
        .log
        .record_response(number, status, &plan.fault_names);
    shared.notify();
    if operation == "Connect" && response.status == 200 && plan.action.is_none() {
        let opened = to.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
        return if opened.is_ok() {
            Next::Tunnel
        } else {
            Next::Close
        };
    }
    send_response(
        shared,
        &response,
        &write_options(shared, request, number),
        plan.action,
        to,
        raw,
    )
}

/// Runs the operation unless a fault skips it, and returns the fault's response if it has one.
fn produce_response(
    shared: &Shared,
    request: &Request,
    operation: &str,
    plan: &FaultPlan,
) -> Response {
    let real = (!plan.skip_operation).then(|| {
        let now = shared.clock.now_ms();
        route::dispatch(&mut shared.state(), request, operation, now)
    });
    let replacement = plan.action.as_ref().and_then(Action::replacement_response);
    let mut response = replacement.or(real).unwrap_or_default();
    if plan.action == Some(Action::MalformedJson) {
        response.body.pop();
    }
    response
}

fn write_options(shared: &Shared, request: &Request, request_id: u64) -> WriteOptions {
    WriteOptions {
        now_seconds: shared.clock.now_ms() / 1000,
        keep_alive: request.keep_alive,
        head_only: request.method == "HEAD",
        request_id,
    }
}

fn after_write(written: io::Result<()>, keep_alive: bool) -> Next {
    if written.is_ok() && keep_alive {
        Next::KeepOpen
    } else {
        Next::Close
    }
}

fn send_response(
    shared: &Shared,
    response: &Response,
    options: &WriteOptions,
    action: Option<Action>,
    to: &mut impl Write,
    raw: &TcpStream,
) -> Next {
    let pause = |time: Duration| shared.sleep_unless_stopped(time);
    match action {
        Some(Action::Hang(time)) => {
            pause(time);
            Next::Close
        }
        Some(Action::Close { reset }) => {
            if reset {
                // With SO_LINGER of zero the kernel sends RST instead of FIN.
                let _ = SockRef::from(raw).set_linger(Some(Duration::ZERO));
            }
            Next::Close
        }
        Some(Action::Truncate(keep)) => {
            let keep = keep.unwrap_or(response.body.len() / 2);
            // An error means that the client has closed, which ends the connection as well.
            let _ = write::write_truncated(to, response, options, keep);
            Next::Close
        }
        Some(Action::SlowBytes(each)) => after_write(
            write::write_slowly(to, response, options, each, pause),
            options.keep_alive,
        ),
        Some(Action::Endless) => {
            let _ = write::write_endless(to, response, options, pause);
            Next::Close
        }
        _ => after_write(
            write::write_response(to, response, options),
            options.keep_alive,
        ),
    }
}

/// Answers malformed HTTP with 400 and closes.
pub(crate) fn reject_malformed(shared: &Shared, text: &str, to: &mut impl Write) -> Next {
    let request = Request::default();
    let number = shared
        .state()
        .log
        .record_request(&request, "Malformed", shared.clock.now_ms());
    shared.state().log.record_response(number, 400, "");
    let response = Response::json(400, &json!({ "message": text }));
    // The client may have closed already.
    let _ = write::write_response(to, &response, &write_options(shared, &request, number));
    Next::Close
}
