//! The device page, on which the user enters or compares a code and approves or denies it.

use super::{decision_form, escape, html_page, message_page};
use crate::http::{Request, Response, form};
use crate::state::State;
use crate::state::records::Decision;

/// Answers GET: asks for the code, or shows the one in the URL.
pub(crate) fn get(state: &mut State, request: &Request, now: u64) -> Response {
    let query = request.query_pairs();
    let Some(typed) = form::first_value(&query, "user_code").filter(|code| !code.is_empty()) else {
        return code_entry_page();
    };
    let Some(device) = state.waiting_device(typed, now) else {
        return code_not_found_page(typed);
    };
    let (code, start_url) = (device.user_code.clone(), device.start_url.clone());
    let client_id = device.client_id.clone();
    let client = state
        .clients
        .get(&client_id)
        .map(|client| client.name.clone());
    let content = format!(
        "<p>Continue only if your device shows this code.</p>\n\
         <p class=\"code\" id=\"user_code\">{}</p>\n<dl>\
         <dt>Application</dt><dd id=\"client_name\">{}</dd>\
         <dt>Sign-in page</dt><dd id=\"start_url\">{}</dd></dl>\n{}",
        escape(&code),
        escape(&client.unwrap_or_default()),
        escape(&start_url),
        decision_form("/device", ("user_code", &code)),
    );
    html_page(200, "Authorization requested", &content)
}

fn code_entry_page() -> Response {
    let content = "<form method=\"get\" action=\"/device\">\n\
         <label for=\"user_code\">Enter the code that your device shows.</label>\n\
         <input type=\"text\" id=\"user_code\" name=\"user_code\" autocomplete=\"off\" \
         autofocus required>\n\
         <button class=\"main\" id=\"next\">Next</button>\n</form>";
    html_page(200, "Authorize a device", content)
}

fn code_not_found_page(code: &str) -> Response {
    let text = format!("The code {code} is unknown, has expired or was already used.");
    message_page(404, "Code not found", &text)
}

/// Answers POST: applies the decision.
pub(crate) fn post(state: &mut State, request: &Request, now: u64) -> Response {
    let fields = request.form_pairs();
    let decision = match form::first_value(&fields, "decision") {
        Some("approve") => Decision::Approve,
        Some("deny") => Decision::Deny,
        _ => return message_page(400, "Invalid request", "No decision was sent."),
    };
    let code = form::first_value(&fields, "user_code").unwrap_or_default();
    let Some(device) = state.waiting_device(code, now) else {
        return code_not_found_page(code);
    };
    device.decision = Some(decision);
    match decision {
        Decision::Approve => message_page(
            200,
            "Request approved",
            "Approved. You can close this window.",
        ),
        Decision::Deny => message_page(200, "Request denied", "Denied. You can close this window."),
    }
}
