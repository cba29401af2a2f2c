//! Every fault has its name: what the services, the network and the disk can do to us.

mod cache_files;
mod config_files;
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

/// An answer as the services give it.
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

/// An answer of something that stands in the way.
fn page(status: u16) -> Action {
    Action::Reply {
        status,
        headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
        body: "<html><body>Who are you?</body></html>".to_owned(),
    }
}

/// A signed-in sandbox in which one operation goes wrong.
fn world_with(fault: Fault) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.server().fault(fault);
    sandbox
}
