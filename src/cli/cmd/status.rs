//! `sso status`: shows sessions, their expiry and their cached roles.

use serde_json::{Value, json};

use super::each_session::select_one_or_all;
use crate::cli::args::StatusArgs;
use crate::cli::ui::colour::{Colour, Palette};
use crate::cli::ui::output;
use crate::cli::ui::text::{padded, width};
use crate::cli::{exit, hints};
use crate::context::Context;
use crate::domain::cache::key::RoleId;
use crate::domain::session::state::SessionState;
use crate::domain::text::sanitize;
use crate::domain::time::{Timestamp, format_duration};
use crate::error::Result;
use crate::flow::status::{self, Status};

pub fn run(ctx: &Context, args: StatusArgs) -> Result<u8> {
    let selected = select_one_or_all(ctx, args.name.as_deref(), args.session)?;
    let is_single = selected.len() == 1;
    let mut statuses = Vec::new();
    for session in selected {
        match session.and_then(|session| status::of(ctx, &session)) {
            Ok(status) => statuses.push(status),
            Err(error) if is_single => return Err(error),
            // A session that cannot be read must not hide the others.
            Err(_) if args.quiet => {}
            Err(error) => output::report(&error),
        }
    }
    if !args.quiet {
        let text = if args.json {
            to_json(&statuses)
        } else {
            to_text(&statuses, ctx.now(), Palette::for_stdout(ctx))
        };
        output::print(&text)?;
    }
    let is_usable = statuses.iter().any(|status| status.state.is_usable());
    Ok(if is_usable { 0 } else { exit::SIGN_IN })
}

fn to_json(statuses: &[Status]) -> String {
    let time = |at: Option<Timestamp>| at.map_or(Value::Null, |at| at.to_string().into());
    let sessions: Vec<Value> = statuses
        .iter()
        .map(|status| {
            let roles: Vec<Value> = status
                .roles
                .iter()
                .map(|(role, expires_at)| {
                    json!({"account": role.account, "role": role.role, "expires_at": expires_at.to_string()})
                })
                .collect();
            json!({
                "session": status.session.name,
                "start_url": status.session.start_url,
                "region": status.session.region,
                "state": status.state.name().replace(' ', "_"),
                "token_expires_at": time(status.token_expires_at),
                "refreshable": status.refreshable,
                "registration_expires_at": time(status.registration_expires_at),
                "roles": roles,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "sessions": sessions }))
}

fn to_text(statuses: &[Status], now: Timestamp, palette: Palette) -> String {
    let mut text = String::new();
    for status in statuses {
        let session = &status.session;
        let name = sanitize(session.name.as_deref().unwrap_or("(legacy profile)"));
        let url = sanitize(&session.start_url);
        text += &format!("{name}  {url}  {}\n", session.region);
        text += &format!("  {}\n", token_line(status, now, palette));
        if let Some(at) = status.registration_expires_at {
            text += &format!("  client registration {}\n", format_expiry(at, now));
        }
        let name = |role: &RoleId| sanitize(&role.role);
        let widths = status.roles.iter().map(|(role, _)| width(&name(role)));
        let max_width = widths.max().unwrap_or(0);
        for (role, at) in &status.roles {
            let (name, expiry) = (padded(&name(role), max_width), format_expiry(*at, now));
            text += &format!("  {}  {name}  {expiry}\n", role.account);
        }
    }
    text
}

fn token_line(status: &Status, now: Timestamp, palette: Palette) -> String {
    let login = hints::login_command(&status.session.selector());
    let left = status
        .token_expires_at
        .map(|at| format_expiry(at, now))
        .unwrap_or_default();
    let (state, colour, rest) = match status.state {
        SessionState::Valid => {
            let renewal = if status.refreshable {
                "renewed by itself"
            } else {
                "cannot be renewed"
            };
            ("signed in", Colour::Green, format!(" {left}, {renewal}"))
        }
        SessionState::Refreshable => (
            "renewable",
            Colour::Yellow,
            format!(": the access token {left} and is renewed at the next use"),
        ),
        SessionState::Expired => (
            "expired",
            Colour::Red,
            format!(": the access token {left}; run `{login}`"),
        ),
        SessionState::SignedOut => ("not signed in", Colour::Red, format!("; run `{login}`")),
        SessionState::Corrupt => (
            "the cached token cannot be read",
            Colour::Red,
            format!("; run `{login}`, which replaces it"),
        ),
    };
    palette.paint(state, colour) + &rest
}

fn format_expiry(at: Timestamp, now: Timestamp) -> String {
    let left = at.left(now);
    if left > 0 {
        format!("{} left (until {at})", format_duration(left))
    } else {
        format!("ended at {at}")
    }
}
