//! `sso configure` beyond its words: on a terminal, on files of every sort, among others that
//! write the same file, and killed in the middle.

mod files;
mod killed;
mod terminal;

use std::path::PathBuf;

use crate::world::{ACCOUNT, Run, World};

fn config(world: &World) -> PathBuf {
    world.home().join(".aws/config")
}

fn copy(world: &World) -> PathBuf {
    world.home().join(".aws/config.sso.bak")
}

fn held(world: &World) -> String {
    std::fs::read_to_string(config(world)).unwrap()
}

/// A run that adds a profile, without asking anything.
fn adds<'w>(world: &'w World, profile: &str) -> Run<'w> {
    world.sso(adding(profile))
}

fn adding(profile: &str) -> [&str; 7] {
    ["configure", profile, "-a", ACCOUNT, "-r", "Added", "--yes"]
}
