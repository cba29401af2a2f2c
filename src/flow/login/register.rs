//! Registers a client for a sign-in (RFC 7591), or reuses the cached registration.

use crate::domain::session::registration::{Grant, Registration};
use crate::error::Result;
use crate::notice::Warning;
use crate::os::store::item::StoredItem;

use super::messages::call_failed;
use crate::flow::session_client::SessionClient;

/// Returns a client registration for a sign-in at `start_url`. `anew` ignores the cached one.
pub fn registration(
    client: &SessionClient,
    start_url: &str,
    grant: Grant,
    anew: bool,
) -> Result<Registration> {
    let ctx = client.ctx;
    let scopes = client.session.requested_scopes();
    let item = StoredItem::Registration(&client.session);
    // The sign-in lock is held, and this file is written under it alone. What a killed
    // sign-in has left holds a secret, so it goes even where nothing is written.
    ctx.store().sweep(item);
    if !anew
        && let Some(registration) = ctx.store().registration(&client.session)?
        && registration.fits(grant, scopes.as_deref(), ctx.now())
    {
        ctx.trace(|| "using the cached client registration".to_owned());
        return Ok(registration);
    }
    ctx.trace(|| "registering a client".to_owned());
    let registration = client
        .aws()?
        .register_client(
            &client.session,
            start_url,
            grant,
            ctx.now(),
            client.request_limit(),
        )
        .map_err(|failure| call_failed(client, failure))?;
    if let Err(error) = ctx
        .store()
        .write_registration(&client.session, &registration)
    {
        ctx.notices().warn(Warning::RegistrationNotStored {
            path: ctx.store().location(item),
            error: error.to_string(),
        });
    }
    Ok(registration)
}
