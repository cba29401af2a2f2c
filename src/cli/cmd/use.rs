//! `sso use`: writes the `.aws-sso` file of the current directory, or shows the role that applies
//! there.

use serde_json::json;

use crate::cli::args::UseArgs;
use crate::cli::ui::{output, questions};
use crate::context::Context;
use crate::domain::directory::dotfile::{Dotfile, Selection};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::dotfile::{CurrentRole, DotfileDraft, RoleSource, current_role};

pub fn run(ctx: &Context, args: UseArgs) -> Result<u8> {
    let selection = match (args.profile, args.account, args.role) {
        (Some(profile), _, _) => Selection::Profile(profile),
        (None, Some(account), Some(role)) => Selection::Role {
            session: args.session,
            account,
            role,
        },
        _ if args.region.is_some() || args.export_profile => {
            return Err(Error::usage("no profile and no role was given")
                .hint("run `sso use PROFILE`, or `sso use -a ID -r ROLE`"));
        }
        _ => {
            output::print(&current_role(ctx).map(|it| describe(&it, args.json))?)?;
            return Ok(0);
        }
    };
    let dotfile = Dotfile {
        selection,
        region: args.region,
        export_profile: args.export_profile,
    };
    let draft = DotfileDraft::new(ctx, &dotfile)?;
    let path = &draft.path;
    if let Some(content) = draft.replaced_content().filter(|_| !args.yes) {
        output::eprintln(&format!("{path} says something else: {content}"));
        if !questions::confirm("Replace it?")? {
            return Err(Error::declined(format!("{path} was not replaced")));
        }
    }
    draft.write(ctx)?;
    output::eprintln(&format!("{path}: {}", draft.target.label()));
    Ok(0)
}

fn describe(current: &CurrentRole, json: bool) -> String {
    let CurrentRole {
        target,
        account_name,
        source,
    } = current;
    if json {
        let value = json!({
            "profile": target.profile,
            "account": target.id.account,
            "account_name": account_name,
            "role": target.id.role,
            "region": target.region,
            "session": target.id.session.label(),
            "source": match source {
                RoleSource::Variable(name) => name,
                RoleSource::Dotfile { path, .. } => path.as_str(),
                RoleSource::DefaultProfile => "default",
            },
        });
        return format!("{value:#}\n");
    }
    let account = account_name.as_ref().map_or_else(String::new, |name| {
        format!("  account {}\n", sanitize(name))
    });
    let reason = match source {
        RoleSource::Variable(name) => format!("{name} is set"),
        RoleSource::Dotfile { shown, .. } => format!("by {shown}, which is trusted"),
        RoleSource::DefaultProfile => "by the default profile".to_owned(),
    };
    format!("{}\n{account}  {}\n", target.label(), sanitize(&reason))
}
