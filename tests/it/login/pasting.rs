//! The redirect address typed or pasted into a terminal, and what becomes of the terminal.

use emulator::browser;

use crate::world::{Run, Terminal, World};

fn sign_in(world: &World) -> Run<'_> {
    world
        .sso(["login", "--no-browser"])
        .env("SSO_LOGIN_FLOW", "pkce")
}

/// Starts a sign-in and gives its terminal and the address that it shows.
fn begun(world: &World) -> (Terminal, String) {
    let mut terminal = sign_in(world).on_terminal();
    terminal.wait_until_it_shows("open this address in a browser:\r\n\r\n");
    let address = terminal.rest_of_line();
    terminal.wait_until_it_shows("copy its address and paste it here.");
    terminal.wait_until_it_edits_lines(false);
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
    let world = World::new();
    let (mut terminal, address) = begun(&world);
    terminal.type_in(&format!("  {}  \n", redirect(&address)));
    terminal.wait_until_it_shows("signed in to corp");
    assert!(terminal.edits_lines());
    terminal.finish().expect(0);
    assert_eq!(world.server().count("CreateToken:authorization_code"), 1);
}

#[test]
fn an_address_longer_than_a_terminal_line_is_taken() {
    let world = World::new();
    let (mut terminal, address) = begun(&world);
    let long = format!("{}&more={}", redirect(&address), "x".repeat(9000));
    terminal.type_in(&format!("{long}\n"));
    terminal.wait_until_it_shows("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn what_is_not_the_address_is_said_and_the_next_line_counts() {
    let world = World::new();
    let (mut terminal, address) = begun(&world);
    terminal.type_in("hello\n");
    terminal.wait_until_it_shows("That is not the address of this sign-in.");
    // Of several lines at once each counts, and a typing error can be taken back.
    let right = redirect(&address);
    terminal.type_in(&format!(
        "\nhttp://127.0.0.1:1/oauth/callback?code=x&state=y\n{right}zz\u{7f}\u{7f}\r"
    ));
    terminal.wait_until_it_shows("signed in to corp");
    terminal.finish().expect(0);
}

#[test]
fn the_browser_of_this_computer_may_come_first() {
    let world = World::new();
    let (mut terminal, address) = begun(&world);
    terminal.type_in("half a line");
    let visit = browser::approve(&address).unwrap();
    assert_eq!(visit.status, 200);
    terminal.wait_until_it_shows("signed in to corp");
    assert!(terminal.edits_lines());
    terminal.finish().expect(0);
}

#[test]
fn a_pasted_denial_is_one() {
    let world = World::new();
    let (mut terminal, address) = begun(&world);
    let denied = browser::press(&address, "deny").unwrap().location.unwrap();
    terminal.type_in(&format!("{denied}\n"));
    let shown = terminal.finish().expect(4).stdout;
    assert!(
        shown.contains("was denied: The user denied access"),
        "{shown}"
    );
}

#[test]
fn ctrl_c_ends_it_and_the_terminal_is_as_before() {
    let world = World::new();
    // A shell around it stays, so that the terminal can be looked at afterwards.
    let script = format!(
        "trap : INT; {} login --no-browser; echo \"it ended with $?\"; read line",
        crate::world::binary().display()
    );
    let shell = Run::other(&world, "bash").args(["-c", &script]);
    let mut terminal = shell.env("SSO_LOGIN_FLOW", "pkce").on_terminal();
    terminal.wait_until_it_shows("paste it here.");
    terminal.wait_until_it_edits_lines(false);
    terminal.type_in("\u{3}");
    terminal.wait_until_it_shows("it ended with 130");
    assert!(terminal.edits_lines());
    terminal.type_in("\n");
    terminal.finish();
    assert!(!world.token_path("corp").exists());
    // Its lock and its port are free again.
    world.sign_in();
}

#[test]
fn a_stopped_sign_in_gives_the_terminal_back_and_goes_on_afterwards() {
    let world = World::new();
    let script = format!(
        "set -m; {} login --no-browser; echo stopped; read line; fg",
        crate::world::binary().display()
    );
    let shell = Run::other(&world, "bash").args(["-c", &script]);
    let mut terminal = shell.env("SSO_LOGIN_FLOW", "pkce").on_terminal();
    terminal.wait_until_it_shows("open this address in a browser:\r\n\r\n");
    let address = terminal.rest_of_line();
    terminal.wait_until_it_shows("paste it here.");
    terminal.wait_until_it_edits_lines(false);
    terminal.type_in("\u{1a}");
    terminal.wait_until_it_shows("stopped\r\n");
    terminal.wait_until_it_edits_lines(true);
    terminal.type_in("\n");
    terminal.wait_until_it_edits_lines(false);
    terminal.type_in(&format!("{}\n", redirect(&address)));
    terminal.wait_until_it_shows("signed in to corp");
    terminal.finish().expect(0);
}
