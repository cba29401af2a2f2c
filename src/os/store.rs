//! The cache directories that we share with AWS CLI v2, and our own state beside them.
//!
//! Files there may be half-written by tools that truncate in place, or be no cache files
//! at all. A half-written one is given a moment; what then still cannot be read is
//! reported as such, and the caller decides.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::cache::key::{RoleId, SessionKey, registration_file_stem};
use crate::domain::cache::lock_note::LockNote;
use crate::domain::cache::role_index;
use crate::domain::role::credentials::{CachedRole, RoleCredentials};
use crate::domain::session::definition::Session;
use crate::domain::session::registration::Registration;
use crate::domain::session::token::{Found, StoredToken};
use crate::error::{Error, Result};

use super::lock::{LockFile, Unavailable};
use super::private_dir::Owner;
use super::trust_store::TrustStore;
use super::{atomic, clock, file};

/// Where everything is, found from HOME alone so that a terminal, cron and an IDE agree.
#[derive(Clone, Debug)]
pub struct Store {
    sso: PathBuf,
    cli: PathBuf,
    state: PathBuf,
    trust: TrustStore,
}

/// What a lock is for. The name of a lock file is this and the cache file's stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    /// Every write and deletion of a session's token.
    Token,
    /// Fetching one role's credentials.
    Role,
    /// One sign-in at a time.
    SignIn,
    /// The list of cached roles.
    Index,
    /// Asking for a session's accounts and roles.
    Inventory,
    /// Every write of the configuration file.
    Config,
}

impl LockKind {
    fn file_name(self, stem: &str) -> String {
        let kind = match self {
            LockKind::Token => "token",
            LockKind::Role => "role",
            LockKind::SignIn => "sign-in",
            LockKind::Index => "index",
            LockKind::Inventory => "inventory",
            LockKind::Config => "config",
        };
        format!("{kind}-{stem}")
    }
}

/// An organization of 10,000 accounts with 50 roles each keeps below this.
const MAX_INVENTORY: u64 = 32 << 20;

/// How often, and how long, a half-written file is given.
const RETRIES: u32 = 5;
const RETRY_AFTER: Duration = Duration::from_millis(10);

impl Store {
    /// The directories below a home.
    pub fn new(home: &Path) -> Store {
        let state = home.join(".local/state/sso");
        Store {
            sso: home.join(".aws/sso/cache"),
            cli: home.join(".aws/cli/cache"),
            trust: TrustStore::new(&state),
            state,
        }
    }

    /// The directory of tokens, that of role credentials, and that of our own state.
    pub fn directories(&self) -> [&Path; 3] {
        [&self.sso, &self.cli, &self.state]
    }

    /// Whose new files are.
    pub fn owner(&self) -> Owner {
        Owner::of(&self.sso)
    }

    /// The token file of a session.
    pub fn token_path(&self, key: &SessionKey) -> PathBuf {
        self.sso.join(key.file_stem() + ".json")
    }

    /// The credentials file of a role.
    pub fn role_path(&self, role: &RoleId) -> PathBuf {
        self.cli.join(role.file_stem() + ".json")
    }

    /// The registration file of a session.
    pub fn registration_path(&self, session: &Session) -> PathBuf {
        let scopes = session.scopes.as_deref();
        let key = session.key();
        let stem = registration_file_stem(&key, &session.start_url, &session.region, scopes);
        self.sso.join(stem + ".json")
    }

    /// The list of roles whose credentials were cached.
    pub fn index_path(&self) -> PathBuf {
        self.state.join("roles")
    }

    /// The accounts and roles of a session.
    pub fn inventory_path(&self, key: &SessionKey) -> PathBuf {
        let directory = self.state.join("inventory");
        directory.join(key.file_stem() + ".json")
    }

    /// The bytes of a session's inventory; `None` where there is none that can be read. It
    /// can be asked for again, so whatever is wrong with it is as good as none.
    pub fn inventory(&self, key: &SessionKey) -> Option<Vec<u8>> {
        file::read_at_most(&self.inventory_path(key), MAX_INVENTORY).ok()
    }

