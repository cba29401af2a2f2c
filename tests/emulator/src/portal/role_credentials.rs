//! GetRoleCredentials: keys for one role in one account.
//!
//! Each fetch gives other keys, so that a test can tell a fetch from a cached answer. They
//! authorize nothing, unless a test has set real ones for the role.

use serde_json::json;

use super::{BEARER, no_access, parameters, required, session};
use crate::http::{Request, Response};
use crate::state::records::{Granted, RoleKeys};
use crate::state::{State, later};

pub(crate) fn get(state: &mut State, request: &Request, now: u64) -> Result<Response, Response> {
    let query = parameters(request, &["role_name", "account_id"])?;
    let role = required(&query, "role_name")?;
    let account = required(&query, "account_id")?;
    session(state, request, now)?;
    if !state.directory.is_assigned(account, role) {
        return Err(no_access());
    }
    state.fetches += 1;
    let fixed = state
        .role_keys
        .get(&(account.to_owned(), role.to_owned()))
        .cloned();
    let keys = fixed.unwrap_or_else(|| made_up(state));
    let granted = Granted {
        account: account.to_owned(),
        role: role.to_owned(),
        secret_access_key: keys.secret_access_key.clone(),
        session_token: keys.session_token.clone(),
    };
    state.granted.insert(keys.access_key_id.clone(), granted);
    let bearer = request.header(BEARER).unwrap_or_default();
    if let Some(sign_in) = state.access.get(bearer).map(|access| access.origin.sign_in) {
        let origin = state.origin(sign_in);
        state.keys.insert(keys.access_key_id.clone(), origin);
    }
    let expiration = keys
        .expiration_ms
        .unwrap_or_else(|| later(now, state.options.role_credentials_seconds));
    let reply = json!({ "roleCredentials": {
        "accessKeyId": keys.access_key_id,
        "secretAccessKey": keys.secret_access_key,
        "sessionToken": keys.session_token,
        "expiration": expiration,
    }});
    Ok(Response::json(200, &reply))
}

fn made_up(state: &mut State) -> RoleKeys {
    // The number of the fetch can be read off the key id; the other two contain the
    // characters that need quoting.
    RoleKeys {
        access_key_id: format!("ASIAEMULATOR{:08}", state.fetches % 100_000_000),
        secret_access_key: format!("/+{}", state.ids.base64(1).get(..38).unwrap_or_default()),
        session_token: format!("IQoJb3JpZ2luX2VjE+/{}", state.ids.base64(10)),
        expiration_ms: None,
    }
}
