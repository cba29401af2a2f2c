//! Runs the stages of `sso check`, each as far as the earlier ones allow.
//!
//! Changes nothing, except that it refreshes an expired access token under the session's lock:
//! the later stages need one. A rejected token is kept, and credentials are not stored.

mod portal;
mod target;
mod warnings;

use crate::context::Context;
use crate::domain::check::{
    Finding, Stage, StageReport, TokenCheck, clock, exit, not_refreshed, token,
};
use crate::domain::directory::rc_file::HookLine;
use crate::domain::net::endpoint::Service;
use crate::domain::session::token::StoredToken;
use crate::domain::target::Instance;
use crate::domain::target::request::Request;
use crate::domain::time::format_duration;
use crate::os::file;
use crate::os::store::item::StoredItem;

use super::session_client::SessionClient;
use super::token::access_token;

/// Parts of the target that were found.
#[derive(Clone, Debug, Default)]
pub struct CheckedTarget {
    pub profile: Option<String>,
    pub instance: Option<Instance>,
    /// Account as given, replaced by its id once known.
    pub account: Option<String>,
    pub role: Option<String>,
    /// Region to pass on.
    pub region: Option<String>,
}

/// Progress of the check.
#[derive(Clone, Copy, Debug)]
pub enum CheckEvent<'a> {
    /// A stage starts that may be slow.
    Started(Stage),
    Done(&'a StageReport),
    /// Number of accounts read, and of those known so far.
    Listing {
        read: usize,
        known: usize,
    },
}

/// Runs all stages. `hook` is the line of the hook in the shell's start-up file.
pub fn run(
    ctx: &Context,
    request: &Request,
    hook: Option<&HookLine>,
    watch: &mut dyn FnMut(CheckEvent),
) -> (CheckedTarget, Vec<StageReport>) {
    let mut check = Check {
        ctx,
        watch,
        reports: Vec::new(),
        why_not: None,
        target: CheckedTarget::default(),
    };
    let resolved = check.resolve(request);
    if let Some(instance) = check.target.instance.clone() {
        check.session(&instance);
    }
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
    check.warnings(resolved.as_ref(), hook);
    (check.target, check.reports)
}

struct Check<'a> {
    ctx: &'a Context,
    watch: &'a mut dyn FnMut(CheckEvent),
    reports: Vec<StageReport>,
    /// Reason for skipping the remaining stages.
    why_not: Option<&'static str>,
    target: CheckedTarget,
}

