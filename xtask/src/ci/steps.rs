//! The steps of `cargo xtask ci`.
//!
//! A step is one or two command lines that a person could type. Anything longer has a module of
//! its own.

use super::{StepOutcome, TestTotals, dynamic_build};
use crate::process::{self, cargo, cargo_program, command, run_with_lines};
use crate::workspace::Workspace;
use crate::{bench, compat, demo, fuzz, generate, setup, tidy};
use std::path::Path;

/// Names of the steps in order: quick ones first, and the tests near the end, so that their
/// result is at the end of the log. `compat` reads what the tests record.
pub(crate) const NAMES: [&str; 13] = [
    "setup", "fmt", "tidy", "gen", "clippy", "doc", "deny", "demo", "dynamic", "bench", "fuzz",
    "test", "compat",
];

pub(super) fn run(name: &str, workspace: &Workspace, totals: &mut TestTotals) -> StepOutcome {
    let root = &workspace.root;
    let result = match name {
        "setup" => return set_up(workspace),
        "fmt" => fmt(root),
        "tidy" => tidy::main(workspace),
        "gen" => generate::main(workspace, &["--check"]),
        "clippy" => clippy(root),
        // RUSTDOCFLAGS does not replace the flags for static linking.
        "doc" => process::run(
            cargo(root)
                .args(["doc", "--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "--deny warnings"),
        ),
        "deny" => return deny(workspace),
        "demo" => demo::main(workspace, &["--yes", "--no-shell"]),
        "dynamic" => dynamic_build::main(workspace),
        "bench" => bench::main(workspace, &["--check"]),
        "fuzz" => fuzz::smoke(workspace),
        "test" => test(workspace, totals),
        "compat" => compat::main(workspace, &["--check"]),
        other => Err(format!("unknown step {other:?}")),
    };
    match result {
        Ok(()) => StepOutcome::Passed,
        Err(why) => StepOutcome::Failed(why),
    }
}

/// Checks the format, also of the fuzz targets, which are a separate workspace.
fn fmt(root: &Path) -> Result<(), String> {
    process::run(cargo(root).args(["fmt", "--all", "--check"]))?;
    let targets = ["fmt", "--manifest-path", "tests/fuzz/Cargo.toml", "--check"];
    process::run(cargo(root).args(targets))
}

/// Runs clippy, also on the fuzz targets: a change of the product's internals can break them.
fn clippy(root: &Path) -> Result<(), String> {
    let strict = ["--", "--deny", "warnings"];
    let product = ["clippy", "--workspace", "--all-targets", "--locked"];
    process::run(cargo(root).args(product).args(strict))?;
    // The tests see the private modules; without them the compiler finds dead code.
    let shipped = ["clippy", "--package", "sso", "--lib", "--bins", "--locked"];
    process::run(cargo(root).args(shipped).args(strict))?;
    library(root)?;
    if process::find_in_path("c++").is_none() {
        println!("fuzz targets not checked: no C++ compiler");
        return Ok(());
    }
    let targets = ["clippy", "--bins", "--locked", "--target-dir"];
    let mut clippy = cargo(&root.join("tests/fuzz"));
    process::run(clippy.args(targets).arg(root.join("target")).args(strict))
}

/// Checks that a dependent program can do without the command line and its crates.
fn library(root: &Path) -> Result<(), String> {
    let package = ["--package", "sso", "--no-default-features", "--locked"];
    process::run(cargo(root).args(["clippy", "--lib"]).args(package))?;
    let tree = ["tree", "--edges", "normal", "--prefix", "none"];
    let crates = process::output(cargo(root).args(tree).args(package))?;
    match crates.lines().find(|line| line.starts_with("clap")) {
        Some(line) => Err(format!("the library depends on {line}")),
        None => Ok(()),
    }
}

fn set_up(workspace: &Workspace) -> StepOutcome {
    match setup::main(workspace) {
        Ok(()) => StepOutcome::Passed,
        Err(missing) => incomplete(workspace, missing),
    }
}

/// Result of a step that lacks a program. In CI it fails, because an unchecked change would pass
/// otherwise.
fn incomplete(workspace: &Workspace, why: String) -> StepOutcome {
    if workspace.in_ci {
        StepOutcome::Failed(why)
    } else {
        StepOutcome::Incomplete(why)
    }
}

fn deny(workspace: &Workspace) -> StepOutcome {
    let program = match setup::cargo_deny::installed(workspace) {
        Ok(program) => program,
        Err(why) => return incomplete(workspace, why),
    };
    // cargo-deny runs $CARGO for the dependency tree.
    let mut deny = command(program, &workspace.root);
    deny.env("CARGO", cargo_program())
        .args(["--locked", "check"]);
    // Advisories need a downloaded database, and a new advisory would fail an old commit.
    match process::run(deny.args(["bans", "licenses", "sources"])) {
        Ok(()) => StepOutcome::Passed,
        Err(why) => StepOutcome::Failed(why),
    }
}

fn test(workspace: &Workspace, totals: &mut TestTotals) -> Result<(), String> {
    compat::clear_records(workspace);
    let mut test = cargo(&workspace.root);
    test.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    if workspace.in_ci || setup::clients_are_ready(workspace) {
        // Tests of a missing client then fail instead of being skipped.
        test.env("SSO_REQUIRE_CLIENTS", "1");
    }
    run_with_lines(&mut test, |line| totals.add_line(line))
}
