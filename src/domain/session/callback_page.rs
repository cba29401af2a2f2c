//! Page that the browser shows at the end of a sign-in.
//!
//! It contains no text from the request, loads nothing, and runs one line of script, which removes
//! the code and the state from the visible URL; [`FOREIGN`] keeps them, because the user copies them.

/// Page with an id for programs that inspect it.
#[derive(Clone, Copy, Debug)]
pub struct CallbackPage {
    id: &'static str,
    heading: &'static str,
    text: &'static str,
}

pub const SIGNED_IN: CallbackPage = CallbackPage {
    id: "signed-in",
    heading: "Signed in",
    text: "sso has your sign-in. You can close this tab and go back to the terminal.",
};

pub const DENIED: CallbackPage = CallbackPage {
    id: "denied",
    heading: "Not signed in",
    text: "The request was denied. You can close this tab; run sso login to try again.",
};

/// The user approved the request, but the sign-in failed afterwards.
pub const FAILED: CallbackPage = CallbackPage {
    id: "failed",
    heading: "Not signed in",
    text: "The approval arrived, but the sign-in could not be finished. The terminal says why.",
};

/// The callback comes from another user, or from a process whose user is unknown.
pub const FOREIGN: CallbackPage = CallbackPage {
    id: "foreign",
    heading: "Not signed in yet",
    text: "sso cannot tell whether this browser is yours. If it is, copy the address of this page and paste it into the terminal, or run sso login --device-code.",
};

/// The callback belongs to another request.
pub const WRONG_STATE: CallbackPage = CallbackPage {
    id: "wrong-state",
    heading: "This is not the answer that sso waits for",
    text: "It may belong to an older sign-in. Use the tab that was opened last.",
};

/// Any other path.
pub const NOT_FOUND: CallbackPage = CallbackPage {
    id: "not-found",
    heading: "Nothing here",
    text: "sso waits for the end of a sign-in at another address.",
};

/// Keeps the (already spent) code out of bookmarks and screenshots.
const SCRIPT: &str = "history.replaceState(null,'',location.pathname)";

/// Content-Security-Policy of each page, with the SHA-256 of the script.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-UBodp8UhLR9ASBc1PNRKcs3r2CjAFWxCbrUGPN7u1jo='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Renders the page as HTML.
pub fn html(page: CallbackPage) -> String {
    let CallbackPage { id, heading, text } = page;
    let script = if id == FOREIGN.id { "" } else { SCRIPT };
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{heading} - sso</title>\
<style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto 0;padding:0 1.5rem}}h1{{font-size:1.6rem}}</style>\
<script>{script}</script></head>\
<body id=\"{id}\"><h1>{heading}</h1><p>{text}</p></body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_allows_the_script_and_no_other() {
        let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
        let allowed = format!("; script-src 'sha256-{hash}';");
        assert!(POLICY.contains(&allowed), "{allowed}");
    }
}
