//! Debian packages that the checks and the clients need.
//!
//! A package is installed only if its program is missing, so that a newer program from elsewhere
//! is not replaced. On other systems and without root, the missing programs are only listed.

use super::InstallState;
use crate::process::{command, find_in_path, output, output_with_retry};
use crate::workspace::Workspace;
use std::path::Path;

/// A required program and the packages that provide it.
struct Requirement {
    /// Name for messages.
    name: &'static str,
    packages: &'static [&'static str],
    is_installed: fn() -> bool,
}

const REQUIREMENTS: [Requirement; 16] = [
    Requirement {
        name: "strace",
        packages: &["strace"],
        is_installed: || find_in_path("strace").is_some(),
    },
    Requirement {
        name: "a C++ compiler",
        packages: &["g++"],
        is_installed: || find_in_path("c++").is_some(),
    },
    Requirement {
        name: "zsh",
        packages: &["zsh"],
        is_installed: || find_in_path("zsh").is_some(),
    },
    Requirement {
        name: "fish",
        packages: &["fish"],
        is_installed: || find_in_path("fish").is_some(),
    },
    Requirement {
        name: "elvish",
        packages: &["elvish"],
        is_installed: || find_in_path("elvish").is_some(),
    },
    Requirement {
        name: "shellcheck",
        packages: &["shellcheck"],
        is_installed: || find_in_path("shellcheck").is_some(),
    },
    Requirement {
        name: "mandoc",
        packages: &["mandoc"],
        is_installed: || find_in_path("mandoc").is_some(),
    },
    Requirement {
        name: "shfmt",
        packages: &["shfmt"],
        is_installed: || find_in_path("shfmt").is_some(),
    },
    Requirement {
        name: "direnv",
        packages: &["direnv"],
        is_installed: || find_in_path("direnv").is_some(),
    },
    Requirement {
        name: "git",
        packages: &["git"],
        is_installed: || find_in_path("git").is_some(),
    },
    Requirement {
        name: "node and npm",
        packages: &["nodejs", "npm"],
        is_installed: || find_in_path("node").is_some() && find_in_path("npm").is_some(),
    },
    Requirement {
        name: "go",
        packages: &["golang-go"],
        is_installed: || find_in_path("go").is_some(),
    },
    Requirement {
        name: "a JDK and Maven",
        packages: &["default-jdk-headless", "maven"],
        is_installed: || {
            ["java", "javac", "mvn"]
                .map(find_in_path)
                .iter()
                .all(Option::is_some)
        },
    },
    Requirement {
        name: "chromium",
        packages: &["chromium"],
        is_installed: || find_in_path("chromium").is_some(),
    },
    Requirement {
        name: "python3 with its venv and ensurepip modules",
        packages: &["python3-venv"],
        is_installed: || super::python::base().is_ok(),
    },
    Requirement {
        name: "TLS root certificates",
        packages: &["ca-certificates"],
        // Other systems always have them, in other places.
        is_installed: || !is_debian() || Path::new("/etc/ssl/certs/ca-certificates.crt").exists(),
    },
];

pub(super) fn install(_: &Workspace) -> Result<InstallState, String> {
    let missing: Vec<&Requirement> = REQUIREMENTS
        .iter()
        .filter(|required| !(required.is_installed)())
        .collect();
    if missing.is_empty() {
        return Ok(InstallState::Present);
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|required| required.packages)
        .copied()
        .collect();
    if !is_debian() {
        let names: Vec<&str> = missing.iter().map(|required| required.name).collect();
        return Err(format!("not found: {}", names.join(", ")));
    }
    let args = ["install", "-y", "--no-install-recommends"];
    if !is_root() {
        let line = [&args[..], &packages[..]].concat().join(" ");
        return Err(format!("as root, run: apt-get update && apt-get {line}"));
    }
    println!("installing {}", packages.join(" "));
    output_with_retry(apt_get().arg("update"))?;
    output_with_retry(apt_get().args(args).args(&packages))?;
    let not_found: Vec<&str> = missing
        .iter()
        .filter(|required| !(required.is_installed)())
        .map(|required| required.name)
        .collect();
    if not_found.is_empty() {
        Ok(InstallState::Installed)
    } else {
        Err(format!(
            "still not found after installing the packages: {}",
            not_found.join(", ")
        ))
    }
}

fn apt_get() -> std::process::Command {
    let mut apt = command("apt-get", Path::new("/"));
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

/// Returns `true` on Debian and its derivatives, which share package names.
pub(super) fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    find_in_path("apt-get").is_some() && names_debian(&release)
}

fn names_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| match line.split_once('=') {
        Some(("ID" | "ID_LIKE", value)) => value
            .trim_matches('"')
            .split(' ')
            .any(|word| word == "debian"),
        _ => false,
    })
}

fn is_root() -> bool {
    output(command("id", Path::new("/")).arg("-u")).is_ok_and(|text| text.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::names_debian;

    #[test]
    fn debian_is_recognised_by_os_release() {
        assert!(names_debian(
            "PRETTY_NAME=\"Debian GNU/Linux\"\nID=debian\n"
        ));
        assert!(names_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(!names_debian("ID=fedora\nHOME_URL=\"debian\"\n"));
    }
}
