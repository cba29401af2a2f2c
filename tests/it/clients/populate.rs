//! What `sso populate` writes, read by those for whom it is written: in both shapes, with
//! names from a portal that are hard to quote.

use std::collections::BTreeSet;

use super::{Client, Keys, aws, sandbox};
use crate::fixture::programs::{client_path, path_or_name};
use crate::fixture::{Run, START_URL, Sandbox};

/// A sandbox whose portal has a few roles, and the names of the profiles for them.
fn populated(options: &[&str]) -> (Sandbox, BTreeSet<String>) {
    let sandbox = sandbox();
    sandbox.write_config(&format!(
        "[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n"
    ));
    sandbox.sign_in();
    let wishes = ["populate", "--region", "eu-west-1"];
    sandbox.sso(wishes).args(options).run().expect(0);
    let held = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let names = held.lines().filter_map(|line| {
        let name = line.strip_prefix("[profile ")?;
        name.strip_suffix(']').map(str::to_owned)
    });
    let names: BTreeSet<String> = names.collect();
    let roles = sandbox.server().accounts().into_iter();
    let roles: usize = roles.map(|account| account.roles.len()).sum();
    assert_eq!(names.len(), roles);
    (sandbox, names)
}

fn reads(client: Client) {
    if !client.is_available() {
        return;
    }
    for options in [&[][..], &["--credential-process"]] {
        let (sandbox, names) = populated(options);
        // Each start of a client takes long; these two are all that is hard about names.
        for name in [
            "Dev-s-id-id-rm-b-amp.O-Brien-id",
            "Ops-blue-eu-old.Ops+team-1-2.x@corp_",
        ] {
            assert!(names.contains(name), "{names:?}");
            let outcome = client.credentials(&sandbox, Some(name)).run().expect(0);
            let keys = Keys::of(&outcome.json());
            assert!(keys.id.starts_with("ASIA"), "{name}");
        }
    }
}

each_client!(reads);

#[test]
fn the_cli_boto3_and_the_sdk_for_javascript_list_every_profile() {
    let (sandbox, names) = populated(&[]);
    let lists = |run: Run| {
        let listed = run.run().expect(0).stdout;
        let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
        assert_eq!(listed, names);
    };
    if Client::AwsCli.is_available() {
        lists(aws(&sandbox, ["configure", "list-profiles"]));
    }
    if Client::Boto3.is_available() {
        let script = "import boto3; print('\\n'.join(boto3.Session().available_profiles))";
        lists(Run::program(&sandbox, client_path("bin/python")).args(["-c", script]));
    }
    if Client::JavaScript.is_available() {
        let script = "require('@smithy/core/config').loadSharedConfigFiles().then(\
                      files => console.log(Object.keys(files.configFile)\
                      .filter(name => !name.startsWith('sso-session.')).join('\\n')))";
        let node = Run::program(&sandbox, path_or_name("node"));
        lists(Client::JavaScript.prepared(node).args(["-e", script]));
    }
}
