//! Stages that call the portal and the STS with a token. Responses are not stored.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::domain::cache::key::RoleId;
use crate::domain::check::{
    Chosen, Finding, Report, Stage, account, exit, listing, role, role_anywhere,
};
use crate::domain::listing::inventory::Inventory;
use crate::domain::listing::pagination::Pager;
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::role::credentials::RoleCredentials;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::token::StoredToken;
use crate::domain::text::sanitize;
use crate::domain::time::format_duration;
use crate::flow::session_client::SessionClient;

use super::{Check, patience};

impl Check<'_> {
    pub(super) fn portal(&mut self, client: &SessionClient, token: &StoredToken) {
        self.watch.begin(Stage::Account);
        let (wanted, role_name) = (self.target.account.clone(), self.target.role.clone());
        // Only a role without an account requires the roles of all accounts.
        let everywhere = wanted.is_none() && role_name.is_some();
        let inventory = match self.list(client, token, &[], everywhere) {
            Ok(inventory) => inventory,
            Err(finding) => {
                return self.fail(Stage::Account, finding, "the portal's answer is missing");
            }
        };
        match (wanted, role_name) {
            (Some(wanted), role_name) => {
                self.in_account(client, token, &inventory, &wanted, role_name.as_deref());
            }
            (None, Some(name)) => self.anywhere(client, &inventory, &name),
            (None, None) => {
                let number = inventory.accounts.len();
                self.fine(
                    Stage::Account,
                    match number {
                        1 => "1 account may be used; none is named to look at".to_owned(),
                        _ => format!("{number} accounts may be used; none is named to look at"),
                    },
                );
                self.why_not.get_or_insert("no account and role are named");
            }
        }
    }

    fn anywhere(&mut self, client: &SessionClient, inventory: &Inventory, name: &str) {
        match (
            role_anywhere(name, inventory, &client.session),
            listing(inventory),
        ) {
            (Ok(found), _) => {
                self.tell(Report::skipped(Stage::Account, "no account is named"));
                self.fine(Stage::Role, found);
                self.why_not.get_or_insert("no account is named");
            }
            (Err(_), Some(missing)) => {
                self.fail(Stage::Account, missing, "the portal's answer is not whole");
            }
            (Err(finding), None) => {
                self.tell(Report::skipped(Stage::Account, "no account is named"));
                self.fail(Stage::Role, finding, "there is no such role");
            }
        }
    }

    fn in_account(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        inventory: &Inventory,
        wanted: &str,
        role_name: Option<&str>,
    ) {
        let chosen = match (
            account(wanted, inventory, &client.session),
            listing(inventory),
        ) {
            (Ok(chosen), _) => chosen,
            (Err(_), Some(missing)) => {
                return self.fail(Stage::Account, missing, "the portal's answer is not whole");
            }
            (Err(finding), None) => {
                return self.fail(Stage::Account, finding, "there is no such account");
            }
        };
        self.target.account = Some(chosen.id.clone());
        let roles = match self.roles(client, token, &chosen) {
            Ok(roles) => roles,
            Err(finding) => {
                return self.fail(Stage::Account, finding, "the portal's answer is missing");
            }
        };
        let found = role(role_name, &chosen, &roles);
        if let Err(finding) = &found
            && finding.code == "no_roles"
        {
            return self.fail(Stage::Account, finding.clone(), "there is no role in it");
        }
        self.fine(Stage::Account, chosen.label.clone());
        match (found, role_name) {
            (Err(finding), _) => self.fail(Stage::Role, finding, "there is no such role"),
            (Ok(found), None) => {
                self.fine(Stage::Role, format!("none is named; there are: {found}"));
                self.why_not.get_or_insert("no role is named");
            }
            (Ok(found), Some(name)) => {
                self.fine(Stage::Role, found);
                self.credentials(client, token, &chosen, name);
            }
        }
    }

    fn roles(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        chosen: &Chosen,
    ) -> std::result::Result<Vec<String>, Finding> {
        let pattern = AccountPattern::parse(&chosen.id)
            .map_err(|error| Finding::of_error("account_not_found", exit::ACCOUNT, &error))?;
        let mut inventory = self.list(client, token, &[pattern], true)?;
        match (inventory.accounts.pop(), listing(&inventory)) {
            (_, Some(missing)) => Err(missing),
            (account, None) => Ok(account.map(|account| account.roles).unwrap_or_default()),
        }
    }

    /// Requests a listing.
    fn list(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        accounts: &[AccountPattern],
        roles: bool,
    ) -> std::result::Result<Inventory, Finding> {
        let now = self.ctx.now();
        let mut pager = Pager::new(accounts, roles, client.request_limit());
        let mut since = Duration::ZERO;
        let deadline = patience();
        let watch = &mut *self.watch;
        let mut tell = |pager: &mut Pager| {
            let (read, known) = pager.collected.progress();
            watch.listing(read, known);
            match deadline.is_over() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let outcome = match client.aws() {
            Ok(aws) => aws.list(&token.access_token, &mut pager, &mut since, &mut tell),
            Err(error) => {
                return Err(Finding::of_error(
                    "network_settings",
                    exit::SETTINGS,
                    &error,
                ));
            }
        };
        let refused = pager.rejection.take();
        let failure = outcome.err().or(refused).or(pager.failure().cloned());
        let mut inventory = pager.finish(&client.session, now);
        // A forbidden account that is requested by id has no roles.
        if !accounts.is_empty() {
            inventory
                .missing
                .retain(|missing| missing.kind != FailureKind::Forbidden);
        }
        match failure
            .filter(|failure| failure.kind != FailureKind::Forbidden || accounts.is_empty())
        {
            Some(failure) => Err(self.refusal(client, failure, None)),
            None => Ok(inventory),
        }
    }

    /// Converts a failed call. A rejected token is not deleted.
    fn refusal(&self, client: &SessionClient, failure: Failure, role: Option<&RoleId>) -> Finding {
        if failure.kind == FailureKind::Unauthorized {
            let trouble =
                AuthError::from(SignInReason::RefusedAfterRefresh).at(failure.server_time);
            let error = self.in_words(client, trouble, None);
            return Finding::of_error("token_refused", exit::TOKEN, &error);
        }
        let otherwise = match failure.kind {
            FailureKind::Forbidden | FailureKind::NotFound => ("no_credentials", exit::CREDENTIALS),
            _ => ("service_refused", exit::SERVICE),
        };
        let error = self.in_words(client, AuthError::Failed(failure.clone()), role);
        Finding::of_failure(&failure, &error, otherwise)
    }

    fn credentials(
        &mut self,
        client: &SessionClient,
        token: &StoredToken,
        chosen: &Chosen,
        name: &str,
    ) {
        const WHY_NOT: &str = "there are no credentials";
        self.watch.begin(Stage::Credentials);
        let limit = client.request_limit();
        let aws = match client.aws() {
            Ok(aws) => aws,
            Err(error) => {
                let finding = Finding::of_error("network_settings", exit::SETTINGS, &error);
                return self.fail(Stage::Credentials, finding, WHY_NOT);
            }
        };
        match aws.get_role_credentials(&token.access_token, &chosen.id, name, limit) {
            Ok(credentials) => {
                let left = credentials.expiration.left(self.ctx.now());
                let mut findings = Vec::new();
                if left <= 0 {
                    findings.push(Finding::warning(
                        "credentials_ended",
                        "the credentials have ended already by this computer's clock",
                    ));
                }
                let detail = format!("{} left; not stored", format_duration(left));
                self.tell(Report::of(Stage::Credentials, detail, findings));
                self.identity(client, &credentials, chosen);
            }
            Err(failure) => {
                let role = RoleId {
                    session: client.session.key(),
                    account: chosen.id.clone(),
                    role: name.to_owned(),
                };
                let finding = self.refusal(client, failure, Some(&role));
                self.fail(Stage::Credentials, finding, WHY_NOT);
            }
        }
    }

    fn identity(&mut self, client: &SessionClient, credentials: &RoleCredentials, chosen: &Chosen) {
        self.watch.begin(Stage::Identity);
        let Some(instance) = self.target.instance.clone() else {
            return;
        };
        let region = self.target.region.clone();
        let region = region.unwrap_or_else(|| client.session.region.clone());
        let limit = client.request_limit();
        let now = self.ctx.now();
        let asked = self.ctx.sts(&instance).and_then(|endpoint| {
            client
                .aws()?
                .get_caller_identity(credentials, &endpoint, &region, now, limit)
        });
        let finding = match asked {
            Ok(Ok(caller)) if caller.account == chosen.id => {
                return self.fine(Stage::Identity, sanitize(&caller.arn));
            }
            Ok(Ok(caller)) => Finding::error(
                "other_identity",
                exit::IDENTITY,
                format!(
                    "the STS says that these are credentials of account {}, not of {}",
                    sanitize(&caller.account),
                    chosen.id
                ),
            )
            .fix("look at AWS_ENDPOINT_URL_STS and at the proxy: something else may have answered"),
            Ok(Err(failure)) => {
                let otherwise = ("identity_refused", exit::IDENTITY);
                match failure.kind {
                    FailureKind::Forbidden => Finding::error(
                        otherwise.0,
                        otherwise.1,
                        format!("the STS does not accept the credentials: {}", failure.detail),
                    )
                    .fix("look at this computer's clock, and whether the region is enabled in the account"),
                    _ => {
                        let error = self.in_words(client, AuthError::Failed(failure.clone()), None);
                        Finding::of_failure(&failure, &error, otherwise)
                    }
                }
            }
            Err(error) => Finding::of_error("network_settings", exit::SETTINGS, &error),
        };
        self.fail(Stage::Identity, finding, "the STS gave no answer");
    }
}
