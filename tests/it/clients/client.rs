//! Software that reads and writes the same files as `sso`, and how to start it.
//!
//! Each SDK is in a small program in `tests/clients`, all of which take the same words.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::fixture::compatibility::{self, Direction};
use crate::fixture::programs::{client_path, client_program, has_required_files, path_or_name};
use crate::fixture::{Run, Sandbox};

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

    /// Whether it is installed; otherwise says so.
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

    /// What the sandbox calls it.
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

    /// Records that this client did this in a test.
    pub fn did(self, sandbox: &Sandbox, direction: Direction) {
        compatibility::record(self.name(), &self.version(sandbox), direction);
    }

    /// The same for what the table has no line for.
    pub fn did_also(self, sandbox: &Sandbox, what: &str) {
        compatibility::record_note(self.name(), &self.version(sandbox), what);
    }

    /// Its version, asked once.
    fn version(self, sandbox: &Sandbox) -> String {
        static KNOWN: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap();
        let ask = || {
            let outcome = self.run(sandbox, ["--version"]).run().expect(0);
            // The CLI says more of itself: aws-cli/2.1.0 Python/3.1.0 ...
            let word = outcome.stdout.split_whitespace().next().unwrap();
            word.trim_start_matches("aws-cli/")
                .trim_start_matches('v')
                .to_owned()
        };
        known.entry(self.name()).or_insert_with(ask).clone()
    }

    /// A run that prints the role credentials of a profile as this client resolves them, or
    /// those of its environment.
    pub fn credentials<'w>(self, sandbox: &'w Sandbox, profile: Option<&str>) -> Run<'w> {
        let mut words = self.for_credentials();
        match (self, profile) {
            (Client::AwsCli, Some(profile)) => words.extend(["--profile", profile]),
            (_, profile) => words.extend(profile),
        }
        self.run(sandbox, words)
    }

    /// A run that prints the token of the profile's session; the CLI has no command for that.
    pub fn token<'w>(self, sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
        self.run(sandbox, ["--token", profile])
    }

    /// A run of it with these words.
    pub fn run<'w, I: AsRef<OsStr>>(
        self,
        sandbox: &'w Sandbox,
        words: impl IntoIterator<Item = I>,
    ) -> Run<'w> {
        let program = self.program();
        let run = Run::program(sandbox, &program[0]).args(&program[1..]);
        self.prepared(run).args(words)
    }

    /// The command line that prints the credentials of the environment.
    pub fn command(self) -> Vec<String> {
        let words = self.for_credentials();
        let words = words.into_iter().map(str::to_owned);
        self.program().into_iter().chain(words).collect()
    }

    fn for_credentials(self) -> Vec<&'static str> {
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

    /// What it needs in its environment to start at all.
    pub fn prepared(self, run: Run<'_>) -> Run<'_> {
        match self {
            Client::JavaScript => run.env("NODE_PATH", client_path("node/node_modules")),
            // Elsewhere than in a UTF-8 locale it cannot pass other letters on.
            Client::Java => run.env("LC_ALL", "C.UTF-8"),
            _ => run,
        }
    }
}
