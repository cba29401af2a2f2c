//! The proxy that the listeners of a server with TLS are: whoever connects through it, to
//! whatever host, reaches this server.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::http::{Request, Response};
use crate::state::State;

/// CONNECT: opens the tunnel, for those who have the proxy's user and password.
pub(crate) fn connect(state: &State, request: &Request) -> Response {
    let login = &state.options.proxy_login;
    let wanted = format!("Basic {}", STANDARD.encode(login));
    if login.is_empty() || request.header("proxy-authorization") == Some(&wanted) {
        return Response::empty(200);
    }
    let page = "<html><body>This proxy knows its users.</body></html>";
    Response::html(407, page.to_owned())
        .with("Proxy-Authenticate", "Basic realm=\"emulator\"")
        .with("Connection", "close")
}
