//! What each step of `cargo xtask ci` runs.
//!
//! A step is one command line that a person could type; anything cleverer belongs in a
//! module of its own (`setup`, `tidy`).

use super::{Outcome, Totals, dynamic};
use crate::run::{self, cargo, cargo_program, command, watch};
use crate::workspace::Workspace;
use crate::{bench, compat, demo, fuzz, generated, setup, tidy};
use std::path::Path;

/// In the order in which they run: the quick ones first, and the tests last, so that
/// their result is at the end of the log, with what they have recorded.
pub(crate) const NAMES: [&str; 13] = [
    "setup", "fmt", "tidy", "gen", "clippy", "doc", "deny", "demo", "dynamic", "bench", "fuzz",
    "test", "compat",
];

pub(super) fn run(name: &str, workspace: &Workspace, totals: &mut Totals) -> Outcome {
    let root = &workspace.root;
    let done = match name {
        "setup" => return set_up(workspace),
        "fmt" => fmt(root),
        "tidy" => tidy::main(workspace),
        "gen" => generated::main(workspace, &["--check"]),
        "clippy" => clippy(root),
        // Through RUSTDOCFLAGS, which leaves the flags of the static link alone.
        "doc" => run::run(
            cargo(root)
                .args(["doc", "--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "--deny warnings"),
        ),
        "deny" => return deny(workspace),
        "demo" => demo::main(workspace, &["--yes", "--no-shell"]),
        "dynamic" => dynamic::main(workspace),
        "bench" => bench::main(workspace, &["--check"]),
        "fuzz" => fuzz::smoke(workspace),
        "test" => test(workspace, totals),
        "compat" => compat::main(workspace, &["--check"]),
        other => Err(format!("there is no step {other:?}")),
    };
    match done {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

/// The fuzz targets are a workspace of their own.
fn fmt(root: &Path) -> Result<(), String> {
    run::run(cargo(root).args(["fmt", "--all", "--check"]))?;
    let targets = ["fmt", "--manifest-path", "tests/fuzz/Cargo.toml", "--check"];
    run::run(cargo(root).args(targets))
}

/// The fuzz targets use what is public of the product, and break when that changes.
fn clippy(root: &Path) -> Result<(), String> {
    let strict = ["--", "--deny", "warnings"];
    let product = ["clippy", "--workspace", "--all-targets", "--locked"];
    run::run(cargo(root).args(product).args(strict))?;
    if run::find("c++").is_none() {
        println!("without a C++ compiler the fuzz targets are not looked at");
        return Ok(());
    }
    let targets = ["clippy", "--bins", "--locked", "--target-dir"];
    let mut clippy = cargo(&root.join("tests/fuzz"));
    run::run(clippy.args(targets).arg(root.join("target")).args(strict))
}

fn set_up(workspace: &Workspace) -> Outcome {
    match setup::main(workspace) {
        Ok(()) => Outcome::Passed,
        Err(missing) => missed(workspace, missing),
    }
}

/// On somebody's own computer a missing program limits what is checked; in continuous
/// integration it would let an unchecked change pass.
fn missed(workspace: &Workspace, what: String) -> Outcome {
    if workspace.in_ci {
        Outcome::Failed(what)
    } else {
        Outcome::Incomplete(what)
    }
}

fn deny(workspace: &Workspace) -> Outcome {
    let program = match setup::cargo_deny::present(workspace) {
        Ok(program) => program,
        Err(why) => return missed(workspace, why),
    };
    // cargo-deny asks cargo for the dependency tree; it must be the cargo of this run.
    let mut deny = command(program, &workspace.root);
    deny.env("CARGO", cargo_program())
        .args(["--locked", "check"]);
    // Advisories would need a database from outside, and would turn an old commit red.
    match run::run(deny.args(["bans", "licenses", "sources"])) {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

fn test(workspace: &Workspace, totals: &mut Totals) -> Result<(), String> {
    compat::start_over(workspace);
    let mut test = cargo(&workspace.root);
    test.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    if workspace.in_ci || setup::clients_are_ready(workspace) {
        // A client that should be there and is not then fails its tests, where otherwise
        // they skip and say so.
        test.env("SSO_REQUIRE_CLIENTS", "1");
    }
    watch(&mut test, |line| totals.see(line))
}
