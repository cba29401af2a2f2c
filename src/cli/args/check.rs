//! Arguments of `check`.

use clap::{Arg, Args};

use super::target::TargetArgs;

#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(
    after_help = "\
Looks, in this order, at the configuration, the Identity Center instance, the network to it, \
the clock, the sign-in, the account, the role, its credentials and whose they are, and then at \
traps: what works here and will surprise you elsewhere. It goes on as far as it can, and says \
what it could not look at. Each finding says what, where, and what to do.

  sso check                                  what a command without options would use
  sso check -p dev                           a profile
  sso check -a 111122223333 -r ReadOnly      an account, by its id or exact name, and a role
  sso check -r ReadOnly                      in which accounts there is a role
  sso check -q || sso check                  nothing where all is well
  sso check --json | jq '.stages[].findings[]'

It changes nothing, but that an access token that has ended is renewed, as by any command. \
Nothing is signed in, deleted or stored, and no secret is shown. Exit codes: 0 all is well; \
100 configuration; 101 no instance, 102 none matches, 103 several; 110 to 113 network; 120 \
clock; 201 sign-in; 202 account; 203, 204 role; 205 credentials; 206 identity; 207 the service \
fails; 220 with --strict: warnings only. sso-check(1) lists them.",
    mut_args(reword_target)
)]
pub struct CheckArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Exit with 220 where there are warnings and nothing worse
    #[arg(long)]
    pub strict: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print nothing; the exit code says it
    #[arg(short, long)]
    pub quiet: bool,
}

/// Words the shared options whose meaning differs for `check`.
fn reword_target(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "account" => arg
            .value_name("ID|NAME")
            .help("Account id or exact name, instead of the profile's"),
        "region" => arg.help("Region whose STS is asked, instead of the profile's"),
        _ => arg,
    }
}
