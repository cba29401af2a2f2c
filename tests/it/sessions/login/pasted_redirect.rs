//! The redirect address typed or pasted into a terminal, and the state of the terminal.

use emulator::browser;

use crate::fixture::{Run, Sandbox, Terminal};

fn login_without_browser(sandbox: &Sandbox) -> Run<'_> {
    sandbox
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce")
}

/// Starts a sign-in on a terminal and returns the terminal and the printed URL.
fn start_login_on_terminal(sandbox: &Sandbox) -> (Terminal, String) {
    let mut terminal = login_without_browser(sandbox).start_on_terminal();
    terminal.wait_for_screen("open this address in a browser:\r\n\r\n");
    let address = terminal.rest_of_line();
    terminal.wait_for_screen("copy its address and paste it here.");
    terminal.wait_for_line_mode(false);
    (terminal, address)
}

/// Approves the sign-in and returns the redirect address, as the browser of another computer
/// shows it.
fn approve_elsewhere(address: &str) -> String {
    browser::press(address, "approve")
        .unwrap()
        .location
        .unwrap()
}

#[test]
fn pasted_redirect_ends_the_sign_in() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = start_login_on_terminal(&sandbox);
    terminal.type_text(&format!("  {}  \n", approve_elsewhere(&address)));
    terminal.wait_for_screen("signed in to corp");
    assert!(terminal.is_in_line_mode());
    terminal.finish().expect(0);
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
}

#[test]
fn pasted_redirect_may_exceed_a_terminal_line() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = start_login_on_terminal(&sandbox);
    let long = format!("{}&more={}", approve_elsewhere(&address), "x".repeat(9000));
    terminal.type_text(&format!("{long}\n"));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn invalid_pasted_line_is_reported_and_the_next_one_is_read() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = start_login_on_terminal(&sandbox);
    terminal.type_text("hello\n");
    terminal.wait_for_screen("That is not the address of this sign-in.");
    // Each of several pasted lines is read, and backspace edits the line.
    let right = approve_elsewhere(&address);
    terminal.type_text(&format!(
        "\nhttp://127.0.0.1:1/oauth/callback?code=x&state=y\n{right}zz\u{7f}\u{7f}\r"
    ));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn redirect_in_the_browser_ends_the_sign_in_while_typing() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = start_login_on_terminal(&sandbox);
    terminal.type_text("half a line");
    let visit = browser::approve(&address).unwrap();
    assert_eq!(visit.status, 200);
    terminal.wait_for_screen("signed in to corp");
    assert!(terminal.is_in_line_mode());
    terminal.finish().expect(0);
}

#[test]
fn pasted_denial_ends_the_sign_in() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = start_login_on_terminal(&sandbox);
    let denied = browser::press(&address, "deny").unwrap().location.unwrap();
    terminal.type_text(&format!("{denied}\n"));
    let shown = terminal.finish().expect(4).stdout;
    assert!(
        shown.contains("was denied: The user denied access"),
        "{shown}"
    );
}

#[test]
fn ctrl_c_restores_the_terminal() {
    let sandbox = Sandbox::new();
    // The shell keeps the terminal open, so that its mode can be checked afterwards.
    let script = format!(
        "trap : INT; {} login --no-browser; echo \"it ended with $?\"; read line",
        crate::fixture::binary().display()
    );
    let shell = Run::program(&sandbox, "bash").args(["-c", &script]);
    let mut terminal = shell.env("SSO_LOGIN_FLOW", "pkce").start_on_terminal();
    terminal.wait_for_screen("paste it here.");
    terminal.wait_for_line_mode(false);
    terminal.type_text("\u{3}");
    terminal.wait_for_screen("it ended with 130");
    assert!(terminal.is_in_line_mode());
    terminal.type_text("\n");
    terminal.finish();
    assert!(!sandbox.token_path("corp").exists());
    // Lock and port are free again.
    sandbox.sign_in();
}

#[test]
fn suspended_sign_in_restores_the_terminal_and_can_be_resumed() {
    let sandbox = Sandbox::new();
    let script = format!(
        "set -m; {} login --no-browser; echo stopped; read line; fg",
        crate::fixture::binary().display()
    );
    let shell = Run::program(&sandbox, "bash").args(["-c", &script]);
    let mut terminal = shell.env("SSO_LOGIN_FLOW", "pkce").start_on_terminal();
    terminal.wait_for_screen("open this address in a browser:\r\n\r\n");
    let address = terminal.rest_of_line();
    terminal.wait_for_screen("paste it here.");
    terminal.wait_for_line_mode(false);
    terminal.type_text("\u{1a}");
    terminal.wait_for_screen("stopped\r\n");
    terminal.wait_for_line_mode(true);
    terminal.type_text("\n");
    terminal.wait_for_line_mode(false);
    terminal.type_text(&format!("{}\n", approve_elsewhere(&address)));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}
