//! `sso` as the `credential_process` of a profile, started by each client in its own way:
//! the CLI and boto3 split the line as shlex does, the SDK for JavaScript gives it to a
//! shell.

use std::path::PathBuf;

use super::{Client, Judged, Keys, config, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

/// The binary in a folder whose name needs quoting.
fn awkward_binary(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.home().join("it's in $HOME; a (folder)");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("sso");
    std::fs::copy(env!("CARGO_BIN_EXE_sso"), &path).unwrap();
    path
}

/// Profiles whose only source is a line that calls `sso`.
fn helper_world() -> Sandbox {
    let sandbox = sandbox();
    let plain = env!("CARGO_BIN_EXE_sso");
    let awkward = awkward_binary(&sandbox);
    let awkward = awkward.to_str().unwrap();
    let single = format!("'{}'", awkward.replace('\'', r"'\''"));
    // In double quotes the two rules differ about `\$`, so both styles take turns.
    let (before, after) = awkward.split_once('\'').unwrap();
    let mixed = format!("\"{before}'\"'{after}'");
    let direct = format!("--session corp --account {ACCOUNT} --role {ROLE}");
    sandbox.write_config(&config(&format!(
        "[profile \"by profile\"]\n\
         credential_process = \"{plain}\" credential-process --profile dev\n\
         \n\
         [profile by-role]\n\
         credential_process = {single} credential-process {direct}\n\
         \n\
         [profile by-alias]\n\
         credential_process = {mixed} credential_process --profile=dev\n\
         \n\
         [profile asking]\n\
         credential_process = {single} credential-process --login -s corp -a {ACCOUNT} -r {ROLE}\n\
         \n\
         [profile denied]\n\
         credential_process = {single} credential-process -s corp -a {ACCOUNT} -r Nobody\n"
    )));
    sandbox
}

/// Every client with every line: the same keys, no request.
fn serves(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = helper_world();
    sandbox.sign_in();
    let keys = sandbox.by_sso();
    sandbox.server().clear_log();
    for profile in ["by profile", "by-role", "by-alias"] {
        // Only these know a profile with a blank in its name.
        let knows_blanks = matches!(client, Client::AwsCli | Client::Boto3);
        if profile.contains(' ') && !knows_blanks {
            continue;
        }
        let outcome = client.credentials(&sandbox, Some(profile)).run().expect(0);
        assert_eq!(Keys::of(&outcome.json()), keys, "{profile}");
    }
    // The variable names the profile that has the line; the line names another.
    let outcome = client
        .credentials(&sandbox, None)
        .env("AWS_PROFILE", "by-role")
        .run()
        .expect(0);
    assert_eq!(Keys::of(&outcome.json()), keys);
    assert_eq!(sandbox.server().count(""), 0);

    // And `sso` itself follows the line without starting anything.
    let outcome = sandbox.sso(["credential-process", "-p", "by-role"]).run();
    assert_eq!(Keys::of(&outcome.expect(0).json()), keys);
    client.did(&sandbox, Direction::CredentialProcess);
}

/// Names as a portal and a person may give them, which reach `sso` as they are, whether the
/// line is given to a shell or split.
fn passes_names_on(client: Client) {
    const SESSION: &str = "it's \"our\" $HOME `id` (é)";
    // In the head of a section `;` and `#` begin a comment for the SDKs for Rust and Java,
    // which then refuse the whole file.
    const PROFILE: &str = "a 'b' $(id) \\ c";
    const NAME: &str = "a 'b';$(id)#\\ c";
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let sso = env!("CARGO_BIN_EXE_sso");
    sandbox.server().assign(ACCOUNT, NAME);
    sandbox.write_config(&format!(
        "[sso-session {session}]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         \n\
         [profile {profile}]\n\
         sso_session = {SESSION}\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {NAME}\n\
         \n\
         [profile by-name]\n\
         credential_process = {sso} credential-process --profile {profile}\n\
         \n\
         [profile by-role]\n\
         credential_process = {sso} credential-process -s {session} -a {ACCOUNT} -r {name}\n",
        session = quoted(SESSION),
        profile = quoted(PROFILE),
        name = quoted(NAME),
    ));
    sandbox.sign_in();
    let outcome = sandbox.sso(["credential-process", "-p", PROFILE]).run();
    let keys = Keys::of(&outcome.expect(0).json());
    for profile in ["by-name", "by-role"] {
        let outcome = client.credentials(&sandbox, Some(profile)).run().expect(0);
        assert_eq!(Keys::of(&outcome.json()), keys, "{profile}");
    }
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
}

/// Whether the client gives the line to a shell is seen by a variable in it that is not set:
/// a shell takes it away, and for `sso` it would be one word too many.
fn starts_it_in_its_way(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    let sso = env!("CARGO_BIN_EXE_sso");
    sandbox.write_config(&config(&format!(
        "[profile unset]\n\
         credential_process = {sso} credential-process -p dev $NOBODY_SETS_THIS\n"
    )));
    sandbox.sign_in();
    let outcome = client.credentials(&sandbox, Some("unset")).run();
    let way = match client {
        Client::AwsCli | Client::Boto3 => {
            outcome.stderr_contains("$NOBODY_SETS_THIS");
            "splits the line of `credential_process` itself"
        }
        _ => {
            outcome.expect(0);
            "gives the line of `credential_process` to a shell"
        }
    };
    client.did_also(&sandbox, way);
}

each_client!(serves);
each_client!(passes_names_on);
each_client!(starts_it_in_its_way);

#[test]
fn what_sso_says_reaches_the_user_of_every_client() {
    let sandbox = helper_world();
    let clients: Vec<Client> = Client::ALL
        .into_iter()
        .filter(|c| c.is_available())
        .collect();
    for &client in &clients {
        let outcome = client.credentials(&sandbox, Some("by-alias")).run();
        assert_eq!(outcome.code, failed(client), "{outcome:?}");
        outcome
            .stderr_contains("error: not signed in to corp")
            .stderr_contains("hint: sso login corp");
    }
    sandbox.sign_in();
    for &client in &clients {
        let outcome = client.credentials(&sandbox, Some("denied")).run();
        assert_eq!(outcome.code, failed(client), "{outcome:?}");
        outcome
            .stderr_contains(&format!("no access to role Nobody in account {ACCOUNT}"))
            .stderr_contains("hint: ");
        client.did(&sandbox, Direction::ShowsErrors);
    }
}

/// How a client ends when its helper failed.
fn failed(client: Client) -> i32 {
    match client {
        Client::AwsCli => 253,
        _ => 1,
    }
}

#[test]
fn a_helper_that_may_sign_in_opens_a_browser_for_its_client() {
    let sandbox = helper_world();
    // The CLI is started as boto3 is, and takes longer.
    for client in Client::ALL {
        if client == Client::AwsCli || !client.is_available() {
            continue;
        }
        let outcome = client
            .credentials(&sandbox, Some("asking"))
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(Keys::of(&outcome.json()), sandbox.by_sso());
        sandbox.sso(["logout"]).run().expect(0);
    }
    let client = Client::Boto3;
    if client.is_available() {
        let outcome = client
            .credentials(&sandbox, Some("asking"))
            .browser("deny")
            .run();
        outcome.expect(1).stderr_contains("hint: sso login corp");
    }
}
