//! One prompt of a shell with a hook: collects the facts that [`decide`] asks for, and starts
//! renewals.
//!
//! No browser, no question, and no wait beyond one bounded fetch on entering a directory with
//! a cold cache. A failure leaves the shell with less exported, never with an error.

use std::time::Duration;

use crate::context::Context;
use crate::domain::directory::directory_file::DirectoryFile;
use crate::domain::directory::hook::credentials_plan::{
    CredentialsPlan, RenewalFailure, failure_since, is_renewal_due, plan_credentials,
};
use crate::domain::directory::hook::decide::{
    DecidingFile, Outcome, Prompt, ShellFacts, apply, check_file, check_shell, leave,
    profile_to_export,
};
use crate::domain::directory::hook::environment::{Baseline, ShellVariables, baseline};
use crate::domain::directory::hook::message::HookMessage;
use crate::domain::directory::hook::state::HookState;
use crate::domain::role::environment_variables::HOOK_STATE;
use crate::domain::session::state::SessionState;
use crate::domain::target::profile::Profile;
use crate::domain::target::{Instance, Target};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::os::store::lock_name::LockName;
use crate::os::trust_store::Access;
use crate::os::{current_exe, process};

use super::directory;
use super::{credentials, protection, status};

/// Time limit of the fetch on entering a directory with a cold cache.
///
/// Callers that wait for a lock exceed their limit a little, and the prompt must be back
/// within two seconds.
const FETCH_LIMIT: Duration = Duration::from_millis(1500);

/// Returns what the shell does at this prompt. `variables` may also name exported variables as
/// local. If the directory has changed between prompts, only the cache is used (`is_cached`).
pub fn prompt(ctx: &Context, mut variables: ShellVariables, is_cached: bool) -> Prompt {
    if !variables.local.is_empty() {
        let exported = ctx.var_names();
        variables.local.retain(|name| !exported.contains(name));
    }
    let env = |name: &str| ctx.var(name);
    let text = ctx.var(HOOK_STATE);
    let last = text.as_deref().and_then(HookState::parse);
    let last = last.as_ref();
    let baseline = baseline(last, &env);
    let shell = ShellFacts {
        text: text.as_deref(),
        last,
        baseline: &baseline,
        env: &env,
        variables: &variables,
        is_silent: is_cached,
    };
    // Without a state nothing could be unloaded. Under sudo the files are another user's.
    let is_off = ctx.var("SSO_HOOK").as_deref() == Some("0")
        || variables.is_fixed(HOOK_STATE)
        || ctx.store().trust().access() == Access::Foreign;
    let file = (!is_off).then(|| directory::applicable_file(ctx));
    let Some(file) = file.flatten() else {
        return leave(shell);
    };
    let deciding = DecidingFile {
        path: &file.path,
        digest: file.digest.get(..16).unwrap_or_default(),
    };
    let entry = Entry {
        ctx,
        file: &file,
        baseline: &baseline,
        variables: &variables,
        is_cached,
        same_path: deciding.same_path(last),
        same_bytes: deciding.same_bytes(last),
    };
    let outcome = entry.outcome().unwrap_or_else(|error| failed(&error));
    apply(outcome, deciding, shell)
}

/// The facts of one prompt below a `.aws-sso` file.
struct Entry<'a> {
    ctx: &'a Context,
    file: &'a DirectoryFile,
    baseline: &'a Baseline,
    variables: &'a ShellVariables,
    is_cached: bool,
    /// State of the last prompt, if the file at this path decided then.
    same_path: Option<&'a HookState>,
    /// The same, if the file also had the same bytes.
    same_bytes: Option<&'a HookState>,
}

