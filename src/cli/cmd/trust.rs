//! `sso trust`: which files were allowed or denied, and forgetting those that changed.

use std::path::Path;

use serde_json::{Value, json};

use super::allow::records;
use crate::cli::args::{TrustArgs, TrustCommand};
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::trust::{Decision, Record, TrustState};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::flow::directory;

/// Runs it.
pub fn run(ctx: &Context, args: TrustArgs) -> Result<u8> {
    match args.command {
        TrustCommand::List { json } => list(ctx, json),
        TrustCommand::Prune { json } => prune(ctx, json),
    }
}

/// A record, and how what stands at its path is to it now.
struct Entry {
    record: Record,
    state: &'static str,
}

fn entries(ctx: &Context) -> Result<Vec<Entry>> {
    let store = records(ctx)?;
    let directory = || ctx.in_short(store.directory());
    let kept = store
        .records()
        .map_err(|error| Error::failure(format!("cannot read {}: {error}", directory())))?;
    let entries = kept.into_iter().map(|record| Entry {
        state: state(ctx, &record),
        record,
    });
    Ok(entries.collect())
}

fn state(ctx: &Context, record: &Record) -> &'static str {
    let directory = Path::new(&record.path).parent().unwrap_or(Path::new("/"));
    let place = directory::in_directory(ctx, directory);
    match (&record.said, place) {
        (Decision::Denied, _) => "denied",
        (Decision::Allowed { .. }, None) => "gone",
        (Decision::Allowed { .. }, Some(place)) => {
            let means_the_same = place.standing == TrustState::Trusted && place.role(ctx).is_ok();
            if means_the_same { "trusted" } else { "changed" }
        }
    }
}

fn list(ctx: &Context, json: bool) -> Result<u8> {
    let entries = entries(ctx)?;
    if json {
        return output::print(&to_json(&entries)).map(|()| 0);
    }
    if entries.is_empty() {
        output::eprintln("no .aws-sso file was allowed or denied yet");
    }
    output::print(&to_text(ctx, &entries))?;
    Ok(0)
}

fn prune(ctx: &Context, json: bool) -> Result<u8> {
    let entries = entries(ctx)?.into_iter();
    let old: Vec<Entry> = entries
        .filter(|entry| matches!(entry.state, "changed" | "gone"))
        .collect();
    let store = ctx.store().trust();
    for Entry { record, .. } in &old {
        store.forget(&record.path).map_err(|error| {
            let path = sanitize(&record.path);
            Error::failure(format!("cannot forget {path}: {error}"))
        })?;
    }
    if json {
        return output::print(&to_json(&old)).map(|()| 0);
    }
    output::print(&to_text(ctx, &old))?;
    let files = if old.len() == 1 { "file" } else { "files" };
    output::eprintln(&format!("forgot {} {files}", old.len()));
    Ok(0)
}

fn to_json(entries: &[Entry]) -> String {
    let entries: Vec<Value> = entries
        .iter()
        .map(|Entry { record, state }| {
            let (meaning, region, at) = match &record.said {
                Decision::Denied => (None, None, None),
                Decision::Allowed {
                    meaning,
                    region,
                    at,
                    ..
                } => (Some(meaning), region.as_deref(), Some(at.as_str())),
            };
            json!({
                "path": record.path,
                "state": state,
                "session": meaning.map(|meaning| &meaning.session),
                "account": meaning.map(|meaning| &meaning.account),
                "role": meaning.map(|meaning| &meaning.role),
                "region": region,
                "allowed_at": at,
            })
        })
        .collect();
    format!("{:#}\n", Value::from(entries))
}

fn to_text(ctx: &Context, entries: &[Entry]) -> String {
    let mut text = String::new();
    for Entry { record, state } in entries {
        let path = ctx.in_short(Path::new(&record.path));
        let what = match &record.said {
            Decision::Denied => String::new(),
            Decision::Allowed { meaning, .. } => {
                let (role, session) = (sanitize(&meaning.role), sanitize(&meaning.session));
                format!("  {role}@{} ({session})", meaning.account)
            }
        };
        text += &format!("{state:<8} {path}{what}\n");
    }
    text
}
