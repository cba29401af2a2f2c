//! Arguments of `console`.

use clap::Args;

use super::target::{TargetArgs, non_empty};
use crate::domain::role::console::duration;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
By default the AWS access portal leads to the console: the link holds no secret and needs no \
credentials here, the browser's own sign-in to the portal counts, and several accounts can be \
open beside each other. With --federate the role's credentials sign in; where the portal cannot \
be reached by the browser, or should not be asked, that is the way.

  sso console -p dev                              the console of a profile's role
  sso console -p dev --destination s3             a service there
  sso console -p dev --destination /lambda/home   a page there
  sso console -p dev --print                      the link, to send it to a colleague
  sso console -p dev --federate --duration 8h     signed in with the role's credentials
  sso console -p prod --firefox-container prod    in a container of Firefox

The address of --federate is a secret for as long as its token lives, 15 minutes: it reaches the \
browser by a redirect that works once. Environment: BROWSER.")]
pub struct ConsoleArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Where to go: a service, a path, or an https address in the console
    #[arg(short, long, value_name = "PATH|SERVICE|URL", value_parser = non_empty)]
    pub destination: Option<String>,
    /// Print the address instead of opening a browser
    #[arg(long, conflicts_with_all = ["firefox_container", "browser_profile"])]
    pub print: bool,
    /// Sign in with the role's credentials instead of by the access portal
    #[arg(long)]
    pub federate: bool,
    /// With --federate: how long the console's session lasts, 15m to 12h [default: as long as the credentials]
    #[arg(long, value_name = "TIME", requires = "federate", value_parser = duration)]
    pub duration: Option<u32>,
    /// With --federate: end the browser's session with the console before
    #[arg(long, requires = "federate")]
    pub logout_first: bool,
    /// Never sign in to the session; exit 4 instead
    #[arg(long, requires = "federate")]
    pub no_login: bool,
    /// Answer yes where SSO_PROTECT asks
    #[arg(short, long)]
    pub yes: bool,
    /// Open in this container of Firefox; needs the extension "Open external links in a container"
    #[arg(long, value_name = "NAME", conflicts_with = "browser_profile", value_parser = non_empty)]
    pub firefox_container: Option<String>,
    /// Open with this profile of Firefox, or this profile directory of Chromium
    #[arg(long, value_name = "NAME", value_parser = non_empty)]
    pub browser_profile: Option<String>,
}
