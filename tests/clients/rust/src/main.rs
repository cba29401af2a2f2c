//! Prints the role credentials that the AWS SDK for Rust resolves, as one line of JSON.
//!
//! Usage:
//!
//! - `credentials [PROFILE]`: without a profile, the SDK reads the environment.
//! - `credentials --token PROFILE`: prints the token of the profile's session.
//! - `credentials --version`: prints the version of the SDK.

use std::error::Error;
use std::time::UNIX_EPOCH;

use aws_config::BehaviorVersion;
use aws_credential_types::provider::{ProvideCredentials, token::ProvideToken};
use aws_smithy_http_client::Builder;
use serde_json::{Value, json};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    match runtime.block_on(run(&args)) {
        Ok(text) => println!("{text}"),
        Err(error) => {
            let mut next = Some(&*error as &dyn Error);
            while let Some(error) = next {
                eprintln!("{error}");
                next = error.source();
            }
            std::process::exit(1);
        }
    }
}

async fn run(args: &[&str]) -> Result<String, Box<dyn Error>> {
    Ok(match args {
        ["--version"] => version().to_owned(),
        ["--token", profile] => token(profile).await?.to_string(),
        [] => credentials(None).await?.to_string(),
        [profile] => credentials(Some(profile)).await?.to_string(),
        _ => return Err("usage: credentials [--token] [PROFILE] | --version".into()),
    })
}

async fn config(profile: Option<&str>) -> aws_config::SdkConfig {
    let mut loader =
        aws_config::defaults(BehaviorVersion::latest()).http_client(Builder::new().build_http());
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}

async fn credentials(profile: Option<&str>) -> Result<Value, Box<dyn Error>> {
    let provider = config(profile).await.credentials_provider();
    let keys = provider.ok_or("no provider")?.provide_credentials().await?;
    let expires = keys.expiry().map(|time| time.duration_since(UNIX_EPOCH));
    Ok(json!({
        "AccessKeyId": keys.access_key_id(),
        "SecretAccessKey": keys.secret_access_key(),
        "SessionToken": keys.session_token(),
        "AccountId": keys.account_id().map(|id| id.as_str()),
        "Expiration": expires.transpose()?.map(|time| time.as_secs()),
    }))
}

async fn token(profile: &str) -> Result<Value, Box<dyn Error>> {
    let provider = config(Some(profile)).await.token_provider();
    let token = provider.ok_or("no provider")?.provide_token().await?;
    let expires = token
        .expiration()
        .map(|time| time.duration_since(UNIX_EPOCH));
    Ok(json!({
        "Token": token.token(),
        "Expiration": expires.transpose()?.map(|time| time.as_secs()),
    }))
}

/// Returns the version of aws-config from Cargo.lock, because the crate does not export it.
fn version() -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry = lock.split("name = \"aws-config\"\nversion = \"").nth(1);
    entry.and_then(|rest| rest.split('"').next()).unwrap()
}
