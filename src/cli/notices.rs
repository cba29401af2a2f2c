//! Prints what a flow reports: progress and warnings always, traces under `--verbose`.

use crate::cli::ui::output;
use crate::domain::text::sanitize;
use crate::domain::time::format_duration;
use crate::notice::{Info, Notice, Notices, Warning};

/// Prints notices to stderr.
pub fn to_stderr(verbose: bool) -> Notices {
    Notices::new(verbose, |notice| output::eprintln(&line(notice)))
}

fn line(notice: &Notice) -> String {
    match notice {
        Notice::Info(info) => info_text(info),
        Notice::Warning(warning) => format!("warning: {}", warning_text(warning)),
        Notice::Trace(text) => format!("sso: {text}"),
    }
}

fn info_text(info: &Info) -> String {
    match info {
        Info::SignInStarts { reason } => format!("sso: {reason}"),
        Info::WaitingForSignIn { session, pid } => format!(
            "waiting for the sign-in to {} that process {pid} has begun",
            sanitize(session)
        ),
        // The URL is percent-encoded and must be complete: `sanitize` would cut it.
        Info::BrowserOpened { session, url } => format!(
            "A browser opens to sign in to {}. If none does, open this address:\n\n    {url}\n",
            sanitize(session)
        ),
        Info::OpenInBrowser { session, url } => format!(
            "To sign in to {}, open this address in a browser:\n\n    {url}\n",
            sanitize(session)
        ),
        Info::BrowserOpenedForCode { session, url, code } => format!(
            "A browser opens to sign in to {}. Check that it shows this code:\n\n    {}\n\nIf none opens, go to {} and type the code.",
            sanitize(session),
            sanitize(code),
            sanitize(url)
        ),
        Info::EnterCode {
            session,
            url,
            code,
            url_with_code,
        } => {
            let mut text = format!(
                "To sign in to {}, open this page on any device:\n\n    {}\n\nand type this code:\n\n    {}\n",
                sanitize(session),
                sanitize(url),
                sanitize(code)
            );
            if let Some(url) = url_with_code {
                text += "\nThis address has the code in it:\n\n    ";
                text += &sanitize(url);
                text.push('\n');
            }
            text
        }
        Info::WaitingForUser { limit } => {
            let seconds = i64::try_from(limit.as_secs().saturating_add(1)).unwrap_or(i64::MAX);
            let most = format_duration(seconds);
            format!("Waiting for the answer, for at most {most}; Ctrl-C stops.")
        }
        Info::PasteAccepted => "The browser ends at an address that begins with http://127.0.0.1. If the browser is on another computer, that page does not load: copy its address and paste it here.\n".to_owned(),
        Info::PasteRejected => "That is not the address of this sign-in. Copy the whole address that begins with http://127.0.0.1.".to_owned(),
        Info::BrowserFailed { url: None } => {
            "No browser could be opened; open the address above yourself.".to_owned()
        }
        Info::BrowserFailed { url: Some(url) } => {
            format!("No browser could be opened; go to {}", sanitize(url))
        }
        Info::EndingAfterRefresh => {
            "sso: a token is being renewed; stopping right after it".to_owned()
        }
        Info::StartUrlResolved { url, portal } => {
            format!("sso: {} leads to {}", sanitize(url), sanitize(portal))
        }
        Info::DirectoryOutranked {
            variable,
            profile,
            file,
            role,
        } => format!("sso: {variable}={profile} outranks {file}, which names {role}"),
    }
}

fn warning_text(warning: &Warning) -> String {
    match warning {
        Warning::LockNotOpened { directory, error } => {
            format!("a lock file in {directory} cannot be opened: {error}; going on without it")
        }
        Warning::BrowserNotFound { value } => {
            format!("BROWSER names no program that exists: {}", sanitize(value))
        }
        Warning::TokenNotStored { error } => {
            format!("the refreshed token could not be stored: {error}")
        }
        Warning::NotStored { what, path, error } => {
            format!("{what} are not stored in {path}: {error}")
        }
        Warning::RegistrationNotStored { path, error } => {
            format!("the client registration could not be stored in {path}: {error}")
        }
        Warning::FileNotRemoved { path, error } => {
            format!("{path} could not be removed: {error}")
        }
        Warning::RoleIndexUnreadable { path, error } => format!(
            "{path} cannot be read: {error}; credentials of roles that are in no configuration may be left in the cache"
        ),
        Warning::CredentialsExpiredByClock => {
            "the credentials have ended already by this computer's clock; set the clock".to_owned()
        }
        Warning::ForeignConsoleRequest => "another user, or a process whose user is unknown, asked for the console's address and did not get it; `sso console --federate --print` prints it".to_owned(),
        Warning::ForeignCallback { paste } => format!(
            "the browser's answer came from another user, or from a process whose user is unknown, and was not used; if that was you, {}",
            match paste {
                true => "copy the address of that page and paste it here",
                false => "use `sso login --device-code`",
            }
        ),
    }
}
