//! `sso accounts`: which accounts the session may use.

use super::listing::{Plan, patterns};
use crate::cli::args::{AccountOrder, AccountsArgs};
use crate::cli::ui::table::{Cell, Column};
use crate::context::Context;
use crate::domain::listing::inventory::{Account, AccountPattern, Order};
use crate::error::Result;

/// Runs it.
pub fn run(ctx: &Context, args: AccountsArgs) -> Result<u8> {
    let accounts = patterns(&args.account, AccountPattern::parse)?;
    let order = args.sort.map_or_else(Order::default, Order::from);
    let columns = match args.sort {
        Some(AccountOrder::Id) => [Column::Id, Column::Name, Column::Email],
        None | Some(AccountOrder::Name) => [Column::Name, Column::Id, Column::Email],
    };
    let plan = Plan {
        session: args.session,
        accounts: accounts.clone(),
        roles: None,
        columns: columns.to_vec(),
        form: args.form,
        refresh: args.refresh,
        sorted: args.sort.is_some(),
    };
    plan.run(
        ctx,
        |account| vec![cells(&columns, account)],
        |inventory| {
            let mut found: Vec<&Account> = inventory.accounts_of(&accounts).collect();
            order.sort_accounts(&mut found);
            found.into_iter().map(|it| cells(&columns, it)).collect()
        },
    )
}

fn cells<'a>(columns: &[Column], account: &'a Account) -> Vec<Cell<'a>> {
    let cell = |column: &Column| match column {
        Column::Name => account.name.as_deref(),
        Column::Id => Some(account.id.as_str()),
        Column::Email => account.email.as_deref(),
        Column::Role => None,
    };
    columns.iter().map(cell).collect()
}
