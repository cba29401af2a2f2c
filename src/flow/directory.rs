//! The `.aws-sso` file that decides here, whether it is trusted, and what it means.

use std::path::Path;

use crate::context::Context;
use crate::domain::directory::dotfile::{self, Dotfile, NAME, Names};
use crate::domain::directory::trust::{Decision, Record, ResolvedRole, TrustState, digest};
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::instance::Instance;
use crate::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use crate::domain::target::request::Request;
use crate::domain::target::resolve::Resolution;
use crate::domain::target::{Target, resolve};
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::notice::{Info, Trace};
use crate::os::dotfile as files;
use crate::os::trust_store::{Access, TrustStore};

use super::resolve_config;

/// A file, and what was said about it.
#[derive(Clone, Debug)]
pub struct DirectoryFile {
    /// Its canonical path.
    pub path: String,
    /// The same, as people write it.
    pub shown: String,
    /// Whether it is this user's.
    pub ours: bool,
    /// Whether its group may write it.
    pub group_writes: bool,
    /// Of path and bytes; empty where nothing was read.
    pub digest: String,
    /// What it says, or why it says nothing.
    pub says: std::result::Result<Dotfile, String>,
    /// How it stands to what the user said.
    pub standing: TrustState,
    record: Option<Record>,
}

/// The file that decides here. A denied one is as good as absent; any other decides, usable
/// or not, so that none uncovers what stands above it.
pub fn nearest(ctx: &Context) -> Option<DirectoryFile> {
    let store = ctx.store().trust();
    if store.access() == Access::Foreign {
        return None;
    }
    around(ctx, store).find(|place| place.standing != TrustState::Denied)
}

/// The nearest file, denied or not.
pub fn nearest_of_all(ctx: &Context) -> Option<DirectoryFile> {
    let store = ctx.store().trust();
    around(ctx, store).next()
}

fn around<'a>(ctx: &'a Context, store: &'a TrustStore) -> impl Iterator<Item = DirectoryFile> + 'a {
    let known = |directory: &Path| {
        let path = directory.join(NAME);
        path.to_str()
            .is_some_and(|path| record(store, path).is_some())
    };
    let here = ctx.current_dir().into_iter();
    here.flat_map(move |here| files::directories(here, ctx.home(), known))
        .filter_map(move |directory| look(ctx, store, directory))
}

/// The file in one directory, whose path is canonical.
pub fn in_directory(ctx: &Context, directory: &Path) -> Option<DirectoryFile> {
    look(ctx, ctx.store().trust(), directory)
}

/// Records count only where nobody else can have written them.
fn record(store: &TrustStore, path: &str) -> Option<Record> {
    store
        .record(path)
        .filter(|_| store.access() == Access::Ours)
}

fn look(ctx: &Context, store: &TrustStore, directory: &Path) -> Option<DirectoryFile> {
    let found = files::look(directory)?;
    let path = directory.join(NAME);
    let shown = ctx.display_path(&path);
    let text = path.to_str();
    let record = text.and_then(|path| record(store, path));
    let denied = record
        .as_ref()
        .is_some_and(|record| record.said == Decision::Denied);
    let standing = if denied {
        TrustState::Denied
    } else {
        TrustState::Unknown
    };
    let place = DirectoryFile {
        path: text.unwrap_or_default().to_owned(),
        shown,
        ours: true,
        group_writes: false,
        digest: String::new(),
        says: Err(String::new()),
        standing,
        record,
    };
    Some(match (found, text) {
        (files::Found::Unusable { why, ours }, _) => DirectoryFile {
            says: Err(why.to_owned()),
            ours,
            ..place
        },
        (files::Found::File(file), None) => DirectoryFile {
            says: Err("its path is not UTF-8".to_owned()),
            ours: file.ours,
            ..place
        },
        (files::Found::File(file), Some(path)) => {
            let digest = digest(path, &file.bytes);
            let standing = place
                .record
                .as_ref()
                .map_or(TrustState::Unknown, |record| record.standing(path, &digest));
            let says = dotfile::parse(&file.bytes).map_err(|fault| match fault.line {
                0 => fault.what,
                line => format!("line {line}: {}", fault.what),
            });
            DirectoryFile {
                ours: file.ours,
                group_writes: file.group_writes,
                digest,
                says,
                standing,
                ..place
            }
        }
    })
}

impl DirectoryFile {
    /// What it says, when it may be used.
    pub fn trusted(&self) -> Result<&Dotfile> {
        let path = &self.shown;
        let look = || Hint::ReviewAndAllow {
            path: self.path.clone(),
        };
        match (&self.says, self.standing) {
            (Ok(dotfile), TrustState::Trusted) => Ok(dotfile),
            (Err(why), _) => Err(
                Error::configuration(format!("{path} cannot be used: {why}"))
                    .hint(Hint::CorrectOrDeny),
            ),
            (Ok(_), TrustState::Changed) => Err(Error::not_trusted(format!(
                "{path} has changed since it was allowed"
            ))
            .hint(look())),
            (Ok(_), _) => Err(Error::not_trusted(format!("{path} is not trusted")).hint(look())),
        }
    }

