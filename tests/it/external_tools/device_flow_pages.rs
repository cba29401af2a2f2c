//! The device flow in a real browser.

use serde_json::json;

use super::chromium::Chromium;
use crate::fixture::Sandbox;

#[test]
fn a_code_is_typed_and_approved_or_opened_by_url_and_denied() {
    let sandbox = Sandbox::new();
    let Some(mut browser) = Chromium::start(&sandbox) else {
        return;
    };
    let begin = || {
        let run = sandbox.sso(["login", "--device-code", "--no-browser"]);
        run.start()
    };

    let mut running = begin();
    running.wait_for_stderr("open this page on any device:\n\n");
    let address = running.rest_of_line();
    running.wait_for_stderr("type this code:\n\n");
    let code = running.rest_of_line();
    browser.open("tab", &address);
    let typed = json!({ "into": "#user_code", "text": code.to_lowercase() });
    browser.run_command("tab", "type", typed);
    let page = browser.click("tab", "#next");
    assert!(page.get("text").contains(&code), "{code} in {page:?}");
    let page = browser.click("tab", "#approve");
    assert_eq!(page.get("title"), "Request approved");
    running
        .finish()
        .expect(0)
        .stderr_contains("signed in to corp");
    let token = sandbox.read_json(&sandbox.token_path("corp"));
    assert!(token["refreshToken"].is_string());

    sandbox.sso(["logout"]).run().expect(0);
    let mut running = begin();
    running.wait_for_stderr("This address has the code in it:\n\n");
    let address = running.rest_of_line();
    browser.open("closed", &address);
    browser.run_command("closed", "close", json!(null));
    browser.open("tab", &address);
    let page = browser.click("tab", "#deny");
    assert_eq!(page.get("title"), "Request denied");
    running
        .finish()
        .expect(4)
        .stderr_contains("error: the sign-in to corp was denied")
        .stderr_contains("hint: sso login corp");
    assert!(!sandbox.token_path("corp").exists());
    browser.record("approves and denies a code on the device page");
}
