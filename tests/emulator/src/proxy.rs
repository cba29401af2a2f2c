//! The HTTP proxy that the listeners of a server with TLS are. A tunnel to any host ends at this
//! server.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::http::{Request, Response};
use crate::state::State;

/// Answers CONNECT: 200 with the proxy's user and password, 407 otherwise.
pub(crate) fn connect(state: &State, request: &Request) -> Response {
    let login = &state.options.proxy_login;
    let wanted = format!("Basic {}", STANDARD.encode(login));
    if login.is_empty() || request.header("proxy-authorization") == Some(&wanted) {
        return Response::empty(200);
    }
    let page = "<html><body>Proxy authentication required.</body></html>";
    Response::html(407, page.to_owned())
        .with("Proxy-Authenticate", "Basic realm=\"emulator\"")
        .with("Connection", "close")
}
