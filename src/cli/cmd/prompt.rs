//! `sso prompt`: what a shell prompt shows of the credentials that are loaded.
//!
//! It runs at every prompt, so it reads the environment, and files only for what is not
//! there. Shells evaluate what a prompt holds, so nothing but plain characters comes out.

use serde_json::json;

use crate::cli::args::PromptArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::error::Result;
use crate::flow::loaded_credentials::{self, Loaded};

use crate::domain::directory::prompt::{Template, Values, plain};

const DEFAULT: &str = "{profile} {left}";

/// Runs it. Nothing loaded is nothing to show, and no failure.
pub fn run(ctx: &Context, args: PromptArgs) -> Result<u8> {
    let template = Template::parse(args.format.as_deref().unwrap_or(DEFAULT))?;
    let Some(loaded) = loaded_credentials::find(ctx) else {
        if args.json {
            output::print("null\n")?;
        }
        return Ok(0);
    };
    if args.json {
        let all = loaded.details(ctx, true);
        let value = json!({
            "profile": loaded.name,
            "account": all.account,
            "role": all.role,
            "region": loaded.region,
            "expires_at": loaded.expires_at.map(|at| at.to_string()),
            "state": all.state.name(),
        });
        output::print(&format!("{value:#}\n"))?;
        return Ok(0);
    }
    output::print(&(template.fill(&values(ctx, &loaded, &template)) + "\n"))?;
    Ok(0)
}

fn values(ctx: &Context, loaded: &Loaded, template: &Template) -> Values {
    let details = loaded.details(ctx, template.asks_for_role());
    let text = |value: Option<&str>| plain(value.unwrap_or_default());
    Values {
        profile: plain(&loaded.name),
        account: text(details.account.as_deref()),
        role: text(details.role.as_deref()),
        region: text(loaded.region.as_deref()),
        left: details.left,
        state: details.state.name().to_owned(),
    }
}