    /// What tells an inventory from the one before it.
    pub fn inventory_stamp(&self, key: &SessionKey) -> Option<(u64, i64, i64)> {
        file::stamp(&self.inventory_path(key))
    }

    /// Reads a session's token.
    pub fn token(&self, key: &SessionKey) -> Result<Found> {
        let path = self.token_path(key);
        let parse = |bytes: &[u8]| StoredToken::parse(bytes).map(Found::Token);
        Ok(match read(&path, parse)? {
            Read::Nothing => Found::Nothing,
            Read::Corrupt => Found::Corrupt,
            Read::Value(found) => found,
        })
    }

    /// Reads a role's credentials.
    pub fn role(&self, path: &Path) -> Result<CachedRole> {
        let parse = |bytes: &[u8]| match RoleCredentials::from_cache(bytes) {
            CachedRole::Corrupt => None,
            found => Some(found),
        };
        Ok(match read(path, parse)? {
            Read::Nothing => CachedRole::Nothing,
            Read::Corrupt => CachedRole::Corrupt,
            Read::Value(found) => found,
        })
    }

    /// Reads a session's registration; a broken one is as good as none.
    pub fn registration(&self, session: &Session) -> Result<Option<Registration>> {
        Ok(
            match read(&self.registration_path(session), Registration::parse)? {
                Read::Value(registration) => Some(registration),
                Read::Nothing | Read::Corrupt => None,
            },
        )
    }

    /// Reads the list of cached roles. One that cannot be read is not an empty one: who
    /// wrote it anew would forget the roles of all other sessions.
    pub fn index(&self) -> io::Result<Vec<RoleId>> {
        let bytes = file::read_small(&self.index_path())?;
        Ok(bytes
            .map(|bytes| role_index::parse(&bytes))
            .unwrap_or_default())
    }

    /// Replaces a file of ours.
    pub fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        atomic::write(path, text.as_bytes(), self.owner())
    }

    /// Removes a file of ours.
    pub fn remove(&self, path: &Path) -> io::Result<bool> {
        atomic::remove(path, self.owner())
    }

    /// Removes what killed processes left beside a file. Its lock must be held.
    pub fn sweep(&self, path: &Path) {
        atomic::sweep(path, self.owner());
    }

    /// The stems of role files beside which a killed process left something.
    pub fn role_left_overs(&self) -> HashSet<String> {
        atomic::left_overs(&self.cli, self.owner())
            .into_iter()
            .filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()))
            .collect()
    }

    /// Opens a lock.
    pub fn lock(&self, kind: LockKind, stem: &str) -> std::result::Result<LockFile, Unavailable> {
        LockFile::open(&self.lock_directory(), &kind.file_name(stem), self.owner())
    }

    /// The note in a lock file, without making one.
    pub fn note(&self, kind: LockKind, stem: &str) -> LockNote {
        let bytes = file::read_small(&self.lock_directory().join(kind.file_name(stem)));
        LockNote::parse(&bytes.ok().flatten().unwrap_or_default())
    }

    /// The records of which directories are trusted.
    pub fn trust(&self) -> &TrustStore {
        &self.trust
    }

    /// Where the locks are.
    pub fn lock_directory(&self) -> PathBuf {
        self.state.join("lock")
    }
}

enum Read<T> {
    Nothing,
    Corrupt,
    Value(T),
}

fn read<T>(path: &Path, parse: impl Fn(&[u8]) -> Option<T>) -> Result<Read<T>> {
    for attempt in 0..=RETRIES {
        if attempt > 0 {
            clock::sleep(RETRY_AFTER);
        }
        match file::read_small(path) {
            Ok(None) => return Ok(Read::Nothing),
            Ok(Some(bytes)) => {
                if let Some(value) = parse(&bytes) {
                    return Ok(Read::Value(value));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(Error::storage(format!(
                    "cannot read {}: permission denied",
                    path.display()
                ))
                .hint("the file must belong to you: look at its owner and mode with `ls -l`"));
            }
            // A directory, a FIFO, a giant: waiting will not make a cache file of it.
            Err(_) => return Ok(Read::Corrupt),
        }
    }
    Ok(Read::Corrupt)
}
