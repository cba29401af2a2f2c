//! Arguments of `configure`.

use clap::Args;

use super::target::non_empty;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Asks for what the options do not say: the start URL and region of a session that is not \
configured yet, then account and role in a list that narrows down as you type, region, output \
and the profile's name. Signs in only to list what you may use. With --yes nothing is asked, \
and what has no default must be given.

  sso configure                            step by step
  sso configure dev -a 111122223333 -r Admin --region eu-west-1 --yes
  sso configure dev --start-url https://corp.awsapps.com/start --sso-region eu-west-1
  sso configure --pick dev                 another account or role for a profile
  sso configure --migrate --dry-run        legacy profiles in sso-sessions, as a diff

In ~/.aws/config only the keys that differ change: comments, order and everything else stay. \
What it held before is kept in config.sso.bak beside it. Without a terminal, questions are \
answered by lines of the standard input.")]
pub struct ConfigureArgs {
    /// The profile; with --migrate several, or none for all legacy ones
    #[arg(value_name = "PROFILE", value_parser = non_empty)]
    pub profiles: Vec<String>,
    /// Choose account and role anew for a profile that is there
    #[arg(long, conflicts_with_all = ["migrate", "session", "start_url"])]
    pub pick: bool,
    /// Move legacy profiles (sso_start_url in the profile) to sso-sessions
    #[arg(long, conflicts_with_all = ["start_url", "account", "role", "region", "output"])]
    pub migrate: bool,
    /// Session to use, or to make
    #[arg(short, long, value_name = "NAME", help_heading = "Session", value_parser = non_empty)]
    pub session: Option<String>,
    /// Start URL of the session
    #[arg(long, value_name = "URL", help_heading = "Session", value_parser = non_empty)]
    pub start_url: Option<String>,
    /// Region of the Identity Center instance, where the start URL does not say it
    #[arg(long, value_name = "REGION", help_heading = "Session", requires = "start_url", value_parser = non_empty)]
    pub sso_region: Option<String>,
    /// Scopes of a new session, separated by commas [default: sso:account:access]
    #[arg(long, value_name = "SCOPES", help_heading = "Session", requires = "start_url", value_parser = non_empty)]
    pub scopes: Option<String>,
    /// Account id, or a pattern as `sso roles` takes it
    #[arg(short, long, value_name = "PATTERN", help_heading = "Profile", value_parser = non_empty)]
    pub account: Option<String>,
    /// Role (permission set)
    #[arg(short, long, value_name = "NAME", help_heading = "Profile", value_parser = non_empty)]
    pub role: Option<String>,
    /// Region of the profile
    #[arg(long, value_name = "REGION", help_heading = "Profile", value_parser = non_empty)]
    pub region: Option<String>,
    /// Output of the AWS CLI, such as json
    #[arg(long, value_name = "FORM", help_heading = "Profile", value_parser = non_empty)]
    pub output: Option<String>,
    /// List accounts and roles anew, however young the last listing is
    #[arg(long, conflicts_with = "migrate")]
    pub refresh: bool,
    /// Sign in with a code to type on any device
    #[arg(long, conflicts_with = "migrate")]
    pub device_code: bool,
    /// Print the address of a sign-in instead of opening a browser
    #[arg(long, conflicts_with = "migrate")]
    pub no_browser: bool,
    /// Show as a diff what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Ask nothing; change a profile that is there
    #[arg(short, long)]
    pub yes: bool,
}
