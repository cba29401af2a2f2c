//! `sso exec`: becoming the command.

use crate::cli::args::ExecArgs;
use crate::context::Context;
use crate::domain::role::variables::{Change, changes};
use crate::domain::target::profile::Profile;
use crate::error::Result;
use crate::flow::{credentials, resolve};
use crate::os::{process, terminal};

use super::target;

/// Runs it; returns only when the command could not be run.
pub fn run(ctx: &Context, args: ExecArgs) -> Result<u8> {
    let sign_in = target::sign_in(!args.no_login && terminal::is_there());
    let target = resolve::target(ctx, &args.target.into())?;
    let credentials = credentials::get(ctx, &target, sign_in)?;
    target::tell_about_region(ctx, &target);
    target::tell_about_confirm(ctx, &target);
    let names = ctx.var_names();
    let changes = changes(&target, &credentials, names.iter().map(String::as_str));
    let mut set: Vec<(&str, &str)> = Vec::new();
    let mut remove: Vec<String> = Vec::new();
    for change in &changes {
        match change {
            Change::Set(name, value) => set.push((name, value.expose())),
            Change::Remove(name) => remove.push(name.clone()),
        }
    }
    let (program, arguments) = match args.command.split_first() {
        Some((program, arguments)) => (program.clone(), arguments),
        None => (
            ctx.var_os("SHELL").unwrap_or_else(|| "/bin/sh".into()),
            &[][..],
        ),
    };
    let error = process::replace(&program, arguments, &set, &remove);
    let is_profile = |name: &&str| {
        ctx.view()
            .is_ok_and(|view| Profile::find(name, &view).is_some())
    };
    Err(match program.to_str().filter(is_profile) {
        Some(name) => error.hint(format!(
            "{name} is a profile: use `sso exec -p {name} -- …`"
        )),
        None => error,
    })
}
