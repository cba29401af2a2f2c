//! moto, an AWS server that verifies signatures, and a sandbox whose portal issues its keys.
//!
//! The keys come from moto's own STS, so a successful request proves that every byte of them has
//! arrived.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use emulator::RoleKeys;
use serde_json::Value;

use crate::fixture::compatibility;
use crate::fixture::programs::{client_path, client_program, has_required_files};
use crate::fixture::{ROLE, Run, START_URL, Sandbox, binary};

/// The only account in which moto's STS finds roles.
pub const ACCOUNT: &str = "123456789012";

/// A running server, which ends when this value is dropped or the tests end.
pub struct Moto {
    child: Child,
    version: String,
    url: String,
    pub arn: String,
    keys: RoleKeys,
}

impl Moto {
    /// Starts a server; `None` if it is not installed.
    #[track_caller]
    pub fn start() -> Option<Moto> {
        let python = client_path("bin/moto-python");
        if !has_required_files("moto", std::slice::from_ref(&python)) {
            return None;
        }
        let mut child = Command::new(python)
            .arg(client_program("moto.py"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            // The server ends at the end of its stdin.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let printed: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| printed[name].as_str().unwrap().to_owned();
        Some(Moto {
            child,
            version: text("Version"),
            url: text("Url"),
            arn: text("Arn"),
            keys: RoleKeys {
                access_key_id: text("AccessKeyId"),
                secret_access_key: text("SecretAccessKey"),
                session_token: text("SessionToken"),
                expiration_ms: printed["Expiration"].as_u64(),
            },
        })
    }

    /// Creates a signed-in sandbox whose role has the keys of this server. The profiles
    /// `by-profile` and `by-role` get them from `sso` as a `credential_process`.
    pub fn sandbox(&self) -> Sandbox {
        let sandbox = Sandbox::new();
        let sso = binary();
        let sso = sso.display();
        sandbox.write_config(&format!(
            "[sso-session corp]\n\
             sso_start_url = {START_URL}\n\
             sso_region = eu-west-1\n\
             \n\
             [profile dev]\n\
             sso_session = corp\n\
             sso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\n\
             region = eu-central-1\n\
             \n\
             [profile by-profile]\n\
             credential_process = '{sso}' credential-process --profile dev\n\
             region = eu-central-1\n\
             \n\
             [profile by-role]\n\
             credential_process = '{sso}' credential-process --session corp --account {ACCOUNT} --role {ROLE}\n\
             region = eu-central-1\n"
        ));
        sandbox.server().assign(ACCOUNT, ROLE);
        self.issue_keys(&sandbox, |_| {});
        sandbox.sign_in();
        sandbox
    }

    /// Makes the portal issue the keys with a change, and deletes the cached ones.
    pub fn issue_keys(&self, sandbox: &Sandbox, change: impl FnOnce(&mut RoleKeys)) {
        let mut keys = self.keys.clone();
        change(&mut keys);
        sandbox.server().set_role_keys(ACCOUNT, ROLE, Some(keys));
        let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    }

    /// Records that the signatures of a program with credentials of `sso` were valid.
    pub fn record_verified(&self, program: &str) {
        let what = format!("verifies what {program} signs with credentials of `sso`");
        compatibility::record_note("moto", &self.version, &what);
    }

    /// Directs the STS, S3 and IAM requests of a run to this server.
    pub fn with_endpoints<'w>(&self, run: Run<'w>) -> Run<'w> {
        ["STS", "S3", "IAM"].iter().fold(run, |run, service| {
            run.env(&format!("AWS_ENDPOINT_URL_{service}"), &self.url)
        })
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
