//! `ListAccounts` and `ListAccountRoles` of the portal, several requests at a time.
//!
//! `domain::listing::pagination` decides which request to send and when, and what a response means.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use aws_sdk_sso as sso;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use sso::operation::list_account_roles::{ListAccountRolesError, ListAccountRolesOutput};
use sso::operation::list_accounts::{ListAccountsError, ListAccountsOutput};

use crate::domain::listing::inventory::Account;
use crate::domain::listing::pagination::{
    PageItems, PageRequest, PageResponse, Pager, PagerAction,
};
use crate::domain::net::endpoint::Service;
use crate::domain::net::failure::CallResult;
use crate::domain::secret::Secret;

use super::call::{TICK_INTERVAL, random_fraction};
use super::client::Aws;
use super::runtime::Task;

/// Items per page. The service rejects larger numbers.
const PAGE_SIZE: i32 = 100;

/// Margin for the time that requests take to the service, which differs from one to the next.
const EARLY_ARRIVAL: Duration = Duration::from_millis(1);

type SdkResult<T, E> = Result<T, SdkError<E, HttpResponse>>;

/// Result of one request.
enum ListResult {
    Accounts(SdkResult<ListAccountsOutput, ListAccountsError>),
    Roles(SdkResult<ListAccountRolesOutput, ListAccountRolesError>),
}

impl Aws {
    /// Sends the requests of a listing until it is complete, the token is rejected, or `watch`
    /// breaks. `since` is the time spent on the listing so far. `watch` is called after every
    /// response and about ten times a second. If it blocks, because its output is not read, that
    /// time does not count.
    pub fn list(
        &self,
        token: &Secret,
        pager: &mut Pager,
        since: &mut Duration,
        watch: &mut dyn FnMut(&mut Pager) -> ControlFlow<()>,
    ) -> CallResult<()> {
        let client = self.portal_client()?;
        self.hide([token]);
        let now = Instant::now();
        let mut begin = now.checked_sub(*since).unwrap_or(now);
        let (sender, results) = mpsc::channel();
        let mut pending: HashMap<u64, (Duration, Task)> = HashMap::new();
        loop {
            let before = Instant::now();
            if watch(pager).is_break() {
                break;
            }
            begin += before.elapsed().saturating_sub(TICK_INTERVAL);
            let pause = match pager.next_action(begin.elapsed()) {
                PagerAction::Send(number, request, left) => {
                    let request = send_request(client.clone(), token, number, request);
                    let task = self.network_thread.spawn(request, &sender);
                    pending.insert(number, (begin.elapsed() + left, task));
                    continue;
                }
                // A request that is a fraction of a millisecond early is rejected, and the
                // rejection slows down all that follow.
                PagerAction::Sleep(pause) => (pause + EARLY_ARRIVAL).min(TICK_INTERVAL),
                PagerAction::AwaitResponse => TICK_INTERVAL,
                PagerAction::Stop => break,
            };
            match results.recv_timeout(pause) {
                // The result of a request that `abort_late` gave up does not count.
                Ok((number, result)) if pending.remove(&number).is_some() => {
                    let page = self.convert(result);
                    pager.receive(number, page, begin.elapsed(), random_fraction());
                }
                _ => self.abort_late(pager, &mut pending, begin.elapsed()),
            }
        }
        *since = begin.elapsed();
        Ok(())
    }

    /// Aborts the requests that exceeded their time limit.
    fn abort_late(
        &self,
        pager: &mut Pager,
        pending: &mut HashMap<u64, (Duration, Task)>,
        now: Duration,
    ) {
        pending.retain(|number, (until, _)| {
            let late = now >= *until;
            if late {
                let failure = self.portal_route.timed_out(self.network.total);
                pager.receive(*number, Err(failure), now, random_fraction());
            }
            !late
        });
    }

    fn convert(&self, result: ListResult) -> CallResult<PageResponse> {
        let missing_list = || self.portal_route.incomplete_response("a list");
        let (items, next_token) = match result {
            ListResult::Accounts(sent) => {
                let reply = sent.map_err(|error| self.failure(Service::Sso, &error))?;
                let listed = reply.account_list.ok_or_else(missing_list)?;
                let non_empty = |text: Option<String>| text.filter(|text| !text.is_empty());
                let account = |info: sso::types::AccountInfo| Account {
                    id: info.account_id.unwrap_or_default(),
                    name: non_empty(info.account_name),
                    email: non_empty(info.email_address),
                    roles: Vec::new(),
                };
                let accounts = listed.into_iter().map(account).collect();
                (PageItems::Accounts(accounts), reply.next_token)
            }
            ListResult::Roles(sent) => {
                let reply = sent.map_err(|error| self.failure(Service::Sso, &error))?;
                let listed = reply.role_list.ok_or_else(missing_list)?;
                let names = listed.into_iter().filter_map(|info| info.role_name);
                (PageItems::Roles(names.collect()), reply.next_token)
            }
        };
        Ok(PageResponse { items, next_token })
    }
}

fn send_request(
    client: sso::Client,
    token: &Secret,
    number: u64,
    request: PageRequest,
) -> impl Future<Output = (u64, ListResult)> + use<> {
    let token = token.expose().to_owned();
    async move {
        let result = match request.account {
            None => {
                let call = client.list_accounts().max_results(PAGE_SIZE);
                let call = call.set_next_token(request.token).access_token(token);
                ListResult::Accounts(call.send().await)
            }
            Some(account) => {
                let call = client.list_account_roles().account_id(account);
                let call = call.max_results(PAGE_SIZE).set_next_token(request.token);
                ListResult::Roles(call.access_token(token).send().await)
            }
        };
        (number, result)
    }
}
