//! `cargo xtask setup`: installs the programs that the checks use and lists those it could not.
//!
//! Debian packages are installed only on Debian and only by root. Everything else goes into
//! `target/`. A component that is present at the pinned version is not touched.

mod awscli;
mod browser_driver;
pub(crate) mod cargo_deny;
mod debian_archive;
mod go;
mod java;
mod moto;
mod node;
mod python;
mod rust;
mod shells;
mod stamp;
mod system_packages;

use crate::process::format_duration;
use crate::workspace::Workspace;
use std::time::Instant;

/// Result of installing a component.
pub(crate) enum InstallState {
    /// Already installed.
    Present,
    Installed,
}

/// Name and installer.
type Component = (&'static str, fn(&Workspace) -> Result<InstallState, String>);

/// Components in dependency order: the packages provide Python and Node.js, and the AWS CLI runs
/// in the environment that `python` creates.
const COMPONENTS: [Component; 11] = [
    ("packages", system_packages::install),
    ("python", python::install),
    ("aws", awscli::install),
    ("node", node::install),
    ("shells", shells::install),
    ("rust", rust::install),
    ("go", go::install),
    ("java", java::install),
    ("browser", browser_driver::install),
    ("moto", moto::install),
    ("cargo-deny", cargo_deny::install),
];

pub(crate) fn main(workspace: &Workspace) -> Result<(), String> {
    let mut missing = Vec::new();
    for (name, install) in COMPONENTS {
        let begun = Instant::now();
        let result = install(workspace);
        let took = format_duration(begun.elapsed());
        match result {
            Ok(InstallState::Present) => println!("{name:<11} present ({took})"),
            Ok(InstallState::Installed) => println!("{name:<11} installed ({took})"),
            Err(why) => {
                println!("{name:<11} MISSING ({took})");
                missing.push(format!("{name}: {why}"));
            }
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(missing.join("\n"))
    }
}

/// Returns `true` if all AWS clients are installed. Installs nothing.
pub(crate) fn clients_are_ready(workspace: &Workspace) -> bool {
    let checks = [
        python::is_ready,
        awscli::is_ready,
        node::is_ready,
        rust::is_ready,
        go::is_ready,
        java::is_ready,
        browser_driver::is_ready,
        moto::is_ready,
        shells::is_ready,
    ];
    checks.iter().all(|is_ready| is_ready(workspace))
}
