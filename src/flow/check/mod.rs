//! Runs the stages of `sso check`, each as far as the earlier ones allow.
//!
//! Changes nothing, except that it refreshes an expired access token under the session's lock:
//! the later stages need one. A rejected token is kept, and credentials are not stored.

mod portal;
mod target;
mod warnings;

use crate::context::Context;
use crate::domain::cache::key::RoleId;
use crate::domain::check::{Finding, Report, Stage, code_of, exit};
use crate::domain::directory::rc_file::HookLine;
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::clock_skew;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::refresh_policy::{TokenPlan, plan};
use crate::domain::session::token::StoredToken;
use crate::domain::target::Instance;
use crate::domain::target::request::Request;
use crate::domain::time::{Timestamp, format_duration};
use crate::error::{Error, Hint};
use crate::os::clock::Deadline;
use crate::os::file;
use crate::os::store::item::StoredItem;

use super::session_client::SessionClient;
use super::token::get::access_token;

/// Parts of the target that were found.
#[derive(Clone, Debug, Default)]
pub struct CheckedTarget {
    /// Name of the profile.
    pub profile: Option<String>,
    /// Identity Center instance.
    pub instance: Option<Instance>,
    /// Account as given, replaced by its id once known.
    pub account: Option<String>,
    /// Name of the role.
    pub role: Option<String>,
    /// Region to pass on.
    pub region: Option<String>,
}

/// Observer of the progress.
pub trait Watch {
    /// Reports the start of a stage that may be slow.
    fn begin(&mut self, stage: Stage);
    /// Reports the result of a stage.
    fn done(&mut self, report: &Report);
    /// Reports the number of accounts read, and of those known so far.
    fn listing(&mut self, read: usize, known: usize);
}

/// Runs all stages. `hook` is the line of the hook in the shell's start-up file.
pub fn run(
    ctx: &Context,
    request: &Request,
    hook: Option<&HookLine>,
    watch: &mut dyn Watch,
) -> (CheckedTarget, Vec<Report>) {
    let mut check = Check {
        ctx,
        watch,
        reports: Vec::new(),
        why_not: None,
        target: CheckedTarget::default(),
    };
    let resolved = check.resolve(request);
    check.session();
    for stage in [
        Stage::Instance,
        Stage::Endpoint,
        Stage::Clock,
        Stage::Token,
        Stage::Account,
        Stage::Role,
        Stage::Credentials,
        Stage::Identity,
    ] {
        if check.reports.iter().all(|report| report.stage != stage) {
            check.skip(stage);
        }
    }
    check.traps(resolved.as_ref(), hook);
    (check.target, check.reports)
}

struct Check<'a> {
    ctx: &'a Context,
    watch: &'a mut dyn Watch,
    reports: Vec<Report>,
    /// Reason for skipping the remaining stages.
    why_not: Option<&'static str>,
    target: CheckedTarget,
}

