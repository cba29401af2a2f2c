//! GetRoleCredentials: keys for one role in one account.
//!
//! Each request returns different keys, so that a test can tell a fetch from a cache hit. They
//! authorize nothing, unless a test has set real ones for the role.

use serde_json::json;

use super::{TOKEN_HEADER, authenticated_session, forbidden, query_parameters, required_parameter};
use crate::http::{Request, Response};
use crate::state::records::{IssuedKeys, RoleKeys};
use crate::state::{State, expiry_after};

pub(crate) fn get_role_credentials(
    state: &mut State,
    request: &Request,
    now: u64,
) -> Result<Response, Response> {
    let query = query_parameters(request, &["role_name", "account_id"])?;
    let role = required_parameter(&query, "role_name")?;
    let account = required_parameter(&query, "account_id")?;
    authenticated_session(state, request, now)?;
    if !state.assignments.is_assigned(account, role) {
        return Err(forbidden());
    }
    state.key_fetches += 1;
    let fixed = state
        .role_keys
        .get(&(account.to_owned(), role.to_owned()))
        .cloned();
    let keys = fixed.unwrap_or_else(|| generate_keys(state));
    let issued = IssuedKeys {
        account: account.to_owned(),
        role: role.to_owned(),
        secret_access_key: keys.secret_access_key.clone(),
        session_token: keys.session_token.clone(),
    };
    state.issued_keys.insert(keys.access_key_id.clone(), issued);
    let bearer = request.header(TOKEN_HEADER).unwrap_or_default();
    if let Some(sign_in) = state
        .access_tokens
        .get(bearer)
        .map(|access| access.provenance.sign_in)
    {
        let provenance = state.next_provenance(sign_in);
        state
            .key_provenance
            .insert(keys.access_key_id.clone(), provenance);
    }
    let expiration = keys
        .expiration_ms
        .unwrap_or_else(|| expiry_after(now, state.options.role_credentials_seconds));
    let reply = json!({ "roleCredentials": {
        "accessKeyId": keys.access_key_id,
        "secretAccessKey": keys.secret_access_key,
        "sessionToken": keys.session_token,
        "expiration": expiration,
    }});
    Ok(Response::json(200, &reply))
}

fn generate_keys(state: &mut State) -> RoleKeys {
    // The key id contains the number of the fetch; secret and token contain characters that need
    // quoting or encoding.
    RoleKeys {
        access_key_id: format!("ASIAEMULATOR{:08}", state.key_fetches % 100_000_000),
        secret_access_key: format!("/+{}", state.ids.base64(1).get(..38).unwrap_or_default()),
        session_token: format!("IQoJb3JpZ2luX2VjE+/{}", state.ids.base64(10)),
        expiration_ms: None,
    }
}
