//! Moving legacy profiles to sso-sessions.

use crate::context::Context;
use crate::domain::config::{Dialect, SectionEdit, read};
use crate::domain::profiles::configure::check_session_name;
use crate::domain::profiles::migrate::{Migration, plan_migration};
use crate::domain::session::state::SessionState;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::sessions;
use crate::error::Result;

use super::status;

/// The legacy profiles to move, and the session that they move to.
#[derive(Clone, Copy, Debug)]
pub struct MigrationRequest<'a> {
    /// Names of the profiles; all legacy ones if empty.
    pub profiles: &'a [String],
    /// Name of a new session.
    pub session: Option<&'a str>,
}

impl MigrationRequest<'_> {
    /// Plans the migration.
    pub fn plan(&self, ctx: &Context) -> Result<Migration> {
        if let Some(name) = self.session {
            check_session_name(name)?;
        }
        plan_migration(self.profiles, self.session, &ctx.view()?)
    }

    /// Plans the edits of a configuration file with this text, which another process may have
    /// changed since it was read.
    pub fn edits(&self, ctx: &Context, text: &[u8]) -> Result<Vec<SectionEdit>> {
        let config = read(text, Dialect::Config);
        let view = ConfigView {
            config: &config,
            ..ctx.view()?
        };
        Ok(plan_migration(self.profiles, self.session, &view)?.edits)
    }
}

/// Returns the names of the sessions of a migration that have no usable token. The token of a
/// legacy profile has another key, so it is lost to the session.
pub fn sessions_to_sign_in(ctx: &Context, migration: &Migration) -> Result<Vec<String>> {
    let view = ctx.view()?;
    let is_signed_in = |name: &str| {
        let status = sessions::by_name(name, &view).and_then(|session| status::of(ctx, &session));
        status.is_ok_and(|status| {
            matches!(
                status.state,
                SessionState::Valid | SessionState::Refreshable
            )
        })
    };
    let sessions = migration.profiles.iter();
    let mut sessions: Vec<String> = sessions.map(|(_, session)| session.clone()).collect();
    sessions.sort_unstable();
    sessions.dedup();
    sessions.retain(|name| !is_signed_in(name));
    Ok(sessions)
}
