//! `sso` as the `credential_process` of a profile. The CLI and boto3 split the line as shlex
//! does; the SDKs for the other languages pass it to a shell.

use std::path::PathBuf;

use super::{Client, Keys, SharedSession, config, sandbox};
use crate::fixture::compatibility::Direction;
use crate::fixture::{ACCOUNT, ROLE, START_URL, Sandbox};

/// Copies the binary into a folder whose name needs quoting.
fn awkward_binary(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.home().join("it's in $HOME; a (folder)");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("sso");
    std::fs::copy(env!("CARGO_BIN_EXE_sso"), &path).unwrap();
    path
}

/// Creates a sandbox with profiles whose only source is a `credential_process` line.
fn helper_sandbox() -> Sandbox {
    let sandbox = sandbox();
    let plain = env!("CARGO_BIN_EXE_sso");
    let awkward = awkward_binary(&sandbox);
    let awkward = awkward.to_str().unwrap();
    let single = format!("'{}'", awkward.replace('\'', r"'\''"));
    // shlex and shells disagree about `\$` in double quotes, so the two styles of quotes are
    // mixed.
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

/// The client gets the same cached keys from every line, without a request.
fn gets_the_same_keys_from_every_line(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = helper_sandbox();
    sandbox.sign_in();
    let keys = sandbox.credentials_from_sso();
    sandbox.server().clear_log();
    for profile in ["by profile", "by-role", "by-alias"] {
        // Only these clients support a blank in the name of a profile.
        let supports_blanks = matches!(client, Client::AwsCli | Client::Boto3);
        if profile.contains(' ') && !supports_blanks {
            continue;
        }
        let outcome = client.credentials(&sandbox, Some(profile)).run().expect(0);
        assert_eq!(Keys::from_json(&outcome.json()), keys, "{profile}");
    }
    // The variable names the profile that has the line; the line names another.
    let outcome = client
        .credentials(&sandbox, None)
        .env("AWS_PROFILE", "by-role")
        .run()
        .expect(0);
    assert_eq!(Keys::from_json(&outcome.json()), keys);
    assert_eq!(sandbox.server().count(""), 0);

    // `sso` itself follows the line without starting a process.
    let outcome = sandbox.sso(["credential-process", "-p", "by-role"]).run();
    assert_eq!(Keys::from_json(&outcome.expect(0).json()), keys);
    client.record(&sandbox, Direction::CredentialProcess);
}

/// Names with quotes and expansions reach `sso` unchanged, whether the client passes the line to
/// a shell or splits it.
fn passes_special_names_unchanged(client: Client) {
    const SESSION: &str = "it's \"our\" $HOME `id` (é)";
    // The SDKs for Rust and Java take `;` and `#` in a section header for a comment and then
    // reject the whole file.
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
    let keys = Keys::from_json(&outcome.expect(0).json());
    for profile in ["by-name", "by-role"] {
        let outcome = client.credentials(&sandbox, Some(profile)).run().expect(0);
        assert_eq!(Keys::from_json(&outcome.json()), keys, "{profile}");
    }
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 1);
}

/// An unset variable in the line shows whether the client passes it to a shell: a shell removes
/// the variable, while `sso` rejects it as an extra argument.
fn splits_the_line_or_uses_a_shell(client: Client) {
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
    let note = match client {
        Client::AwsCli | Client::Boto3 => {
            outcome.stderr_contains("$NOBODY_SETS_THIS");
            "splits the line of `credential_process` itself"
        }
        _ => {
            outcome.expect(0);
            "gives the line of `credential_process` to a shell"
        }
    };
    client.record_note(&sandbox, note);
}

each_client!(gets_the_same_keys_from_every_line);
each_client!(passes_special_names_unchanged);
each_client!(splits_the_line_or_uses_a_shell);

#[test]
fn errors_of_sso_are_shown_by_every_client() {
    let sandbox = helper_sandbox();
    let clients: Vec<Client> = Client::ALL
        .into_iter()
        .filter(|c| c.is_available())
        .collect();
    for &client in &clients {
        let outcome = client.credentials(&sandbox, Some("by-alias")).run();
        assert_eq!(outcome.code, exit_code_of_failure(client), "{outcome:?}");
        outcome
            .stderr_contains("error: not signed in to corp")
            .stderr_contains("hint: sso login corp");
    }
    sandbox.sign_in();
    for &client in &clients {
        let outcome = client.credentials(&sandbox, Some("denied")).run();
        assert_eq!(outcome.code, exit_code_of_failure(client), "{outcome:?}");
        outcome
            .stderr_contains(&format!("no access to role Nobody in account {ACCOUNT}"))
            .stderr_contains("hint: ");
        client.record(&sandbox, Direction::ShowsErrors);
    }
}

/// Returns the exit code of a client whose `credential_process` has failed.
fn exit_code_of_failure(client: Client) -> i32 {
    match client {
        Client::AwsCli => 253,
        _ => 1,
    }
}

#[test]
fn credential_process_with_login_opens_a_browser() {
    let sandbox = helper_sandbox();
    // The CLI starts its helper as boto3 does, but takes longer, so it is left out.
    for client in Client::ALL {
        if client == Client::AwsCli || !client.is_available() {
            continue;
        }
        let outcome = client
            .credentials(&sandbox, Some("asking"))
            .approving_browser()
            .run()
            .expect(0);
        assert_eq!(
            Keys::from_json(&outcome.json()),
            sandbox.credentials_from_sso()
        );
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
