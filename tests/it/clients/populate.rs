//! Profiles written by `sso populate`, in both formats and with names that are hard to quote,
//! used by each client.

use std::collections::BTreeSet;

use super::{Client, Keys, aws, sandbox};
use crate::fixture::programs::{client_path, path_or_name};
use crate::fixture::{Run, START_URL, Sandbox};

/// Creates a sandbox with populated profiles; also returns their names.
fn populated(options: &[&str]) -> (Sandbox, BTreeSet<String>) {
    let sandbox = sandbox();
    sandbox.write_config(&format!(
        "[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n"
    ));
    sandbox.sign_in();
    let populate = ["populate", "--region", "eu-west-1"];
    sandbox.sso(populate).args(options).run().expect(0);
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let names = config.lines().filter_map(|line| {
        let name = line.strip_prefix("[profile ")?;
        name.strip_suffix(']').map(str::to_owned)
    });
    let names: BTreeSet<String> = names.collect();
    let roles = sandbox.server().accounts().into_iter();
    let roles: usize = roles.map(|account| account.roles.len()).sum();
    assert_eq!(names.len(), roles);
    (sandbox, names)
}

fn uses_profiles(client: Client) {
    if !client.is_available() {
        return;
    }
    for options in [&[][..], &["--credential-process"]] {
        let (sandbox, names) = populated(options);
        // Starting a client is slow; these two names have every special character.
        for name in [
            "Dev-s-id-id-rm-b-amp.O-Brien-id",
            "Ops-blue-eu-old.Ops+team-1-2.x@corp_",
        ] {
            assert!(names.contains(name), "{names:?}");
            let outcome = client.credentials(&sandbox, Some(name)).run().expect(0);
            let keys = Keys::from_json(&outcome.json());
            assert!(keys.id.starts_with("ASIA"), "{name}");
        }
    }
}

each_client!(uses_profiles);

#[test]
fn aws_cli_boto3_and_javascript_list_every_profile() {
    let (sandbox, names) = populated(&[]);
    let assert_lists_all = |run: Run| {
        let listed = run.run().expect(0).stdout;
        let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
        assert_eq!(listed, names);
    };
    if Client::AwsCli.is_available() {
        assert_lists_all(aws(&sandbox, ["configure", "list-profiles"]));
    }
    if Client::Boto3.is_available() {
        let script = "import boto3; print('\\n'.join(boto3.Session().available_profiles))";
        assert_lists_all(Run::program(&sandbox, client_path("bin/python")).args(["-c", script]));
    }
    if Client::JavaScript.is_available() {
        let script = "require('@smithy/core/config').loadSharedConfigFiles().then(\
                      files => console.log(Object.keys(files.configFile)\
                      .filter(name => !name.startsWith('sso-session.')).join('\\n')))";
        let node = Run::program(&sandbox, path_or_name("node"));
        assert_lists_all(
            Client::JavaScript
                .with_client_environment(node)
                .args(["-e", script]),
        );
    }
}