    /// What it means today, as long as it is what it meant when it was allowed.
    pub fn target(&self, ctx: &Context) -> Result<(Target, Instance)> {
        let (target, instance) = means(ctx, self.trusted()?)?;
        let said = self.record.as_ref().map(|record| &record.said);
        match said {
            Some(Decision::Allowed { meaning, .. })
                if *meaning == ResolvedRole::of(&target, &instance.session) =>
            {
                Ok((target, instance))
            }
            _ => Err(Error::not_trusted(format!(
                "{} no longer means the session, account and role that were allowed",
                self.shown
            ))
            .hint(Hint::ReviewAndAllow {
                path: self.path.clone(),
            })),
        }
    }

    /// The record that allows it, with this meaning.
    pub fn allowed(&self, ctx: &Context, target: &Target, instance: &Instance) -> Record {
        Record {
            path: self.path.clone(),
            said: Decision::Allowed {
                digest: self.digest.clone(),
                meaning: ResolvedRole::of(target, &instance.session),
                region: target.region().map(str::to_owned),
                at: ctx.now().to_string(),
            },
        }
    }
}

/// What a file means, trusted or not.
pub fn means(ctx: &Context, dotfile: &Dotfile) -> Result<(Target, Instance)> {
    let target = match &dotfile.names {
        Names::Profile(name) => {
            let choice = ProfileChoice {
                name: name.clone(),
                origin: ProfileOrigin::Directory,
            };
            let request = Request {
                region: dotfile.region.clone(),
                ..Request::default()
            };
            resolve_config::target(ctx, request, Some(choice))?
        }
        // Always by what the configuration says of the session: a name alone says too little
        // about where it leads.
        Names::Role { .. } => {
            let request = dotfile.to_request();
            let vars = |name: &str| ctx.var_without_hook(name);
            let resolve = |view: &ConfigView| resolve::resolve(&request, None, view, &vars);
            match ctx.query_config(None, resolve)? {
                Resolution::Target(target) => target,
                // Without a profile there is no line of one.
                Resolution::Helper { .. } => {
                    return Err(Error::configuration("the file leads back to itself"));
                }
            }
        }
    };
    let instance = resolve_config::instance_of(ctx, &target)?;
    Ok((target, instance))
}

/// What `.aws-sso` adds to a request that neither an option nor a variable answers: the
/// request with it, and the profile that it names.
pub fn named(ctx: &Context, request: &Request) -> Result<Option<(Request, Option<ProfileChoice>)>> {
    let Some(place) = nearest(ctx) else {
        return Ok(None);
    };
    let dotfile = place.trusted()?;
    place.target(ctx)?;
    ctx.notices().trace(|| Trace::DirectoryFileUsed {
        file: place.shown.clone(),
    });
    Ok(Some(added(dotfile, request)))
}

fn added(dotfile: &Dotfile, request: &Request) -> (Request, Option<ProfileChoice>) {
    let region = request.region.clone().or(dotfile.region.clone());
    match &dotfile.names {
        Names::Profile(name) => {
            let request = Request {
                region,
                ..request.clone()
            };
            let choice = ProfileChoice {
                name: name.clone(),
                origin: ProfileOrigin::Directory,
            };
            (request, Some(choice))
        }
        Names::Role { .. } => {
            let request = Request {
                region,
                ..dotfile.to_request().overridden_by(request)
            };
            (request, None)
        }
    }
}

/// The instance of the file that decides here, where it may be used.
pub fn instance(ctx: &Context) -> Option<Instance> {
    let place = nearest(ctx)?;
    match place.target(ctx) {
        Ok((_, instance)) => Some(instance),
        Err(error) => {
            ctx.notices().trace(|| Trace::DirectoryFileIgnored {
                reason: error.message().to_owned(),
            });
            None
        }
    }
}

/// Says it when a variable outranks a trusted file that names something else.
pub fn tell_outranked(ctx: &Context, variable: &str, chosen: &Target) {
    let Some(place) = nearest(ctx) else { return };
    let Ok((target, _)) = place.target(ctx) else {
        return;
    };
    let (Target::SsoRole(here), Target::SsoRole(other)) = (&target, chosen);
    if here.id != other.id {
        let name = chosen.profile().map(sanitize).unwrap_or_default();
        ctx.notices().info(Info::DirectoryOutranked {
            variable: variable.to_owned(),
            profile: name.to_owned(),
            file: place.shown.clone(),
            role: target.label(),
        });
    }
}
