//! What `roles` and `accounts` share: where the listing comes from, the rows while it runs,
//! and the words about what is missing.

use std::ops::ControlFlow;

use crate::cli::args::{ListingFormatArgs, SessionArgs};
use crate::cli::ui::output;
use crate::cli::ui::progress::Progress;
use crate::cli::ui::table::{self, Cell, Column, Form};
use crate::context::Context;
use crate::domain::listing::inventory::{Account, AccountPattern, Inventory, Missing, RolePattern};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::definition::Session;
use crate::domain::target::instance::Instance;
use crate::domain::target::request::Request;
use crate::domain::time::format_duration;
use crate::error::{Error, ErrorKind, Result};
use crate::flow::listing::{self, Event, ListingFilter};
use crate::flow::resolve;

/// How many accounts a sentence names.
const NAMED: usize = 5;

/// What is listed, and how it is printed.
pub struct Plan {
    pub session: SessionArgs,
    pub accounts: Vec<AccountPattern>,
    /// The patterns of roles; `None`: only accounts are wanted.
    pub roles: Option<Vec<RolePattern>>,
    pub columns: Vec<Column>,
    pub form: ListingFormatArgs,
    pub refresh: bool,
    /// Whether rows must be put in order before they are printed.
    pub sorted: bool,
}

/// Reads patterns.
pub fn patterns<T>(texts: &[String], parse: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    texts.iter().map(|text| parse(text)).collect()
}

impl Plan {
    fn form(&self) -> Form {
        match self.form {
            ListingFormatArgs { json: true, .. } => Form::Json,
            ListingFormatArgs { jsonl: true, .. } => Form::JsonLines,
            ListingFormatArgs { csv: true, .. } => Form::Csv,
            ListingFormatArgs { tsv: true, .. } => Form::Tsv,
            _ => Form::Table,
        }
    }

    /// Lists, and prints: by `of_account` while it runs, where the form allows it, otherwise
    /// by `of_all` at the end.
    pub fn run(
        &self,
        ctx: &Context,
        of_account: impl for<'a> Fn(&'a Account) -> Vec<Vec<Cell<'a>>>,
        of_all: impl for<'a> Fn(&'a Inventory) -> Vec<Vec<Cell<'a>>>,
    ) -> Result<u8> {
        let form = self.form();
        let request = Request::from(self.session.clone());
        let instance = resolve::instance(ctx, &request)?;
        let mut sheet = Sheet {
            form,
            columns: &self.columns,
            header: form.is_by_line() && !self.form.no_header,
            count: 0,
        };
        let streams = form.is_by_line() && !self.sorted;
        let kept = self.kept(ctx, &instance.session);
        let inventory = match kept {
            Some(kept) => {
                if streams {
                    for account in kept.accounts_of(&self.accounts) {
                        sheet.print(&of_account(account))?;
                    }
                }
                kept
            }
            None => {
                let mut failed = None;
                let mut each = |account: &Account, progress: &mut Progress| {
                    if !streams {
                        return ControlFlow::Continue(());
                    }
                    let rows = of_account(account);
                    if !rows.is_empty() {
                        progress.clear();
                    }
                    match sheet.print(&rows) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(error) => {
                            failed = Some(error);
                            ControlFlow::Break(())
                        }
                    }
                };
                let filter = ListingFilter {
                    accounts: self.accounts.clone(),
                    roles: self.roles.is_some(),
                };
                let listed = watched(ctx, &instance, &filter, &mut each, &mut || ());
                if let Some(error) = failed {
                    return Err(error);
                }
                listed?
            }
        };
        if !streams {
            let rows = of_all(&inventory);
            sheet.count = rows.len();
            output::print(&table::whole(
                form,
                &self.columns,
                &rows,
                !self.form.no_header,
            ))?;
        } else if sheet.count == 0 {
            sheet.print(&[])?;
        }
        if sheet.count == 0 && inventory.missing.is_empty() {
            output::eprintln(self.nothing(&inventory));
        }
        complete(&inventory).map(|()| 0)
    }

    /// What is kept, where it may be used, with its age said.
    fn kept(&self, ctx: &Context, session: &Session) -> Option<Inventory> {
        let kept = listing::fresh(ctx, session).filter(|_| !self.refresh)?;
        // An account that was given a minute ago is in no older listing.
        let ids = AccountPattern::ids(&self.accounts).unwrap_or_default();
        if ids.iter().any(|id| kept.account(id).is_none()) {
            return None;
        }
        let age = format_duration(kept.age(ctx.now())?);
        output::eprintln(&format!("sso: as listed {age} ago; --refresh asks anew"));
        Some(kept)
    }

    fn nothing(&self, inventory: &Inventory) -> &'static str {
        let chosen = !self.accounts.is_empty() || self.roles.iter().any(|it| !it.is_empty());
        match (chosen, inventory.accounts.is_empty()) {
            (false, true) => "sso: no account is assigned to you",
            (false, false) => "sso: no role is assigned to you",
            (true, _) => "sso: nothing fits; capitals count, (?i) before a pattern ignores them",
        }
    }
}

