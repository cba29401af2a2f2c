//! ListAccounts and ListAccountRoles.

use serde_json::json;

use super::{no_access, pagination, parameters, required, session};
use crate::http::{Request, Response};
use crate::state::State;

pub(crate) fn accounts(state: &State, request: &Request, now: u64) -> Result<Response, Response> {
    let query = parameters(request, &["next_token", "max_result"])?;
    session(state, request, now)?;
    let listed = state
        .directory
        .accounts
        .iter()
        .map(|account| account.listed())
        .collect();
    let options = &state.options;
    pagination::page(
        "accountList",
        "accounts",
        listed,
        &query,
        options.page_size,
        options.null_members,
    )
}

pub(crate) fn roles(state: &State, request: &Request, now: u64) -> Result<Response, Response> {
    let query = parameters(request, &["account_id", "next_token", "max_result"])?;
    let id = required(&query, "account_id")?;
    session(state, request, now)?;
    let account = state.directory.account(id).ok_or_else(no_access)?;
    let entry = |role: &String| json!({ "roleName": role, "accountId": id });
    let listed = account.roles.iter().map(entry).collect();
    let options = &state.options;
    pagination::page(
        "roleList",
        id,
        listed,
        &query,
        options.page_size,
        options.null_members,
    )
}
