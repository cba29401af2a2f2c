//! Finds the `.aws-sso` file that applies in the current directory, and resolves its role.

use std::path::Path;

use crate::context::Context;
use crate::domain::directory::directory_file::DirectoryFile;
use crate::domain::directory::dotfile::{Dotfile, FILE_NAME, Selection};
use crate::domain::directory::trust::{TrustRecord, TrustState};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use crate::domain::target::request::Request;
use crate::domain::target::resolve::Resolution;
use crate::domain::target::{Instance, Target, resolve};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::notice::Info;
use crate::os::trust_store::Access;
use crate::os::{dotfile, worktree};

use super::resolve_config;

/// Returns the file that applies in the current directory: the nearest one that is not denied.
///
/// An untrusted or invalid file applies too, so that it does not uncover one above it.
pub fn applicable_file(ctx: &Context) -> Option<DirectoryFile> {
    let is_foreign = ctx.store().trust().access() == Access::Foreign;
    let mut files = (!is_foreign).then(|| files(ctx))?;
    files.find(|file| file.trust != TrustState::Denied)
}

/// Returns the nearest file, denied or not.
pub fn nearest_file(ctx: &Context) -> Option<DirectoryFile> {
    files(ctx).next()
}

fn files(ctx: &Context) -> impl Iterator<Item = DirectoryFile> {
    let has_record = |directory: &Path| trusted_record(ctx, &directory.join(FILE_NAME)).is_some();
    let current = ctx.current_dir().into_iter();
    current
        .flat_map(move |current| dotfile::directories(current, ctx.home(), has_record))
        .filter_map(move |directory| file_in(ctx, directory))
        .filter(|file| !file.is_planted)
}

/// Returns the file in one directory. `directory` is a canonical path.
pub fn file_in(ctx: &Context, directory: &Path) -> Option<DirectoryFile> {
    let found = dotfile::read(directory)?;
    let path = directory.join(FILE_NAME);
    let (record, display_path) = (trusted_record(ctx, &path), ctx.display_path(&path));
    let mut file = DirectoryFile::new(path.to_str(), display_path, &found, record);
    if let Ok(bytes) = &found.bytes
        && file.can_be_covered()
        && let Some(record) = worktree::find_in_others(directory, |other| {
            let path = other.join(FILE_NAME);
            let record = trusted_record(ctx, &path)?;
            record.allows(path.to_str()?, bytes).then_some(record)
        })
    {
        file.cover(record);
    }
    Some(file)
}

/// Records count only if no other user can have written them.
fn trusted_record(ctx: &Context, path: &Path) -> Option<TrustRecord> {
    let store = ctx.store().trust();
    let record = store.record(path.to_str()?)?;
    (store.access() == Access::Ours).then_some(record)
}

/// Resolves the role of a trusted file. Fails if it is another role than the one for which the
/// file was allowed.
pub fn resolve_file(ctx: &Context, file: &DirectoryFile) -> Result<(Target, Instance)> {
    let (target, instance) = resolve_dotfile(ctx, file.trusted()?)?;
    file.check_role(&target, &instance.session)?;
    Ok((target, instance))
}

/// Resolves the role that a file selects, trusted or not.
pub fn resolve_dotfile(ctx: &Context, dotfile: &Dotfile) -> Result<(Target, Instance)> {
    let (request, choice) = merged(dotfile, &Request::default());
    let target = match choice {
        Some(choice) => resolve_config::target(ctx, request, Some(choice))?,
        // By the definition of the session: two configurations may use one name.
        None => {
            let vars = |name: &str| ctx.var_without_hook(name);
            let resolve = |view: &ConfigView| resolve::resolve(&request, None, view, &vars);
            match ctx.query_config(None, resolve)? {
                Resolution::Target(target) => target,
                // Only a profile has a `credential_process`.
                Resolution::Helper { .. } => {
                    return Err(Error::configuration("the file leads back to itself"));
                }
            }
        }
    };
    let instance = resolve_config::instance_of(ctx, &target)?;
    Ok((target, instance))
}

/// Completes a request that names no profile by the file that applies here. Returns the
/// request, and the profile if the file names one.
pub fn complete_request(
    ctx: &Context,
    request: &Request,
) -> Result<Option<(Request, Option<ProfileChoice>)>> {
    let Some(file) = applicable_file(ctx) else {
        return Ok(None);
    };
    let dotfile = file.trusted()?;
    resolve_file(ctx, &file)?;
    ctx.trace(|| format!("{} decides here", file.display_path));
    Ok(Some(merged(dotfile, request)))
}

fn merged(dotfile: &Dotfile, request: &Request) -> (Request, Option<ProfileChoice>) {
    let region = request.region.clone().or(dotfile.region.clone());
    let (request, choice) = match &dotfile.selection {
        Selection::Profile(name) => {
            let choice = ProfileChoice {
                name: name.clone(),
                origin: ProfileOrigin::Directory,
            };
            (request.clone(), Some(choice))
        }
        Selection::Role { .. } => (dotfile.to_request().overridden_by(request), None),
    };
    (Request { region, ..request }, choice)
}

/// Returns the instance of the file that applies here, if the file can be used.
pub fn instance(ctx: &Context) -> Option<Instance> {
    let file = applicable_file(ctx)?;
    let resolved = resolve_file(ctx, &file).inspect_err(|error| ctx.trace(|| error.to_string()));
    resolved.ok().map(|(_, instance)| instance)
}

/// Reports a variable that takes precedence over a trusted file with another role.
pub fn report_outranked(ctx: &Context, variable: &str, chosen: &Target) {
    if let Some(file) = applicable_file(ctx)
        && let Ok((target, _)) = resolve_file(ctx, &file)
        && target.id != chosen.id
    {
        ctx.notices().info(Info::DirectoryOutranked {
            variable: variable.to_owned(),
            profile: chosen.profile.as_deref().map(sanitize).unwrap_or_default(),
            file: file.display_path.clone(),
            role: target.label(),
        });
    }
}