impl Entry<'_> {
    fn outcome(&self) -> Result<Outcome> {
        let Entry { ctx, file, .. } = self;
        let content = file.content.as_ref().map_err(String::as_str);
        if let Some(outcome) = check_file(&file.display_path, file.is_own, content, file.trust) {
            return Ok(outcome);
        }
        let dotfile = file.trusted()?;
        let (target, instance) = directory::resolve_file(ctx, file)?;
        if let Some(outcome) = check_shell(self.baseline, self.variables, self.same_path) {
            return Ok(outcome);
        }
        if let Some(protection) = protection::of(ctx, &target, true)? {
            let (role, reason) = (target.label(), protection.to_string());
            let names_of = protection
                .is_name_unknown
                .then(|| instance.session.selector());
            let message = HookMessage::Protected {
                role,
                reason,
                names_of,
            };
            return Ok(message.into());
        }
        if dotfile.export_profile || ctx.var("SSO_HOOK_EXPORT").as_deref() == Some("profile") {
            let view = ctx.view()?;
            let name = profile_to_export(dotfile, &target, || Profile::all(&view));
            let name = name.ok_or_else(|| {
                Error::configuration(format!(
                    "no profile of {} is {} in {}, and only a profile was to be exported",
                    view.config_path,
                    sanitize(&target.id.role),
                    target.id.account
                ))
            })?;
            return Ok(Outcome::profile(&name, &target));
        }
        Ok(self.credentials(&target, &instance))
    }

    fn credentials(&self, target: &Target, instance: &Instance) -> Outcome {
        let ctx = self.ctx;
        let mut renewed_at = self.same_bytes.map_or(0, |state| state.renewed_at);
        let cached = credentials::cached_credentials(ctx, &target.id);
        if self.is_cached {
            let usable = cached.filter(|cached| !cached.expiration.is_past(ctx.now()));
            let loaded = usable
                .map(|usable| Outcome::expiring(target, &usable, None, self.same_bytes, ctx.now()));
            let mut outcome = loaded.unwrap_or_else(Outcome::nothing_cached);
            outcome.renewed_at = renewed_at;
            return outcome;
        }
        let session_state =
            || status::session_state(ctx, &instance.session).unwrap_or(SessionState::Corrupt);
        let is_first_prompt = self.same_bytes.is_none();
        let failure = |since: i64| {
            let note = ctx.store().lock_note(LockName::Role(&target.id));
            failure_since(&note, since)
        };
        let mut outcome = match plan_credentials(cached, session_state, is_first_prompt, ctx.now())
        {
            CredentialsPlan::Load(credentials) => Outcome::credentials(target, &credentials),
            CredentialsPlan::LoadExpiring(credentials, session) => {
                let failure = if session.is_usable() {
                    let failure = failure(renewed_at).map(RenewalFailure::Other);
                    start_renewal(ctx, target, instance, &mut renewed_at);
                    failure
                } else {
                    // A renewal may start as soon as there is a sign-in.
                    renewed_at = 0;
                    Some(RenewalFailure::SignIn(instance.session.selector()))
                };
                let last = self.same_bytes;
                Outcome::expiring(target, &credentials, failure, last, ctx.now())
            }
            CredentialsPlan::Fetch => match credentials::at_once(ctx, target, FETCH_LIMIT) {
                Ok(credentials) => Outcome::credentials(target, &credentials),
                Err(error) => {
                    start_renewal(ctx, target, instance, &mut renewed_at);
                    let reason = error.message().to_owned();
                    let role = target.label();
                    HookMessage::NotFetched { role, reason }.into()
                }
            },
            CredentialsPlan::Renew => {
                let failure = failure(renewed_at);
                start_renewal(ctx, target, instance, &mut renewed_at);
                Outcome::renewing(target, failure, self.same_bytes)
            }
            CredentialsPlan::SignIn => {
                let session = &instance.session;
                let selector = session.selector();
                let session = sanitize(session.label());
                return HookMessage::SessionExpired { session, selector }.into();
            }
        };
        outcome.renewed_at = renewed_at;
        outcome
    }
}

fn failed(error: &Error) -> Outcome {
    let reason = error.message().to_owned();
    HookMessage::Failed { reason }.into()
}

/// Starts `sso renew` in the background, unless one was started a moment ago. It takes the
/// locks that every caller takes, so that many shells cause one request.
fn start_renewal(ctx: &Context, target: &Target, instance: &Instance, renewed_at: &mut i64) {
    let now = ctx.now();
    if !is_renewal_due(*renewed_at, now) {
        return;
    }
    *renewed_at = now.0;
    // A legacy session has no name; its profile identifies it.
    let options = [
        ("account", Some(target.id.account.as_str())),
        ("role", Some(target.id.role.as_str())),
        ("profile", instance.settings.as_deref()),
        ("session", instance.session.name.as_deref()),
    ];
    // In one word each, because a name may begin with `-`.
    let options = options
        .into_iter()
        .filter_map(|(option, value)| Some(format!("--{option}={}", value?)));
    let arguments: Vec<String> = ["renew".to_owned()].into_iter().chain(options).collect();
    let started = current_exe::path().and_then(|program| {
        process::spawn_detached(&program, &arguments)
            .map_err(|error| Error::system(error.to_string()))
    });
    if let Err(error) = started {
        ctx.trace(|| format!("no renewal could be started: {error}"));
    }
}
