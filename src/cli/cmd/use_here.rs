//! `sso use`: writing a directory's file, or saying what applies here.

use serde_json::json;

use crate::cli::args::UseArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::dotfile::{Dotfile, NAME, Names, parse};
use crate::domain::target::precedence::{ProfileOrigin, choose_profile};
use crate::domain::target::request::Request;
use crate::domain::target::sso_role::label;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::{directory, listing, resolve};
use crate::os::dotfile as files;

use super::allow::{asked, store};

/// Runs it.
pub fn run(ctx: &Context, args: UseArgs) -> Result<u8> {
    let names = match (args.profile, args.account, args.role) {
        (Some(profile), _, _) => Names::Profile(profile),
        (None, Some(account), Some(role)) => Names::Role {
            session: args.session,
            account,
            role,
        },
        _ if args.region.is_some() || args.export_profile => {
            return Err(Error::usage("no profile and no role was given")
                .hint("run `sso use PROFILE`, or `sso use -a ID -r ROLE`"));
        }
        _ => return show(ctx, args.json),
    };
    let dotfile = Dotfile {
        names,
        region: args.region,
        export_profile: args.export_profile,
    };
    write(ctx, &dotfile, args.yes)
}

fn write(ctx: &Context, dotfile: &Dotfile, yes: bool) -> Result<u8> {
    let text = dotfile.to_text();
    // Whoever reads it will be as strict.
    if let Err(fault) = parse(text.as_bytes()) {
        return Err(
            Error::usage(format!("{NAME} cannot say that: {}", fault.what))
                .hint("give the profile a plainer name, or name it with -p or AWS_PROFILE"),
        );
    }
    let here = ctx
        .directory()
        .ok_or_else(|| Error::failure("the current directory is gone"))?;
    if files::directories(here, ctx.home(), |_| true)
        .next()
        .is_none()
    {
        return Err(Error::failure(format!(
            "{NAME} is not looked at in the home directory or in /, where it would rule everywhere"
        ))
        .hint("add a [default] profile to ~/.aws/config, or set AWS_PROFILE"));
    }
    let (role, session) = directory::means(ctx, dotfile)?;
    let earlier = directory::in_directory(ctx, here);
    let path = ctx.in_short(&here.join(NAME));
    let same = earlier
        .as_ref()
        .is_some_and(|place| place.says.as_ref() == Ok(dotfile));
    if !same {
        if let Some(earlier) = &earlier
            && !yes
        {
            let says = match &earlier.says {
                Ok(earlier) => earlier.to_text().trim_end().replace('\n', ", "),
                Err(why) => why.clone(),
            };
            output::eprintln(&format!("{path} says something else: {says}"));
            if !asked("Replace it?")? {
                return Err(Error::failure(format!("{path} was not replaced")));
            }
        }
        files::write(here, text.as_bytes()).map_err(|error| {
            Error::failure(format!("cannot write {path}: {error}"))
                .hint("look at it with `ls -l`, and at its directory")
        })?;
    }
    let place = directory::in_directory(ctx, here)
        .filter(|place| place.says.as_ref() == Ok(dotfile))
        .ok_or_else(|| Error::failure(format!("{path} is not what was written")))?;
    store(ctx, &place.allowed(ctx, &role, &session))?;
    output::eprintln(&format!("{path}: {}", label(&role)));
    Ok(0)
}

/// What applies here, and why.
fn show(ctx: &Context, json: bool) -> Result<u8> {
    let request = Request::default();
    let role = resolve::role(ctx, &request)?;
    let choice = choose_profile(&request, &|name| ctx.given(name));
    let (source, why) = match choice.map(|choice| choice.origin) {
        Some(ProfileOrigin::Variable(name)) => (name.to_owned(), format!("{name} is set")),
        _ => match directory::nearest(ctx) {
            Some(place) => (
                place.path.clone(),
                format!("by {}, which is trusted", place.shown),
            ),
            None => ("default".to_owned(), "by the default profile".to_owned()),
        },
    };
    let name = resolve::known_session(ctx, &role)
        .ok()
        .and_then(|session| listing::account_name(ctx, &session, &role.account));
    if json {
        let value = json!({
            "profile": role.profile,
            "account": role.account,
            "account_name": name,
            "role": role.role,
            "region": role.region,
            "session": role.session.label(),
            "source": source,
        });
        return output::print(&format!("{value:#}\n")).map(|()| 0);
    }
    let name = name.map_or_else(String::new, |name| {
        format!("  account {}\n", sanitize(&name))
    });
    output::print(&format!("{}\n{name}  {}\n", label(&role), sanitize(&why)))?;
    Ok(0)
}
