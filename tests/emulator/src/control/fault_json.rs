//! Parses a fault from the JSON of the control endpoint.
//!
//! `{"action": NAME, "path": PREFIX, "operation": NAME, "skip": N, "count": N, "after": BOOL}`
//! and the action's own members: `status`, `headers`, `body`, `seconds`, `ms`, `bytes`,
//! `location`.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::faults::{Action, Fault};

const MEMBERS: &[&str] = &[
    "action",
    "path",
    "operation",
    "skip",
    "count",
    "after",
    "status",
    "headers",
    "body",
    "seconds",
    "ms",
    "bytes",
    "location",
];

pub(super) fn parse_fault(body: &Map<String, Value>) -> Result<Fault, String> {
    if let Some(name) = body.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(format!("unknown member {name}"));
    }
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    let small = |name: &str| number(name).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    Ok(Fault {
        path: text("path"),
        operation: text("operation"),
        skip: small("skip").unwrap_or(0),
        count: small("count"),
        after: body.get("after").and_then(Value::as_bool).unwrap_or(false),
        action: parse_action(body, &text("action"), &number)?,
    })
}

fn parse_action(
    body: &Map<String, Value>,
    name: &str,
    number: &impl Fn(&str) -> Option<u64>,
) -> Result<Action, String> {
    let status = |default: u16| {
        number("status")
            .and_then(|n| u16::try_from(n).ok())
            .unwrap_or(default)
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let ms = |default: u64| Duration::from_millis(number("ms").unwrap_or(default));
    Ok(match name {
        "reply" => {
            let headers = body.get("headers").and_then(Value::as_object);
            let headers = headers.into_iter().flatten();
            let pair =
                |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
            Action::Reply {
                status: status(500),
                headers: headers.filter_map(pair).collect(),
                body: text("body").unwrap_or_default(),
            }
        }
        "captive_portal" => Action::CaptivePortal,
        "hang" => Action::Hang(Duration::from_secs(number("seconds").unwrap_or(60))),
        "delay" => Action::Delay(ms(100)),
        "close" => Action::Close { reset: false },
        "reset" => Action::Close { reset: true },
        "truncate" => Action::Truncate(number("bytes").and_then(|n| usize::try_from(n).ok())),
        "slow_bytes" => Action::SlowBytes(ms(20)),
        "endless" => Action::Endless,
        "malformed_json" => Action::MalformedJson,
        "redirect" => {
            let location = text("location").ok_or("missing location of the redirect")?;
            Action::Redirect {
                status: status(302),
                location,
            }
        }
        _ => return Err(format!("unknown action {name}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Fault, String> {
        parse_fault(value.as_object().unwrap())
    }

    #[test]
    fn every_action_is_parsed_by_its_name() {
        for name in [
            "reply",
            "captive_portal",
            "hang",
            "delay",
            "close",
            "reset",
            "truncate",
            "slow_bytes",
            "endless",
            "malformed_json",
            "redirect",
        ] {
            let fault = read(json!({ "action": name, "location": "/x", "count": 2 }));
            assert_eq!(
                fault.map(|f| (f.action.name(), f.count)),
                Ok((name, Some(2)))
            );
        }
    }

    #[test]
    fn errors_name_unknown_actions_and_members() {
        assert!(
            read(json!({ "action": "explode" }))
                .unwrap_err()
                .contains("explode")
        );
        assert!(
            read(json!({ "action": "close", "times": 1 }))
                .unwrap_err()
                .contains("times")
        );
    }
}
