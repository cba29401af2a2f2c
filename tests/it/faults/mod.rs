//! Faults of the services, the network, the disk and the file system: each has its own error.

mod cache_files;
mod config_files;
mod foreign_files;
mod locks;
mod network;
mod other_users;
mod rejected_token;
mod service_errors;
mod storage;

use emulator::{Action, Fault};

use crate::fixture::Sandbox;

const REFRESH: &str = "CreateToken:refresh_token";
const FETCH: &str = "GetRoleCredentials";

/// Returns an error response in the format of the services.
fn exception(status: u16, name: &str, body: &str) -> Action {
    Action::Reply {
        status,
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("x-amzn-ErrorType".to_owned(), name.to_owned()),
        ],
        body: body.to_owned(),
    }
}

/// Returns an HTML response, as from a proxy or a captive portal.
fn page(status: u16) -> Action {
    Action::Reply {
        status,
        headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
        body: "<html><body>Who are you?</body></html>".to_owned(),
    }
}

/// Creates a signed-in sandbox with a fault.
fn sandbox_with(fault: Fault) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().fault(fault);
    sandbox
}
