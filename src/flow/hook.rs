//! One prompt of a shell with a hook: what its environment should be now.
//!
//! No browser, no question, and no wait beyond the one bounded fetch on entering with a cold
//! cache. Whatever goes wrong leaves the shell with less of ours, never with an error.

use std::time::Duration;

use crate::context::Context;
use crate::domain::directory::dotfile::Dotfile;
use crate::domain::directory::hook::decide::{Base, Wanted, look, plan};
use crate::domain::directory::hook::state::{State, VARIABLE};
use crate::domain::directory::hook::{HIDDEN, HIDDEN_BESIDE_PROFILE, protect};
use crate::domain::directory::trust::{TrustState, digest};
use crate::domain::names::is_plain_name;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::role::variables::{Change, changes};
use crate::domain::secret::Secret;
use crate::domain::session::definition::Session;
use crate::domain::session::state as usable;
use crate::domain::target::Target;
use crate::domain::target::instance::Instance;
use crate::domain::target::profile::Profile;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint, Result};
use crate::notice::Trace;
use crate::os::store::LockKind;
use crate::os::trust_store::Access;
use crate::os::{current_exe, process};

use super::directory::{self, DirectoryFile};
use super::{credentials, listing};

/// How long entering a directory with a cold cache may take. Those who wait for a lock wait
/// a little longer than their time, and all of it together must stay below two seconds.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A renewal that failed is not tried again sooner, in seconds.
const BACKOFF: i64 = 60;

/// What the shell is to do, and what the user is told.
#[derive(Debug, Default)]
pub struct Turn {
    /// The changes.
    pub changes: Vec<Change>,
    /// One line.
    pub say: Option<Line>,
}

/// A line for the user.
#[derive(Debug)]
pub struct Line {
    /// Without `sso: `.
    pub text: String,
    /// What the user can do.
    pub hint: Option<Hint>,
    /// Whether it is something to act on.
    pub error: bool,
}

/// What a file comes to.
struct Outcome {
    /// A letter for what happened; with the line it makes the thing that is said once.
    kind: char,
    line: String,
    hint: Option<Hint>,
    load: Option<Wanted>,
    renewed: i64,
}

impl Outcome {
    fn loaded(line: String, load: Wanted, renewed: i64) -> Outcome {
        Outcome {
            kind: LOADED,
            line,
            hint: None,
            load: Some(load),
            renewed,
        }
    }

    fn nothing(kind: char, line: impl Into<String>) -> Outcome {
        Outcome {
            kind,
            line: line.into(),
            hint: None,
            load: None,
            renewed: 0,
        }
    }

    fn hint(self, hint: Hint) -> Outcome {
        Outcome {
            hint: Some(hint),
            ..self
        }
    }
}

const LOADED: char = 'l';
const RENEWING: char = 'w';
const BROKEN: char = 'e';
const EXPIRED: char = 'x';
const UNTRUSTED: char = 'u';
const CONFIRM: char = 'c';
const FOREIGN_KEYS: char = 'k';
const LOST_KEYS: char = 'r';
const OTHER_PROFILE: char = 'p';
/// Nobody is told.
const SILENT: char = 's';
/// What was said before still holds.
const AS_BEFORE: char = '=';

/// What to do at this prompt. `fixed` are variables that the shell cannot hide.
pub fn turn(ctx: &Context, fixed: &[String]) -> Turn {
    // Under sudo it is another user's shell: not even what is loaded is looked at.
    if ctx.store().trust().access() == Access::Foreign {
        return Turn::default();
    }
    let text = ctx.var(VARIABLE);
    let state = text.as_deref().and_then(State::parse);
    let env = |name: &str| ctx.var(name);
    let base = look(state.as_ref(), &env);
    let off = ctx.var("SSO_HOOK").as_deref() == Some("0");
    let place = if off { None } else { directory::nearest(ctx) };
    let was_loaded = state.as_ref().is_some_and(State::is_loaded);
    let Some(place) = place else {
        let nothing = Wanted::default();
        let mut changes = plan(&base, &nothing, false, &env, &mut State::default());
        changes.extend(text.map(|_| Change::Remove(VARIABLE.to_owned())));
        let say = was_loaded.then(|| Line {
            text: "unloaded".to_owned(),
            hint: None,
            error: false,
        });
        return Turn { changes, say };
    };
    let short = place.digest.get(..16).unwrap_or_default().to_owned();
    // What was said and tried counts for the same bytes at the same place.
    let same = state.as_ref().filter(|state| state.file == place.path);
    let again = same.filter(|state| state.digest == short);
    let outcome = decide(ctx, &place, &base, fixed, same, again);
    let seen = match outcome.kind {
        SILENT => SILENT.to_string(),
        AS_BEFORE => same.map(|state| state.seen.clone()).unwrap_or_default(),
        kind => format!(
            "{kind}{}",
            &digest(&place.path, outcome.line.as_bytes())[..12]
        ),
    };
    let mut next = State {
        file: place.path.clone(),
        digest: short,
        seen,
        renewed: outcome.renewed,
        ..State::default()
    };
    let wanted = outcome.load.unwrap_or_default();
    let mut changes = plan(&base, &wanted, same.is_some(), &env, &mut next);
    let say = if same.is_some_and(|state| state.seen == next.seen) {
        None
    } else if outcome.kind == SILENT {
        was_loaded.then(|| Line {
            text: "unloaded".to_owned(),
            hint: None,
            error: false,
        })
    } else {
        Some(Line {
            text: outcome.line,
            hint: outcome.hint,
            error: outcome.kind != LOADED && outcome.kind != RENEWING,
        })
    };
    let next = next.to_text();
    if text.as_deref() != Some(&next) {
        changes.push(Change::Set(VARIABLE, Secret::new(next)));
    }
    Turn { changes, say }
}

