//! `sso roles`: lists the roles that a session may use, with their accounts.

use super::listing_command::ListingCommand;
use crate::cli::args::RolesArgs;
use crate::cli::ui::table::Column;
use crate::context::Context;
use crate::domain::listing::role_selection::RowOrder;
use crate::error::Result;

pub fn run(ctx: &Context, args: RolesArgs) -> Result<u8> {
    let command = ListingCommand {
        session: args.session,
        accounts: &args.account,
        roles: Some(&args.role),
        // The sort keys come first.
        columns: match args.sort.unwrap_or_default() {
            RowOrder::NameRole => [Column::Name, Column::Id, Column::Role],
            RowOrder::IdRole => [Column::Id, Column::Name, Column::Role],
            RowOrder::RoleId => [Column::Role, Column::Id, Column::Name],
            RowOrder::RoleName => [Column::Role, Column::Name, Column::Id],
        },
        format: args.format,
        refresh: args.refresh,
        order: args.sort,
    };
    command.run(ctx)
}
