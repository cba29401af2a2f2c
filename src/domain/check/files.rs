//! Warnings about the mode and the owner of files.

use super::finding::{Finding, quoted};

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
        let quoted_path =
            shlex::try_quote(path).map_or_else(|_| quoted(path), |path| path.into_owned());
        // Shells expand only an unquoted tilde.
        let word = match path.strip_prefix("~/") {
            Some(rest) if quoted_path != *path => match shlex::try_quote(rest) {
                Ok(rest) => format!("~/{rest}"),
                Err(_) => quoted_path,
            },
            _ => quoted_path,
        };
        let found = match fact.holds {
            Holds::Secrets if fact.mode & (OTHERS_READ | OTHERS_WRITE) != 0 => Some((
                "file_readable",
                format!("other users may read it (mode {:03o})", fact.mode & 0o777),
                format!("chmod 600 {word}"),
            )),
            Holds::Settings if fact.mode & OTHERS_WRITE != 0 => Some((
                "file_writable",
                format!(
                    "other users may write it (mode {:03o}), and so choose where tokens go",
                    fact.mode & 0o777
                ),
                format!("chmod go-w {word}"),
            )),
            Holds::Files if fact.mode & OTHERS_WRITE != 0 => Some((
                "directory_writable",
                format!(
                    "other users may put files there (mode {:03o})",
                    fact.mode & 0o777
                ),
                format!("chmod go-w {word}"),
            )),
            _ => None,
        };
        if let Some((code, what, fix)) = found {
            findings.push(Finding::warning(code, what).at(path).fix(fix));
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

    #[test]
    fn modes() {
        let found = |holds, mode, owner| {
            let path = "~/a b".to_owned();
            let fact = Fact {
                path,
                holds,
                mode,
                owner,
            };
            let findings = files(&[fact], 1000);
            let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
            codes.join(" ")
        };
        assert_eq!(found(Holds::Secrets, 0o100_600, 1000), "");
        assert_eq!(found(Holds::Secrets, 0o100_640, 1000), "file_readable");
        assert_eq!(
            found(Holds::Secrets, 0o100_604, 7),
            "file_readable foreign_owner"
        );
        assert_eq!(found(Holds::Settings, 0o100_644, 1000), "");
        assert_eq!(found(Holds::Settings, 0o100_664, 1000), "file_writable");
        assert_eq!(found(Holds::Files, 0o040_755, 1000), "");
        assert_eq!(found(Holds::Files, 0o040_775, 1000), "directory_writable");
    }

    #[test]
    fn the_fix_is_a_command() {
        for (path, command) in [
            ("~/.aws/credentials", "chmod 600 ~/.aws/credentials"),
            ("~/a b", "chmod 600 ~/'a b'"),
            ("/x/$(y)", "chmod 600 '/x/$(y)'"),
        ] {
            let fact = Fact {
                path: path.to_owned(),
                holds: Holds::Secrets,
                mode: 0o644,
                owner: 0,
            };
            assert_eq!(files(&[fact], 0)[0].fix, Some(command.into()));
        }
    }
}
