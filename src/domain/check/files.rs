//! Warnings about the mode and the owner of files.

use super::finding::{Finding, shell_path};

/// Content of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Tokens or keys: only the owner may read them.
    Secrets,
    /// Settings that decide where tokens are sent: only the owner may write them.
    Settings,
    /// Other files: only the owner may create one.
    Files,
}

/// Metadata of a file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Path for messages.
    pub path: String,
    pub holds: Holds,
    pub mode: u32,
    /// User id of the owner.
    pub owner: u32,
}

/// Returns the warnings; `us` is the id of the current user.
pub fn files(facts: &[Fact], us: u32) -> Vec<Finding> {
    const OTHERS_READ: u32 = 0o044;
    const OTHERS_WRITE: u32 = 0o022;
    let mut findings = Vec::new();
    for fact in facts {
        let path = &fact.path;
        let word = shell_path(path);
        let mode = format!("(mode {:03o})", fact.mode & 0o777);
        let (forbidden, code, what, command) = match fact.holds {
            Holds::Secrets => (
                OTHERS_READ | OTHERS_WRITE,
                "file_readable",
                format!("other users may read it {mode}"),
                "chmod 600",
            ),
            Holds::Settings => (
                OTHERS_WRITE,
                "file_writable",
                format!("other users may write it {mode}, and so choose where tokens go"),
                "chmod go-w",
            ),
            Holds::Files => (
                OTHERS_WRITE,
                "directory_writable",
                format!("other users may put files there {mode}"),
                "chmod go-w",
            ),
        };
        if fact.mode & forbidden != 0 {
            let finding = Finding::warning(code, what).at(path);
            findings.push(finding.fix(format!("{command} {word}")));
        }
        // Root can use the files of every user.
        if fact.owner != us && us != 0 {
            let what = format!("it belongs to user {}, not to you", fact.owner);
            let finding = Finding::warning("foreign_owner", what).at(path);
            findings.push(finding.fix(format!("sudo chown \"$(id -u):$(id -g)\" {word}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(path: &str, holds: Holds, mode: u32, owner: u32) -> Fact {
        Fact {
            path: path.to_owned(),
            holds,
            mode,
            owner,
        }
    }

    #[test]
    fn modes() {
        for (holds, mode, owner, expected) in [
            (Holds::Secrets, 0o100_600, 1000, ""),
            (Holds::Secrets, 0o100_640, 1000, "file_readable"),
            (Holds::Secrets, 0o100_604, 7, "file_readable foreign_owner"),
            (Holds::Settings, 0o100_644, 1000, ""),
            (Holds::Settings, 0o100_664, 1000, "file_writable"),
            (Holds::Files, 0o040_755, 1000, ""),
            (Holds::Files, 0o040_775, 1000, "directory_writable"),
        ] {
            let findings = files(&[fact("~/a b", holds, mode, owner)], 1000);
            let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes.join(" "), expected, "{holds:?} {mode:o} {owner}");
        }
    }

    #[test]
    fn the_fix_is_a_command() {
        for (path, command) in [
            ("~/.aws/credentials", "chmod 600 ~/.aws/credentials"),
            ("~/a b", "chmod 600 ~/'a b'"),
            ("/x/$(y)", "chmod 600 '/x/$(y)'"),
        ] {
            let findings = files(&[fact(path, Holds::Secrets, 0o644, 0)], 0);
            assert_eq!(findings[0].fix, Some(command.into()));
        }
    }
}