impl Check<'_> {
    fn start(&mut self, stage: Stage) {
        (self.watch)(CheckEvent::Started(stage));
    }

    fn report(&mut self, report: StageReport) {
        (self.watch)(CheckEvent::Done(&report));
        self.reports.push(report);
    }

    fn ok(&mut self, stage: Stage, detail: impl Into<String>) {
        self.report(StageReport::ok(stage, detail));
    }

    /// Returns the value, or reports a failed stage; `why_not` is the reason for skipping the
    /// later ones.
    fn ok_or_fail<T>(
        &mut self,
        stage: Stage,
        result: Result<T, Finding>,
        why_not: &'static str,
    ) -> Option<T> {
        let failed = |finding| {
            self.report(StageReport::failed(stage, finding));
            self.why_not.get_or_insert(why_not);
        };
        result.map_err(failed).ok()
    }

    fn skip(&mut self, stage: Stage) {
        let why = self.why_not.unwrap_or("nothing was named to look at");
        self.report(StageReport::skipped(stage, why));
    }

    /// Runs the stages that need a session.
    fn session(&mut self, instance: &Instance) -> Option<()> {
        let ctx = self.ctx;
        // The usual limit applies to each request; all stages together get 20 times as much.
        let client = ctx.network(instance).and_then(|network| {
            let client = SessionClient::new(ctx, instance, Some(network.total * 20))?;
            client.aws()?;
            Ok(client)
        });
        let client = client.map_err(|error| Finding::network_settings(&error));
        let client = self.ok_or_fail(Stage::Endpoint, client, "the network cannot be used");
        let reached = match &client {
            Some(client) => self.endpoints(client),
            None => {
                self.skip(Stage::Clock);
                false
            }
        };
        let token = self.token(instance, reached)?;
        self.portal(&client.filter(|_| reached)?, &token)
    }

    /// Checks endpoints and clock. Returns `true` if the portal was reached.
    fn endpoints(&mut self, client: &SessionClient) -> bool {
        self.start(Stage::Endpoint);
        let mut findings = Vec::new();
        let mut hosts = Vec::new();
        let mut server_time = None;
        let mut reached = false;
        for service in [Service::Sso, Service::SsoOidc] {
            let limit = client.request_limit();
            let probed = match client.aws().and_then(|aws| aws.probe(service, limit)) {
                Ok(probed) => probed,
                Err(error) => {
                    findings.push(Finding::network_settings(&error));
                    continue;
                }
            };
            if !hosts.contains(&probed.host) {
                hosts.push(probed.host);
            }
            match probed.outcome {
                Ok(time) => {
                    reached |= service == Service::Sso;
                    server_time = server_time.or(time);
                }
                Err(failure) => {
                    let otherwise = ("unreachable", exit::UNREACHABLE);
                    let subject = (&client.session, None);
                    let now = self.ctx.now();
                    findings.push(Finding::of_failure(failure, subject, otherwise, now));
                }
            }
        }
        // Both services may fail for the same reason.
        findings.dedup();
        let detail = match findings.is_empty() {
            true => hosts.join(", "),
            false => String::new(),
        };
        self.report(StageReport::new(Stage::Endpoint, detail, findings));
        if !reached {
            self.why_not.get_or_insert("the portal cannot be reached");
        }
        self.report(clock(
            server_time,
            self.ctx.now(),
            cfg!(target_os = "macos"),
        ));
        reached
    }

    /// Returns a usable token, refreshed if it has expired.
    fn token(&mut self, instance: &Instance, reached: bool) -> Option<StoredToken> {
        const WHY_NOT: &str = "there is no usable token";
        let (session, store) = (&instance.session, self.ctx.store());
        let key = session.key();
        let path = self.ctx.display_path(&store.path(StoredItem::Token(&key)));
        let found = store.token(&key).map_err(|error| {
            let mut finding = Finding::of_error("token_unreadable", exit::TOKEN, &error);
            if let Some((mode, owner)) = file::mode_and_owner(&store.path(StoredItem::Token(&key)))
            {
                let mode = mode & 0o777;
                finding.what += &format!("; it belongs to user {owner}, mode {mode:03o}");
            }
            finding.at(&path)
        });
        let found = self.ok_or_fail(Stage::Token, found, WHY_NOT)?;
        match token(&found, session, &path, reached, self.ctx.now()) {
            TokenCheck::Use(report) => {
                self.report(report);
                found.of(session).ok().cloned()
            }
            TokenCheck::Refresh => {
                let refreshed = self.refresh(instance, &path);
                self.ok_or_fail(Stage::Token, refreshed, WHY_NOT)
            }
            TokenCheck::Unusable(report) => {
                self.report(report);
                self.why_not.get_or_insert(WHY_NOT);
                None
            }
        }
    }

    fn refresh(&mut self, instance: &Instance, path: &str) -> Result<StoredToken, Finding> {
        let client = SessionClient::new(self.ctx, instance, None)
            .map_err(|error| Finding::network_settings(&error))?;
        self.start(Stage::Token);
        let refreshed = access_token(&client, None);
        let now = self.ctx.now();
        let (token, _) =
            refreshed.map_err(|error| not_refreshed(error, &instance.session, path, now))?;
        let left = format_duration(token.expires_at.left(now));
        self.ok(
            Stage::Token,
            format!("it had ended and was renewed: {left} left"),
        );
        Ok(token)
    }
}
