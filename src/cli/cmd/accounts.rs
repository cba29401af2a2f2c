//! `sso accounts`: lists the accounts that a session may use.

use super::listing_command::ListingCommand;
use crate::cli::args::AccountsArgs;
use crate::cli::ui::table::Column;
use crate::context::Context;
use crate::domain::listing::role_selection::RowOrder;
use crate::error::Result;

pub fn run(ctx: &Context, args: AccountsArgs) -> Result<u8> {
    let command = ListingCommand {
        session: args.session,
        accounts: &args.account,
        roles: None,
        columns: match args.sort {
            Some(RowOrder::IdRole) => [Column::Id, Column::Name, Column::Email],
            _ => [Column::Name, Column::Id, Column::Email],
        },
        format: args.format,
        refresh: args.refresh,
        order: args.sort,
    };
    command.run(ctx)
}
