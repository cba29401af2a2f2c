//! Credentials by directory: `.aws-sso` files, trust, and the output of `sso hook-env`.
//!
//! The module `shells` tests the hook scripts themselves.

mod attacks;
mod commands;
mod hook;
mod interruption;
mod prompt_segment;
mod protection;
mod renewal;
mod trust;
mod worktrees;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::fixture::{Outcome, Run, Sandbox, binary};

impl Sandbox {
    /// Creates a directory below the home with a `.aws-sso` file.
    pub fn project(&self, name: &str, text: &str) -> PathBuf {
        let directory = self.home().join(name);
        self.write_file(&directory.join(".aws-sso"), text.as_bytes());
        directory
    }

    /// Creates the same directory and trusts its file.
    pub fn trusted_project(&self, name: &str, text: &str) -> PathBuf {
        let directory = self.project(name, text);
        let run = self.sso(["allow", "--yes"]).current_dir(&directory);
        run.run().expect(0);
        directory
    }
}

/// The environment of a shell with a hook. At each prompt a real bash evaluates the output of
/// `sso hook-env`.
#[derive(Clone)]
struct Shell<'a> {
    sandbox: &'a Sandbox,
    env: BTreeMap<String, String>,
}

impl<'a> Shell<'a> {
    fn new(sandbox: &'a Sandbox) -> Shell<'a> {
        let env = BTreeMap::new();
        Shell { sandbox, env }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }

    fn unset(&mut self, name: &str) {
        self.env.remove(name);
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str)
    }

    /// Runs the hook at a prompt in this directory; returns its message.
    #[track_caller]
    fn prompt(&mut self, directory: &Path) -> String {
        self.interrupted_prompt(directory, usize::MAX).0
    }

    /// Runs the hook, but the shell evaluates only this number of statements. Returns the message
    /// and the number of all statements.
    #[track_caller]
    fn interrupted_prompt(&mut self, directory: &Path, statements: usize) -> (String, usize) {
        let script = "out=$(\"$1\" hook-env bash) || exit 9\neval \"$(head -n \"$2\" <<<\"$out\")\"\n\
            printf 'ALL=%s\\0' \"$(wc -l <<<\"$out\")\"\nexec env -0";
        let mut run = Run::program(self.sandbox, "bash")
            .args(["--norc", "-c", script, "bash"])
            .arg(binary())
            .arg(statements.to_string())
            .current_dir(directory);
        for (name, value) in &self.env {
            run = run.env(name, value);
        }
        let Outcome { stdout, stderr, .. } = run.run().expect(0);
        let (all, stdout) = stdout.split_once('\0').unwrap();
        let all = all.strip_prefix("ALL=").unwrap().parse().unwrap();
        let pairs = stdout.split('\0').filter_map(|pair| pair.split_once('='));
        let is_tested = |name: &str| {
            let of_sandbox = [
                "AWS_ENDPOINT_URL_SSO",
                "AWS_ENDPOINT_URL_SSO_OIDC",
                "AWS_ENDPOINT_URL_STS",
                "AWS_EC2_METADATA_DISABLED",
            ];
            let prefix = ["AWS_", "SSO_", "__SSO_"];
            prefix.iter().any(|prefix| name.starts_with(prefix)) && !of_sandbox.contains(&name)
        };
        let pairs = pairs.filter(|(name, _)| is_tested(name) || self.env.contains_key(*name));
        self.env = pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if let Some(state) = self.get("__SSO_STATE") {
            self.sandbox.assert_no_secret(state, "the state");
            for name in [
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_ACCESS_KEY_ID",
            ] {
                let secret = self.get(name);
                assert!(
                    secret.is_none_or(|secret| !state.contains(secret)),
                    "{state}"
                );
            }
        }
        (stderr, all)
    }

    /// Asserts that exactly these variables are set, apart from the hook's state.
    #[track_caller]
    fn assert_env(&self, pairs: &[(&str, &str)]) {
        let expected = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let expected: BTreeMap<String, String> = expected.collect();
        let actual: BTreeMap<String, String> = self
            .env
            .iter()
            .filter(|(name, _)| *name != "__SSO_STATE")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        assert_eq!(actual, expected);
    }
}
