//! Where a company's own start URL leads. Asked when somebody signs in, and never else.

use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::start_url::{self, Portal, Step};
use crate::domain::text::shown;
use crate::error::Result;

use super::flow_error;
use crate::flow::session_client::Job;

/// The portal that a start URL leads to; `None` where its host does not say that it is one.
pub fn portal(ctx: &Context, session: &Session) -> Result<Option<Portal>> {
    let url = &session.start_url;
    if start_url::is_of_aws(url) {
        return Ok(start_url::portal(url));
    }
    let job = Job::new(ctx, session.clone(), None, None)?;
    Ok(start_url::portal(&follow(&job)?))
}

/// The start URL as the token service knows it.
pub fn resolved(job: &Job) -> Result<String> {
    let session = &job.session;
    let url = &session.start_url;
    if start_url::is_of_aws(url) {
        return Ok(url.clone());
    }
    let target = follow(job)?;
    let Some(portal) = start_url::portal(&target) else {
        let why = format!("it leads to {}", shown(&target));
        return Err(start_url::leads_nowhere(session, &why));
    };
    job.ctx
        .note(|| format!("{} leads to {}", shown(url), shown(&portal.url)));
    start_url::check_region(session, &portal, &job.ctx.view()?)?;
    Ok(portal.url)
}

/// Asks once, and once more where HEAD is not answered.
fn follow(job: &Job) -> Result<String> {
    let session = &job.session;
    let url = &session.start_url;
    let mut is_get = false;
    loop {
        let (status, location) =
            job.aws()?
                .ask(url, is_get, job.request_limit())?
                .map_err(|failure| {
                    flow_error(job, failure)
                        .within(&format!("cannot find out where {} leads", shown(url)))
                })?;
        match start_url::after(url, is_get, status, location.as_deref()) {
            Step::Get => is_get = true,
            Step::To(target) => return Ok(target),
            Step::Nowhere(why) => return Err(start_url::leads_nowhere(session, &why)),
        }
    }
}