/// All that a session may use, asked now; an error where that is not complete. `each` is told
/// of every account as soon as its roles are known, and may break the listing off.
pub fn everything(
    ctx: &Context,
    instance: &Instance,
    mut each: impl FnMut(&Account) -> Result<()>,
) -> Result<Inventory> {
    // Whoever writes profiles needs the whole configuration, which may hold thousands: it is
    // read while the portal has something to do. Its errors come up where it is needed.
    let mut meanwhile = || drop(ctx.view());
    let mut failed = None;
    let mut watch = |account: &Account, _: &mut Progress| match each(account) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    let filter = ListingFilter::everything();
    let listed = watched(ctx, instance, &filter, &mut watch, &mut meanwhile);
    if let Some(error) = failed {
        return Err(error);
    }
    let inventory = listed?;
    complete(&inventory).map(|()| inventory)
}

/// The same, complete or not.
pub fn asked(ctx: &Context, instance: &Instance) -> Result<Inventory> {
    let mut each = |_: &Account, _: &mut Progress| ControlFlow::Continue(());
    watched(
        ctx,
        instance,
        &ListingFilter::everything(),
        &mut each,
        &mut || (),
    )
}

/// A listing that says how far it is. `meanwhile` is called once the portal has more to do
/// than we, and again and again.
fn watched(
    ctx: &Context,
    instance: &Instance,
    filter: &ListingFilter,
    each: &mut dyn FnMut(&Account, &mut Progress) -> ControlFlow<()>,
    meanwhile: &mut dyn FnMut(),
) -> Result<Inventory> {
    let mut progress = Progress::new();
    let mut watch = |event: Event| {
        match event {
            Event::Account(account) => return each(account, &mut progress),
            Event::Progress { read, known } => {
                progress.tell(|| format!("sso: {read} of {known} accounts are read"));
                if known > 0 {
                    meanwhile();
                }
            }
            Event::Waiting(pid) => output::eprintln(&format!(
                "sso: waiting for process {pid}, which is listing already"
            )),
        }
        ControlFlow::Continue(())
    };
    listing::list(ctx, instance, filter, &mut watch)
}

/// Rows on their way to stdout.
struct Sheet<'a> {
    form: Form,
    columns: &'a [Column],
    /// Whether the header is still to be printed.
    header: bool,
    count: usize,
}

impl Sheet<'_> {
    fn print(&mut self, rows: &[Vec<Cell>]) -> Result<()> {
        let mut text = String::new();
        if std::mem::take(&mut self.header) {
            text += &table::header(self.form, self.columns);
        }
        for row in rows {
            text += &table::line(self.form, self.columns, row);
        }
        self.count += rows.len();
        output::print(&text)
    }
}

/// Says what is missing.
pub fn complete(inventory: &Inventory) -> Result<()> {
    if inventory.missing.is_empty() {
        return Ok(());
    }
    let mut reasons: Vec<(&Missing, Vec<&str>)> = Vec::new();
    for missing in &inventory.missing {
        let same = |(it, _): &&mut (&Missing, Vec<&str>)| {
            let whole = it.account.is_none() == missing.account.is_none();
            whole && it.kind == missing.kind && it.detail == missing.detail
        };
        let account = missing.account.as_deref();
        match reasons.iter_mut().find(same) {
            Some((_, accounts)) => accounts.extend(account),
            None => reasons.push((missing, account.into_iter().collect())),
        }
    }
    for (missing, accounts) in &reasons {
        let what = if missing.account.is_some() {
            format!("the roles of {} could not be read", counted(accounts.len()))
        } else {
            "the list of accounts could not be read to its end".to_owned()
        };
        let kind = missing.kind.in_words();
        let names = named(accounts);
        output::eprintln(&format!(
            "warning: {what}: {kind}: {}{names}",
            missing.detail
        ));
    }
    let lost = inventory.missing.iter();
    let lost = lost.filter(|missing| missing.account.is_some()).count();
    let what = match lost {
        0 => "the list of accounts broke off".to_owned(),
        lost => format!(
            "{} of {} could not be read",
            counted(lost),
            inventory.accounts.len()
        ),
    };
    let forbidden = |missing: &Missing| missing.kind == FailureKind::Forbidden;
    let hint = match inventory.missing.iter().all(forbidden) {
        true => "`sso accounts` lists the accounts that you may use; what was read is shown",
        false => "run this again; what was read is shown",
    };
    Err(Error::new(
        ErrorKind::Service,
        format!("the listing is not complete: {what}"),
    )
    .hint(hint))
}

fn counted(accounts: usize) -> String {
    match accounts {
        1 => "1 account".to_owned(),
        several => format!("{several} accounts"),
    }
}

fn named(accounts: &[&str]) -> String {
    let first = accounts.iter().take(NAMED).copied();
    let names = first.collect::<Vec<&str>>().join(", ");
    match accounts.len() {
        0 => String::new(),
        some if some <= NAMED => format!(" ({names})"),
        many => format!(" ({names} and {} more)", many - NAMED),
    }
}
