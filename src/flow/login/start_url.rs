//! Where a company's own start URL leads. Asked when somebody signs in, and never else.

use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::start_url::{self, Portal, Step};
use crate::domain::target::instance::Instance;
use crate::domain::text::sanitize;
use crate::error::Result;
use crate::notice::Trace;

use super::flow_error;
use crate::flow::session_client::SessionClient;

/// The portal that a start URL leads to; `None` where its host does not say that it is one.
pub fn portal(ctx: &Context, session: &Session) -> Result<Option<Portal>> {
    let url = &session.start_url;
    if start_url::is_of_aws(url) {
        return Ok(start_url::portal(url));
    }
    let instance = Instance {
        session: session.clone(),
        settings: None,
    };
    let client = SessionClient::new(ctx, &instance, None)?;
    Ok(start_url::portal(&follow(&client)?))
}

/// The start URL as the token service knows it.
pub fn resolved(client: &SessionClient) -> Result<String> {
    let session = &client.session;
    let url = &session.start_url;
    if start_url::is_of_aws(url) {
        return Ok(url.clone());
    }
    let target = follow(client)?;
    let Some(portal) = start_url::portal(&target) else {
        let why = format!("it leads to {}", sanitize(&target));
        return Err(start_url::leads_nowhere(session, &why));
    };
    client.ctx.notices().trace(|| Trace::StartUrlResolved {
        url: url.clone(),
        portal: portal.url.clone(),
    });
    start_url::check_region(session, &portal, &client.ctx.view()?)?;
    Ok(portal.url)
}

/// Asks once, and once more where HEAD is not answered.
fn follow(client: &SessionClient) -> Result<String> {
    let session = &client.session;
    let url = &session.start_url;
    let mut is_get = false;
    loop {
        let (status, location) = client
            .aws()?
            .ask(url, is_get, client.request_limit())?
            .map_err(|failure| {
                flow_error(client, failure)
                    .within(&format!("cannot find out where {} leads", sanitize(url)))
            })?;
        match start_url::after(url, is_get, status, location.as_deref()) {
            Step::Get => is_get = true,
            Step::To(target) => return Ok(target),
            Step::Nowhere(why) => return Err(start_url::leads_nowhere(session, &why)),
        }
    }
}
