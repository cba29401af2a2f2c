//! `sso check` beside judges: who the credentials belong to, asked of an AWS that verifies the
//! signature, and exit codes beside those of aws-sso-util.

use std::ffi::OsStr;

use super::moto::Moto;
use crate::fixture::compatibility;
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{ROLE, Run, Sandbox};

const URL: &str = "https://old.awsapps.com/start";
const ACCOUNT: &str = "111122223333";

#[test]
fn the_signature_is_right_and_the_role_is_the_one_that_it_should_be() {
    let Some(moto) = Moto::start() else { return };
    let sandbox = moto.sandbox();
    let check = || moto.reached_by(sandbox.sso(["check", "-p", "dev"])).run();
    let outcome = check().expect(0);
    let line = format!("identity     {}\n", moto.arn);
    assert!(outcome.stdout.contains(&line), "{outcome:#?}");
    // A key that does not fit, and an id that nobody has given.
    moto.hand_out(&sandbox, |keys| keys.secret_access_key += "x");
    let outcome = check().expect(206);
    assert!(
        outcome.stdout.contains("SignatureDoesNotMatch"),
        "{outcome:#?}"
    );
    moto.hand_out(&sandbox, |keys| {
        "ASIAIOSFODNN7EXAMPLE".clone_into(&mut keys.access_key_id);
    });
    let outcome = check().expect(206);
    assert!(
        outcome.stdout.contains("InvalidClientTokenId"),
        "{outcome:#?}"
    );
    moto.has_verified("`sso check`");
}

/// The same question to both.
struct Question {
    what: &'static str,
    config: String,
    seconds: Option<i64>,
    ours: &'static [&'static str],
    theirs: &'static [&'static str],
    code: i32,
}

fn legacy(name: &str, url: &str) -> String {
    format!(
        "[profile {name}]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\nregion = eu-west-1\n\n"
    )
}

fn questions() -> Vec<Question> {
    let one = || legacy("old", URL);
    let two = || one() + &legacy("other", "https://other.awsapps.com/start");
    let ask = |what, config, seconds, ours, theirs, code| Question {
        what,
        config,
        seconds,
        ours,
        theirs,
        code,
    };
    vec![
        ask(
            "all is well",
            one(),
            Some(7200),
            &["-a", ACCOUNT, "-r", ROLE],
            &["-a", ACCOUNT, "-r", ROLE],
            0,
        ),
        ask(
            "an account by its name",
            one(),
            Some(7200),
            &["-a", "Production", "-r", ROLE],
            &["-a", "Production", "-r", ROLE],
            0,
        ),
        ask(
            "an account alone",
            one(),
            Some(7200),
            &["-a", ACCOUNT],
            &["-a", ACCOUNT],
            0,
        ),
        ask(
            "a role alone",
            one(),
            Some(7200),
            &["-r", ROLE],
            &["-r", ROLE],
            0,
        ),
        ask("nothing configured", String::new(), None, &[], &[], 101),
        ask(
            "the only profile lacks its region",
            format!(
                "[profile old]\nsso_start_url = {URL}\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
            ),
            None,
            &["-p", "old"],
            &[],
            101,
        ),
        ask(
            "none has this start URL",
            two(),
            None,
            &["--start-url", "https://third.awsapps.com/start"],
            &["--sso-start-url", "https://third.awsapps.com/start"],
            102,
        ),
        ask("several and none is named", two(), None, &[], &[], 103),
        ask(
            "nobody is signed in",
            one(),
            None,
            &["-a", ACCOUNT, "-r", ROLE],
            &["-a", ACCOUNT, "-r", ROLE],
            201,
        ),
        ask(
            "the token has ended",
            one(),
            Some(-60),
            &["-a", ACCOUNT, "-r", ROLE],
            &["-a", ACCOUNT, "-r", ROLE],
            201,
        ),
        ask(
            "no such account",
            one(),
            Some(7200),
            &["-a", "999999999999"],
            &["-a", "999999999999"],
            202,
        ),
        ask(
            "no such account for a role",
            one(),
            Some(7200),
            &["-a", "999999999999", "-r", ROLE],
            &["-a", "999999999999", "-r", ROLE],
            202,
        ),
        ask(
            "a role that is nowhere",
            one(),
            Some(7200),
            &["-r", "Nope"],
            &["-r", "Nope"],
            203,
        ),
        ask(
            "a role that is not there",
            one(),
            Some(7200),
            &["-a", ACCOUNT, "-r", "Nope"],
            &["-a", ACCOUNT, "-r", "Nope"],
            204,
        ),
    ]
}

/// A home for one question, and another that is its copy.
fn sandbox(question: &Question) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_config(&question.config);
    // aws-sso-util cannot list accounts that have no name.
    let accounts = sandbox.server().accounts();
    for account in accounts.iter().filter(|account| account.name.is_none()) {
        sandbox.server().remove_account(&account.id);
    }
    if let Some(seconds) = question.seconds {
        let minted = sandbox.store_token(seconds);
        // As aws-sso-util stores one: under its start URL, and never to be renewed.
        let mut token = sandbox.read_json(&sandbox.token_path("corp"));
        std::fs::remove_file(sandbox.token_path("corp")).unwrap();
        let members = token.as_object_mut().unwrap();
        members.retain(|name, _| matches!(name.as_str(), "region" | "accessToken" | "expiresAt"));
        members.insert("startUrl".to_owned(), URL.into());
        assert!(sandbox.server().is_valid(&minted.access_token));
        sandbox.write_file(&sandbox.token_path(URL), token.to_string().as_bytes());
    }
    sandbox
}

fn util<'w, I: AsRef<OsStr>>(sandbox: &'w Sandbox, words: impl IntoIterator<Item = I>) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws-sso-util")).args(words)
}

#[test]
fn the_exit_codes_are_those_of_aws_sso_util() {
    if !has_required_files("aws-sso-util", &[client_path("bin/aws-sso-util")]) {
        return;
    }
    let mut wrong = Vec::new();
    for question in questions() {
        let (here, there) = (sandbox(&question), sandbox(&question));
        let ours = here.sso(["check"]).args(question.ours).run();
        let theirs = util(&there, ["check"]).args(question.theirs).run();
        if (ours.code, theirs.code) != (question.code, question.code) {
            wrong.push(format!(
                "{}: {} and {}, not {}\n{}\n{}{}",
                question.what,
                ours.code,
                theirs.code,
                question.code,
                ours.stdout,
                theirs.stdout,
                theirs.stderr
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let any = Sandbox::new();
    let version = util(&any, ["--version"]).run().expect(0).stdout;
    let what = "exits with the codes of `sso check` in 14 situations";
    compatibility::record_note("aws-sso-util", version.trim(), what);
}
