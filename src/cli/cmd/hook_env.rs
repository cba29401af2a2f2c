//! `sso hook-env`: prints the statements that a shell with the hook evaluates at a prompt.

use crate::cli::args::{EnvFormat, EnvShell, HookEnvArgs};
use crate::cli::hints::{hook_line, login_command};
use crate::cli::shell;
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::directory::hook::credentials_plan::RenewalFailure;
use crate::domain::directory::hook::environment::ShellVariables;
use crate::domain::directory::hook::message::HookMessage;
use crate::domain::time::format_duration;
use crate::error::{Hint, Result};
use crate::flow::hook;

/// Runs the command. A prompt must never break, so a failure is at most a message.
pub fn run(context: impl FnOnce() -> Result<Context>, args: HookEnvArgs) -> Result<u8> {
    let Ok(ctx) = context() else {
        return Ok(0);
    };
    let prompt = hook::prompt(&ctx, shell_variables(args.variables), args.cached);
    let shell = EnvShell::from(args.shell);
    let saved = prompt.saved.iter();
    let mut text: String = saved
        .map(|name| shell::render_saving(name, shell))
        .collect();
    text += &shell::render(&prompt.changes, EnvFormat::Shell, shell)?;
    let restored = prompt.restored.iter();
    text.extend(restored.map(|name| shell::render_restoring(name, shell)));
    if shell == EnvShell::Fish {
        // fish splits captured output into lines, and joining them again costs it as much as
        // a process. Newlines within values are escaped, so these are between statements.
        text = text.replace('\n', " ");
    }
    output::print(&text)?;
    let quiet = ctx.var("SSO_HOOK_QUIET").unwrap_or_default();
    if let Some(message) = prompt.message {
        let is_shown = match quiet.as_str() {
            "" | "0" => true,
            "errors" => message.is_problem(),
            _ => false,
        };
        if is_shown {
            let line = hook_line(&message_text(&message), message_hint(&message).as_ref());
            output::eprintln(&format!("sso: {line}"));
        }
    }
    Ok(0)
}

/// Sorts the variables that a hook passes.
fn shell_variables(arguments: Vec<String>) -> ShellVariables {
    let mut variables = ShellVariables::default();
    for argument in arguments {
        match argument.strip_prefix("fixed:") {
            Some(name) => variables.fixed.push(name.to_owned()),
            None => variables.local.push(argument),
        }
    }
    variables
}

fn message_text(message: &HookMessage) -> String {
    match message {
        HookMessage::Loaded { role } => role.clone(),
        HookMessage::ProfileExported { role } => format!("{role} by AWS_PROFILE"),
        HookMessage::Unloaded { stays: None } => "unloaded".to_owned(),
        HookMessage::Unloaded {
            stays: Some(variable),
        } => format!("unloaded, but {variable} stays: it is read-only in this shell"),
        HookMessage::Renewing { role } => {
            format!("{role} is being renewed; its credentials load at the next prompt")
        }
        HookMessage::FileIgnored { file, reason } => format!("{file} is ignored: {reason}"),
        HookMessage::FileChanged { file } => {
            format!("{file} has changed since it was allowed")
        }
        HookMessage::FileUntrusted { file } => format!("{file} is not trusted"),
        HookMessage::Failed { reason } => reason.clone(),
        HookMessage::NotFetched { role, reason } => format!("{role} is not loaded: {reason}"),
        HookMessage::SessionExpired { session, .. } => format!("session {session} has expired"),
        HookMessage::NotRenewed {
            name,
            seconds_left,
            failure,
        } => {
            let left = format_duration(*seconds_left);
            let text = format!("{name} expires in {left} and cannot be renewed");
            match failure {
                RenewalFailure::SignIn(session) => {
                    format!("{text}; run `{}`", login_command(session))
                }
                RenewalFailure::Other(kind) => format!("{text}: {}", kind.description()),
            }
        }
        HookMessage::Protected { role, reason, .. } => {
            format!("{role} not loaded (protected): {reason}")
        }
        HookMessage::ForeignKeys { variable } => {
            format!("{variable} is set in this shell; leaving it alone and loading nothing")
        }
        HookMessage::ReadOnly { variable } => {
            format!("{variable} is read-only in this shell; loading nothing")
        }
        HookMessage::KeysRemoved => {
            "the credentials were removed from this shell; they come back on entering again"
                .to_owned()
        }
        HookMessage::OtherProfile { variable } => {
            format!("{variable} is set in this shell; it counts until it is unset")
        }
    }
}

fn message_hint(message: &HookMessage) -> Option<Hint> {
    match message {
        HookMessage::FileChanged { .. } | HookMessage::FileUntrusted { .. } => {
            Some(Hint::AllowHere)
        }
        HookMessage::SessionExpired { selector, .. } => Some(Hint::SignIn {
            session: selector.clone(),
            force: false,
        }),
        HookMessage::Protected { names_of, .. } => Some(match names_of {
            Some(session) => Hint::ReadAccountNames {
                session: session.clone(),
            },
            None => Hint::UseExplicitly,
        }),
        _ => None,
    }
}
