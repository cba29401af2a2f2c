//! `sso accounts`: lists the accounts that a session may use.

use super::listing_command::{ListingCommand, fields, parse_patterns};
use crate::cli::args::{AccountOrder, AccountsArgs};
use crate::cli::ui::table::Column;
use crate::context::Context;
use crate::domain::listing::inventory::Account;
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::listing::rows::RowOrder;
use crate::error::Result;

pub fn run(ctx: &Context, args: AccountsArgs) -> Result<u8> {
    let accounts = parse_patterns(&args.account, AccountPattern::parse)?;
    let order = args.sort.map_or_else(RowOrder::default, RowOrder::from);
    let columns = match args.sort {
        Some(AccountOrder::Id) => [Column::Id, Column::Name, Column::Email],
        None | Some(AccountOrder::Name) => [Column::Name, Column::Id, Column::Email],
    };
    let command = ListingCommand {
        session: args.session,
        accounts: accounts.clone(),
        roles: None,
        columns: columns.to_vec(),
        format: args.format,
        refresh: args.refresh,
        is_sorted: args.sort.is_some(),
    };
    command.run(
        ctx,
        |account| vec![fields(&columns, account, None)],
        |inventory| {
            let mut listed: Vec<&Account> = inventory.matching_accounts(&accounts).collect();
            order.sort_accounts(&mut listed);
            listed
                .into_iter()
                .map(|account| fields(&columns, account, None))
                .collect()
        },
    )
}
