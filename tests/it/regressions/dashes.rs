//! Names of roles, sessions and profiles that begin with a dash, as IAM and the configuration allow.

use super::{hint, run_hint};
use crate::fixture::parallel::wait_until;
use crate::fixture::{ACCOUNT, START_URL, Sandbox};

const ROLE: &str = "-Admin";

/// Creates a sandbox whose only session is `-x`, with a role `-Admin`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.server().assign(ACCOUNT, ROLE);
    sandbox.write_config(&format!(
        "[sso-session -x]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n\n\
         [profile -p]\nsso_session = -x\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
    ));
    sandbox
}

#[test]
fn a_hint_names_a_session_with_a_dash_as_an_option() {
    let sandbox = sandbox();
    let outcome = sandbox.sso(["exec", "--", "true"]).env("AWS_PROFILE", "-p");
    let outcome = outcome.run().expect(4);
    assert_eq!(hint(&outcome), "sso login --session=-x");
    let run = run_hint(&sandbox, &outcome).approving_browser();
    run.run().expect(0);
    let run = sandbox.sso(["exec", "--", "true"]).env("AWS_PROFILE", "-p");
    run.run().expect(0);
}

#[test]
fn a_written_line_names_a_role_with_a_dash_in_one_word() {
    let sandbox = sandbox();
    sandbox.sso(["login"]).approving_browser().run().expect(0);
    let populate = ["populate", "--credential-process", "--include=-Admin@"];
    sandbox.sso(populate).run().expect(0);
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let line = format!(" credential-process --session=-x --account {ACCOUNT} --role=-Admin\n");
    assert!(config.contains(&line), "{config}");
    let (_, written) = config.split_once("credential_process = ").unwrap();
    let command = written.lines().next().unwrap();
    let run = crate::fixture::Run::program(&sandbox, "sh").args(["-c", command]);
    assert_eq!(run.run().expect(0).json()["AccountId"], ACCOUNT);
}

#[test]
fn the_hook_renews_a_role_with_a_dash() {
    let sandbox = sandbox();
    sandbox.sso(["login"]).approving_browser().run().expect(0);
    let file = format!("account = {ACCOUNT}\nrole = {ROLE}\n");
    let project = sandbox.trusted_project("p", &file);
    sandbox.write_role("-x", ACCOUNT, ROLE, 600);
    let path = sandbox.role_path("-x", ACCOUNT, ROLE);
    let before = std::fs::read(&path).unwrap();
    let run = sandbox.sso(["hook-env", "bash"]).current_dir(&project);
    run.run().expect(0);
    wait_until("the renewal is done", || {
        std::fs::read(&path).is_ok_and(|now| now != before)
    });
}
