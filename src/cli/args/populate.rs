//! Arguments of `populate`.

use clap::Args;

use super::target::{NamedValue, SessionArgs, non_empty, one_of};
use crate::domain::profiles::naming::Case;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
CHOICE is [ROLE@]ACCOUNT: Prod, Admin@Prod, or Admin@ for a role in any account. ROLE and ACCOUNT \
are the patterns of `sso roles`; capitals count, (?i) before a pattern ignores them.

  sso populate --region eu-central-1 --dry-run      what would change
  sso populate --region eu-central-1                a profile for each role
  sso populate --include Prod --exclude 'Billing@'  some of them
  sso populate --region us-east-1 --region-for 'Prod=eu-central-1,eu-west-1'
  sso populate --name '{account_name|lower}-{role_name|trim:Access$|lower}'
  sso populate --prune                              and without those you lost

A name template has the places {account_name}, {account_id}, {role_name}, {region} and \
{short_region}, each with filters behind `|`: lower, upper, title, capitalize, casefold, trim:REGEX, \
replace:FROM:TO. Without one, names are put together from components as aws-sso-util does it: \
account_name,role_name,default_style_region with dots between them, the region from the second \
on. An account without a name is called by its id.

A generated profile has the key x_sso_session. Only such profiles are changed or removed, and \
of these only the keys named here: yours stay. --prune removes those whose role the complete \
listing does not grant any more, whatever --include says. Nothing is written where the listing \
is not complete, or where two roles would get one name. The file is replaced in one step, and what \
it held is kept beside it.")]
pub struct PopulateArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    /// Region of the profiles; several make a profile for each
    #[arg(long, value_name = "REGION", value_parser = non_empty, help_heading = "Profiles")]
    pub region: Vec<String>,
    /// Regions of some roles: CHOICE=REGION[,REGION…]; the first that fits counts
    #[arg(long, value_name = "RULE", value_parser = non_empty, help_heading = "Profiles")]
    pub region_for: Vec<String>,
    /// Only these roles; may be repeated
    #[arg(long, value_name = "CHOICE", value_parser = non_empty, help_heading = "Profiles")]
    pub include: Vec<String>,
    /// None of these roles; may be repeated
    #[arg(long, value_name = "CHOICE", value_parser = non_empty, help_heading = "Profiles")]
    pub exclude: Vec<String>,
    /// A key of every profile, such as output=json; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = non_empty, help_heading = "Profiles")]
    pub set: Vec<String>,
    /// Profiles that only call sso, instead of sso_session, account and role
    #[arg(long, help_heading = "Profiles")]
    pub credential_process: bool,
    #[command(flatten)]
    pub names: ProfileNameArgs,
    /// Show the changes instead of writing them
    #[arg(long)]
    pub dry_run: bool,
    /// Remove generated profiles whose role is not granted any more
    #[arg(long)]
    pub prune: bool,
    /// Take over profiles that aws-sso-util, granted or somebody by hand has made
    #[arg(long)]
    pub adopt: bool,
}

/// Options for the names of generated profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct ProfileNameArgs {
    /// Name template
    #[arg(long, value_name = "TEMPLATE", value_parser = non_empty, help_heading = "Names", conflicts_with_all = ["components", "separator", "include_region", "region_style", "trim_account_name", "trim_role_name", "account_name_case", "role_name_case", "profile_name_process"])]
    pub name: Option<String>,
    /// Components, separated by commas; an unknown one is taken literally
    #[arg(long, value_name = "LIST", value_parser = non_empty, help_heading = "Names")]
    pub components: Option<String>,
    /// What stands between components [default: .]
    #[arg(
        long,
        visible_alias = "sep",
        value_name = "TEXT",
        help_heading = "Names"
    )]
    pub separator: Option<String>,
    /// When the region is a part of the name [default: default]
    #[arg(long, value_name = "WHEN", value_parser = one_of(INCLUDE_REGION), help_heading = "Names")]
    pub include_region: Option<bool>,
    /// How default_style_region is written [default: short]
    #[arg(long, value_name = "STYLE", value_parser = one_of(REGION_STYLES), help_heading = "Names")]
    pub region_style: Option<bool>,
    /// What goes from an account's name; may be repeated
    #[arg(long, value_name = "REGEX", value_parser = non_empty, allow_hyphen_values = true, help_heading = "Names")]
    pub trim_account_name: Vec<String>,
    /// What goes from a role's name; may be repeated
    #[arg(long, value_name = "REGEX", value_parser = non_empty, allow_hyphen_values = true, help_heading = "Names")]
    pub trim_role_name: Vec<String>,
    /// Letters of an account's name, before it is trimmed
    #[arg(long, value_name = "CASE", value_parser = one_of(CASES), help_heading = "Names")]
    pub account_name_case: Option<Case>,
    /// Letters of a role's name, before it is trimmed
    #[arg(long, value_name = "CASE", value_parser = one_of(CASES), help_heading = "Names")]
    pub role_name_case: Option<Case>,
    /// A command that prints the name, or SKIP; it is given account name, account id, role, region, short region, and the region's index and count
    #[arg(long, value_name = "COMMAND", value_parser = non_empty, help_heading = "Names", conflicts_with_all = ["components", "separator"])]
    pub profile_name_process: Option<String>,
    /// In account names only blanks and brackets become a dash, as in aws-sso-util
    #[arg(long, help_heading = "Names", conflicts_with = "raw_account_names")]
    pub safe_account_names: bool,
    /// Account names as they are
    #[arg(long, help_heading = "Names")]
    pub raw_account_names: bool,
}

/// Values of `--include-region`: whether the name of the first region is included.
const INCLUDE_REGION: &[NamedValue<bool>] = &[
    (&["default"], "From the second region on", false),
    (&["always"], "Always", true),
];

/// Values of `--region-style`: whether the region is written in its long form.
const REGION_STYLES: &[NamedValue<bool>] = &[
    (&["short"], "euce1", false),
    (&["long"], "eu-central-1", true),
];

/// Values of `--account-name-case` and `--role-name-case`.
const CASES: &[NamedValue<Case>] = &[
    (
        &["capitalize"],
        "The first large, the others small",
        Case::Capitalize,
    ),
    (
        &["casefold"],
        "All small, as for a comparison",
        Case::Casefold,
    ),
    (&["lower"], "All small", Case::Lower),
    (&["title"], "The first of each word large", Case::Title),
    (&["upper"], "All large", Case::Upper),
];
