//! The command line as data, and what its help says.
//!
//! Definitions only: clap reads them, `hot` builds the same values by hand, and the
//! commands take them apart.

mod check;
mod complete;
mod configure;
mod console;
mod credentials;
mod directory;
mod listing;
mod populate;

use clap::{Args, Parser, Subcommand};

use crate::domain::target::request::Request;

pub use check::Check;
pub use complete::{Complete, Names};
pub use configure::Configure;
pub use console::Console;
pub use credentials::{CredentialProcess, EnvArgs, Exec, Format, Shell};
pub use directory::{
    Allow, CompletionShell, Completions, Deny, Hook, HookEnv, HookScript, HookShell, Prompt, Renew,
    Setup, Trust, TrustCommand, Use,
};
pub use listing::{AccountOrder, Accounts, FormArgs, RoleOrder, Roles};
pub use populate::{NameArgs, Populate};

/// Everything that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "sso",
    version,
    about = "Credentials for AWS IAM Identity Center: sign in once, use them everywhere",
    long_about = "Credentials for AWS IAM Identity Center: sign in once, use them everywhere.\n\n\
        sso reads ~/.aws/config and shares ~/.aws/sso/cache and ~/.aws/cli/cache with the AWS CLI v2 and \
        the SDKs: a sign-in by one serves all.",
    after_help = "\
Start here:
  sso login                             sign in to the session of your profile
  sso exec -p dev -- terraform plan     run a command with credentials
  eval \"$(sso env -p dev)\"              load them into this shell
  sso status                            what is signed in, and for how long

Exit codes: 0 done, 1 failed, 2 usage, 4 sign-in needed; exec: the command's own.",
    arg_required_else_help = true,
    subcommand_required = true
)]
pub struct Cli {
    /// Say on stderr what is decided and why; never a secret
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Sign in, or renew a sign-in
    Login(Login),
    /// Sign out of sessions, here and on the server
    Logout(Logout),
    /// Show sessions, their expiry and their cached role credentials
    Status(Status),
    /// List the accounts and roles that you may use
    Roles(Roles),
    /// List the accounts that you may use
    Accounts(Accounts),
    /// Write a profile for every role into ~/.aws/config
    Populate(Populate),
    /// Print credentials for `credential_process` in ~/.aws/config
    #[command(name = "credential-process", visible_alias = "credential_process")]
    CredentialProcess(CredentialProcess),
    /// Run a command with credentials in its environment
    Exec(Exec),
    /// Print credentials as statements for a shell
    Env(EnvArgs),
    /// Find out what works, what does not, and why
    Check(Check),
    /// Open the AWS console of a role in a browser
    Console(Console),
    /// Choose the profile or role of this directory, or show what applies here
    Use(Use),
    /// Write a profile into ~/.aws/config, step by step or by options
    Configure(Configure),
    /// Trust a directory's .aws-sso file
    Allow(Allow),
    /// Ignore a directory's .aws-sso file
    Deny(Deny),
    /// Show and clear up which .aws-sso files are trusted
    Trust(Trust),
    /// Print the shell hook that loads credentials by directory
    Hook(Hook),
    /// Add the hook and the completions to the shell's start-up file
    Setup(Setup),
    /// Print a segment for the shell prompt
    Prompt(Prompt),
    /// Print the completions of a shell
    Completions(Completions),
    /// Run by the hooks
    #[command(hide = true)]
    HookEnv(HookEnv),
    /// Run by the hooks in the background
    #[command(hide = true)]
    Renew(Renew),
    /// Run by the completion scripts
    #[command(hide = true)]
    Complete(Complete),
}

/// Which session, account, role and region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct TargetArgs {
    /// Profile in ~/.aws/config [default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"]
    #[arg(short, long, value_name = "NAME", help_heading = "Target", value_parser = filled)]
    pub profile: Option<String>,
    /// Account id, instead of the profile's
    #[arg(short, long, value_name = "ID", help_heading = "Target", value_parser = filled)]
    pub account: Option<String>,
    /// Role (permission set), instead of the profile's
    #[arg(short, long, value_name = "NAME", help_heading = "Target", value_parser = filled)]
    pub role: Option<String>,
    /// sso-session in ~/.aws/config, instead of the profile's
    #[arg(short, long, value_name = "NAME", help_heading = "Target", conflicts_with = "start_url", value_parser = filled)]
    pub session: Option<String>,
    /// Start URL, instead of a session's name
    #[arg(long, value_name = "URL", help_heading = "Target", value_parser = filled)]
    pub start_url: Option<String>,
    /// Region of the Identity Center instance, with --start-url
    #[arg(long, value_name = "REGION", help_heading = "Target", requires = "start_url", value_parser = filled)]
    pub sso_region: Option<String>,
    /// Region to hand on, instead of the profile's
    #[arg(long, value_name = "REGION", help_heading = "Target", value_parser = filled)]
    pub region: Option<String>,
}

