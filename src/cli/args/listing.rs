//! Arguments of `roles` and `accounts`.

use clap::Args;

use super::target::{NamedValue, SessionArgs, non_empty, one_of};
use crate::domain::listing::role_selection::RowOrder;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
PATTERN is an account id, the beginning or the end of one, or a regular expression that is \
looked for in the account's name. REGEX is looked for in the role's name: Admin finds \
ReadOnlyAdmin too, '^Admin$' does not. Capitals count; (?i) before a pattern ignores them. \
Several of one option mean any of them. Where all patterns are whole ids, only those accounts are \
asked for.

  sso roles                                 everything you may use
  sso roles --account Prod --role '^Admin'  a part of it
  sso roles --csv > roles.csv               for a spreadsheet
  sso roles --jsonl | jq -r .role           while it is being listed

A complete listing is kept for 24 hours; stderr says how old it is, and --refresh asks anew. \
--csv, --tsv and --jsonl print rows as they come, in the portal's order, unless --sort is \
given. Names are foreign input: the table and --csv show a control character as \u{fffd}, --tsv \
writes it as \\n, \\t or \\u001b, and a backslash as \\\\.

Exit code 1 also where something could not be read: what was read is printed.")]
pub struct RolesArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    /// Only accounts with this id or a name like this; may be repeated
    #[arg(short, long, value_name = "PATTERN", value_parser = non_empty)]
    pub account: Vec<String>,
    /// Only roles with a name like this; may be repeated
    #[arg(short, long, value_name = "REGEX", value_parser = non_empty)]
    pub role: Vec<String>,
    /// The order of rows, and of columns [default: name]
    #[arg(long, value_name = "ORDER", value_parser = one_of(ROLE_ORDERS))]
    pub sort: Option<RowOrder>,
    #[command(flatten)]
    pub format: ListingFormatArgs,
    /// Ask the portal, however young the last listing is
    #[arg(long)]
    pub refresh: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
PATTERN is an account id, the beginning or the end of one, or a regular expression that is \
looked for in the account's name. Not every account has a name or an address.

  sso accounts                              all accounts
  sso accounts --account Prod --json        a part of them, for programs

A complete listing of `sso roles` is used for 24 hours; stderr says how old it is, and \
--refresh asks anew. Forms and exit codes are those of `sso roles`.")]
pub struct AccountsArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    /// Only accounts with this id or a name like this; may be repeated
    #[arg(short, long, value_name = "PATTERN", value_parser = non_empty)]
    pub account: Vec<String>,
    /// The order of rows, and of columns [default: name]
    #[arg(long, value_name = "ORDER", value_parser = one_of(ACCOUNT_ORDERS))]
    pub sort: Option<RowOrder>,
    #[command(flatten)]
    pub format: ListingFormatArgs,
    /// Ask the portal, however young the last listing is
    #[arg(long)]
    pub refresh: bool,
}

/// Output format of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct ListingFormatArgs {
    /// Print a JSON array of objects
    #[arg(long, help_heading = "Form")]
    pub json: bool,
    /// Print a JSON object on each line
    #[arg(long, help_heading = "Form", conflicts_with = "json")]
    pub jsonl: bool,
    /// Print comma-separated values (RFC 4180), with a header
    #[arg(long, help_heading = "Form", conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Print tab-separated values, with a header
    #[arg(long, help_heading = "Form", conflicts_with_all = ["json", "jsonl", "csv"])]
    pub tsv: bool,
    /// Leave out the header of the table, of --csv and of --tsv
    #[arg(long, help_heading = "Form")]
    pub no_header: bool,
}

/// Values of `sso roles --sort`. The aliases are those of aws-sso-util.
const ROLE_ORDERS: &[NamedValue<RowOrder>] = &[
    (
        &["name", "name,role"],
        "Account name, then role",
        RowOrder::NameRole,
    ),
    (
        &["id", "id,role"],
        "Account id, then role",
        RowOrder::IdRole,
    ),
    (
        &["role", "role,name"],
        "Role, then account name",
        RowOrder::RoleName,
    ),
    (
        &["role-id", "role,id"],
        "Role, then account id",
        RowOrder::RoleId,
    ),
];

/// Values of `sso accounts --sort`.
const ACCOUNT_ORDERS: &[NamedValue<RowOrder>] = &[
    (&["id"], "Account id", RowOrder::IdRole),
    (&["name"], "Account name", RowOrder::NameRole),
];
