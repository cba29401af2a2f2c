//! Compatibility with AWS CLI v2, boto3 and the AWS SDKs for JavaScript, Rust, Go and Java, which
//! share a HOME with `sso`.
//!
//! `cargo xtask setup` installs the clients. A test whose client is missing reports a skip and
//! passes, or fails with SSO_REQUIRE_CLIENTS=1. Starting the CLI takes a second, so one test
//! checks several steps in a row.

/// Defines one test per client in a module named after the check.
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

/// Prepares a run of AWS CLI v2.
fn aws<'w, I: AsRef<OsStr>>(sandbox: &'w Sandbox, words: impl IntoIterator<Item = I>) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws")).args(words)
}

/// Creates a sandbox whose responses have null members and which does not enforce the polling
/// interval: the CLI's first two polls follow each other at once.
fn sandbox() -> Sandbox {
    Sandbox::with(Options {
        strict_interval: false,
        null_members: true,
        ..Options::default()
    })
}

/// Operations on the session that `sso` shares with a client.
trait SharedSession {
    /// Returns the credentials of `dev` that `sso` prints.
    fn credentials_from_sso(&self) -> Keys;
    /// Returns the credentials of `dev` that a client resolves.
    fn credentials_from(&self, client: Client) -> Keys;
    /// Deletes the cached credentials of `dev`, so that the next fetch needs the token.
    fn delete_role_file(&self);
    /// Changes the `expiresAt` of the token of `corp` to the past, and nothing else.
    fn expire_token(&self);
    /// Returns the number of refresh requests.
    fn refresh_count(&self) -> u64;
}

impl SharedSession for Sandbox {
    #[track_caller]
    fn credentials_from_sso(&self) -> Keys {
        let outcome = self.sso(["credential-process", "-p", "dev"]).run();
        Keys::from_json(&outcome.expect(0).json())
    }

    #[track_caller]
    fn credentials_from(&self, client: Client) -> Keys {
        let outcome = client.credentials(self, Some("dev")).run();
        Keys::from_json(&outcome.expect(0).json())
    }

    #[track_caller]
    fn delete_role_file(&self) {
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

    fn refresh_count(&self) -> u64 {
        self.server().count("CreateToken:refresh_token")
    }
}

/// Role credentials in the JSON format that `sso` and all clients print.
#[derive(Debug, PartialEq, Eq)]
struct Keys {
    id: String,
    secret: String,
    token: String,
}

impl Keys {
    #[track_caller]
    fn from_json(json: &Value) -> Keys {
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

/// Returns the default configuration with more text appended.
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

/// Returns the text of a token file with the values that differ between tokens replaced.
fn token_format(sandbox: &Sandbox, name: &str) -> String {
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
