//! The redirect address typed or pasted into a terminal, and what becomes of the terminal.

use emulator::browser;

use crate::fixture::{Run, Sandbox, Terminal};

fn sign_in(sandbox: &Sandbox) -> Run<'_> {
    sandbox
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce")
}

/// Starts a sign-in and gives its terminal and the address that it shows.
fn begun(sandbox: &Sandbox) -> (Terminal, String) {
    let mut terminal = sign_in(sandbox).start_on_terminal();
    terminal.wait_for_screen("open this address in a browser:\r\n\r\n");
    let address = terminal.rest_of_line();
    terminal.wait_for_screen("copy its address and paste it here.");
    terminal.wait_for_line_mode(false);
    (terminal, address)
}

/// The address at which the browser of another computer ends.
fn redirect(address: &str) -> String {
    browser::press(address, "approve")
        .unwrap()
        .location
        .unwrap()
}

#[test]
fn a_pasted_address_ends_the_sign_in() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = begun(&sandbox);
    terminal.type_text(&format!("  {}  \n", redirect(&address)));
    terminal.wait_for_screen("signed in to corp");
    assert!(terminal.is_in_line_mode());
    terminal.finish().expect(0);
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
}

#[test]
fn an_address_longer_than_a_terminal_line_is_taken() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = begun(&sandbox);
    let long = format!("{}&more={}", redirect(&address), "x".repeat(9000));
    terminal.type_text(&format!("{long}\n"));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn what_is_not_the_address_is_said_and_the_next_line_counts() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = begun(&sandbox);
    terminal.type_text("hello\n");
    terminal.wait_for_screen("That is not the address of this sign-in.");
    // Of several lines at once each counts, and a typing error can be taken back.
    let right = redirect(&address);
    terminal.type_text(&format!(
        "\nhttp://127.0.0.1:1/oauth/callback?code=x&state=y\n{right}zz\u{7f}\u{7f}\r"
    ));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn the_browser_of_this_computer_may_come_first() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = begun(&sandbox);
    terminal.type_text("half a line");
    let visit = browser::approve(&address).unwrap();
    assert_eq!(visit.status, 200);
    terminal.wait_for_screen("signed in to corp");
    assert!(terminal.is_in_line_mode());
    terminal.finish().expect(0);
}

#[test]
fn a_pasted_denial_is_one() {
    let sandbox = Sandbox::new();
    let (mut terminal, address) = begun(&sandbox);
    let denied = browser::press(&address, "deny").unwrap().location.unwrap();
    terminal.type_text(&format!("{denied}\n"));
    let shown = terminal.finish().expect(4).stdout;
    assert!(
        shown.contains("was denied: The user denied access"),
        "{shown}"
    );
}

#[test]
fn ctrl_c_ends_it_and_the_terminal_is_as_before() {
    let sandbox = Sandbox::new();
    // A shell around it stays, so that the terminal can be looked at afterwards.
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
    // Its lock and its port are free again.
    sandbox.sign_in();
}

#[test]
fn a_stopped_sign_in_gives_the_terminal_back_and_goes_on_afterwards() {
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
    terminal.type_text(&format!("{}\n", redirect(&address)));
    terminal.wait_for_screen("signed in to corp");
    terminal.finish().expect(0);
}
