//! `sso exec`: replaces itself by a command that gets credentials in its environment.
//!
//! `domain/role/environment_variables.rs` lists the variables that the command gets and loses.

use super::role_environment::{self, sign_in_if};
use crate::cli::args::ExecArgs;
use crate::context::Context;
use crate::domain::target::profile::Profile;
use crate::domain::target::request::option_text;
use crate::error::Result;
use crate::os::{process, terminal};

/// Runs the command; returns only if it cannot be run.
pub fn run(ctx: &Context, args: ExecArgs) -> Result<u8> {
    let sign_in = sign_in_if(!args.no_login && terminal::is_interactive());
    let changes = role_environment::load(ctx, args.target, sign_in, args.yes, "exec")?;
    let (program, arguments) = match args.command.split_first() {
        Some((program, arguments)) => (program.clone(), arguments),
        None => (
            ctx.var_os("SHELL").unwrap_or_else(|| "/bin/sh".into()),
            &[][..],
        ),
    };
    let error = process::exec(&program, arguments, &changes);
    let is_profile = |name: &&str| {
        ctx.view()
            .is_ok_and(|view| Profile::find(name, &view).is_some())
    };
    Err(match program.to_str().filter(is_profile) {
        Some(name) => error.hint(format!(
            "{name} is a profile: use `sso exec {} -- …`",
            option_text("-p", name)
        )),
        None => error,
    })
}
