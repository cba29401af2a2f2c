//! Programs that read and write the same files as `sso`, and how to start them.
//!
//! A small program in `tests/clients` wraps each SDK; all of them take the same arguments.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::fixture::compatibility::{self, Direction};
use crate::fixture::programs::{client_path, client_program, has_required_files, path_or_name};
use crate::fixture::{Run, Sandbox};

/// AWS CLI v2 or an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    AwsCli,
    Boto3,
    JavaScript,
    Rust,
    Go,
    Java,
}

impl Client {
    pub const ALL: [Client; 6] = [
        Client::AwsCli,
        Client::Boto3,
        Client::JavaScript,
        Client::Rust,
        Client::Go,
        Client::Java,
    ];

    /// Returns `true` if the client is installed; otherwise reports a skip.
    pub fn is_available(self) -> bool {
        let needed = match self {
            Client::AwsCli => vec![client_path("bin/aws")],
            Client::Boto3 => vec![client_path("bin/python")],
            Client::JavaScript => vec![client_path("node/node_modules"), path_or_name("node")],
            Client::Rust => vec![client_path("rust/debug/credentials")],
            Client::Go => vec![client_path("go/credentials")],
            Client::Java => vec![client_path("java/classes"), path_or_name("java")],
        };
        has_required_files(self.name(), &needed)
    }

    /// Returns the name in COMPATIBILITY.md.
    pub fn name(self) -> &'static str {
        match self {
            Client::AwsCli => "AWS CLI",
            Client::Boto3 => "boto3",
            Client::JavaScript => "SDK for JavaScript",
            Client::Rust => "SDK for Rust",
            Client::Go => "SDK for Go",
            Client::Java => "SDK for Java",
        }
    }

    /// Records for COMPATIBILITY.md that the client did this.
    pub fn record(self, sandbox: &Sandbox, direction: Direction) {
        compatibility::record(self.name(), &self.version(sandbox), direction);
    }

    /// Records an observation for which the table has no row.
    pub fn record_note(self, sandbox: &Sandbox, what: &str) {
        compatibility::record_note(self.name(), &self.version(sandbox), what);
    }

    /// Returns the client's version, which is queried once.
    fn version(self, sandbox: &Sandbox) -> String {
        static KNOWN: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap();
        let ask = || {
            let outcome = self.run(sandbox, ["--version"]).run().expect(0);
            // The CLI prints more: aws-cli/2.1.0 Python/3.1.0 ...
            let word = outcome.stdout.split_whitespace().next().unwrap();
            word.trim_start_matches("aws-cli/")
                .trim_start_matches('v')
                .to_owned()
        };
        known.entry(self.name()).or_insert_with(ask).clone()
    }

    /// Prepares a run that prints the role credentials of a profile, or those of the
    /// environment, as the client resolves them.
    pub fn credentials<'w>(self, sandbox: &'w Sandbox, profile: Option<&str>) -> Run<'w> {
        let mut words = self.credentials_arguments();
        match (self, profile) {
            (Client::AwsCli, Some(profile)) => words.extend(["--profile", profile]),
            (_, profile) => words.extend(profile),
        }
        self.run(sandbox, words)
    }

    /// Prepares a run that prints the token of the profile's session. AWS CLI v2 has no command
    /// for that.
    pub fn token<'w>(self, sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
        self.run(sandbox, ["--token", profile])
    }

    /// Prepares a run of the client with these arguments.
    pub fn run<'w, I: AsRef<OsStr>>(
        self,
        sandbox: &'w Sandbox,
        words: impl IntoIterator<Item = I>,
    ) -> Run<'w> {
        let program = self.program();
        let run = Run::program(sandbox, &program[0]).args(&program[1..]);
        self.with_client_environment(run).args(words)
    }

    /// Returns the command line that prints the credentials of the environment.
    pub fn command(self) -> Vec<String> {
        let words = self.credentials_arguments();
        let words = words.into_iter().map(str::to_owned);
        self.program().into_iter().chain(words).collect()
    }

    fn credentials_arguments(self) -> Vec<&'static str> {
        match self {
            Client::AwsCli => vec!["configure", "export-credentials"],
            _ => Vec::new(),
        }
    }

    fn program(self) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        match self {
            Client::AwsCli => vec![text(client_path("bin/aws"))],
            Client::Boto3 => vec![
                text(client_path("bin/python")),
                text(client_program("credentials.py")),
            ],
            Client::JavaScript => vec![
                text(path_or_name("node")),
                text(client_program("credentials.js")),
            ],
            Client::Rust => vec![text(client_path("rust/debug/credentials"))],
            Client::Go => vec![text(client_path("go/credentials"))],
            Client::Java => {
                let (classes, libraries) = (client_path("java/classes"), client_path("java/lib/*"));
                let path = format!("{}:{}", text(classes), text(libraries));
                vec![
                    text(path_or_name("java")),
                    "-XX:TieredStopAtLevel=1".to_owned(),
                    "-cp".to_owned(),
                    path,
                    "Credentials".to_owned(),
                ]
            }
        }
    }

    /// Adds the variables that the client needs to start.
    pub fn with_client_environment(self, run: Run<'_>) -> Run<'_> {
        match self {
            Client::JavaScript => run.env("NODE_PATH", client_path("node/node_modules")),
            // Java passes non-ASCII arguments on only in a UTF-8 locale.
            Client::Java => run.env("LC_ALL", "C.UTF-8"),
            _ => run,
        }
    }
}
