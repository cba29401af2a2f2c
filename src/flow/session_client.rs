//! Session, network and deadline that the steps of one command share.

use std::cell::OnceCell;
use std::time::Duration;

use crate::aws::Aws;
use crate::context::Context;
use crate::domain::cache::key::SessionKey;
use crate::domain::cache::lock_note::{RecordedFailure, Scope};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::auth_error::AuthError;
use crate::domain::session::definition::Session;
use crate::domain::session::token::TokenFile;
use crate::domain::target::Instance;
use crate::domain::target::network::{Network, server_fingerprint};
use crate::error::Result;
use crate::os::clock::Deadline;

/// Shared context of a command's steps.
pub struct SessionClient<'a> {
    pub ctx: &'a Context,
    pub session: Session,
    /// Key of the session's cache files.
    pub key: SessionKey,
    /// Scope in which failures apply.
    pub scope: Scope,
    /// Deadline of the whole command.
    pub deadline: Deadline,
    /// Whether a refresh token may be spent. With little time left it must not: the response could
    /// arrive after the timeout, and the new token would be lost.
    pub refreshes: bool,
    network: Network,
    aws: OnceCell<Aws>,
}

impl<'a> SessionClient<'a> {
    /// Creates the client without connecting. The default limit is the network's total.
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

    /// Returns the AWS client, created on first use.
    pub fn aws(&self) -> Result<&Aws> {
        match self.aws.get() {
            Some(aws) => Ok(aws),
            None => {
                let aws = self.ctx.aws(self.network.clone())?;
                if let Ok(TokenFile::Token(token)) = self.ctx.store().token(&self.key) {
                    aws.hide(token.secrets());
                }
                Ok(self.aws.get_or_init(|| aws))
            }
        }
    }

    /// Returns the record of a failure that applies to other processes. A timeout is recorded only
    /// if the time at the start, `had`, was at least a quarter of the total.
    pub fn record(&self, error: &AuthError, had: Duration) -> Option<RecordedFailure> {
        let timed_out =
            matches!(error, AuthError::Failed(failure) if failure.kind == FailureKind::Timeout);
        if timed_out && had < self.network.total / 4 {
            return None;
        }
        error.to_record(self.ctx.now(), &self.scope)
    }

    /// Traces that the portal rejected a token.
    pub fn trace_rejected_token(&self) {
        let text = "the portal refused the access token; looking again";
        self.ctx.trace(|| text.to_owned());
    }

    /// Returns the time limit of one request: the time left, at most the network's total.
    pub fn request_limit(&self) -> Duration {
        self.deadline.left().min(self.network.total)
    }
}
