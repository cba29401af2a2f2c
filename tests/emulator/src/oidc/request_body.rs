//! Validates request bodies against the members of the service model.

use serde_json::{Map, Value};

use super::{OidcException, error_response};
use crate::http::{Request, Response};

/// Type of a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Texts,
}

/// A validated body: every member is known and has its type.
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    /// Parses a body and rejects members that are not in `allowed`.
    pub(super) fn parse(request: &Request, allowed: &[(&str, Kind)]) -> Result<Self, Response> {
        let invalid = |text: &str| error_response(OidcException::InvalidRequest, text);
        let media = request.header("content-type").unwrap_or_default();
        if !media.starts_with("application/json") {
            return Err(invalid("the Content-Type is not application/json"));
        }
        if !request.query.is_empty() {
            return Err(invalid("this operation has no query parameters"));
        }
        let members = match serde_json::from_slice(&request.body) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return Err(invalid("the body is not a JSON object")),
            Err(error) => return Err(invalid(&format!("the body is not JSON: {error}"))),
        };
        for (name, value) in &members {
            let Some((_, kind)) = allowed.iter().find(|(known, _)| known == name) else {
                return Err(invalid(&format!("unknown member: {name}")));
            };
            let fits = match kind {
                Kind::Text => value.is_string(),
                Kind::Texts => value
                    .as_array()
                    .is_some_and(|list| list.iter().all(Value::is_string)),
            };
            if !fits {
                return Err(invalid(&format!("wrong type: {name}")));
            }
        }
        Ok(Self(members))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Returns a member that must be present and not empty.
    pub(super) fn required(&self, name: &str) -> Result<&str, Response> {
        match self.text(name) {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) => Err(error_response(
                OidcException::InvalidRequest,
                &format!("empty member: {name}"),
            )),
            None => Err(error_response(
                OidcException::InvalidRequest,
                &format!("missing member: {name}"),
            )),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.0.get(name)?.as_array()?;
        Some(
            list.iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
        )
    }
}
