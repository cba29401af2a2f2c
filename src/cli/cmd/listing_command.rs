//! Lists and prints accounts or roles, for `sso accounts` and `sso roles`.

use regex_lite::Regex;

use super::fetch_listing::{self, ListingRequest};
use crate::cli::args::{ListingFormatArgs, SessionArgs};
use crate::cli::ui::output;
use crate::cli::ui::progress::Progress;
use crate::cli::ui::table::{self, Column, RowFormat};
use crate::context::Context;
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::listing::pattern::AccountPattern;
use crate::domain::session::definition::Session;
use crate::domain::target::request::Request;
use crate::error::Result;
use crate::flow::listing::ListingFilter;
use crate::flow::resolve;

/// Listing and its output format.
pub struct ListingCommand {
    pub session: SessionArgs,
    pub accounts: Vec<AccountPattern>,
    /// Role patterns; `None` lists accounts only.
    pub roles: Option<Vec<Regex>>,
    pub columns: Vec<Column>,
    pub format: ListingFormatArgs,
    /// Whether a cached listing is ignored.
    pub refresh: bool,
    /// Whether rows are sorted, so that none can be printed before all are known.
    pub is_sorted: bool,
}

/// Parses each pattern.
pub fn parse_patterns<T>(texts: &[String], parse: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    texts.iter().map(|text| parse(text)).collect()
}

/// Returns the fields of a row.
pub fn fields<'a>(
    columns: &[Column],
    account: &'a Account,
    role: Option<&'a str>,
) -> Vec<Option<&'a str>> {
    let field = |column: &Column| match column {
        Column::Name => account.name.as_deref(),
        Column::Id => Some(account.id.as_str()),
        Column::Role => role,
        Column::Email => account.email.as_deref(),
    };
    columns.iter().map(field).collect()
}

impl ListingCommand {
    /// Lists and prints: the rows of each account while the listing runs, where the format
    /// allows it, otherwise all rows at the end.
    ///
    /// # Errors
    ///
    /// Also for an incomplete listing, after its rows are printed.
    pub fn run(
        &self,
        ctx: &Context,
        rows_of_account: impl for<'a> Fn(&'a Account) -> Vec<Vec<Option<&'a str>>>,
        all_rows: impl for<'a> Fn(&'a Inventory) -> Vec<Vec<Option<&'a str>>>,
    ) -> Result<u8> {
        let format = self.row_format();
        let request = Request::from(self.session.clone());
        let instance = resolve::instance(ctx, &request)?;
        let mut printer = RowPrinter {
            format,
            columns: &self.columns,
            needs_header: format.is_line_by_line() && !self.format.no_header,
            count: 0,
        };
        let streams = format.is_line_by_line() && !self.is_sorted;
        let inventory = match self.cached(ctx, &instance.session) {
            Some(cached) => {
                if streams {
                    for account in cached.matching_accounts(&self.accounts) {
                        printer.print(&rows_of_account(account))?;
                    }
                }
                cached
            }
            None => {
                let request = ListingRequest {
                    instance: &instance,
                    filter: ListingFilter {
                        accounts: self.accounts.clone(),
                        roles: self.roles.is_some(),
                    },
                };
                let print = |account: &Account, progress: &mut Progress| {
                    if !streams {
                        return Ok(());
                    }
                    let rows = rows_of_account(account);
                    if !rows.is_empty() {
                        progress.clear();
                    }
                    printer.print(&rows)
                };
                request.fetch_with(ctx, print, || ())?
            }
        };
        if !streams {
            let rows = all_rows(&inventory);
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

    /// Returns the cached listing if it is usable. It must have each account given by id, which
    /// may have been assigned since.
    fn cached(&self, ctx: &Context, session: &Session) -> Option<Inventory> {
        let ids = AccountPattern::ids(&self.accounts).unwrap_or_default();
        fetch_listing::cached(ctx, session, |cached| {
            !self.refresh && ids.iter().all(|id| cached.account(id).is_some())
        })
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

/// Prints rows line by line, and the header before the first ones.
struct RowPrinter<'a> {
    format: RowFormat,
    columns: &'a [Column],
    needs_header: bool,
    /// Number of rows printed.
    count: usize,
}

impl RowPrinter<'_> {
    fn print(&mut self, rows: &[Vec<Option<&str>>]) -> Result<()> {
        let mut text = String::new();
        if std::mem::take(&mut self.needs_header) {
            text += &table::header(self.format, self.columns);
        }
        for row in rows {
            text += &table::line(self.format, self.columns, row);
        }
        self.count += rows.len();
        output::print(&text)
    }
}
