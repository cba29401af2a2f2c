//! Arguments of `login`, `logout` and `status`.

use clap::Args;

use super::target::SessionArgs;

/// Options that select one, several or all sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct SessionSelectionArgs {
    /// Session names, start URLs, or profile names
    #[arg(value_name = "SESSION", conflicts_with_all = ["session", "start_url"])]
    pub sessions: Vec<String>,
    #[command(flatten)]
    pub session: SessionArgs,
    /// All sessions, legacy profiles' too
    #[arg(long, conflicts_with_all = ["sessions", "profile", "session", "start_url"])]
    pub all: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
A session with more than 15 minutes left needs nothing, one that can be renewed is renewed, \
and only otherwise a sign-in starts: in the browser where there is one (PKCE), otherwise with \
a code to type on any device.

  sso login                    the session of the current profile, or the only one
  sso login corp               a session by name, start URL or profile, or a part of its name
  sso login --device-code      on a machine without a browser
  sso login --force            end the old session first, for a new full lifetime

Environment: SSO_LOGIN_FLOW=pkce|device, BROWSER.")]
pub struct LoginArgs {
    #[command(flatten)]
    pub selection: SessionSelectionArgs,
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

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Exit code 0: usable, that is valid or renewable; 4: a sign-in is needed. Without SESSION, 0 \
when at least one session is usable. Reads files only; no network.")]
pub struct StatusArgs {
    /// Session name, start URL, profile name, or a part of a session's
    #[arg(value_name = "SESSION", conflicts_with_all = ["profile", "session", "start_url"])]
    pub name: Option<String>,
    #[command(flatten)]
    pub session: SessionArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print nothing; the exit code says it
    #[arg(short, long)]
    pub quiet: bool,
}
