//! The program with the AWS SDK for Java v2: classes and libraries in `target/clients/java`.
//!
//! Maven fetches the libraries and nothing else; the compiler needs no plugin.

use super::State;
use super::stamp::Stamp;
use crate::run::{command, fetch, output};
use crate::workspace::Workspace;

const SOURCES: [&str; 2] = ["pom.xml", "Credentials.java"];
const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

pub(super) fn install(workspace: &Workspace) -> Result<State, String> {
    let stamp = stamp(workspace)?;
    if stamp.is_current() && version(workspace).is_ok() {
        return Ok(State::Present);
    }
    let folder = workspace.clients().join("java");
    let programs = workspace.programs().join("java");
    stamp.start_over(&folder)?;
    let mut maven = command("mvn", &folder);
    maven
        .args(["--quiet", "--batch-mode", "--file"])
        .arg(programs.join("pom.xml"))
        .arg(format!("{PLUGIN}:copy-dependencies"))
        .arg("-DincludeScope=runtime")
        .arg(format!(
            "-Dmaven.repo.local={}",
            folder.join("repository").display()
        ))
        .arg(format!(
            "-DoutputDirectory={}",
            folder.join("lib").display()
        ));
    fetch(&mut maven)?;
    let mut compiler = command("javac", &folder);
    compiler
        .args(["--release", "11", "-cp", "lib/*", "-d", "classes"])
        .arg(programs.join("Credentials.java"));
    output(&mut compiler)?;
    version(workspace)?;
    stamp.write()?;
    // All of it that is used is in `lib`.
    let _ = std::fs::remove_dir_all(folder.join("repository"));
    Ok(State::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_ok_and(|stamp| stamp.is_current()) && version(workspace).is_ok()
}

fn stamp(workspace: &Workspace) -> Result<Stamp, String> {
    Stamp::of_sources(workspace, "java", &format!("1 {PLUGIN}"), &SOURCES)
}

fn version(workspace: &Workspace) -> Result<String, String> {
    let mut java = command("java", &workspace.clients().join("java"));
    output(java.args(["-cp", "classes:lib/*", "Credentials", "--version"]))
}
