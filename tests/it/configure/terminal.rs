//! The prompts and the picker on a terminal.

use nix::sys::signal::Signal;

use super::{add_profile, read_config};
use crate::fixture::{ACCOUNT, Run, Sandbox, Terminal};

/// Starts a run on a terminal that supports the picker.
fn start(run: Run) -> Terminal {
    run.env("TERM", "xterm").start_on_terminal()
}

/// Creates a sandbox with a listing that is a minute old.
fn sandbox_with_listing() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.cache_listing(60);
    sandbox.server().clear_log();
    sandbox
}

#[test]
fn a_role_is_picked_by_typing_without_a_request() {
    let sandbox = sandbox_with_listing();
    let mut terminal = start(sandbox.sso(["configure"]));
    terminal.wait_for_screen("account and role: ");
    terminal.wait_for_screen("Enter chooses");
    assert!(!terminal.is_in_line_mode());
    terminal.type_text("prod radonl");
    terminal.wait_for_screen("account and role: prod radonl\r\n");
    terminal.wait_for_screen("  1 of 9;");
    terminal.type_text("\r");
    terminal.wait_for_screen("profile name [Production.ReadOnlyAccess]: ");
    assert!(terminal.is_in_line_mode());
    terminal.type_text("two words\n");
    terminal.wait_for_screen("error: a blank in the profile name");
    terminal.wait_for_screen("profile name [Production.ReadOnlyAccess]: ");
    terminal.type_text("\n");
    terminal.wait_for_screen("region: ");
    terminal.type_text("eu-west-1\n");
    terminal.wait_for_screen("output of the AWS CLI");
    terminal.type_text("\n");
    terminal.finish().expect(0);
    let new = format!(
        "\n[profile Production.ReadOnlyAccess]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
         sso_role_name = ReadOnlyAccess\nregion = eu-west-1\n"
    );
    assert!(
        read_config(&sandbox).ends_with(&new),
        "{}",
        read_config(&sandbox)
    );
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn arrow_keys_move_the_selection_and_editing_keys_delete_text() {
    let sandbox = sandbox_with_listing();
    let mut terminal = start(sandbox.sso(["configure", "--pick", "dev"]));
    terminal.wait_for_screen("> ");
    terminal.type_text("nothing like this");
    terminal.wait_for_screen("  0 of 9;");
    terminal.type_text("\r\u{15}readonly\u{17}production");
    terminal.wait_for_screen("  2 of 9;");
    terminal.type_text("\x1b[B");
    terminal.wait_for_screen("> Production                     111122223333  ReadOnlyAccess");
    terminal.type_text("\x1bOA\x1b[6~\r");
    terminal.wait_for_screen("+sso_role_name = ReadOnlyAccess");
    terminal.wait_for_screen("Change profile \"dev\"? [y/N] ");
    terminal.type_text("y\n");
    terminal.finish().expect(0);
    assert!(read_config(&sandbox).contains("sso_role_name = ReadOnlyAccess\n"));
}

#[test]
fn leaving_the_picker_changes_nothing() {
    for (keys, code) in [("\x1b", 2), ("\x04", 2), ("\x03", 130)] {
        let sandbox = sandbox_with_listing();
        let before = read_config(&sandbox);
        let mut terminal = start(sandbox.sso(["configure", "mine"]));
        terminal.wait_for_screen("Enter chooses");
        terminal.wait_for_line_mode(false);
        terminal.type_text(keys);
        terminal.wait_for_line_mode(true);
        let outcome = terminal.finish();
        assert_eq!(outcome.code, code, "{keys:?}: {outcome:?}");
        // The picker is erased.
        assert!(outcome.stdout.contains("\r\x1b[J"), "{outcome:?}");
        assert_eq!(read_config(&sandbox), before);
    }
}

#[test]
fn a_signal_restores_the_terminal() {
    let sandbox = sandbox_with_listing();
    let mut terminal = start(sandbox.sso(["configure", "mine"]));
    terminal.wait_for_screen("Enter chooses");
    terminal.wait_for_line_mode(false);
    terminal.signal(Signal::SIGTERM);
    terminal.wait_for_line_mode(true);
    assert_eq!(terminal.finish().code, 128 + 15);
}

#[test]
fn a_dumb_terminal_gets_a_numbered_list() {
    let sandbox = sandbox_with_listing();
    let run = sandbox.sso([
        "configure",
        "mine",
        "--region",
        "eu-west-1",
        "--output",
        "json",
    ]);
    let mut terminal = run.env("TERM", "dumb").start_on_terminal();
    terminal.wait_for_screen("account and role (a number, or words to find it): ");
    assert!(terminal.is_in_line_mode());
    terminal.type_text("admin\n");
    terminal.wait_for_screen("  1) Production");
    terminal.wait_for_screen("words to find it): ");
    terminal.type_text("1\n");
    let shown = terminal.finish().expect(0).stdout;
    assert!(!shown.contains('\x1b'), "{shown:?}");
}

#[test]
fn no_color_disables_colour() {
    let sandbox = sandbox_with_listing();
    let run = sandbox.sso(["configure", "mine"]).env("NO_COLOR", "1");
    let mut terminal = start(run);
    terminal.wait_for_screen("Enter chooses");
    terminal.type_text("\x1b");
    let shown = terminal.finish().expect(2).stdout;
    assert!(!shown.contains("\x1b[7m"), "{shown:?}");
}

#[test]
fn a_hostile_name_is_shown_without_control_characters() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox
        .server()
        .assign("888800001111", "bad\u{1b}[31m\nrole");
    let mut terminal = start(sandbox.sso([
        "configure",
        "mine",
        "--refresh",
        "--region",
        "eu-west-1",
        "--output",
        "json",
    ]));
    terminal.wait_for_screen("bad\u{fffd}[31m\u{fffd}role");
    terminal.type_text("bad\r");
    // It can be listed but not written, because a line of the file cannot contain it.
    terminal.wait_for_screen("the value of sso_role_name has control characters");
    let outcome = terminal.finish().expect(2);
    assert!(!outcome.stdout.contains("\x1b[31m"), "{outcome:?}");
}

#[test]
fn the_wizard_creates_a_session_signs_in_and_writes_the_profile() {
    let sandbox = Sandbox::new();
    sandbox.write_config("# mine\n");
    let run = sandbox.sso(["configure", "first"]).approving_browser();
    let mut terminal = start(run);
    terminal.wait_for_screen("start URL: ");
    terminal.type_text("corp\n");
    terminal.wait_for_screen("is not an https address");
    terminal.type_text("https://corp.awsapps.com/start\n");
    terminal.wait_for_screen("region of the Identity Center instance: ");
    terminal.type_text("eu-west-1\n");
    terminal.wait_for_screen("name of the session [corp]: ");
    terminal.type_text("\n");
    terminal.wait_for_screen("signed in to corp");
    terminal.wait_for_screen("Enter chooses");
    terminal.type_text("administrator\r");
    terminal.wait_for_screen("region: ");
    terminal.type_text("\n");
    terminal.wait_for_screen("output of the AWS CLI");
    terminal.type_text("json\n");
    terminal.finish().expect(0);
    assert_eq!(
        read_config(&sandbox),
        format!(
            "# mine\n\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n\
             sso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n\n\
             [profile first]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = AdministratorAccess\noutput = json\n"
        )
    );
    sandbox
        .sso(["credential-process", "-p", "first"])
        .run()
        .expect(0);
    add_profile(&sandbox, "second").run().expect(0);
}
