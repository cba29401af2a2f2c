//! The questions and the list on a terminal.

use nix::sys::signal::Signal;

use super::{adds, held};
use crate::world::{ACCOUNT, Run, Terminal, World};

fn on_terminal(run: Run) -> Terminal {
    run.env("TERM", "xterm").on_terminal()
}

/// A world in which something was listed a minute ago.
fn listed() -> World {
    let world = World::new();
    world.stored_token(3600);
    world.listed(60);
    world.server().clear_log();
    world
}

#[test]
fn a_role_is_found_by_typing_and_chosen_without_the_network() {
    let world = listed();
    let mut terminal = on_terminal(world.sso(["configure"]));
    terminal.wait_until_it_shows("account and role: ");
    terminal.wait_until_it_shows("Enter chooses");
    assert!(!terminal.edits_lines());
    terminal.type_in("prod radonl");
    terminal.wait_until_it_shows("account and role: prod radonl\r\n");
    terminal.wait_until_it_shows("  1 of 9;");
    terminal.type_in("\r");
    terminal.wait_until_it_shows("profile name [Production.ReadOnlyAccess]: ");
    assert!(terminal.edits_lines());
    terminal.type_in("two words\n");
    terminal.wait_until_it_shows("error: a blank in the profile name");
    terminal.wait_until_it_shows("profile name [Production.ReadOnlyAccess]: ");
    terminal.type_in("\n");
    terminal.wait_until_it_shows("region: ");
    terminal.type_in("eu-west-1\n");
    terminal.wait_until_it_shows("output of the AWS CLI");
    terminal.type_in("\n");
    terminal.finish().expect(0);
    let new = format!(
        "\n[profile Production.ReadOnlyAccess]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
         sso_role_name = ReadOnlyAccess\nregion = eu-west-1\n"
    );
    assert!(held(&world).ends_with(&new), "{}", held(&world));
    assert_eq!(world.server().count(""), 0);
}

#[test]
fn arrow_keys_move_the_mark_and_what_was_typed_can_be_taken_back() {
    let world = listed();
    let mut terminal = on_terminal(world.sso(["configure", "--pick", "dev"]));
    terminal.wait_until_it_shows("> ");
    terminal.type_in("nothing like this");
    terminal.wait_until_it_shows("  0 of 9;");
    terminal.type_in("\r\u{15}readonly\u{17}production");
    terminal.wait_until_it_shows("  2 of 9;");
    terminal.type_in("\x1b[B");
    terminal.wait_until_it_shows("> Production                     111122223333  ReadOnlyAccess");
    terminal.type_in("\x1bOA\x1b[6~\r");
    terminal.wait_until_it_shows("+sso_role_name = ReadOnlyAccess");
    terminal.wait_until_it_shows("Change profile \"dev\"? [y/N] ");
    terminal.type_in("y\n");
    terminal.finish().expect(0);
    assert!(held(&world).contains("sso_role_name = ReadOnlyAccess\n"));
}

#[test]
fn whoever_leaves_the_list_leaves_everything_as_it_was() {
    for (keys, code) in [("\x1b", 2), ("\x04", 2), ("\x03", 130)] {
        let world = listed();
        let before = held(&world);
        let mut terminal = on_terminal(world.sso(["configure", "mine"]));
        terminal.wait_until_it_shows("Enter chooses");
        terminal.wait_until_it_edits_lines(false);
        terminal.type_in(keys);
        terminal.wait_until_it_edits_lines(true);
        let outcome = terminal.finish();
        assert_eq!(outcome.code, code, "{keys:?}: {outcome:?}");
        // What was drawn is gone.
        assert!(outcome.stdout.contains("\r\x1b[J"), "{outcome:?}");
        assert_eq!(held(&world), before);
    }
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let world = listed();
    let mut terminal = on_terminal(world.sso(["configure", "mine"]));
    terminal.wait_until_it_shows("Enter chooses");
    terminal.wait_until_it_edits_lines(false);
    terminal.signal(Signal::SIGTERM);
    terminal.wait_until_it_edits_lines(true);
    assert_eq!(terminal.finish().code, 128 + 15);
}

#[test]
fn a_terminal_that_cannot_draw_gets_a_numbered_list() {
    let world = listed();
    let run = world.sso([
        "configure",
        "mine",
        "--region",
        "eu-west-1",
        "--output",
        "json",
    ]);
    let mut terminal = run.env("TERM", "dumb").on_terminal();
    terminal.wait_until_it_shows("account and role (a number, or words to find it): ");
    assert!(terminal.edits_lines());
    terminal.type_in("admin\n");
    terminal.wait_until_it_shows("  1) Production");
    terminal.wait_until_it_shows("words to find it): ");
    terminal.type_in("1\n");
    let shown = terminal.finish().expect(0).stdout;
    assert!(!shown.contains('\x1b'), "{shown:?}");
}

#[test]
fn colour_is_left_out_where_nobody_wants_it() {
    let world = listed();
    let run = world.sso(["configure", "mine"]).env("NO_COLOR", "1");
    let mut terminal = on_terminal(run);
    terminal.wait_until_it_shows("Enter chooses");
    terminal.type_in("\x1b");
    let shown = terminal.finish().expect(2).stdout;
    assert!(!shown.contains("\x1b[7m"), "{shown:?}");
}

#[test]
fn a_hostile_name_is_shown_without_its_escapes() {
    let world = World::new();
    world.stored_token(3600);
    world.server().assign("888800001111", "bad\u{1b}[31m\nrole");
    let mut terminal = on_terminal(world.sso([
        "configure",
        "mine",
        "--refresh",
        "--region",
        "x-1",
        "--output",
        "json",
    ]));
    terminal.wait_until_it_shows("bad\u{fffd}[31m\u{fffd}role");
    terminal.type_in("bad\r");
    // Shown it may be; no line of a file can hold it.
    terminal.wait_until_it_shows("the value of sso_role_name has control characters");
    let outcome = terminal.finish().expect(2);
    assert!(!outcome.stdout.contains("\x1b[31m"), "{outcome:?}");
}

#[test]
fn the_wizard_makes_a_session_signs_in_and_writes_all_of_it() {
    let world = World::new();
    world.config("# mine\n");
    let run = world.sso(["configure", "first"]).approving_browser();
    let mut terminal = on_terminal(run);
    terminal.wait_until_it_shows("start URL: ");
    terminal.type_in("corp\n");
    terminal.wait_until_it_shows("is not an https address");
    terminal.type_in("https://corp.awsapps.com/start\n");
    terminal.wait_until_it_shows("region of the Identity Center instance: ");
    terminal.type_in("eu-west-1\n");
    terminal.wait_until_it_shows("name of the session [corp]: ");
    terminal.type_in("\n");
    terminal.wait_until_it_shows("signed in to corp");
    terminal.wait_until_it_shows("Enter chooses");
    terminal.type_in("administrator\r");
    terminal.wait_until_it_shows("region: ");
    terminal.type_in("\n");
    terminal.wait_until_it_shows("output of the AWS CLI");
    terminal.type_in("json\n");
    terminal.finish().expect(0);
    assert_eq!(
        held(&world),
        format!(
            "# mine\n\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n\
             sso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n\n\
             [profile first]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = AdministratorAccess\noutput = json\n"
        )
    );
    world
        .sso(["credential-process", "-p", "first"])
        .run()
        .expect(0);
    adds(&world, "second").run().expect(0);
}
