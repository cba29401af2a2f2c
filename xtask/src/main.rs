//! The chores of this workspace: `cargo xtask COMMAND`.
//!
//! Everything that surrounds the build lives here, as ordinary Rust with no dependency
//! beyond the standard library and the emulator, since this program is compiled before
//! anything can be checked. It never ends up in what users install, and it holds no
//! rule of the product.
#![expect(
    clippy::disallowed_methods,
    reason = "the chores run programs and touch files; the purity rules are for src/"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to the person at the terminal is what this program is for"
)]

mod bench;
mod ci;
mod compat;
mod demo;
mod dist;
mod files;
mod fuzz;
mod generated;
mod release;
mod run;
mod setup;
mod soak;
mod tidy;
mod workspace;

use std::process::ExitCode;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  bench [--rounds N] [--check]
                       what a call costs beside an empty program, as a table and as
                       JSON; --check is quick, and the part that ci compares with limits
  ci [--only STEP,..]  set up, then check everything; what .ci/run runs
  compat [--write] [--check]
                       run the tests with other programs and write COMPATIBILITY.md from
                       what they saw; --write writes and --check compares what the last
                       run saw
  demo [--yes] [--no-shell]
                       the main job on an emulator; --yes approves by itself,
                       --no-shell leaves out the shell at the end
  dist                 the release as an archive with its checksum, in target/dist
  fuzz [TARGET] [--runs N] [--seconds S]
                       what a fuzzer makes up, to one target of tests/fuzz or to all; a
                       minute each where nothing is said
  gen [--check]        write completions/ and man/ from the command line; --check fails
                       where they are not what it would write
  setup                install what the tests use; what is present is left alone
  soak [--minutes M | --count N] [NAME ..]
                       kills, failures, storms, mixtures, answers: the tests that roll
                       dice, with many more rounds; ends by itself
  tidy                 check layers, purity, sizes, names and texts

The steps of ci, in order: setup fmt tidy gen clippy doc deny demo dynamic bench
fuzz test compat";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = Workspace::find().and_then(|workspace| dispatch(&workspace, &words));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// One line per command; each command owns the words after its name.
fn dispatch(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    match words {
        ["bench", rest @ ..] => bench::main(workspace, rest),
        ["ci", rest @ ..] => ci::main(workspace, rest),
        ["compat", rest @ ..] => compat::main(workspace, rest),
        ["demo", rest @ ..] => demo::main(workspace, rest),
        ["fuzz", rest @ ..] => fuzz::main(workspace, rest),
        ["gen", rest @ ..] => generated::main(workspace, rest),
        ["dist"] => dist::main(workspace),
        ["setup"] => setup::main(workspace),
        ["soak", rest @ ..] => soak::main(workspace, rest),
        ["tidy"] => tidy::main(workspace),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("cannot run {:?}\n\n{USAGE}", other.join(" "))),
    }
}
