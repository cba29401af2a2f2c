//! The portal's lists, several requests at once on the one runtime.
//!
//! `domain::listing::pagination` decides what is requested when, and what a response means.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;

use aws_sdk_sso as sso;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use sso::operation::list_account_roles::{ListAccountRolesError, ListAccountRolesOutput};
use sso::operation::list_accounts::{ListAccountsError, ListAccountsOutput};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::domain::listing::account::Account;
use crate::domain::listing::pagination::{Page, PageRequest, PageResponse, Pager, PagerAction};
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::secret::Secret;

use super::{Aws, Outcome, chance, no_answer};

/// The longest page that the service gives. It refuses larger numbers.
const PAGE: i32 = 100;

/// How often the caller is told how far it is, and how much time of its own it may take then
/// before that counts as time in which the portal was not waited for.
const BEAT: Duration = Duration::from_millis(100);

type Sent<T, E> = Result<T, SdkError<E, HttpResponse>>;

/// What a request came to.
enum Came {
    Accounts(Sent<ListAccountsOutput, ListAccountsError>),
    Roles(Sent<ListAccountRolesOutput, ListAccountRolesError>),
}

impl Aws {
    /// Lists until the pager stops, the token is rejected, or `watch` breaks it off. `since` is
    /// the time that the listing has taken so far. `watch` runs after every answer, and about ten
    /// times a second; where it takes long, because nobody reads what it prints, that time is
    /// not the portal's and does not count.
    pub fn list(
        &self,
        token: &Secret,
        pager: &mut Pager,
        since: &mut Duration,
        watch: &mut dyn FnMut(&mut Pager) -> ControlFlow<()>,
    ) -> Outcome<()> {
        let client = self.portal()?;
        let Some(runtime) = &self.runtime else {
            return Err(Failure::new(FailureKind::Network, "the network is closed"));
        };
        let mut begin = Instant::now()
            .checked_sub(*since)
            .unwrap_or_else(Instant::now);
        let mut requests = JoinSet::new();
        let mut under_way: HashMap<u64, (Duration, AbortHandle)> = HashMap::new();
        runtime.block_on(async {
            loop {
                let before = Instant::now();
                if watch(pager).is_break() {
                    break;
                }
                begin += before.elapsed().saturating_sub(BEAT);
                let pause = match pager.next_action(begin.elapsed()) {
                    PagerAction::Send(number, request, left) => {
                        let handle = requests.spawn(send(client.clone(), token, number, request));
                        under_way.insert(number, (begin.elapsed() + left, handle));
                        continue;
                    }
                    PagerAction::Sleep(pause) => pause.min(BEAT),
                    PagerAction::AwaitResponse => BEAT,
                    PagerAction::Stop => break,
                };
                if requests.is_empty() {
                    sleep(pause).await;
                    continue;
                }
                match timeout(pause, requests.join_next()).await {
                    Ok(Some(Ok((number, came)))) => {
                        under_way.remove(&number);
                        pager.receive(number, self.read(came), begin.elapsed(), chance());
                    }
                    // One that was ended below, or has panicked: its time will be up.
                    Ok(Some(Err(_)) | None) => {}
                    Err(_) => self.end_late(pager, &mut under_way, begin.elapsed()),
                }
            }
        });
        *since = begin.elapsed();
        Ok(())
    }

    /// Ends the requests whose time is up.
    fn end_late(
        &self,
        pager: &mut Pager,
        under_way: &mut HashMap<u64, (Duration, AbortHandle)>,
        now: Duration,
    ) {
        under_way.retain(|number, (until, handle)| {
            let late = now >= *until;
            if late {
                handle.abort();
                pager.receive(*number, Err(no_answer(self.network.total)), now, chance());
            }
            !late
        });
    }

    fn read(&self, came: Came) -> Outcome<PageResponse> {
        match came {
            Came::Accounts(sent) => {
                let reply = sent.map_err(|error| self.failure(Service::Sso, &error))?;
                let listed = reply.account_list.ok_or_else(|| self.no_list())?;
                let some = |text: Option<String>| text.filter(|text| !text.is_empty());
                let account = |info: sso::types::AccountInfo| Account {
                    id: info.account_id.unwrap_or_default(),
                    name: some(info.account_name),
                    email: some(info.email_address),
                    roles: Vec::new(),
                };
                Ok(PageResponse::Accounts(Page {
                    items: listed.into_iter().map(account).collect(),
                    next_token: reply.next_token,
                }))
            }
            Came::Roles(sent) => {
                let reply = sent.map_err(|error| self.failure(Service::Sso, &error))?;
                let listed = reply.role_list.ok_or_else(|| self.no_list())?;
                let names = listed.into_iter().filter_map(|info| info.role_name);
                Ok(PageResponse::Roles(Page {
                    items: names.collect(),
                    next_token: reply.next_token,
                }))
            }
        }
    }

    fn no_list(&self) -> Failure {
        let host = self.to_portal.described();
        let detail = format!("{host} answered without a list");
        Failure::new(FailureKind::NotTheService, detail)
    }
}

fn send(
    client: sso::Client,
    token: &Secret,
    number: u64,
    request: PageRequest,
) -> impl Future<Output = (u64, Came)> + use<> {
    let token = token.expose().to_owned();
    async move {
        let came = match request.account {
            None => {
                let call = client.list_accounts().max_results(PAGE);
                let call = call.set_next_token(request.token).access_token(token);
                Came::Accounts(call.send().await)
            }
            Some(account) => {
                let call = client.list_account_roles().account_id(account);
                let call = call.max_results(PAGE).set_next_token(request.token);
                Came::Roles(call.access_token(token).send().await)
            }
        };
        (number, came)
    }
}
