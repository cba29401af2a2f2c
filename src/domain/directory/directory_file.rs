//! A `.aws-sso` file that was found, with the user's decision about it.

use super::dotfile::{self, Dotfile};
use super::trust::{Decision, ResolvedRole, TrustRecord, TrustState, digest};
use crate::domain::session::definition::Session;
use crate::domain::target::Target;
use crate::error::{Error, Hint};

/// A file that was found, as the file system has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Content, at most one byte longer than a valid one; or the reason why it was not read.
    pub bytes: Result<Vec<u8>, &'static str>,
    pub is_own: bool,
    /// Whether another user has put it into a directory for everybody, such as `/tmp`.
    pub is_planted: bool,
    pub is_group_writable: bool,
}

/// A file, parsed, and the user's decision about it.
#[derive(Clone, Debug)]
pub struct DirectoryFile {
    /// Canonical path; empty if it is not UTF-8.
    pub path: String,
    pub display_path: String,
    pub is_own: bool,
    /// Whether another user has put it into a directory for everybody, and it was never allowed.
    pub is_planted: bool,
    pub is_group_writable: bool,
    /// Digest of path and bytes; empty if the file was not read.
    pub digest: String,
    /// Content, or the reason why the file is invalid.
    pub content: Result<Dotfile, String>,
    /// The user's decision, compared with the file.
    pub trust: TrustState,
    record: Option<TrustRecord>,
}

impl DirectoryFile {
    /// Parses a file and compares it with the record of its path. `path` is `None` if it is
    /// not UTF-8.
    pub fn new(
        path: Option<&str>,
        display_path: String,
        found: &FoundFile,
        record: Option<TrustRecord>,
    ) -> DirectoryFile {
        let (digest, content) = match (&found.bytes, path) {
            (Err(reason), _) => (String::new(), Err((*reason).to_owned())),
            (Ok(_), None) => (String::new(), Err("its path is not UTF-8".to_owned())),
            (Ok(bytes), Some(path)) => (digest(path, bytes), dotfile::parse(bytes)),
        };
        let path = path.unwrap_or_default();
        let trust = record
            .as_ref()
            .map_or(TrustState::Unknown, |record| record.trust(path, &digest));
        DirectoryFile {
            path: path.to_owned(),
            display_path,
            is_own: found.is_own,
            is_planted: found.is_planted && record.is_none(),
            is_group_writable: found.is_group_writable,
            digest,
            content,
            trust,
            record,
        }
    }

    /// Returns `true` if the file is untrusted, but the same file of another worktree of its
    /// repository could make it trusted.
    pub fn can_be_covered(&self) -> bool {
        let is_undecided = matches!(self.trust, TrustState::Unknown | TrustState::Changed);
        self.is_own && self.content.is_ok() && is_undecided
    }

    /// Trusts the file by the record of the same file of another worktree.
    pub fn cover(&mut self, record: TrustRecord) {
        self.trust = TrustState::Trusted;
        self.record = Some(record);
    }

    /// Returns the content of a trusted file.
    pub fn trusted(&self) -> Result<&Dotfile, Error> {
        let path = &self.display_path;
        match (&self.content, self.trust) {
            (Ok(dotfile), TrustState::Trusted) => Ok(dotfile),
            (Err(why), _) => {
                let error = Error::configuration(format!("{path} cannot be used: {why}"));
                Err(error.hint(Hint::CorrectOrDeny))
            }
            (Ok(_), TrustState::Changed) => {
                Err(self.not_trusted(format!("{path} has changed since it was allowed")))
            }
            (Ok(_), _) => Err(self.not_trusted(format!("{path} is not trusted"))),
        }
    }

    /// Checks that the file resolves to the role for which it was allowed. Otherwise the
    /// configuration has changed.
    pub fn check_role(&self, target: &Target, session: &Session) -> Result<(), Error> {
        match self.record.as_ref().map(|record| &record.decision) {
            Some(Decision::Allowed { role, .. }) if *role == ResolvedRole::of(target, session) => {
                Ok(())
            }
            _ => Err(self.not_trusted(format!(
                "{} no longer means the session, account and role that were allowed",
                self.display_path
            ))),
        }
    }

    fn not_trusted(&self, message: String) -> Error {
        let path = self.path.clone();
        Error::not_trusted(message).hint(Hint::ReviewAndAllow { path })
    }

    /// Returns a record that allows the file with this role. `now` is its time, as text.
    pub fn allow(&self, target: &Target, session: &Session, now: String) -> TrustRecord {
        TrustRecord {
            path: self.path.clone(),
            decision: Decision::Allowed {
                digest: self.digest.clone(),
                role: ResolvedRole::of(target, session),
                region: target.region.clone(),
                allowed_at: now,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: Result<&[u8], &'static str>) -> FoundFile {
        FoundFile {
            bytes: bytes.map(<[u8]>::to_vec),
            is_own: true,
            is_planted: false,
            is_group_writable: false,
        }
    }

    fn file(bytes: Result<&[u8], &'static str>, record: Option<TrustRecord>) -> DirectoryFile {
        let display_path = "~/p/.aws-sso".to_owned();
        DirectoryFile::new(Some("/p/.aws-sso"), display_path, &found(bytes), record)
    }

    fn session() -> Session {
        Session::new(Some("corp"), "https://corp.awsapps.com/start", "eu-west-1")
    }

    fn target(role: &str) -> Target {
        Target::for_test("111122223333", role)
    }

    #[test]
    fn only_an_allowed_and_unchanged_file_is_trusted() {
        let new = file(Ok(b"dev"), None);
        assert_eq!(new.trust, TrustState::Unknown);
        assert!(new.trusted().is_err());
        let record = new.allow(&target("Admin"), &session(), String::new());
        let allowed = file(Ok(b"dev"), Some(record.clone()));
        assert_eq!(allowed.trusted().unwrap(), &dotfile::parse(b"dev").unwrap());
        let changed = file(Ok(b"prod"), Some(record.clone()));
        assert_eq!(changed.trust, TrustState::Changed);
        assert!(changed.trusted().is_err());
        let invalid = file(Err("it is a link"), Some(record.clone()));
        let error = invalid.trusted().unwrap_err();
        assert_eq!(error.message(), "~/p/.aws-sso cannot be used: it is a link");
        let decision = Decision::Denied;
        let denied = TrustRecord { decision, ..record };
        for bytes in [Ok(&b"dev"[..]), Err("it is a link")] {
            assert_eq!(file(bytes, Some(denied.clone())).trust, TrustState::Denied);
        }
    }

    #[test]
    fn a_role_other_than_the_allowed_one_is_refused() {
        let record = file(Ok(b"dev"), None).allow(&target("Admin"), &session(), String::new());
        let allowed = file(Ok(b"dev"), Some(record));
        assert!(allowed.check_role(&target("Admin"), &session()).is_ok());
        assert!(allowed.check_role(&target("ReadOnly"), &session()).is_err());
        let moved = Session::new(Some("corp"), "https://other.awsapps.com/start", "eu-west-1");
        assert!(allowed.check_role(&target("Admin"), &moved).is_err());
    }

    #[test]
    fn a_path_that_is_not_utf8_has_no_digest() {
        let file = DirectoryFile::new(None, "?".to_owned(), &found(Ok(b"dev")), None);
        assert_eq!((file.path.as_str(), file.digest.as_str()), ("", ""));
        assert_eq!(file.content, Err("its path is not UTF-8".to_owned()));
    }
}