impl Check<'_> {
    fn tell(&mut self, report: Report) {
        self.watch.done(&report);
        self.reports.push(report);
    }

    fn fine(&mut self, stage: Stage, detail: impl Into<String>) {
        self.tell(Report::of(stage, detail, Vec::new()));
    }

    /// Reports a failed stage; `why_not` is the reason for skipping the later ones.
    fn fail(&mut self, stage: Stage, finding: Finding, why_not: &'static str) {
        self.tell(Report::failed(stage, finding));
        self.why_not.get_or_insert(why_not);
    }

    fn skip(&mut self, stage: Stage) {
        let why = self.why_not.unwrap_or("nothing was named to look at");
        self.tell(Report::skipped(stage, why));
    }

    /// Runs the stages that need a session.
    fn session(&mut self) {
        let Some(instance) = self.target.instance.clone() else {
            return;
        };
        let total = self.ctx.network(&instance).map(|network| network.total);
        // The usual limit applies to each request; all stages together get 20 times as much.
        let client = total.and_then(|total| {
            let client = SessionClient::new(self.ctx, &instance, Some(total * 20))?;
            client.aws()?;
            Ok(client)
        });
        let client = match client {
            Ok(client) => Some(client),
            Err(error) => {
                let finding = Finding::of_error("network_settings", exit::SETTINGS, &error);
                self.fail(Stage::Endpoint, finding, "the network cannot be used");
                self.skip(Stage::Clock);
                None
            }
        };
        let reached = client.as_ref().is_some_and(|client| self.endpoints(client));
        let token = self.token(&instance, reached);
        if let (Some(token), Some(client), true) = (token, client, reached) {
            self.portal(&client, &token);
        }
    }

    /// Checks endpoints and clock. Returns `true` if the portal was reached.
    fn endpoints(&mut self, client: &SessionClient) -> bool {
        self.watch.begin(Stage::Endpoint);
        let mut findings = Vec::new();
        let mut hosts = Vec::new();
        let mut times: Vec<Timestamp> = Vec::new();
        let mut reached = false;
        for service in [Service::Sso, Service::SsoOidc] {
            let limit = client.request_limit();
            let probed = match client.aws().and_then(|aws| aws.probe(service, limit)) {
                Ok(probed) => probed,
                Err(error) => {
                    findings.push(Finding::of_error(
                        "network_settings",
                        exit::SETTINGS,
                        &error,
                    ));
                    continue;
                }
            };
            if !hosts.contains(&probed.host) {
                hosts.push(probed.host);
            }
            match probed.outcome {
                Ok(time) => {
                    reached |= service == Service::Sso;
                    times.extend(time);
                }
                Err(failure) => {
                    let otherwise = ("unreachable", exit::UNREACHABLE);
                    let error = self.in_words(client, AuthError::Failed(failure.clone()), None);
                    findings.push(Finding::of_failure(&failure, &error, otherwise));
                }
            }
        }
        // Both services may fail for the same reason.
        findings.dedup();
        if findings.is_empty() {
            self.fine(Stage::Endpoint, hosts.join(", "));
        } else {
            self.tell(Report::of(Stage::Endpoint, "", findings));
        }
        if !reached {
            self.why_not.get_or_insert("the portal cannot be reached");
        }
        self.clock(times.first().copied());
        reached
    }

    fn clock(&mut self, there: Option<Timestamp>) {
        let Some(there) = there else {
            self.tell(Report::skipped(
                Stage::Clock,
                "no service has said what time it is",
            ));
            return;
        };
        let here = self.ctx.now();
        match clock_skew(there, here) {
            Some(skew) => {
                let finding = Finding::error("clock_skew", exit::CLOCK, skew);
                let fix = if cfg!(target_os = "macos") {
                    "sudo sntp -sS time.apple.com"
                } else {
                    "timedatectl set-ntp true"
                };
                self.tell(Report::failed(Stage::Clock, finding.fix(fix)));
            }
            None => {
                let off = there.left(here).saturating_abs();
                self.fine(
                    Stage::Clock,
                    match off {
                        0..60 => "agrees with the service's".to_owned(),
                        _ => format!("{} off the service's", format_duration(off)),
                    },
                );
            }
        }
    }

    fn in_words(&self, client: &SessionClient, trouble: AuthError, role: Option<&RoleId>) -> Error {
        trouble.into_error(&client.session, role, self.ctx.now())
    }

    /// Returns a usable token, refreshed if it has expired.
    fn token(&mut self, instance: &Instance, reached: bool) -> Option<StoredToken> {
        const WHY_NOT: &str = "there is no usable token";
        let session = &instance.session;
        let store = self.ctx.store();
        let key = session.key();
        let place = self.ctx.display_path(&store.path(StoredItem::Token(&key)));
        let now = self.ctx.now();
        let found = match store.token(&key) {
            Ok(found) => found,
            Err(error) => {
                let owner = file::mode_and_owner(&store.path(StoredItem::Token(&key)));
                let owner = owner.map_or_else(String::new, |(mode, owner)| {
                    format!("; it belongs to user {owner}, mode {:03o}", mode & 0o777)
                });
                let finding = Finding::of_error("token_unreadable", exit::TOKEN, &error);
                let finding = Finding {
                    what: finding.what + &owner,
                    ..finding
                };
                self.fail(Stage::Token, finding.at(place), WHY_NOT);
                return None;
            }
        };
        let planned = found
            .of(session)
            .and_then(|token| Ok((token, plan(token, None, now)?)));
        let reason = match planned {
            Ok((token, TokenPlan::Refresh)) if token.expires_at.is_past(now) => {
                if reached {
                    return self.renewed(instance, &place);
                }
                let ended = format_duration(now.left(token.expires_at));
                self.fine(
                    Stage::Token,
                    format!("it ended {ended} ago and can be renewed; not tried, because the portal cannot be reached"),
                );
                return None;
            }
            Ok((token, _)) => {
                self.usable(token, &place);
                return Some(token.clone());
            }
            Err(SignInReason::Corrupt(_)) => SignInReason::Corrupt(place.clone()),
            Err(reason) => reason,
        };
        let code = match reason {
            SignInReason::RegistrationExpired => "registration_expired",
            SignInReason::Expired => "token_expired",
            SignInReason::OtherInstance => "token_of_another",
            SignInReason::NoToken => "token_absent",
            _ => "token_broken",
        };
        let error = AuthError::from(reason).into_error(session, None, now);
        let finding = Finding::of_error(code, exit::TOKEN, &error);
        self.fail(Stage::Token, finding.at(place), WHY_NOT);
        None
    }

    fn usable(&mut self, token: &StoredToken, place: &str) {
        let now = self.ctx.now();
        let left = format_duration(token.expires_at.left(now));
        let renewable = token.refreshable(now).is_some();
        let detail = match renewable {
            true => format!("{left} left, renewed by itself"),
            false => format!("{left} left, cannot be renewed"),
        };
        let mut findings = Vec::new();
        if !renewable && token.expires_at.is_stale(now) {
            let what = format!("the sign-in ends in {left}, and cannot be renewed");
            let finding = Finding::warning("token_ends_soon", what).at(place);
            let instance = self.target.instance.as_ref();
            let fix = instance.map(|instance| Hint::SignIn {
                session: instance.session.selector(),
                force: false,
            });
            findings.push(Finding { fix, ..finding });
        }
        self.tell(Report::of(Stage::Token, detail, findings));
    }

    fn renewed(&mut self, instance: &Instance, place: &str) -> Option<StoredToken> {
        let client = match SessionClient::new(self.ctx, instance, None) {
            Ok(client) => client,
            Err(error) => {
                let finding = Finding::of_error("network_settings", exit::SETTINGS, &error);
                self.fail(Stage::Token, finding, "there is no usable token");
                return None;
            }
        };
        self.watch.begin(Stage::Token);
        match access_token(&client, None) {
            Ok((token, _)) => {
                let left = format_duration(token.expires_at.left(self.ctx.now()));
                self.fine(
                    Stage::Token,
                    format!("it had ended and was renewed: {left} left"),
                );
                Some(token)
            }
            Err(trouble) => {
                let kind = match &trouble {
                    AuthError::Failed(failure) => code_of(failure.kind),
                    _ => None,
                };
                let (code, exit) = kind.unwrap_or(("token_not_renewed", exit::TOKEN));
                let error = self.in_words(&client, trouble, None);
                let finding = Finding::of_error(code, exit, &error).at(place);
                self.fail(Stage::Token, finding, "there is no usable token");
                None
            }
        }
    }
}

/// Returns the deadline of one listing: the portal limits its pace.
fn patience() -> Deadline {
    Deadline::after(std::time::Duration::from_secs(600))
}
