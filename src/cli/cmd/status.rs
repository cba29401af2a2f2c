//! `sso status`: what is signed in, as a table for people and as JSON for programs.

use serde_json::{Value, json};

use crate::cli::args::StatusArgs;
use crate::cli::ui::colour::{Colour, Palette};
use crate::cli::ui::columns::{padded, width};
use crate::cli::ui::output;
use crate::cli::{exit, hints};
use crate::context::Context;
use crate::domain::session::definition::Session;
use crate::domain::session::state::State;
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::domain::time::{Timestamp, format_duration};
use crate::error::Result;
use crate::flow::resolve;
use crate::flow::status::{self, Status};

/// Runs it.
pub fn run(ctx: &Context, args: StatusArgs) -> Result<u8> {
    let chosen = chosen(ctx, &args)?;
    let several = chosen.len() > 1;
    let mut found = Vec::new();
    for session in chosen {
        match session.and_then(|session| status::of(ctx, &session)) {
            Ok(status) => found.push(status),
            Err(error) if !several => return Err(error),
            // One that cannot be looked at must not hide the others.
            Err(_) if args.quiet => {}
            Err(error) => output::report(&error),
        }
    }
    if !args.quiet {
        let now = ctx.now();
        let text = if args.json {
            to_json(&found)
        } else {
            to_text(&found, now, Palette::for_stdout(ctx))
        };
        output::print(&text)?;
    }
    let usable = found.iter().any(|status| status.state.is_usable());
    Ok(if usable { 0 } else { exit::SIGN_IN })
}

fn chosen(ctx: &Context, args: &StatusArgs) -> Result<Vec<Result<Session>>> {
    let view = ctx.view()?;
    if let Some(word) = &args.name {
        return Ok(vec![sessions::by_word(word, &view)]);
    }
    let request = Request::from(args.session.clone());
    if request.profile.is_some() || request.names_session() {
        return Ok(vec![
            resolve::instance(ctx, &request).map(|instance| instance.session),
        ]);
    }
    let sessions = sessions::all(&view);
    if sessions.is_empty() {
        return Err(sessions::none(&view));
    }
    Ok(sessions)
}

fn to_json(found: &[Status]) -> String {
    let time = |at: Option<Timestamp>| at.map_or(Value::Null, |at| at.to_string().into());
    let sessions: Vec<Value> = found
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

fn to_text(found: &[Status], now: Timestamp, palette: Palette) -> String {
    let mut text = String::new();
    for status in found {
        let session = &status.session;
        let name = match &session.name {
            Some(name) => sanitize(name),
            None => "(legacy profile)".to_owned(),
        };
        text += &format!(
            "{name}  {}  {}\n",
            sanitize(&session.start_url),
            session.region
        );
        text += &format!("  {}\n", token_line(status, now, palette));
        if let Some(at) = status.registration_expires_at {
            text += &format!("  client registration {}\n", until(at, now));
        }
        let widths = status.roles.iter();
        let widths = widths.map(|(role, _)| width(&sanitize(&role.role)));
        let columns = widths.max().unwrap_or(0);
        for (role, at) in &status.roles {
            text += &format!(
                "  {}  {}  {}\n",
                role.account,
                padded(&sanitize(&role.role), columns),
                until(*at, now)
            );
        }
    }
    text
}

fn token_line(status: &Status, now: Timestamp, palette: Palette) -> String {
    let login = hints::login_command(&status.session.selector());
    let left = status
        .token_expires_at
        .map(|at| until(at, now))
        .unwrap_or_default();
    match status.state {
        State::Valid => {
            let more = if status.refreshable {
                "renewed by itself"
            } else {
                "cannot be renewed"
            };
            format!(
                "{} {left}, {more}",
                palette.paint("signed in", Colour::Green)
            )
        }
        State::Refreshable => format!(
            "{}: the access token {left} and is renewed at the next use",
            palette.paint("renewable", Colour::Yellow)
        ),
        State::Expired => format!(
            "{}: the access token {left}; run `{login}`",
            palette.paint("expired", Colour::Red)
        ),
        State::SignedOut => format!(
            "{}; run `{login}`",
            palette.paint("not signed in", Colour::Red)
        ),
        State::Corrupt => {
            format!(
                "{}; run `{login}`, which replaces it",
                palette.paint("the cached token cannot be read", Colour::Red)
            )
        }
    }
}

fn until(at: Timestamp, now: Timestamp) -> String {
    let left = at.left(now);
    if left > 0 {
        format!("{} left (until {at})", format_duration(left))
    } else {
        format!("ended at {at}")
    }
}
