//! Profiles written by `sso configure`, used by each client.

use super::{Client, Keys, sandbox};
use crate::fixture::{ACCOUNT, ROLE, START_URL};

fn uses_profiles(client: Client) {
    if !client.is_available() {
        return;
    }
    let sandbox = sandbox();
    sandbox.write_config(&format!(
        "# mine\n[profile old]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\nregion = eu-west-1\n"
    ));
    let session = [
        "-s",
        "corp",
        "--start-url",
        START_URL,
        "--sso-region",
        "eu-west-1",
    ];
    let profile = [
        "configure",
        "made",
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
        "--region",
        "eu-west-1",
        "--yes",
    ];
    sandbox.sso(profile).args(session).run().expect(0);
    sandbox
        .sso(["configure", "--migrate", "--yes"])
        .run()
        .expect(0);
    let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    assert!(
        config.contains("[profile old]\nsso_session = corp\n"),
        "{config}"
    );
    sandbox.sign_in();
    for profile in ["made", "old"] {
        let outcome = client.credentials(&sandbox, Some(profile)).run().expect(0);
        assert!(
            Keys::from_json(&outcome.json()).id.starts_with("ASIA"),
            "{profile}"
        );
    }
}

each_client!(uses_profiles);
