//! `sso trust`: lists the decisions about `.aws-sso` files, and removes outdated ones.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::args::{TrustArgs, TrustCommand};
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::trust::Decision;
use crate::domain::text::{counted, sanitize};
use crate::error::Result;
use crate::flow::trust::{self, RecordState, StoredDecision};

pub fn run(ctx: &Context, args: TrustArgs) -> Result<u8> {
    let (decisions, is_list, json) = match args.command {
        TrustCommand::List { json } => (trust::list(ctx)?, true, json),
        TrustCommand::Prune { json } => (trust::prune(ctx)?, false, json),
    };
    if json {
        output::print(&to_json(&decisions))?;
        return Ok(0);
    }
    output::print(&to_text(ctx, &decisions))?;
    if !is_list {
        output::eprintln(&format!("forgot {}", counted(decisions.len(), "file")));
    } else if decisions.is_empty() {
        output::eprintln("no .aws-sso file was allowed or denied yet");
    }
    Ok(0)
}

fn state_name(state: RecordState) -> &'static str {
    match state {
        RecordState::Denied => "denied",
        RecordState::Trusted => "trusted",
        RecordState::Changed => "changed",
        RecordState::Gone => "gone",
    }
}

fn to_json(decisions: &[StoredDecision]) -> String {
    let decisions: Vec<Value> = decisions
        .iter()
        .map(|StoredDecision { record, state }| {
            let (role, region, allowed_at) = match &record.decision {
                Decision::Denied => (None, None, None),
                Decision::Allowed {
                    role,
                    region,
                    allowed_at,
                    ..
                } => (Some(role), region.as_deref(), Some(allowed_at.as_str())),
            };
            json!({
                "path": record.path,
                "state": state_name(*state),
                "session": role.map(|role| role.id.session.label()),
                "account": role.map(|role| &role.id.account),
                "role": role.map(|role| &role.id.role),
                "region": region,
                "allowed_at": allowed_at,
            })
        })
        .collect();
    format!("{:#}\n", Value::from(decisions))
}

fn to_text(ctx: &Context, decisions: &[StoredDecision]) -> String {
    let mut text = String::new();
    for StoredDecision { record, state } in decisions {
        let path = ctx.display_path(Path::new(&record.path));
        let role = match &record.decision {
            Decision::Denied => String::new(),
            Decision::Allowed { role, .. } => {
                let id = &role.id;
                let (role, session) = (sanitize(&id.role), sanitize(id.session.label()));
                format!("  {role}@{} ({session})", id.account)
            }
        };
        text += &format!("{:<8} {path}{role}\n", state_name(*state));
    }
    text
}
