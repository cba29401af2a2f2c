//! Software that reads and writes the same files as `sso`, and how to start it.
//!
//! Each SDK is in a small program in `tests/clients`, all of which take the same words.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::compat::{self, Direction};
use crate::programs::{are_installed, installed, path_of, program};
use crate::world::{Run, World};

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
    pub fn is_here(self) -> bool {
        let needed = match self {
            Client::AwsCli => vec![installed("bin/aws")],
            Client::Boto3 => vec![installed("bin/python")],
            Client::JavaScript => vec![installed("node/node_modules"), path_of("node")],
            Client::Rust => vec![installed("rust/debug/credentials")],
            Client::Go => vec![installed("go/credentials")],
            Client::Java => vec![installed("java/classes"), path_of("java")],
        };
        are_installed(self.name(), &needed)
    }

    /// What the world calls it.
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
    pub fn did(self, world: &World, direction: Direction) {
        compat::record(self.name(), &self.version(world), direction);
    }

    /// The same for what the table has no line for.
    pub fn did_also(self, world: &World, what: &str) {
        compat::record_also(self.name(), &self.version(world), what);
    }

    /// Its version, asked once.
    fn version(self, world: &World) -> String {
        static KNOWN: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap();
        let ask = || {
            let outcome = self.run(world, ["--version"]).run().expect(0);
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
    pub fn credentials<'w>(self, world: &'w World, profile: Option<&str>) -> Run<'w> {
        let mut words = self.for_credentials();
        match (self, profile) {
            (Client::AwsCli, Some(profile)) => words.extend(["--profile", profile]),
            (_, profile) => words.extend(profile),
        }
        self.run(world, words)
    }

    /// A run that prints the token of the profile's session; the CLI has no command for that.
    pub fn token<'w>(self, world: &'w World, profile: &str) -> Run<'w> {
        self.run(world, ["--token", profile])
    }

    /// A run of it with these words.
    pub fn run<'w, I: AsRef<OsStr>>(
        self,
        world: &'w World,
        words: impl IntoIterator<Item = I>,
    ) -> Run<'w> {
        let program = self.program();
        let run = Run::other(world, &program[0]).args(&program[1..]);
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
            Client::AwsCli => vec![text(installed("bin/aws"))],
            Client::Boto3 => vec![
                text(installed("bin/python")),
                text(program("credentials.py")),
            ],
            Client::JavaScript => vec![text(path_of("node")), text(program("credentials.js"))],
            Client::Rust => vec![text(installed("rust/debug/credentials"))],
            Client::Go => vec![text(installed("go/credentials"))],
            Client::Java => {
                let (classes, libraries) = (installed("java/classes"), installed("java/lib/*"));
                let path = format!("{}:{}", text(classes), text(libraries));
                vec![
                    text(path_of("java")),
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
            Client::JavaScript => run.env("NODE_PATH", installed("node/node_modules")),
            // Elsewhere than in a UTF-8 locale it cannot pass other letters on.
            Client::Java => run.env("LC_ALL", "C.UTF-8"),
            _ => run,
        }
    }
}
