//! Listing of accounts and roles: paging, failures, and sharing between processes.

mod failures;
mod paging;
mod sharing;

use emulator::{Action, LoggedRequest};
use serde_json::{Value, json};

use crate::fixture::{Outcome, Sandbox};

const LIST: &str = "ListAccounts";
const ROLES: &str = "ListAccountRoles";

/// Creates a signed-in sandbox with this many accounts of one role each.
fn organization(accounts: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().fill_accounts(accounts, 1);
    sandbox
}

fn reply(status: u16, exception: &str, body: &Value) -> Action {
    let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    if !exception.is_empty() {
        headers.push(("x-amzn-ErrorType".to_owned(), exception.to_owned()));
    }
    Action::Reply {
        status,
        headers,
        body: body.to_string(),
    }
}

/// Returns an error response in the format of the portal.
fn refusal(status: u16, exception: &str) -> Action {
    reply(status, exception, &json!({ "message": "refused" }))
}

/// Returns a page of accounts without names.
fn account_page(ids: &[&str], next: Option<&str>) -> Action {
    let accounts: Vec<Value> = ids.iter().map(|id| json!({ "accountId": id })).collect();
    reply(
        200,
        "",
        &json!({ "accountList": accounts, "nextToken": next }),
    )
}

/// Returns a query parameter of a request as it was sent.
fn parameter<'a>(entry: &'a LoggedRequest, name: &str) -> Option<&'a str> {
    let pairs = entry
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|pair| pair.0 == name)
        .map(|pair| pair.1)
}

/// Reads the header of the stored listing.
fn stored_header(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.inventory_path()).unwrap();
    serde_json::from_str(text.lines().next().unwrap()).unwrap()
}

/// Reads the entry of an account in the stored listing.
fn stored_account(sandbox: &Sandbox, account: &str) -> Value {
    let text = std::fs::read_to_string(sandbox.inventory_path()).unwrap();
    let line = text
        .lines()
        .find(|line| line.contains(&format!("\"id\":\"{account}\"")));
    line.map_or(Value::Null, |line| serde_json::from_str(line).unwrap())
}

/// Returns the number of lines that were printed.
fn rows(outcome: &Outcome) -> usize {
    outcome.stdout.lines().count()
}
