//! Stages that call the portal and the STS with a token. Responses are not stored.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::domain::cache::key::RoleId;
use crate::domain::check::{
    Finding, Stage, StageReport, account, credentials, exit, identity, incomplete_listing, label,
    refused, role, role_anywhere,
};
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::listing::pagination::Pager;
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::names::is_region;
use crate::domain::net::failure::FailureKind;
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::session::token::StoredToken;
use crate::domain::text::counted;
use crate::flow::session_client::SessionClient;
use crate::os::clock::Deadline;

use super::{Check, CheckEvent};

/// Time limit of one listing: the portal limits its pace.
const LISTING_LIMIT: Duration = Duration::from_secs(600);

const NO_ANSWER: &str = "the portal's answer is missing";
const INCOMPLETE: &str = "the portal's answer is not whole";
const NO_ROLE: &str = "there is no such role";

impl Check<'_> {
    pub(super) fn portal(&mut self, client: &SessionClient, token: &StoredToken) -> Option<()> {
        self.start(Stage::Account);
        let (wanted, role_name) = (self.target.account.clone(), self.target.role.clone());
        // Only a role without an account requires the roles of all accounts.
        let everywhere = wanted.is_none() && role_name.is_some();
        let inventory = self.list(client, token, &[], everywhere);
        let inventory = self.ok_or_fail(Stage::Account, inventory, NO_ANSWER)?;
        match (wanted, role_name) {
            (Some(wanted), role_name) => {
                self.in_account(client, token, &inventory, &wanted, role_name.as_deref())?;
            }
            (None, Some(name)) => self.anywhere(client, &inventory, &name)?,
            (None, None) => {
                let accounts = counted(inventory.accounts.len(), "account");
                let detail = format!("{accounts} may be used; none is named to look at");
                self.ok(Stage::Account, detail);
                self.why_not.get_or_insert("no account and role are named");
            }
        }
        Some(())
    }

    fn anywhere(
        &mut self,
        client: &SessionClient,
        inventory: &Inventory,
        name: &str,
    ) -> Option<()> {
        let found = role_anywhere(name, inventory, &client.session);
        if found.is_err()
            && let Some(missing) = incomplete_listing(inventory)
        {
            return self.ok_or_fail(Stage::Account, Err(missing), INCOMPLETE);
        }
        self.report(StageReport::skipped(Stage::Account, "no account is named"));
        let found = self.ok_or_fail(Stage::Role, found, NO_ROLE)?;
        self.ok(Stage::Role, found);
        self.why_not.get_or_insert("no account is named");
        Some(())
    }

    fn in_account(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        inventory: &Inventory,
        wanted: &str,
        role_name: Option<&str>,
    ) -> Option<()> {
        let missing = incomplete_listing(inventory);
        let why_not = match missing {
            Some(_) => INCOMPLETE,
            None => "there is no such account",
        };
        let selected = account(wanted, inventory, &client.session)
            .map_err(|finding| missing.unwrap_or(finding));
        let selected = self.ok_or_fail(Stage::Account, selected, why_not)?;
        self.target.account = Some(selected.id.clone());
        let roles = self.roles(client, token, selected);
        let roles = self.ok_or_fail(Stage::Account, roles, NO_ANSWER)?;
        let found = role(role_name, selected, &roles);
        if roles.is_empty() {
            self.ok_or_fail(Stage::Account, found, "there is no role in it")?;
            return None;
        }
        self.ok(Stage::Account, label(selected));
        let found = self.ok_or_fail(Stage::Role, found, NO_ROLE)?;
        let Some(name) = role_name else {
            self.ok(Stage::Role, format!("none is named; there are: {found}"));
            self.why_not.get_or_insert("no role is named");
            return None;
        };
        self.ok(Stage::Role, found);
        self.credentials(client, token, selected, name)
    }

    fn roles(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        selected: &Account,
    ) -> Result<Vec<String>, Finding> {
        let pattern = AccountPattern::parse(&selected.id)
            .map_err(|error| Finding::of_error("account_not_found", exit::ACCOUNT, &error))?;
        let mut inventory = self.list(client, token, &[pattern], true)?;
        match incomplete_listing(&inventory) {
            Some(missing) => Err(missing),
            None => Ok(inventory
                .accounts
                .pop()
                .map(|it| it.roles)
                .unwrap_or_default()),
        }
    }

    /// Requests a listing.
    fn list(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        accounts: &[AccountPattern],
        roles: bool,
    ) -> Result<Inventory, Finding> {
        let now = self.ctx.now();
        let mut pager = Pager::new(accounts, roles, client.request_limit());
        let mut since = Duration::ZERO;
        let deadline = Deadline::after(LISTING_LIMIT);
        let mut report = |pager: &mut Pager| {
            let (read, known) = pager.collected.progress();
            (self.watch)(CheckEvent::Listing { read, known });
            match deadline.is_over() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let aws = client
            .aws()
            .map_err(|error| Finding::network_settings(&error))?;
        let outcome = aws.list(&token.access_token, &mut pager, &mut since, &mut report);
        let rejection = pager.rejection.take();
        let failure = outcome.err().or(rejection).or(pager.failure().cloned());
        let mut inventory = pager.finish(&client.session, now);
        // A forbidden account that is requested by id has no roles.
        let counts = |kind| kind != FailureKind::Forbidden || accounts.is_empty();
        inventory.missing.retain(|missing| counts(missing.kind));
        match failure.filter(|failure| counts(failure.kind)) {
            Some(failure) => Err(refused(failure, &client.session, None, now)),
            None => Ok(inventory),
        }
    }

    fn credentials(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        selected: &Account,
        name: &str,
    ) -> Option<()> {
        self.start(Stage::Credentials);
        let limit = client.request_limit();
        let aws = client
            .aws()
            .map_err(|error| Finding::network_settings(&error));
        let fetched = aws.and_then(|aws| {
            let (token, account) = (&token.access_token, &selected.id);
            let fetched = aws.get_role_credentials(token, account, name, limit);
            fetched.map_err(|failure| {
                let role = RoleId {
                    session: client.session.key(),
                    account: account.clone(),
                    role: name.to_owned(),
                };
                refused(failure, &client.session, Some(&role), self.ctx.now())
            })
        });
        let fetched = self.ok_or_fail(Stage::Credentials, fetched, "there are no credentials")?;
        self.report(credentials(fetched.expiration, self.ctx.now()));
        self.identity(client, &fetched, selected)
    }

    fn identity(
        &mut self,
        client: &SessionClient,
        credentials: &RoleCredentials,
        selected: &Account,
    ) -> Option<()> {
        self.start(Stage::Identity);
        let instance = self.target.instance.as_ref()?;
        let session = &client.session;
        let region = self.target.region.as_ref().filter(|it| is_region(it));
        let region = region.unwrap_or(&session.region);
        let limit = client.request_limit();
        let now = self.ctx.now();
        let response = self.ctx.sts(instance).and_then(|endpoint| {
            let aws = client.aws()?;
            aws.get_caller_identity(credentials, &endpoint, region, now, limit)
        });
        let found = response
            .map_err(|error| Finding::network_settings(&error))
            .and_then(|response| identity(response, &selected.id, session, now));
        let arn = self.ok_or_fail(Stage::Identity, found, "the STS gave no answer")?;
        self.ok(Stage::Identity, arn);
        Some(())
    }
}
