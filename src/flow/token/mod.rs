//! The access token of a session: from the store, or refreshed.

mod refresh;
pub mod stored_token;

use crate::domain::secret::Secret;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::refresh_policy::{TokenPlan, is_usable};
use crate::domain::session::token::StoredToken;
use crate::flow::session_client::SessionClient;

use self::refresh::refresh;
use self::stored_token::{delete_rejected_token, read_and_plan};

/// Origin of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The store.
    Store,
    /// A refresh by this process or by another one.
    Refresh,
}

/// Returns a token of the session. `rejected` is an access token that the portal rejected.
pub fn access_token(
    client: &SessionClient,
    rejected: Option<&Secret>,
) -> Result<(StoredToken, TokenSource), AuthError> {
    match read_and_plan(client, rejected)? {
        Ok((token, TokenPlan::Use)) => Ok((token, TokenSource::Store)),
        Ok((token, _)) if !client.refreshes => {
            let usable = rejected.is_none() && is_usable(&token, rejected, client.ctx.now());
            usable
                .then_some((token, TokenSource::Store))
                .ok_or_else(|| SignInReason::Refused.into())
        }
        Ok((token, _)) => {
            refresh(client, token, rejected).map(|token| (token, TokenSource::Refresh))
        }
        Err(SignInReason::Refused) => {
            delete_rejected_token(client, rejected)?;
            Err(SignInReason::Refused.into())
        }
        Err(reason) => Err(reason.into()),
    }
}
