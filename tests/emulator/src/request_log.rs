//! The request log, for assertions of tests.
//!
//! It keeps only the newest requests; the counts include all of them.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use crate::http::Request;

const MAX_ENTRIES: usize = 10_000;
const MAX_BODY_BYTES: usize = 16 * 1024;

/// A request as received, and the status of its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    /// Number of the request, from 1; clearing the log does not reset it.
    pub seq: u64,
    /// The server's clock when the request had been read, in milliseconds since 1970.
    pub ms: u64,
    pub method: String,
    pub path: String,
    /// Query as sent, still encoded.
    pub query: String,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Status of the response; 0 before or without a response.
    pub status: u16,
    /// Operation, such as `GetRoleCredentials` or `CreateToken:refresh_token`.
    pub operation: String,
    /// Faults applied to the request, such as `hang` or `delay+reset`; empty without one.
    pub fault: String,
}

impl LoggedRequest {
    /// Returns the first header with this name, which must be given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON, or null if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// Returns the entry as JSON, for the control endpoint.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let text = |(name, value): &(String, String)| (name.clone(), Value::from(value.as_str()));
        let headers: Map<String, Value> = self.headers.iter().map(text).collect();
        json!({
            "seq": self.seq,
            "ms": self.ms,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": headers,
            "body": self.body,
            "status": self.status,
            "operation": self.operation,
            "fault": self.fault,
        })
    }
}

/// The requests since the log was last cleared.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LoggedRequest>,
    counts: BTreeMap<String, u64>,
    last_seq: u64,
}

impl RequestLog {
    /// Adds a request that has been read and returns its number.
    pub(crate) fn record_request(&mut self, request: &Request, operation: &str, ms: u64) -> u64 {
        self.last_seq += 1;
        let mut body = request.body_text();
        if body.len() > MAX_BODY_BYTES {
            body = body.chars().take(MAX_BODY_BYTES / 4).collect();
        }
        self.entries.push_back(LoggedRequest {
            seq: self.last_seq,
            ms,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body,
            status: 0,
            operation: operation.to_owned(),
            fault: String::new(),
        });
        if self.entries.len() > MAX_ENTRIES {
            self.entries.pop_front();
        }
        *self.counts.entry(operation.to_owned()).or_default() += 1;
        self.last_seq
    }

    /// Adds the status and the faults of a request.
    pub(crate) fn record_response(&mut self, seq: u64, status: u16, fault: &str) {
        // Searched from the end, since the entry is almost always among the newest.
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.seq == seq) {
            entry.status = status;
            fault.clone_into(&mut entry.fault);
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &LoggedRequest> {
        self.entries.iter()
    }

    /// Returns the number of requests of an operation; a name without `:variant` counts all
    /// variants, and the empty name counts all requests.
    pub(crate) fn count(&self, operation: &str) -> u64 {
        let matches = |name: &str| {
            operation.is_empty()
                || name == operation
                || name
                    .split(':')
                    .next()
                    .is_some_and(|family| family == operation)
        };
        self.counts
            .iter()
            .filter(|(name, _)| matches(name))
            .map(|(_, count)| count)
            .sum()
    }

    pub(crate) fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_operations_and_their_families() {
        let mut log = RequestLog::default();
        let request = Request::default();
        for operation in [
            "CreateToken:refresh_token",
            "CreateToken:device_code",
            "Logout",
        ] {
            log.record_request(&request, operation, 0);
        }
        assert_eq!(
            (
                log.count("CreateToken"),
                log.count("CreateToken:device_code")
            ),
            (2, 1)
        );
        assert_eq!((log.count(""), log.count("Create")), (3, 0));
        log.clear();
        assert_eq!(log.record_request(&request, "Logout", 0), 4);
    }

    #[test]
    fn only_the_newest_entries_are_kept() {
        let mut log = RequestLog::default();
        for _ in 0..MAX_ENTRIES + 3 {
            log.record_request(&Request::default(), "Logout", 0);
        }
        assert_eq!(log.entries().next().map(|entry| entry.seq), Some(4));
        assert_eq!(log.count("Logout"), 10_003);
    }
}
