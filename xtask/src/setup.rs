//! `cargo xtask setup`: installs what the checks use and says exactly what it could not.
//!
//! Debian packages are installed only on Debian and only by root. Everything else goes
//! below `target/`, so that removing that folder undoes it. Each item is left alone when
//! it is present at the version that is named here.

mod archive;
mod awscli;
mod browser;
pub(crate) mod cargo_deny;
mod go;
mod java;
mod judges;
mod node;
mod packages;
mod python;
mod rust;
mod shells;
mod stamp;

use crate::run::duration;
use crate::workspace::Workspace;
use std::time::Instant;

pub(crate) enum State {
    Present,
    Installed,
}

type Item = (&'static str, fn(&Workspace) -> Result<State, String>);

/// In the order in which they need each other: the packages bring Python and Node.js,
/// and the AWS CLI runs in the environment that `python` makes.
const ITEMS: [Item; 11] = [
    ("packages", packages::install),
    ("python", python::install),
    ("aws", awscli::install),
    ("node", node::install),
    ("shells", shells::install),
    ("rust", rust::install),
    ("go", go::install),
    ("java", java::install),
    ("browser", browser::install),
    ("judges", judges::install),
    ("cargo-deny", cargo_deny::install),
];

pub(crate) fn main(workspace: &Workspace) -> Result<(), String> {
    let mut missing = Vec::new();
    for (name, install) in ITEMS {
        let begun = Instant::now();
        let result = install(workspace);
        let took = duration(begun.elapsed());
        match result {
            Ok(State::Present) => println!("{name:<11} present ({took})"),
            Ok(State::Installed) => println!("{name:<11} installed ({took})"),
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

/// Whether the real clients are installed, without installing any.
pub(crate) fn clients_are_ready(workspace: &Workspace) -> bool {
    let items = [
        python::is_ready,
        awscli::is_ready,
        node::is_ready,
        rust::is_ready,
        go::is_ready,
        java::is_ready,
        browser::is_ready,
        judges::is_ready,
        shells::is_ready,
    ];
    items.iter().all(|is_ready| is_ready(workspace))
}
