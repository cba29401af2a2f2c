//! `sso prompt`: prints a segment for the shell prompt about the loaded credentials.
//!
//! It runs at each prompt, so it reads files only for values that the environment lacks. Shells
//! evaluate the text of a prompt, so values are reduced to plain characters.

use serde_json::json;

use crate::cli::args::PromptArgs;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::prompt::{PromptField, PromptTemplate, shell_safe};
use crate::domain::session::state::SessionState;
use crate::error::Result;
use crate::flow::loaded_credentials;

/// Format without `--format`.
const DEFAULT_FORMAT: &str = "{profile} {left}";

/// Prints the segment; prints nothing and succeeds where no credentials are loaded.
pub fn run(ctx: &Context, args: PromptArgs) -> Result<u8> {
    let template = PromptTemplate::parse(args.format.as_deref().unwrap_or(DEFAULT_FORMAT))?;
    let Some(loaded) = loaded_credentials::find(ctx) else {
        if args.json {
            output::print("null\n")?;
        }
        return Ok(0);
    };
    if args.json {
        let details = loaded.details(ctx, true);
        let value = json!({
            "profile": loaded.name,
            "account": details.account,
            "role": details.role,
            "region": loaded.region,
            "expires_at": loaded.expires_at.map(|at| at.to_string()),
            "state": details.state.map(SessionState::name),
        });
        output::print(&format!("{value:#}\n"))?;
        return Ok(0);
    }
    let details = loaded.details(ctx, template.has_role());
    let text = |value: Option<&str>| shell_safe(value.unwrap_or_default());
    let segment = template.render(|field| match field {
        PromptField::Profile => shell_safe(&loaded.name),
        PromptField::Account => text(details.account.as_deref()),
        PromptField::Role => text(details.role.as_deref()),
        PromptField::Region => text(loaded.region.as_deref()),
        PromptField::Left => details.left.clone(),
        PromptField::State => text(details.state.map(SessionState::name)),
    });
    let segment = match args.format {
        Some(_) => &segment,
        // The time left may be unknown.
        None => segment.trim_end(),
    };
    output::print(&format!("{segment}\n"))?;
    Ok(0)
}
