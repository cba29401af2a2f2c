//! The judges that nobody here wrote: AWS CLI v2, boto3 and the AWS SDKs for JavaScript, Rust,
//! Go and Java, on one HOME with `sso`, in both directions.
//!
//! `cargo xtask setup` installs them. A test whose client is absent says so and passes,
//! except where SSO_REQUIRE_CLIENTS=1 says that it must be there. Starting the CLI takes a
//! second, so a test goes on where it could begin anew.

/// A test of the same name for each client.
macro_rules! each_client {
    ($check:ident) => {
        mod $check {
            use crate::clients::Client;

            #[test]
            fn aws_cli() {
                super::$check(Client::AwsCli);
            }

            #[test]
            fn boto3() {
                super::$check(Client::Boto3);
            }

            #[test]
            fn javascript() {
                super::$check(Client::JavaScript);
            }

            #[test]
            fn rust() {
                super::$check(Client::Rust);
            }

            #[test]
            fn go() {
                super::$check(Client::Go);
            }

            #[test]
            fn java() {
                super::$check(Client::Java);
            }
        }
    };
}

mod alternating_refresh;
mod aws_cli;
mod cache_files;
mod client;
mod configure;
mod credential_process;
mod endpoints;
mod environment;
mod legacy;
mod populate;
mod refresh_races;
mod registrations;

use std::ffi::OsStr;

use emulator::Options;
use serde_json::Value;

use crate::fixture::programs::client_path;
use crate::fixture::{ACCOUNT, ROLE, Run, START_URL, Sandbox, stamp};
use client::Client;

/// A run of AWS CLI v2.
fn aws<'w, I: AsRef<OsStr>>(sandbox: &'w Sandbox, words: impl IntoIterator<Item = I>) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws")).args(words)
}

/// A sandbox in which the CLI may poll at its own pace, for its first two polls follow each
/// other at once, and in which replies have members that are null.
fn sandbox() -> Sandbox {
    Sandbox::with(Options {
        strict_interval: false,
        null_members: true,
        ..Options::default()
    })
}

/// What these tests do with a sandbox.
trait Judged {
    /// The credentials of `dev` as `sso` gives them.
    fn by_sso(&self) -> Keys;
    /// The credentials of `dev` as a client gets them.
    fn by_client(&self, client: Client) -> Keys;
    /// Forgets the credentials of `dev`, so that the next to want them needs the token.
    fn forget_role(&self);
    /// Lets the token of `corp` expire, by the one member that says so.
    fn expire_token(&self);
    /// How many refreshes there were.
    fn refreshes(&self) -> u64;
}

impl Judged for Sandbox {
    #[track_caller]
    fn by_sso(&self) -> Keys {
        let outcome = self.sso(["credential-process", "-p", "dev"]).run();
        Keys::of(&outcome.expect(0).json())
    }

    #[track_caller]
    fn by_client(&self, client: Client) -> Keys {
        let outcome = client.credentials(self, Some("dev")).run();
        Keys::of(&outcome.expect(0).json())
    }

    #[track_caller]
    fn forget_role(&self) {
        let path = self.role_path("corp", ACCOUNT, ROLE);
        std::fs::remove_file(path).unwrap();
    }

    #[track_caller]
    fn expire_token(&self) {
        let path = self.token_path("corp");
        let expires = self.read_json(&path)["expiresAt"].clone();
        let text = std::fs::read_to_string(&path).unwrap();
        let expired = text.replace(expires.as_str().unwrap(), &stamp(-60));
        assert_ne!(text, expired);
        std::fs::write(&path, expired).unwrap();
    }

    fn refreshes(&self) -> u64 {
        self.server().count("CreateToken:refresh_token")
    }
}

/// Role credentials, whoever printed them.
#[derive(Debug, PartialEq, Eq)]
struct Keys {
    id: String,
    secret: String,
    token: String,
}

impl Keys {
    #[track_caller]
    fn of(json: &Value) -> Keys {
        let text = |name: &str| match json[name].as_str() {
            Some(text) => text.to_owned(),
            None => panic!("no {name} in {json}"),
        };
        Keys {
            id: text("AccessKeyId"),
            secret: text("SecretAccessKey"),
            token: text("SessionToken"),
        }
    }
}

/// The configuration of every sandbox, and more.
fn config(more: &str) -> String {
    format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n\
         \n\
         [profile dev]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n\
         \n\
         {more}"
    )
}

/// A token file with what differs from one token to the next taken out.
fn shape(sandbox: &Sandbox, name: &str) -> String {
    let path = sandbox.token_path(name);
    let token = sandbox.read_json(&path);
    let mut text = std::fs::read_to_string(&path).unwrap();
    for (key, value) in token.as_object().unwrap() {
        let value = value.as_str().unwrap();
        let blank = match key.as_str() {
            "accessToken" | "refreshToken" | "clientId" | "clientSecret" => key.clone(),
            "expiresAt" | "registrationExpiresAt" => {
                value.replace(|c: char| c.is_ascii_digit(), "0")
            }
            _ => continue,
        };
        text = text.replace(value, &blank);
    }
    text
}