fn decide(
    ctx: &Context,
    place: &DirectoryFile,
    base: &Base,
    fixed: &[String],
    same: Option<&State>,
    again: Option<&State>,
) -> Outcome {
    let path = &place.shown;
    match (&place.says, place.standing) {
        // Of a file that another user has put there nobody needs to hear.
        (_, standing) if !place.ours && standing != TrustState::Trusted => {
            return Outcome::nothing(SILENT, "");
        }
        (Err(why), _) => return Outcome::nothing(BROKEN, format!("{path} is ignored: {why}")),
        (Ok(_), TrustState::Trusted) => {}
        (Ok(_), TrustState::Changed) => {
            let line = format!("{path} has changed since it was allowed");
            return Outcome::nothing(UNTRUSTED, line).hint(Hint::AllowHere);
        }
        (Ok(_), _) => {
            let line = format!("{path} is not trusted");
            return Outcome::nothing(UNTRUSTED, line).hint(Hint::AllowHere);
        }
    }
    let resolved = place.trusted().and_then(|it| Ok((it, place.target(ctx)?)));
    let (dotfile, (target, instance)) = match resolved {
        Ok(resolved) => resolved,
        Err(error) => return Outcome::nothing(BROKEN, error.message()),
    };
    if let Some(outcome) = stands_back(ctx, base, fixed, same, &target, &instance.session) {
        return outcome;
    }
    if dotfile.export_profile || ctx.var("SSO_HOOK_EXPORT").as_deref() == Some("profile") {
        return match profile_of(ctx, dotfile, &target) {
            Ok(name) => by_profile(&name, &target),
            Err(error) => Outcome::nothing(BROKEN, error.message()),
        };
    }
    by_credentials(ctx, &target, &instance, again)
}

/// Whether the user's own settings, or wishes, stand in the way.
fn stands_back(
    ctx: &Context,
    base: &Base,
    fixed: &[String],
    same: Option<&State>,
    target: &Target,
    session: &Session,
) -> Option<Outcome> {
    let seen = |kind: char| same.is_some_and(|state| state.seen.starts_with(kind));
    if let Some(name) = base.foreign_key() {
        let line = format!("{name} is set in this shell; leaving it alone and loading nothing");
        return Some(Outcome::nothing(FOREIGN_KEYS, line));
    }
    let loaded = same.filter(|state| state.is_loaded());
    if loaded.is_some() && base.lost_key() || seen(LOST_KEYS) {
        let line = "the credentials were removed from this shell; they come back on entering again";
        return Some(Outcome::nothing(LOST_KEYS, line));
    }
    let chosen = match loaded {
        Some(state) => base.new_profile(state),
        None if seen(OTHER_PROFILE) => base.any_profile(),
        None => None,
    };
    let in_the_way = |name: &&str| fixed.iter().any(|fixed| fixed == name);
    let chosen = chosen.or_else(|| base.any_profile().filter(in_the_way));
    if let Some(name) = chosen {
        let line = format!("{name} is set in this shell; it counts until it is unset");
        return Some(Outcome::nothing(OTHER_PROFILE, line));
    }
    let patterns = ctx.var("SSO_CONFIRM").unwrap_or_default();
    let name = || listing::account_name(ctx, session, target.account());
    if protect::matches(&patterns, target, name) {
        let role = target.label();
        let line = format!("{role} !! matches SSO_CONFIRM");
        return Some(Outcome::nothing(CONFIRM, line).hint(Hint::UseExplicitly));
    }
    None
}

