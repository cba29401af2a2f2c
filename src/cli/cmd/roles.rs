//! `sso roles`: lists the roles that a session may use, with their accounts.

use super::listing_command::{ListingCommand, fields, parse_patterns};
use crate::cli::args::{RoleOrder, RolesArgs};
use crate::cli::ui::table::Column;
use crate::context::Context;
use crate::domain::listing::pattern::{AccountPattern, compile_regex};
use crate::domain::listing::rows::{RoleRow, RowOrder};
use crate::error::Result;

pub fn run(ctx: &Context, args: RolesArgs) -> Result<u8> {
    let accounts = parse_patterns(&args.account, AccountPattern::parse)?;
    let roles = parse_patterns(&args.role, compile_regex)?;
    let order = args.sort.map_or_else(RowOrder::default, RowOrder::from);
    // The sort keys come first.
    let columns = match args.sort {
        None | Some(RoleOrder::NameRole) => [Column::Name, Column::Id, Column::Role],
        Some(RoleOrder::IdRole) => [Column::Id, Column::Name, Column::Role],
        Some(RoleOrder::RoleId) => [Column::Role, Column::Id, Column::Name],
        Some(RoleOrder::RoleName) => [Column::Role, Column::Name, Column::Id],
    };
    let command = ListingCommand {
        session: args.session,
        accounts: accounts.clone(),
        roles: Some(roles.clone()),
        columns: columns.to_vec(),
        format: args.format,
        refresh: args.refresh,
        is_sorted: args.sort.is_some(),
    };
    command.run(
        ctx,
        |account| {
            account
                .rows(&roles)
                .map(|row| row_fields(&columns, row))
                .collect()
        },
        |inventory| {
            let mut rows = inventory.rows(&accounts, &roles);
            order.sort(&mut rows);
            rows.into_iter()
                .map(|row| row_fields(&columns, row))
                .collect()
        },
    )
}

fn row_fields<'a>(columns: &[Column], row: RoleRow<'a>) -> Vec<Option<&'a str>> {
    fields(columns, row.account, Some(row.role))
}
