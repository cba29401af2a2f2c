//! The test client with the AWS SDK for Java v2: classes and libraries in `target/clients/java`.
//!
//! Maven only downloads the libraries; javac compiles the client.

use super::InstallState;
use super::stamp::InstallStamp;
use crate::process::{command, output, output_with_retry};
use crate::workspace::Workspace;

const SOURCES: [&str; 2] = ["pom.xml", "Credentials.java"];
const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

pub(super) fn install(workspace: &Workspace) -> Result<InstallState, String> {
    let stamp = stamp(workspace)?;
    if stamp.is_current() && version(workspace).is_ok() {
        return Ok(InstallState::Present);
    }
    let folder = workspace.clients_dir().join("java");
    let sources = workspace.client_sources_dir().join("java");
    stamp.clear(&folder)?;
    let mut maven = command("mvn", &folder);
    maven
        .args(["--quiet", "--batch-mode", "--file"])
        .arg(sources.join("pom.xml"))
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
    output_with_retry(&mut maven)?;
    let mut compiler = command("javac", &folder);
    compiler
        .args(["--release", "11", "-cp", "lib/*", "-d", "classes"])
        .arg(sources.join("Credentials.java"));
    output(&mut compiler)?;
    version(workspace)?;
    stamp.write()?;
    // The libraries are copied to `lib`.
    let _ = std::fs::remove_dir_all(folder.join("repository"));
    Ok(InstallState::Installed)
}

pub(super) fn is_ready(workspace: &Workspace) -> bool {
    stamp(workspace).is_ok_and(|stamp| stamp.is_current()) && version(workspace).is_ok()
}

fn stamp(workspace: &Workspace) -> Result<InstallStamp, String> {
    InstallStamp::for_sources(workspace, "java", &format!("1 {PLUGIN}"), &SOURCES)
}

fn version(workspace: &Workspace) -> Result<String, String> {
    let mut java = command("java", &workspace.clients_dir().join("java"));
    output(java.args(["-cp", "classes:lib/*", "Credentials", "--version"]))
}