/// The profile to name: the file's, or one of the configuration that is the same role.
fn profile_of(ctx: &Context, dotfile: &Dotfile, target: &Target) -> Result<String> {
    if let Some(profile) = dotfile.to_request().profile {
        return Ok(profile);
    }
    let view = ctx.view()?;
    let Target::SsoRole(role) = target;
    let profiles = Profile::all(&view);
    let found = profiles.iter().find(|profile| {
        is_plain_name(profile.name) && profile.role_id().as_ref() == Some(&role.id)
    });
    found.map(|profile| profile.name.to_owned()).ok_or_else(|| {
        Error::configuration(format!(
            "no profile of {} is {} in {}, and only a profile was to be exported",
            view.config_path,
            sanitize(&role.id.role),
            role.id.account
        ))
    })
}

fn by_profile(name: &str, target: &Target) -> Outcome {
    let mut set = vec![("AWS_PROFILE", Secret::new(name))];
    let region = target.region();
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        set.extend(region.map(|region| (variable, Secret::new(region))));
    }
    let wanted = Wanted {
        set,
        hide: &HIDDEN_BESIDE_PROFILE,
    };
    Outcome::loaded(format!("{} by AWS_PROFILE", target.label()), wanted, 0)
}

fn by_credentials(
    ctx: &Context,
    target: &Target,
    instance: &Instance,
    again: Option<&State>,
) -> Outcome {
    let session = &instance.session;
    let now = ctx.now();
    let mut renewed = again.map_or(0, |state| state.renewed);
    let cached = credentials::cached_for(ctx, target).filter(|it| !it.expiration.is_past(now));
    if let Some(credentials) = &cached {
        if !credentials.is_fresh(now) && token(ctx, session) != Token::Useless {
            renew(ctx, target, instance, &mut renewed);
        }
        return Outcome::loaded(target.label(), wanted(target, credentials), renewed);
    }
    let token = token(ctx, session);
    // Once in a directory, nobody waits there any more.
    if token == Token::Valid && again.is_none() {
        match credentials::at_once(ctx, target, PATIENCE) {
            Ok(credentials) => {
                return Outcome::loaded(target.label(), wanted(target, &credentials), renewed);
            }
            Err(error) => {
                renew(ctx, target, instance, &mut renewed);
                let line = format!("{} is not loaded: {}", target.label(), error.message());
                return Outcome {
                    renewed,
                    ..Outcome::nothing(BROKEN, line)
                };
            }
        }
    }
    if token == Token::Useless {
        let name = sanitize(session.label());
        let line = format!("session {name} has expired");
        return Outcome::nothing(EXPIRED, line).hint(Hint::SignIn {
            session: session.selector(),
            force: false,
        });
    }
    renew(ctx, target, instance, &mut renewed);
    let line = format!("{} is being renewed", target.label());
    let waiting = again.filter(|state| state.seen.starts_with(BROKEN));
    Outcome {
        // What could not be fetched has been said.
        kind: if waiting.is_some() {
            AS_BEFORE
        } else {
            RENEWING
        },
        line,
        hint: None,
        load: None,
        renewed,
    }
}

/// What the session's token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Valid,
    Renewable,
    Useless,
}

fn token(ctx: &Context, session: &Session) -> Token {
    let key = session.key();
    let Ok(found) = ctx.store().token(&key) else {
        return Token::Useless;
    };
    let note = ctx.store().note(LockKind::Token, &key.file_stem());
    match usable::State::of(&found, session, &note, ctx.now()) {
        usable::State::Valid => Token::Valid,
        usable::State::Refreshable => Token::Renewable,
        _ => Token::Useless,
    }
}

/// Starts a renewal that nobody waits for. It asks under the locks that everybody uses, so
/// that many shells cost one request.
fn renew(ctx: &Context, target: &Target, instance: &Instance, renewed: &mut i64) {
    let now = ctx.now().0;
    if (0..BACKOFF).contains(&(now - *renewed)) {
        return;
    }
    *renewed = now;
    let profile = instance.settings.as_deref().map(|name| ["--profile", name]);
    let name = instance.session.name.as_deref();
    let name = name.map(|name| ["--session", name]);
    let (account, role) = (target.account(), target.role());
    let mut arguments = vec!["renew", "--account", account, "--role", role];
    // A legacy profile is its session, and has no other name.
    arguments.extend(profile.into_iter().chain(name).flatten());
    let started = current_exe::path().and_then(|it| {
        process::start_detached(&it, &arguments).map_err(|error| Error::system(error.to_string()))
    });
    if let Err(error) = started {
        ctx.notices().trace(|| Trace::RenewalNotStarted {
            error: error.message().to_owned(),
        });
    }
}

fn wanted(target: &Target, credentials: &RoleCredentials) -> Wanted {
    let changes = changes(target, credentials, std::iter::empty());
    let set = changes.into_iter().filter_map(|change| match change {
        Change::Set(name, value) => Some((name, value)),
        Change::Remove(_) => None,
    });
    Wanted {
        set: set.collect(),
        hide: &HIDDEN,
    }
}
