//! Chooses the account and the role of a profile.

use super::choose_session::ChosenSession;
use super::dialog::Dialog;
use crate::cli::args::ConfigureArgs;
use crate::cli::cmd::fetch_listing;
use crate::cli::ui::output;
use crate::cli::ui::text::{padded, width};
use crate::domain::listing::inventory::Inventory;
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::listing::role_selection::{RoleRow, RowOrder};
use crate::domain::names::is_account_id;
use crate::domain::session::definition::Session;
use crate::domain::session::login_flow::FlowOptions;
use crate::domain::target::Instance;
use crate::domain::target::profile::Profile;
use crate::domain::text::sanitize;
use crate::error::{Error, ErrorKind, Result};
use crate::flow::listing::ListingFilter;
use crate::flow::login::{self, LoginOptions, LoginResult};

/// The role of a profile.
pub struct ChosenRole {
    pub account: String,
    /// Name of the account, where a listing knows it.
    pub account_name: Option<String>,
    pub role: String,
}

/// Width in columns to which account names are aligned at most.
const MAX_NAME_WIDTH: usize = 40;

impl Dialog<'_> {
    /// Chooses the role: from the options, from the profile, or by asking.
    pub fn choose_role(
        &self,
        chosen: &ChosenSession,
        profile: Option<&Profile>,
    ) -> Result<ChosenRole> {
        let args = self.args;
        let profile = profile.filter(|_| self.keeps_role());
        let given = |option: &Option<String>, key| -> Option<String> {
            let kept = || profile?.value(key).filter(|value| !value.is_empty());
            option.clone().or_else(|| kept().map(str::to_owned))
        };
        let account = given(&args.account, "sso_account_id");
        let role = given(&args.role, "sso_role_name");
        if let (Some(account), Some(role)) = (&account, &role)
            && (is_account_id(account) || args.account.is_none())
        {
            // The account's name is part of the profile's name, which is proposed without one.
            let is_unnamed = args.profiles.is_empty();
            let cached = is_unnamed
                .then(|| self.ctx.store().inventory(&chosen.instance.session))
                .flatten();
            let known = cached.as_ref().and_then(|cached| cached.account(account));
            return Ok(ChosenRole {
                account: account.clone(),
                account_name: known.and_then(|account| account.name.clone()),
                role: role.clone(),
            });
        }
        let pattern = account.as_deref().map(AccountPattern::parse).transpose()?;
        let inventory = self.list_roles(&chosen.instance)?;
        let mut rows = inventory.rows(pattern.as_slice(), &[]);
        rows.retain(|row| role.as_deref().is_none_or(|role| role == row.role));
        RowOrder::NameRole.sort(&mut rows);
        let row = match rows.as_slice() {
            [] => return Err(no_such_role(args, &chosen.instance.session)),
            [row] if account.is_some() || role.is_some() => row,
            rows => {
                let option = "--account ID --role NAME";
                let texts = row_texts(rows);
                let at = self
                    .prompter
                    .choose_row("account and role", &texts, option)?;
                &rows[at]
            }
        };
        Ok(ChosenRole {
            account: row.account.id.clone(),
            account_name: row.account.name.clone(),
            role: row.role.to_owned(),
        })
    }

    /// Returns `true` if the profile keeps its account and role unless an option changes them:
    /// because something else changes, or because nothing may be asked.
    fn keeps_role(&self) -> bool {
        let args = self.args;
        let changes_role = args.account.is_some() || args.role.is_some();
        let changes_other = args.region.is_some() || args.output.is_some();
        !args.pick && (self.prompter.is_silent || (changes_other && !changes_role))
    }

    /// Lists the roles of the session: a recent listing, or a new one after a sign-in where one
    /// is needed.
    fn list_roles(&self, instance: &Instance) -> Result<Inventory> {
        let (ctx, args, session) = (self.ctx, self.args, &instance.session);
        if let Some(cached) = fetch_listing::cached(ctx, session, |_| !args.refresh) {
            return Ok(cached);
        }
        let options = LoginOptions {
            flow: FlowOptions {
                device: args.device_code,
                no_browser: args.no_browser,
            },
            ..LoginOptions::default()
        };
        let (result, _) = login::ensure(ctx, instance, options)?;
        if result == LoginResult::SignedIn {
            output::eprintln(&format!("signed in to {}", sanitize(session.label())));
        }
        let everything = ListingFilter::everything();
        let inventory = fetch_listing::fetch(ctx, instance, &everything, |_, _| Ok(()), || ())?;
        // An incomplete listing is enough to choose from.
        if let Err(error) = fetch_listing::require_complete(&inventory) {
            output::warn(error.message());
        }
        Ok(inventory)
    }
}

fn row_texts(rows: &[RoleRow]) -> Vec<String> {
    let name = |row: &RoleRow| row.account.name.as_deref().map_or(String::new(), sanitize);
    let max_width = rows.iter().map(|row| width(&name(row))).max().unwrap_or(0);
    let columns = max_width.min(MAX_NAME_WIDTH);
    rows.iter()
        .map(|row| {
            let (id, role) = (sanitize(&row.account.id), sanitize(row.role));
            format!("{}  {id}  {role}", padded(&name(row), columns))
        })
        .collect()
}

fn no_such_role(args: &ConfigureArgs, session: &Session) -> Error {
    let session = sanitize(session.label());
    let (text, hint) = match args.account.is_some() || args.role.is_some() {
        true => (
            format!("{session} grants no such role"),
            "`sso roles` lists what there is; --refresh asks anew",
        ),
        false => (
            format!("{session} grants no role"),
            "ask your administrator for an assignment",
        ),
    };
    Error::new(ErrorKind::NoSuchRole, text).hint(hint)
}
