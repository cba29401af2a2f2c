//! `cargo xtask COMMAND`: development tasks of this workspace.
//!
//! This program depends only on the standard library, serde_json and the emulator, because it is
//! compiled before anything can be checked. It is not part of the product.
#![expect(
    clippy::disallowed_methods,
    reason = "development tasks run programs and write files; the purity rules are for src/"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program reports to a person at a terminal"
)]

mod bench;
mod ci;
mod compat;
mod demo;
mod dist;
mod fuzz;
mod generate;
mod process;
mod release_build;
mod setup;
mod soak;
mod tidy;
mod workspace;
mod write_files;

use std::process::ExitCode;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  bench [--rounds N] [--only PART] [--check]
                       measure the release build beside an empty program; print a table
                       and write JSON; --check is quick and is what ci runs
  ci [--only STEP,..]  run setup and every check; what .ci/run runs
  compat [--write] [--check]
                       run the tests with other programs and write COMPATIBILITY.md from
                       their records; --write and --check use the records of the last run
  demo [--yes] [--no-shell]
                       show the main commands on an emulator; --yes approves the sign-in
                       automatically, --no-shell omits the shell at the end
  dist                 pack the release with a checksum in target/dist
  fuzz [TARGET] [--runs N] [--seconds S]
                       fuzz one target of tests/fuzz or all of them; a minute each by
                       default
  gen [--check]        write completions/ and man/ from the command line; --check fails
                       if they are out of date
  setup                install the programs that the tests use; skip those present
  soak [--minutes M | --count N] [NAME ..]
                       run the randomised tests with many rounds; groups: kills
                       failures storms mixtures answers
  tidy                 check layers, import cycles, purity, sizes, names and texts

The steps of ci, in order: setup fmt tidy gen clippy doc deny demo dynamic bench
fuzz test compat";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = Workspace::find().and_then(|workspace| dispatch(&workspace, &args));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command, which parses the arguments after its name.
fn dispatch(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    match args {
        ["bench", rest @ ..] => bench::main(workspace, rest),
        ["ci", rest @ ..] => ci::main(workspace, rest),
        ["compat", rest @ ..] => compat::main(workspace, rest),
        ["demo", rest @ ..] => demo::main(workspace, rest),
        ["fuzz", rest @ ..] => fuzz::main(workspace, rest),
        ["gen", rest @ ..] => generate::main(workspace, rest),
        ["dist"] => dist::main(workspace),
        ["setup"] => setup::main(workspace),
        ["soak", rest @ ..] => soak::main(workspace, rest),
        ["tidy"] => tidy::main(workspace),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("unknown command {:?}\n\n{USAGE}", other.join(" "))),
    }
}
