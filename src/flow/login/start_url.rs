//! Resolves a start URL on a company's own host to the portal at AWS, at a sign-in only.

use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::start_url::{self, AccessPortal, RedirectStep};
use crate::domain::target::Instance;
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::notice::Info;

use super::messages::call_failed;
use crate::flow::session_client::SessionClient;

/// Returns the portal behind a start URL; `None` if the URL leads to no portal at AWS.
pub fn portal(ctx: &Context, session: &Session) -> Result<Option<AccessPortal>> {
    let url = &session.start_url;
    if start_url::is_aws_portal(url) {
        return Ok(start_url::parse_portal(url));
    }
    let instance = Instance {
        session: session.clone(),
        settings: None,
    };
    let client = SessionClient::new(ctx, &instance, None)?;
    Ok(start_url::parse_portal(&follow(&client)?))
}

/// Returns the start URL as the token service knows it.
pub fn resolve(client: &SessionClient) -> Result<String> {
    let session = &client.session;
    let url = &session.start_url;
    if start_url::is_aws_portal(url) {
        return Ok(url.clone());
    }
    let target = follow(client)?;
    let Some(portal) = start_url::parse_portal(&target) else {
        let why = format!("it leads to {}", sanitize(&target));
        return Err(start_url::not_at_aws(session, &why));
    };
    client.ctx.notices().info(Info::StartUrlResolved {
        url: url.clone(),
        portal: portal.url.clone(),
    });
    let setting = sessions::region_setting(session, &client.ctx.view()?);
    start_url::check_region(session, &portal, setting)?;
    Ok(portal.url)
}

/// Requests the URL with HEAD, and with GET where HEAD is not supported.
fn follow(client: &SessionClient) -> Result<String> {
    let session = &client.session;
    let url = &session.start_url;
    let mut is_get = false;
    loop {
        let (status, location) = client
            .aws()?
            .fetch_redirect(url, is_get, client.request_limit())?
            .map_err(|failure| {
                call_failed(client, failure)
                    .within(&format!("cannot find out where {} leads", sanitize(url)))
            })?;
        match start_url::follow_response(url, is_get, status, location.as_deref()) {
            RedirectStep::SendGet => is_get = true,
            RedirectStep::Redirected(target) => return Ok(target),
            RedirectStep::NotRedirected(why) => return Err(start_url::not_at_aws(session, &why)),
        }
    }
}
