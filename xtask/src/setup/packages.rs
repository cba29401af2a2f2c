//! The Debian packages that the checks and the clients need.
//!
//! A package is asked for only when the program that it brings is not there, so a newer
//! program from elsewhere is never replaced. On any other system, and without root, this
//! only says what is missing.

use super::State;
use crate::run::{command, fetch, find, output};
use crate::workspace::Workspace;
use std::path::Path;

struct Need {
    /// What a person has to have, in the words of a shell.
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const NEEDS: [Need; 16] = [
    Need {
        what: "strace",
        packages: &["strace"],
        is_there: || find("strace").is_some(),
    },
    Need {
        what: "a C++ compiler",
        packages: &["g++"],
        is_there: || find("c++").is_some(),
    },
    Need {
        what: "zsh",
        packages: &["zsh"],
        is_there: || find("zsh").is_some(),
    },
    Need {
        what: "fish",
        packages: &["fish"],
        is_there: || find("fish").is_some(),
    },
    Need {
        what: "elvish",
        packages: &["elvish"],
        is_there: || find("elvish").is_some(),
    },
    Need {
        what: "shellcheck",
        packages: &["shellcheck"],
        is_there: || find("shellcheck").is_some(),
    },
    Need {
        what: "mandoc",
        packages: &["mandoc"],
        is_there: || find("mandoc").is_some(),
    },
    Need {
        what: "shfmt",
        packages: &["shfmt"],
        is_there: || find("shfmt").is_some(),
    },
    Need {
        what: "direnv",
        packages: &["direnv"],
        is_there: || find("direnv").is_some(),
    },
    Need {
        what: "git",
        packages: &["git"],
        is_there: || find("git").is_some(),
    },
    Need {
        what: "node and npm",
        packages: &["nodejs", "npm"],
        is_there: || find("node").is_some() && find("npm").is_some(),
    },
    Need {
        what: "go",
        packages: &["golang-go"],
        is_there: || find("go").is_some(),
    },
    Need {
        what: "a JDK and Maven",
        packages: &["default-jdk-headless", "maven"],
        is_there: || {
            ["java", "javac", "mvn"]
                .map(find)
                .iter()
                .all(Option::is_some)
        },
    },
    Need {
        what: "chromium",
        packages: &["chromium"],
        is_there: || find("chromium").is_some(),
    },
    Need {
        what: "python3 with its venv and ensurepip modules",
        packages: &["python3-venv"],
        is_there: || super::python::base().is_ok(),
    },
    Need {
        what: "TLS root certificates",
        packages: &["ca-certificates"],
        // Elsewhere the roots live in other places and are never absent.
        is_there: || !is_debian() || Path::new("/etc/ssl/certs/ca-certificates.crt").exists(),
    },
];

pub(super) fn install(_: &Workspace) -> Result<State, String> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(State::Present);
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    if !is_debian() {
        let what: Vec<&str> = missing.iter().map(|need| need.what).collect();
        return Err(format!("not found here: {}", what.join(", ")));
    }
    let words = ["install", "-y", "--no-install-recommends"];
    if !is_root() {
        let line = [&words[..], &packages[..]].concat().join(" ");
        return Err(format!("as root, run: apt-get update && apt-get {line}"));
    }
    println!("installing {}", packages.join(" "));
    fetch(apt_get().arg("update"))?;
    fetch(apt_get().args(words).args(&packages))?;
    let still: Vec<&str> = missing
        .iter()
        .filter(|need| !(need.is_there)())
        .map(|need| need.what)
        .collect();
    if still.is_empty() {
        Ok(State::Installed)
    } else {
        Err(format!(
            "still not found after installing the packages: {}",
            still.join(", ")
        ))
    }
}

fn apt_get() -> std::process::Command {
    let mut apt = command("apt-get", Path::new("/"));
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

/// Debian itself and what is built from it; these share package names.
pub(super) fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    find("apt-get").is_some() && names_debian(&release)
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
    fn debian_is_recognised_by_its_release_file() {
        assert!(names_debian(
            "PRETTY_NAME=\"Debian GNU/Linux\"\nID=debian\n"
        ));
        assert!(names_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(!names_debian("ID=fedora\nHOME_URL=\"debian\"\n"));
    }
}
