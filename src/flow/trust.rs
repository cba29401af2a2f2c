//! The user's decisions about `.aws-sso` files: making, listing and pruning them.

use std::path::Path;

use crate::context::Context;
use crate::domain::directory::directory_file::DirectoryFile;
use crate::domain::directory::dotfile::FILE_NAME;
use crate::domain::directory::trust::{Decision, TrustRecord, TrustState};
use crate::domain::target::{Instance, Target};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::os::dotfile;
use crate::os::trust_store::{Access, TrustStore};

use super::directory;
use super::listing;

/// A file that the user may allow, and the role that it resolves to now.
#[derive(Clone, Debug)]
pub struct AllowCandidate {
    /// File, read once: allowing it trusts exactly the bytes that the user was shown.
    pub file: DirectoryFile,
    pub target: Target,
    /// Instance that the role is reached through.
    pub instance: Instance,
    /// Name of the role's account, where a listing knows it.
    pub account_name: Option<String>,
}

impl AllowCandidate {
    /// Reads and resolves a file that the user wants to allow. `path` is the file or its
    /// directory; without it, the nearest file is taken.
    pub fn find(ctx: &Context, path: Option<&Path>) -> Result<AllowCandidate> {
        let file = find_file(ctx, path)?;
        let dotfile = file.content.as_ref().map_err(|why| {
            Error::configuration(format!("{} cannot be used: {why}", file.display_path))
                .hint(Hint::CorrectAndAllow)
        })?;
        let (target, instance) = directory::resolve_dotfile(ctx, dotfile)?;
        let account_name = listing::account_name(ctx, &instance.session, &target.id.account);
        Ok(AllowCandidate {
            file,
            target,
            instance,
            account_name,
        })
    }

    /// Stores the decision to trust the file.
    pub fn allow(&self, ctx: &Context) -> Result<()> {
        let now = ctx.now().to_string();
        let record = self.file.allow(&self.target, &self.instance.session, now);
        save(ctx, &record)
    }
}

/// Stores the decision to ignore a file, which is found as for `AllowCandidate::find`. Its
/// content may be invalid.
pub fn deny(ctx: &Context, path: Option<&Path>) -> Result<DirectoryFile> {
    let file = find_file(ctx, path)?;
    let record = TrustRecord {
        path: file.path.clone(),
        decision: Decision::Denied,
    };
    save(ctx, &record)?;
    Ok(file)
}

fn find_file(ctx: &Context, path: Option<&Path>) -> Result<DirectoryFile> {
    let file = match path {
        None => directory::nearest_file(ctx).ok_or_else(|| {
            Error::configuration(format!("there is no {FILE_NAME} here or above"))
                .hint(Hint::WriteDirectoryFile)
        })?,
        Some(path) => {
            let shown = sanitize(&path.to_string_lossy());
            let directory = dotfile::resolve_directory(path)
                .map_err(|error| Error::storage(format!("cannot look at {shown}: {error}")))?;
            let none = || Error::configuration(format!("there is no {FILE_NAME} in {shown}"));
            directory::file_in(ctx, &directory).ok_or_else(none)?
        }
    };
    if file.path.is_empty() {
        return Err(Error::configuration(format!(
            "{} cannot be trusted or denied: its path is not UTF-8",
            file.display_path
        )));
    }
    Ok(file)
}

/// Returns `true` if the file is trusted and resolves to the role for which it was allowed.
pub fn is_trusted(ctx: &Context, file: &DirectoryFile) -> bool {
    file.trust == TrustState::Trusted && directory::resolve_file(ctx, file).is_ok()
}

/// Stores a decision, unless other users can access the trust store: its records are ignored then.
pub fn save(ctx: &Context, record: &TrustRecord) -> Result<()> {
    let store = usable_store(ctx)?;
    let directory = ctx.display_path(store.directory());
    store.put(record).map_err(|error| {
        Error::storage(format!("cannot write in {directory}: {error}"))
            .hint("free some space or make the directory writable")
    })
}

fn usable_store(ctx: &Context) -> Result<&TrustStore> {
    let store = ctx.store().trust();
    let directory = ctx.display_path(store.directory());
    match store.access() {
        Access::Ours | Access::Absent => Ok(store),
        Access::Open => Err(Error::configuration(format!(
            "others can get at {directory}, so nothing in it counts"
        ))
        .hint(format!(
            "look what is in it, then run `chmod 700 {directory}`"
        ))),
        Access::Foreign => Err(
            Error::storage(format!("{directory} belongs to another user"))
                .hint("under sudo, directories have no credentials"),
        ),
    }
}

/// A stored decision, and the present state of its file.
#[derive(Clone, Debug)]
pub struct StoredDecision {
    pub record: TrustRecord,
    pub state: RecordState,
}

/// Present state of the file that a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordState {
    /// Denied, whether the file still exists or not.
    Denied,
    /// Allowed, unchanged, and with the same role as then.
    Trusted,
    /// Allowed; the file or the role that it resolves to has changed.
    Changed,
    /// Allowed; the file no longer exists.
    Gone,
}

/// Lists the stored decisions.
pub fn list(ctx: &Context) -> Result<Vec<StoredDecision>> {
    let store = usable_store(ctx)?;
    let records = store.records().map_err(|error| {
        let directory = ctx.display_path(store.directory());
        Error::storage(format!("cannot read {directory}: {error}"))
    })?;
    let decisions = records.into_iter().map(|record| {
        let directory = Path::new(&record.path).parent().unwrap_or(Path::new("/"));
        let state = match (&record.decision, directory::file_in(ctx, directory)) {
            (Decision::Denied, _) => RecordState::Denied,
            (Decision::Allowed { .. }, None) => RecordState::Gone,
            (Decision::Allowed { .. }, Some(it)) if is_trusted(ctx, &it) => RecordState::Trusted,
            (Decision::Allowed { .. }, Some(_)) => RecordState::Changed,
        };
        StoredDecision { record, state }
    });
    Ok(decisions.collect())
}

/// Removes the decisions about files that have changed or no longer exist, and returns them. If a
/// record cannot be removed, those before it are.
pub fn prune(ctx: &Context) -> Result<Vec<StoredDecision>> {
    let mut removed = list(ctx)?;
    removed.retain(|it| matches!(it.state, RecordState::Changed | RecordState::Gone));
    let store = ctx.store().trust();
    for StoredDecision { record, .. } in &removed {
        store.forget(&record.path).map_err(|error| {
            let path = sanitize(&record.path);
            Error::storage(format!("cannot forget {path}: {error}"))
        })?;
    }
    Ok(removed)
}