/// Which sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct SessionArgs {
    /// The session of this profile
    #[arg(short, long, value_name = "NAME", help_heading = "Session", value_parser = filled)]
    pub profile: Option<String>,
    /// sso-session in ~/.aws/config
    #[arg(short, long, value_name = "NAME", help_heading = "Session", conflicts_with = "start_url", value_parser = filled)]
    pub session: Option<String>,
    /// Start URL, instead of a session's name
    #[arg(long, value_name = "URL", help_heading = "Session", value_parser = filled)]
    pub start_url: Option<String>,
    /// Region of the Identity Center instance, with --start-url
    #[arg(long, value_name = "REGION", help_heading = "Session", requires = "start_url", value_parser = filled)]
    pub sso_region: Option<String>,
}

/// `sso login`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
A session with more than 15 minutes left needs nothing, one that can be renewed is renewed, \
and only otherwise a sign-in starts: in the browser where there is one (PKCE), otherwise with \
a code to type on any device.

  sso login                    the session of the current profile, or the only one
  sso login corp               a session by name, start URL or a part of them
  sso login --device-code      on a machine without a browser
  sso login --force            end the old session first, for a new full lifetime

Environment: SSO_LOGIN_FLOW=pkce|device, BROWSER.")]
pub struct Login {
    /// Names, start URLs, or parts of them
    #[arg(value_name = "SESSION", conflicts_with_all = ["session", "start_url"])]
    pub sessions: Vec<String>,
    /// Which session.
    #[command(flatten)]
    pub session: SessionArgs,
    /// All sessions, legacy profiles' too
    #[arg(long, conflicts_with_all = ["sessions", "profile", "session", "start_url"])]
    pub all: bool,
    /// Sign in even when signed in; ends the old session first
    #[arg(long)]
    pub force: bool,
    /// Show a code to type on any device; with --no-browser nothing opens here
    #[arg(long, visible_alias = "use-device-code")]
    pub device_code: bool,
    /// Print the address instead of opening a browser
    #[arg(long)]
    pub no_browser: bool,
}

/// `sso logout`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Removes the session's token and the role credentials that came from it, and ends the session \
on the server. Works without network, and touches nothing of other tools.")]
pub struct Logout {
    /// Names, start URLs, or parts of them
    #[arg(value_name = "SESSION", conflicts_with_all = ["session", "start_url"])]
    pub sessions: Vec<String>,
    /// Which session.
    #[command(flatten)]
    pub session: SessionArgs,
    /// All sessions, legacy profiles' too
    #[arg(long, conflicts_with_all = ["sessions", "profile", "session", "start_url"])]
    pub all: bool,
}

/// `sso status`
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Exit code 0: usable, that is valid or renewable; 4: a sign-in is needed. Without SESSION, 0 \
when at least one session is usable. Reads files only; no network.")]
pub struct Status {
    /// Name, start URL, or a part of them
    #[arg(value_name = "SESSION", conflicts_with_all = ["profile", "session", "start_url"])]
    pub name: Option<String>,
    /// Which session.
    #[command(flatten)]
    pub session: SessionArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print nothing; the exit code says it
    #[arg(short, long)]
    pub quiet: bool,
}

/// An option that is given must say something.
fn filled(text: &str) -> std::result::Result<String, String> {
    if text.is_empty() {
        Err("it is empty".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

impl From<TargetArgs> for Request {
    fn from(args: TargetArgs) -> Request {
        let TargetArgs {
            profile,
            account,
            role,
            session,
            start_url,
            sso_region,
            region,
        } = args;
        Request {
            profile,
            account,
            role,
            session,
            start_url,
            sso_region,
            region,
        }
    }
}

impl From<Request> for TargetArgs {
    fn from(request: Request) -> TargetArgs {
        let Request {
            profile,
            account,
            role,
            session,
            start_url,
            sso_region,
            region,
        } = request;
        TargetArgs {
            profile,
            account,
            role,
            session,
            start_url,
            sso_region,
            region,
        }
    }
}

impl From<SessionArgs> for Request {
    fn from(args: SessionArgs) -> Request {
        let SessionArgs {
            profile,
            session,
            start_url,
            sso_region,
        } = args;
        Request {
            profile,
            session,
            start_url,
            sso_region,
            ..Request::default()
        }
    }
}
