//! The steps of `sso configure` that use the network or the token cache.

use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::token::TokenFile;
use crate::domain::target::Instance;
use crate::error::Result;

use super::login::start_url;
use super::logout;

/// Region of a session whose region is to be found: a start URL is requested without it.
pub const PLACEHOLDER_REGION: &str = "us-east-1";

/// Finds the region of the instance behind a start URL, where its host tells it. A start URL of
/// a company's own host is requested, and its redirect followed.
pub fn find_region(ctx: &Context, url: &str) -> Result<Option<String>> {
    let session = Session::new(None, url, PLACEHOLDER_REGION);
    let portal = start_url::portal(ctx, &session)?;
    Ok(portal.and_then(|portal| portal.region))
}

/// Undoes the sign-in to a session that is not configured in the end: no command would find it.
pub struct SignInRollback<'a> {
    ctx: &'a Context,
    session: &'a Session,
    is_needed: bool,
}

impl<'a> SignInRollback<'a> {
    /// Remembers whether a sign-in to the session would be a new one. The token cache is read
    /// only for a session that is not configured.
    pub fn begin(ctx: &'a Context, session: &'a Session, is_configured: bool) -> Self {
        SignInRollback {
            ctx,
            session,
            is_needed: !is_configured && !has_token(ctx, session),
        }
    }

    /// Signs out, if the session was signed in since [`SignInRollback::begin`]; otherwise
    /// returns `None`.
    pub fn sign_out(&self) -> Option<Result<()>> {
        if !self.is_needed || !has_token(self.ctx, self.session) {
            return None;
        }
        let instance = Instance {
            session: self.session.clone(),
            settings: None,
        };
        Some(logout::logout(self.ctx, &instance).map(drop))
    }
}

fn has_token(ctx: &Context, session: &Session) -> bool {
    matches!(ctx.store().token(&session.key()), Ok(TokenFile::Token(_)))
}
