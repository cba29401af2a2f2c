//! `sso check` against moto, which verifies the signature of its request, and with the exit codes
//! of aws-sso-util.

use std::ffi::OsStr;

use super::moto::Moto;
use crate::fixture::compatibility;
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{ROLE, Run, Sandbox};

const URL: &str = "https://old.awsapps.com/start";
const ACCOUNT: &str = "111122223333";

#[test]
fn the_signature_is_valid_and_the_role_is_the_expected_one() {
    let Some(moto) = Moto::start() else { return };
    let sandbox = moto.sandbox();
    let check = || {
        moto.with_endpoints(sandbox.sso(["check", "-p", "dev"]))
            .run()
    };
    let outcome = check().expect(0);
    let line = format!("identity     {}\n", moto.arn);
    assert!(outcome.stdout.contains(&line), "{outcome:#?}");
    // A wrong secret key, and an unknown key id.
    moto.issue_keys(&sandbox, |keys| keys.secret_access_key += "x");
    let outcome = check().expect(206);
    assert!(
        outcome.stdout.contains("SignatureDoesNotMatch"),
        "{outcome:#?}"
    );
    moto.issue_keys(&sandbox, |keys| {
        "ASIAIOSFODNN7EXAMPLE".clone_into(&mut keys.access_key_id);
    });
    let outcome = check().expect(206);
    assert!(
        outcome.stdout.contains("InvalidClientTokenId"),
        "{outcome:#?}"
    );
    moto.record_verified("`sso check`");
}

/// A situation in which both tools are run.
struct Case {
    what: &'static str,
    config: String,
    seconds: Option<i64>,
    ours: &'static [&'static str],
    theirs: &'static [&'static str],
    code: i32,
}

/// Returns a legacy profile for the configuration.
fn legacy(name: &str, url: &str) -> String {
    format!(
        "[profile {name}]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\nregion = eu-west-1\n\n"
    )
}

/// Returns all situations with the exit code of both tools.
fn cases() -> Vec<Case> {
    let one = || legacy("old", URL);
    let two = || one() + &legacy("other", "https://other.awsapps.com/start");
    let case = |what, config, seconds, ours, theirs, code| Case {
        what,
        config,
        seconds,
        ours,
        theirs,
        code,
    };
    vec![
        case(
            "all is well",
            one(),
            Some(7200),
            &["-a", ACCOUNT, "-r", ROLE],
            &["-a", ACCOUNT, "-r", ROLE],
            0,
        ),
        case(
            "an account by its name",
            one(),
            Some(7200),
            &["-a", "Production", "-r", ROLE],
            &["-a", "Production", "-r", ROLE],
            0,
        ),
        case(
            "an account alone",
            one(),
            Some(7200),
            &["-a", ACCOUNT],
            &["-a", ACCOUNT],
            0,
        ),
        case(
            "a role alone",
            one(),
            Some(7200),
            &["-r", ROLE],
            &["-r", ROLE],
            0,
        ),
        case("nothing configured", String::new(), None, &[], &[], 101),
        case(
            "the only profile lacks its region",
            format!(
                "[profile old]\nsso_start_url = {URL}\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"
            ),
            None,
            &["-p", "old"],
            &[],
            101,
        ),
        case(
            "none has this start URL",
            two(),
            None,
            &["--start-url", "https://third.awsapps.com/start"],
            &["--sso-start-url", "https://third.awsapps.com/start"],
            102,
        ),
        case("several and none is named", two(), None, &[], &[], 103),
        case(
            "nobody is signed in",
            one(),
            None,
            &["-a", ACCOUNT, "-r", ROLE],
            &["-a", ACCOUNT, "-r", ROLE],
            201,
        ),
        case(
            "the token has ended",
            one(),
            Some(-60),
            &["-a", ACCOUNT, "-r", ROLE],
            &["-a", ACCOUNT, "-r", ROLE],
            201,
        ),
        case(
            "no such account",
            one(),
            Some(7200),
            &["-a", "999999999999"],
            &["-a", "999999999999"],
            202,
        ),
        case(
            "no such account for a role",
            one(),
            Some(7200),
            &["-a", "999999999999", "-r", ROLE],
            &["-a", "999999999999", "-r", ROLE],
            202,
        ),
        case(
            "a role that is nowhere",
            one(),
            Some(7200),
            &["-r", "Nope"],
            &["-r", "Nope"],
            203,
        ),
        case(
            "a role that is not there",
            one(),
            Some(7200),
            &["-a", ACCOUNT, "-r", "Nope"],
            &["-a", ACCOUNT, "-r", "Nope"],
            204,
        ),
    ]
}

/// Creates a sandbox for one run of one case.
fn sandbox(case: &Case) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write_config(&case.config);
    // aws-sso-util cannot list accounts without a name.
    let accounts = sandbox.server().accounts();
    for account in accounts.iter().filter(|account| account.name.is_none()) {
        sandbox.server().remove_account(&account.id);
    }
    if let Some(seconds) = case.seconds {
        let minted = sandbox.store_token(seconds);
        // As aws-sso-util stores it: named after the start URL and without a refresh token.
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

fn util<'w, I: AsRef<OsStr>>(
    sandbox: &'w Sandbox,
    arguments: impl IntoIterator<Item = I>,
) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws-sso-util")).args(arguments)
}

#[test]
fn exit_codes_equal_those_of_aws_sso_util() {
    if !has_required_files("aws-sso-util", &[client_path("bin/aws-sso-util")]) {
        return;
    }
    let mut failures = Vec::new();
    for case in cases() {
        let (for_sso, for_util) = (sandbox(&case), sandbox(&case));
        let ours = for_sso.sso(["check"]).args(case.ours).run();
        let theirs = util(&for_util, ["check"]).args(case.theirs).run();
        if (ours.code, theirs.code) != (case.code, case.code) {
            failures.push(format!(
                "{}: {} and {}, not {}\n{}\n{}{}",
                case.what,
                ours.code,
                theirs.code,
                case.code,
                ours.stdout,
                theirs.stdout,
                theirs.stderr
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let any = Sandbox::new();
    let version = util(&any, ["--version"]).run().expect(0).stdout;
    let what = "exits with the codes of `sso check` in 14 situations";
    compatibility::record_note("aws-sso-util", version.trim(), what);
}
