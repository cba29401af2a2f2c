//! Controls over HTTP below `/_control/`, for other languages and the shell.
//!
//! Control requests are not logged and not subject to faults or the rate limit. All responses
//! but that of `ca` are JSON. A POST takes a JSON object; an empty body counts as `{}`.

mod accounts;
mod fault_json;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::handle::Handle;
use crate::http::{Request, Response, form};
use crate::minted_session::MintOptions;
use crate::shared::Shared;

/// Status and message of a failed control request.
type ControlError = (u16, String);
type ControlResult = Result<Value, ControlError>;

/// Answers a control request.
pub(crate) fn respond(shared: &Arc<Shared>, request: &Request) -> Response {
    let path = request.path.strip_prefix("/_control/").unwrap_or_default();
    if (request.method.as_str(), path) == ("GET", "ca") {
        let pem = shared.ca_pem.get().cloned().unwrap_or_default();
        let response = Response {
            body: pem.into_bytes(),
            ..Response::empty(200)
        };
        return response.with("Content-Type", "application/x-pem-file");
    }
    let handle = Handle::new(Arc::clone(shared));
    let outcome = match request.method.as_str() {
        "GET" => get(&handle, path, &request.query_pairs()),
        "POST" => parse_body(request).and_then(|body| post(&handle, path, &body)),
        "DELETE" => delete(&handle, path),
        _ => Err(unknown_control(path)),
    };
    match outcome {
        Ok(value) => Response::json(200, &value),
        Err((status, text)) => Response::json(status, &json!({ "error": text })),
    }
}

fn unknown_control(path: &str) -> ControlError {
    (404, format!("unknown control: {path}"))
}

fn parse_body(request: &Request) -> Result<Map<String, Value>, ControlError> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err((400, "the body is not a JSON object".to_owned())),
        Err(error) => Err((400, format!("the body is not JSON: {error}"))),
    }
}

fn get(handle: &Handle, path: &str, query: &[(String, String)]) -> ControlResult {
    match path {
        "log" => {
            let operation = form::first_value(query, "operation").unwrap_or_default();
            let entries = if operation.is_empty() {
                handle.log()
            } else {
                handle.requests(operation)
            };
            Ok(entries
                .iter()
                .map(crate::request_log::LoggedRequest::to_json)
                .collect())
        }
        "counts" => Ok(json!(handle.counts())),
        "options" => Ok(handle.options().to_json()),
        "clock" => Ok(json!({ "now": handle.now() })),
        "devices" => Ok(json!({ "waiting": handle.waiting_codes() })),
        "accounts" => Ok(handle.accounts().iter().map(accounts::to_json).collect()),
        _ => Err(unknown_control(path)),
    }
}

fn delete(handle: &Handle, path: &str) -> ControlResult {
    match path {
        "log" => handle.clear_log(),
        "faults" => handle.clear_faults(),
        "rate" => handle.clear_rate(),
        "accounts" => handle.clear_accounts(),
        _ => return Err(unknown_control(path)),
    }
    done()
}

fn done() -> ControlResult {
    Ok(json!({ "done": true }))
}

/// Returns success if the object was found, and 404 otherwise.
fn done_if(found: bool) -> ControlResult {
    if found {
        done()
    } else {
        Err((404, "not found".to_owned()))
    }
}

pub(super) fn required_text<'a>(
    body: &'a Map<String, Value>,
    name: &str,
) -> Result<&'a str, ControlError> {
    body.get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| (400, format!("{name} must be a string")))
}

fn post(handle: &Handle, path: &str, body: &Map<String, Value>) -> ControlResult {
    match path {
        "clear" => handle.clear_log(),
        "options" => {
            // Set on a copy, so that an unknown name changes nothing.
            let mut options = handle.options();
            for (name, value) in body {
                options.set(name, value).map_err(|text| (400, text))?;
            }
            handle.configure(|known| *known = options);
            return Ok(handle.options().to_json());
        }
        "clock" => {
            match (
                body.get("advance").and_then(Value::as_i64),
                body.get("set").and_then(Value::as_u64),
            ) {
                (Some(seconds), None) => handle.advance(seconds),
                (None, Some(seconds)) => handle.set_clock(seconds),
                _ => return Err((400, "expected either advance or set, in seconds".to_owned())),
            }
            return Ok(json!({ "now": handle.now() }));
        }
        "faults" => handle.fault(fault_json::parse_fault(body).map_err(|text| (400, text))?),
        "rate" => {
            let number = |name: &str| body.get(name).and_then(Value::as_f64);
            let per_second =
                number("per_second").ok_or((400, "per_second is missing".to_owned()))?;
            handle.set_rate(per_second, number("burst").unwrap_or(per_second.max(1.0)));
        }
        "approve" | "deny" => return decide_devices(handle, path, body),
        "approve_next" => handle.approve_next(),
        "deny_next" => handle.deny_next(),
        "mint" => {
            return Ok(handle
                .mint(&MintOptions::from_json(&Value::Object(body.clone())))
                .to_json());
        }
        "revoke" => return done_if(handle.revoke_access(required_text(body, "access_token")?)),
        "end_session" => {
            return done_if(handle.end_session_of(required_text(body, "access_token")?));
        }
        "kill_refresh_tokens" => handle.revoke_refresh_tokens(),
        "revoke_all" => handle.end_all_sessions(),
        "forget_clients" => handle.forget_clients(),
        _ => return accounts::post(handle, path, body),
    }
    done()
}

/// Approves or denies the given user code, or all waiting ones.
fn decide_devices(handle: &Handle, path: &str, body: &Map<String, Value>) -> ControlResult {
    let codes = match body.get("user_code") {
        Some(_) => vec![required_text(body, "user_code")?.to_owned()],
        None => handle.waiting_codes(),
    };
    let decide = |code: &String| match path {
        "approve" => handle.approve_device(code),
        _ => handle.deny_device(code),
    };
    let decided = codes.iter().filter(|code| decide(code)).count();
    done_if(decided > 0)
}
