//! Controls for accounts, roles and role keys.

use serde_json::{Map, Value, json};

use super::{ControlResult, done, required_text, unknown_control};
use crate::assignments::Account;
use crate::handle::Handle;
use crate::state::records::RoleKeys;

pub(super) fn to_json(account: &Account) -> Value {
    json!({
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "roles": account.roles,
    })
}

pub(super) fn post(handle: &Handle, path: &str, body: &Map<String, Value>) -> ControlResult {
    match path {
        "accounts" => {
            let optional = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
            let roles = body.get("roles").and_then(Value::as_array);
            let roles = roles.into_iter().flatten().filter_map(Value::as_str);
            handle.put_account(Account {
                id: required_text(body, "id")?.to_owned(),
                name: optional("name"),
                email: optional("email"),
                roles: roles.map(str::to_owned).collect(),
            });
        }
        "accounts/remove" => handle.remove_account(required_text(body, "id")?),
        "accounts/fill" => {
            let number = |name: &str| {
                let given = body.get(name).and_then(Value::as_u64);
                usize::try_from(given.unwrap_or(1)).unwrap_or(1).min(10_000)
            };
            handle.fill_accounts(number("accounts"), number("roles"));
        }
        "assign" => handle.assign(
            required_text(body, "account")?,
            required_text(body, "role")?,
        ),
        "unassign" => handle.unassign(
            required_text(body, "account")?,
            required_text(body, "role")?,
        ),
        "role_keys" => {
            let (account, role) = (
                required_text(body, "account")?,
                required_text(body, "role")?,
            );
            let keys = match body.get("access_key_id") {
                None => None,
                Some(_) => Some(RoleKeys {
                    access_key_id: required_text(body, "access_key_id")?.to_owned(),
                    secret_access_key: required_text(body, "secret_access_key")?.to_owned(),
                    session_token: required_text(body, "session_token")?.to_owned(),
                    expiration_ms: body.get("expiration_ms").and_then(Value::as_u64),
                }),
            };
            handle.set_role_keys(account, role, keys);
        }
        _ => return Err(unknown_control(path)),
    }
    done()
}
