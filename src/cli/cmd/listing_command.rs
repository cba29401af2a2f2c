//! Lists and prints accounts or roles, for `sso accounts` and `sso roles`.

use regex_lite::Regex;

use super::fetch_listing;
use crate::cli::args::{ListingFormatArgs, SessionArgs};
use crate::cli::ui::output;
use crate::cli::ui::progress::Progress;
use crate::cli::ui::table::{self, Column, RowFormat};
use crate::context::Context;
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::listing::pattern::{AccountPattern, compile_regex};
use crate::domain::listing::role_selection::{RoleRow, RowOrder};
use crate::domain::target::request::Request;
use crate::error::Result;
use crate::flow::listing::ListingFilter;
use crate::flow::resolve;

/// Listing and its output format.
pub struct ListingCommand<'a> {
    pub session: SessionArgs,
    /// Account patterns.
    pub accounts: &'a [String],
    /// Role patterns; `None` lists accounts only.
    pub roles: Option<&'a [String]>,
    pub columns: [Column; 3],
    pub format: ListingFormatArgs,
    /// Whether a cached listing is ignored.
    pub refresh: bool,
    /// Sort order; without one, rows can be printed before all are known.
    pub order: Option<RowOrder>,
}

impl ListingCommand<'_> {
    /// Lists and prints: the rows of each account while the listing runs, where the format
    /// allows it, otherwise all rows at the end. An incomplete listing is an error after its rows
    /// are printed.
    pub fn run(self, ctx: &Context) -> Result<u8> {
        let accounts = parse_patterns(self.accounts, AccountPattern::parse)?;
        let roles = self.roles;
        let roles = roles.map(|texts| parse_patterns(texts, compile_regex));
        let roles = roles.transpose()?;
        let format = self.row_format();
        let instance = resolve::instance(ctx, &Request::from(self.session.clone()))?;
        let mut printer = RowPrinter {
            format,
            columns: &self.columns,
            needs_header: format.is_line_by_line() && !self.format.no_header,
            count: 0,
        };
        // An account given by its id may have been assigned since the last listing.
        let ids = AccountPattern::ids(&accounts).unwrap_or_default();
        let cached = fetch_listing::cached(ctx, &instance.session, |cached| {
            !self.refresh && ids.iter().all(|id| cached.account(id).is_some())
        });
        let streams = cached.is_none() && format.is_line_by_line() && self.order.is_none();
        let inventory = match cached {
            Some(cached) => cached,
            None => {
                let filter = ListingFilter {
                    accounts: accounts.clone(),
                    roles: self.roles.is_some(),
                };
                let print = |account: &Account, progress: &mut Progress| {
                    if !streams {
                        return Ok(());
                    }
                    let rows = rows_of(account, roles.as_deref());
                    if !rows.is_empty() {
                        progress.clear();
                    }
                    printer.print(&rows)
                };
                fetch_listing::fetch(ctx, &instance, &filter, print, || ())?
            }
        };
        if !streams {
            let accounts = inventory.matching_accounts(&accounts);
            let rows = accounts.flat_map(|account| rows_of(account, roles.as_deref()));
            let mut rows: Vec<RoleRow> = rows.collect();
            if self.order.is_some() || !format.is_line_by_line() {
                self.order.unwrap_or_default().sort(&mut rows);
            }
            printer.count = rows.len();
            let has_header = !self.format.no_header;
            output::print(&table::render(format, &self.columns, &rows, has_header))?;
        } else if printer.count == 0 {
            printer.print(&[])?;
        }
        if printer.count == 0 && inventory.missing.is_empty() {
            output::eprintln(self.empty_message(&inventory));
        }
        fetch_listing::require_complete(&inventory).map(|()| 0)
    }

    fn row_format(&self) -> RowFormat {
        match self.format {
            ListingFormatArgs { json: true, .. } => RowFormat::Json,
            ListingFormatArgs { jsonl: true, .. } => RowFormat::JsonLines,
            ListingFormatArgs { csv: true, .. } => RowFormat::Csv,
            ListingFormatArgs { tsv: true, .. } => RowFormat::Tsv,
            _ => RowFormat::Table,
        }
    }

    fn empty_message(&self, inventory: &Inventory) -> &'static str {
        let is_filtered = !self.accounts.is_empty() || self.roles.iter().any(|it| !it.is_empty());
        match (is_filtered, inventory.accounts.is_empty()) {
            (false, true) => "sso: no account is assigned to you",
            (false, false) => "sso: no role is assigned to you",
            (true, _) => "sso: nothing fits; capitals count, (?i) before a pattern ignores them",
        }
    }
}

fn parse_patterns<T>(texts: &[String], parse: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    texts.iter().map(|text| parse(text)).collect()
}

/// Returns a row for each matching role; without role patterns, one for the account.
fn rows_of<'a>(account: &'a Account, roles: Option<&[Regex]>) -> Vec<RoleRow<'a>> {
    match roles {
        Some(patterns) => account.rows(patterns).collect(),
        None => vec![RoleRow { account, role: "" }],
    }
}

/// Prints rows line by line, and the header before the first ones.
struct RowPrinter<'a> {
    format: RowFormat,
    columns: &'a [Column],
    needs_header: bool,
    /// Number of rows printed.
    count: usize,
}

impl RowPrinter<'_> {
    fn print(&mut self, rows: &[RoleRow]) -> Result<()> {
        let mut text = String::new();
        if std::mem::take(&mut self.needs_header) {
            text += &table::header(self.format, self.columns);
        }
        for row in rows {
            text += &table::line(self.format, self.columns, *row);
        }
        self.count += rows.len();
        output::print(&text)
    }
}
