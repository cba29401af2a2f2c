//! ListAccounts and ListAccountRoles.

use serde_json::json;

use super::{authenticated_session, forbidden, pagination, query_parameters, required_parameter};
use crate::http::{Request, Response};
use crate::state::State;

pub(crate) fn list_accounts(
    state: &State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let query = query_parameters(request, &["next_token", "max_result"])?;
    authenticated_session(state, request, now)?;
    let listed = state
        .assignments
        .accounts
        .iter()
        .map(|account| account.to_portal_json())
        .collect();
    let options = &state.options;
    pagination::paginate(
        "accountList",
        "accounts",
        listed,
        &query,
        options.page_size,
        options.null_members,
    )
}

pub(crate) fn list_account_roles(
    state: &State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let query = query_parameters(request, &["account_id", "next_token", "max_result"])?;
    let id = required_parameter(&query, "account_id")?;
    authenticated_session(state, request, now)?;
    let account = state.assignments.account(id).ok_or_else(forbidden)?;
    let entry = |role: &String| json!({ "roleName": role, "accountId": id });
    let listed = account.roles.iter().map(entry).collect();
    let options = &state.options;
    pagination::paginate(
        "roleList",
        id,
        listed,
        &query,
        options.page_size,
        options.null_members,
    )
}
