//! `sso console`: opens the AWS console of a role in a browser.

use super::role_environment::{confirm_protected, sign_in_if};
use crate::cli::args::ConsoleArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::target::request::Request;
use crate::error::Result;
use crate::flow::console::{self, ConsoleLink, FederationOptions};
use crate::flow::resolve;
use crate::os::browser::BrowserProfile;
use crate::os::terminal;

pub fn run(ctx: &Context, args: ConsoleArgs) -> Result<u8> {
    let target = resolve::target(ctx, &Request::from(args.target))?;
    confirm_protected(ctx, &target, args.yes, "console")?;
    let destination = args.destination.as_deref();
    let link = if args.federate {
        let federation = FederationOptions {
            minutes: args.duration,
            first_out: args.logout_first,
            sign_in: sign_in_if(!args.no_login && terminal::is_interactive()),
        };
        console::federated_link(ctx, &target, destination, federation)?
    } else {
        console::portal_link(ctx, &target, destination)?
    };
    if args.print {
        let address = match &link {
            ConsoleLink::Portal(address) => address,
            ConsoleLink::SignedIn(address) => {
                output::warn(
                    "this address is a secret: whoever opens it within 15 minutes is signed in",
                );
                address.expose()
            }
        };
        output::print(&format!("{address}\n"))?;
        return Ok(0);
    }
    let who = match (args.firefox_container, args.browser_profile) {
        (Some(name), _) => BrowserProfile::Container(name),
        (None, Some(name)) => BrowserProfile::Named(name),
        (None, None) => BrowserProfile::Default,
    };
    output::eprintln(&format!("sso: opening the console of {}", target.label()));
    console::open(ctx, &link, &who)?;
    Ok(0)
}
