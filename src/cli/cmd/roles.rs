//! `sso roles`: which roles in which accounts the session may use.

use super::listing::{Plan, patterns};
use crate::cli::args::{RoleOrder, RolesArgs};
use crate::cli::ui::table::{Cell, Column};
use crate::context::Context;
use crate::domain::listing::inventory::{AccountPattern, Order, RolePattern, Row};
use crate::error::Result;

/// Runs it.
pub fn run(ctx: &Context, args: RolesArgs) -> Result<u8> {
    let accounts = patterns(&args.account, AccountPattern::parse)?;
    let roles = patterns(&args.role, RolePattern::parse)?;
    let order = args.sort.map_or_else(Order::default, Order::from);
    // What the rows are sorted by comes first.
    let columns = match args.sort {
        None | Some(RoleOrder::NameRole) => [Column::Name, Column::Id, Column::Role],
        Some(RoleOrder::IdRole) => [Column::Id, Column::Name, Column::Role],
        Some(RoleOrder::RoleId) => [Column::Role, Column::Id, Column::Name],
        Some(RoleOrder::RoleName) => [Column::Role, Column::Name, Column::Id],
    };
    let plan = Plan {
        session: args.session,
        accounts: accounts.clone(),
        roles: Some(roles.clone()),
        columns: columns.to_vec(),
        form: args.form,
        refresh: args.refresh,
        sorted: args.sort.is_some(),
    };
    plan.run(
        ctx,
        |account| {
            account
                .rows(&roles)
                .map(|row| cells(&columns, row))
                .collect()
        },
        |inventory| {
            let mut rows = inventory.rows(&accounts, &roles);
            order.sort(&mut rows);
            rows.into_iter().map(|row| cells(&columns, row)).collect()
        },
    )
}

fn cells<'a>(columns: &[Column], row: Row<'a>) -> Vec<Cell<'a>> {
    let cell = |column: &Column| match column {
        Column::Name => row.account.name.as_deref(),
        Column::Id => Some(row.account.id.as_str()),
        Column::Role => Some(row.role),
        Column::Email => row.account.email.as_deref(),
    };
    columns.iter().map(cell).collect()
}
