//! One session, its network and its time limit: what the steps of one command share.

use std::cell::OnceCell;
use std::time::Duration;

use crate::aws::Aws;
use crate::context::Context;
use crate::domain::cache::key::SessionKey;
use crate::domain::cache::lock_note::{RecordedFailure, Scope};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::auth_error::AuthError;
use crate::domain::session::definition::Session;
use crate::domain::target::instance::Instance;
use crate::domain::target::network::{Network, server_fingerprint};
use crate::error::Result;
use crate::os::clock::Deadline;

/// The shared part of a command's steps.
#[derive(Debug)]
pub struct SessionClient<'a> {
    /// The outside world.
    pub ctx: &'a Context,
    /// The session that it is about.
    pub session: Session,
    /// Identifies what is stored for the session.
    pub key: SessionKey,
    /// Whom a failure concerns.
    pub scope: Scope,
    /// Until when everything must be done.
    pub deadline: Deadline,
    /// Whether a refresh token may be spent. Who has little time must not: the server may
    /// answer when nobody listens any more.
    pub refreshes: bool,
    network: Network,
    aws: OnceCell<Aws>,
}

impl<'a> SessionClient<'a> {
    /// Prepares; opens nothing yet. Without a limit, the one for a command's credentials.
    pub fn new(
        ctx: &'a Context,
        instance: &Instance,
        limit: Option<Duration>,
    ) -> Result<SessionClient<'a>> {
        let network = ctx.network(instance)?;
        let scope = Scope {
            server: server_fingerprint(&instance.session),
            network: network.fingerprint(),
        };
        let deadline = Deadline::after(limit.unwrap_or(network.total));
        Ok(SessionClient {
            ctx,
            key: instance.session.key(),
            session: instance.session.clone(),
            scope,
            deadline,
            refreshes: true,
            network,
            aws: OnceCell::new(),
        })
    }

    /// The same, in which no refresh token is spent.
    #[must_use]
    pub fn without_refresh(self) -> SessionClient<'a> {
        SessionClient {
            refreshes: false,
            ..self
        }
    }

    /// The network, opened when first needed.
    pub fn aws(&self) -> Result<&Aws> {
        match self.aws.get() {
            Some(aws) => Ok(aws),
            None => {
                let aws = self.ctx.aws(self.network.clone())?;
                Ok(self.aws.get_or_init(|| aws))
            }
        }
    }

    /// The form in which a failure is left for others, where it concerns them. That the
    /// time was up says something only when there was time, `had`, to begin with.
    pub fn record(&self, trouble: &AuthError, had: Duration) -> Option<RecordedFailure> {
        let timed_out =
            matches!(trouble, AuthError::Failed(failure) if failure.kind == FailureKind::Timeout);
        if timed_out && had < self.network.total / 4 {
            return None;
        }
        trouble.to_record(self.ctx.now(), &self.scope)
    }

    /// The time for one request: what is left, and never more than the usual limit.
    pub fn request_limit(&self) -> Duration {
        self.deadline.left().min(self.network.total)
    }
}
