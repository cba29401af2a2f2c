//! The account and the role of a profile: given, or chosen from what the session may use.

use super::session::Chosen;
use crate::cli::args::ConfigureArgs;
use crate::cli::cmd::fetch_listing::{self, ListingRequest};
use crate::cli::ui::columns::{padded, width};
use crate::cli::ui::output;
use crate::cli::ui::questions::Asker;
use crate::context::Context;
use crate::domain::listing::inventory::{AccountPattern, Inventory, Order};
use crate::domain::names::is_account_id;
use crate::domain::session::login_flow::Wanted;
use crate::domain::target::profile::Profile;
use crate::domain::text::sanitize;
use crate::domain::time::format_duration;
use crate::error::{Error, ErrorKind, Result};
use crate::flow::listing as inventories;
use crate::flow::login::{self, LoginOptions, LoginResult};

/// A role in an account.
#[derive(Debug)]
pub struct Role {
    pub account: String,
    /// Where it is known.
    pub account_name: Option<String>,
    pub role: String,
}

/// The longest account name of a row.
const WIDEST: usize = 40;

pub fn choose(
    ctx: &Context,
    asker: &Asker,
    args: &ConfigureArgs,
    chosen: &Chosen,
    there: Option<&Profile>,
) -> Result<Role> {
    let kept = kept(asker, args, there);
    let own = |given: &Option<String>, key| -> Option<String> {
        let own = || kept?.value(key).filter(|value| !value.is_empty());
        given.clone().or_else(|| own().map(str::to_owned))
    };
    let given = (
        own(&args.account, "sso_account_id"),
        own(&args.role, "sso_role_name"),
    );
    if let (Some(account), Some(role)) = &given
        && (is_account_id(account) || args.account.is_none())
    {
        // Only a name that is yet to be found needs the account's.
        let unnamed = args.profiles.is_empty();
        let known = unnamed
            .then(|| inventories::cached(ctx, &chosen.instance.session))
            .flatten();
        let known = known.as_ref().and_then(|known| known.account(account));
        return Ok(Role {
            account: account.clone(),
            account_name: known.and_then(|account| account.name.clone()),
            role: role.clone(),
        });
    }
    let (account, role) = given;
    let accounts: Vec<AccountPattern> = account
        .iter()
        .map(|text| AccountPattern::parse(text))
        .collect::<Result<_>>()?;
    let inventory = listed(ctx, args, chosen)?;
    let mut rows = inventory.rows(&accounts, &[]);
    rows.retain(|row| role.as_deref().is_none_or(|role| role == row.role));
    Order::NameRole.sort(&mut rows);
    let at = match rows.len() {
        0 => return Err(nothing(args, chosen)),
        1 if account.is_some() || role.is_some() => 0,
        _ => {
            let named = |name: &Option<String>| name.as_deref().map(sanitize).unwrap_or_default();
            let columns = rows.iter().map(|row| width(&named(&row.account.name)));
            let columns = columns.max().unwrap_or(0).min(WIDEST);
            let texts: Vec<String> = rows
                .iter()
                .map(|row| {
                    let name = padded(&named(&row.account.name), columns);
                    format!(
                        "{name}  {}  {}",
                        sanitize(&row.account.id),
                        sanitize(row.role)
                    )
                })
                .collect();
            asker.row("account and role", &texts, "--account ID --role NAME")?
        }
    };
    let row = rows.get(at).ok_or_else(|| nothing(args, chosen))?;
    Ok(Role {
        account: row.account.id.clone(),
        account_name: row.account.name.clone(),
        role: row.role.to_owned(),
    })
}

/// The profile whose account and role stay where nobody says otherwise: one that is there, where
/// something else of it changes, or where nothing is to be asked.
fn kept<'a>(
    asker: &Asker,
    args: &ConfigureArgs,
    there: Option<&'a Profile<'a>>,
) -> Option<&'a Profile<'a>> {
    let names_role = args.account.is_some() || args.role.is_some();
    let changes = args.region.is_some() || args.output.is_some();
    let keeps = asker.is_silent() || (changes && !names_role);
    there.filter(|_| !args.pick && keeps)
}

/// What the session may use: as listed not long ago, or asked for, after a sign-in where that
/// is needed.
fn listed(ctx: &Context, args: &ConfigureArgs, chosen: &Chosen) -> Result<Inventory> {
    let session = &chosen.instance.session;
    if let Some(kept) = inventories::fresh(ctx, session).filter(|_| !args.refresh) {
        let age = format_duration(kept.age(ctx.now()).unwrap_or(0));
        output::eprintln(&format!("sso: as listed {age} ago; --refresh asks anew"));
        return Ok(kept);
    }
    let options = LoginOptions {
        wanted: Wanted {
            device: args.device_code,
            no_browser: args.no_browser,
        },
        ..LoginOptions::default()
    };
    let (how, _) = login::ensure(ctx, &chosen.instance, options)?;
    if how == LoginResult::SignedIn {
        output::eprintln(&format!("signed in to {}", sanitize(session.label())));
    }
    let inventory = ListingRequest::everything(&chosen.instance).fetch(ctx)?;
    // What was read is enough to choose from.
    if let Err(error) = fetch_listing::require_complete(&inventory) {
        output::warn(error.message());
    }
    Ok(inventory)
}

fn nothing(args: &ConfigureArgs, chosen: &Chosen) -> Error {
    let session = sanitize(chosen.instance.session.label());
    let asked = args.account.is_some() || args.role.is_some();
    if asked {
        Error::new(
            ErrorKind::NoSuchRole,
            format!("{session} grants no such role"),
        )
        .hint("`sso roles` lists what there is; --refresh asks anew")
    } else {
        Error::new(ErrorKind::NoSuchRole, format!("{session} grants no role"))
            .hint("ask your administrator for an assignment")
    }
}
