//! Accounts and roles as they are listed from a portal that pages, refuses, fails and lies,
//! by one process and by many.

mod failures;
mod paging;
mod sharing;

use emulator::{Action, LoggedRequest};
use serde_json::{Value, json};

use crate::fixture::{Outcome, Sandbox};

const LIST: &str = "ListAccounts";
const ROLES: &str = "ListAccountRoles";

/// A signed-in sandbox with so many accounts of one role each.
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

fn refusal(status: u16, exception: &str) -> Action {
    reply(status, exception, &json!({ "message": "as told" }))
}

/// A page of accounts without names.
fn listed(ids: &[&str], next: Option<&str>) -> Action {
    let accounts: Vec<Value> = ids.iter().map(|id| json!({ "accountId": id })).collect();
    reply(
        200,
        "",
        &json!({ "accountList": accounts, "nextToken": next }),
    )
}

/// A parameter of a request, as it was sent.
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

/// The head of what is kept.
fn head(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.inventory_path()).unwrap();
    serde_json::from_str(text.lines().next().unwrap()).unwrap()
}

/// What is kept of one account.
fn kept(sandbox: &Sandbox, account: &str) -> Value {
    let text = std::fs::read_to_string(sandbox.inventory_path()).unwrap();
    let line = text
        .lines()
        .find(|line| line.contains(&format!("\"id\":\"{account}\"")));
    line.map_or(Value::Null, |line| serde_json::from_str(line).unwrap())
}

fn rows(outcome: &Outcome) -> usize {
    outcome.stdout.lines().count()
}
