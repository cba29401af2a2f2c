//! Cache directories shared with AWS CLI v2, and the state directory beside them.
//!
//! Callers name an item by its session or role and never by a path, so that another store can
//! take the place of the files. Other tools may truncate a file in place or leave anything under
//! its name: a half-written file is read again for a moment, and what cannot be read then is
//! reported as such.

pub mod item;
pub mod lock_name;
mod read_write;
mod token_reservation;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use crate::domain::check::Holds;
use crate::domain::sort::sort_by;

use super::private_dir::{Directory, Owner};
use super::trust_store::TrustStore;

/// The stored items of a user. All paths follow from HOME alone, so that a terminal, cron and an
/// IDE agree on them.
#[derive(Debug)]
pub struct Store {
    /// Directory of tokens and registrations.
    sso: PathBuf,
    /// Directory of role credentials.
    cli: PathBuf,
    /// Directory of locks, role index, inventories and trust records.
    state: PathBuf,
    trust: TrustStore,
    /// Determined once, because it costs a system call per directory level.
    owner: OnceCell<Owner>,
}

impl Store {
    /// Returns the store of a home directory.
    pub fn new(home: &Path) -> Store {
        let state = home.join(".local/state/sso");
        Store {
            sso: home.join(".aws/sso/cache"),
            cli: home.join(".aws/cli/cache"),
            trust: TrustStore::new(&state),
            state,
            owner: OnceCell::new(),
        }
    }

    /// Returns the owner of new files.
    fn owner(&self) -> Owner {
        *self.owner.get_or_init(|| Owner::of(&self.sso))
    }

    /// Returns the records of trusted directories.
    pub fn trust(&self) -> &TrustStore {
        &self.trust
    }

    /// Returns the directories and the files with secrets, for a check of their permissions.
    pub fn paths_to_check(&self) -> Vec<(PathBuf, Holds)> {
        let mut found = Vec::new();
        for directory in [&self.sso, &self.cli] {
            found.push((directory.clone(), Holds::Files));
            let names = Directory::open(directory, Owner::Us).and_then(|open| open.names());
            let mut names = names.unwrap_or_default();
            sort_by(&mut names, Ord::cmp);
            let paths = names.into_iter().map(|name| directory.join(name));
            let paths = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
            found.extend(paths.map(|path| (path, Holds::Secrets)));
        }
        found.push((self.state.clone(), Holds::Files));
        found
    }
}
