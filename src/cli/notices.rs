//! Prints what a flow reports: progress and warnings always, traces under `--verbose`.

use crate::cli::ui::output;
use crate::domain::text::sanitize;
use crate::domain::time::format_duration;
use crate::notice::{Info, LockPurpose, Notice, Notices, Trace, Warning};

/// Prints notices to stderr.
pub fn to_stderr(verbose: bool) -> Notices {
    Notices::new(verbose, |notice| output::eprintln(&line(notice)))
}

fn line(notice: &Notice) -> String {
    match notice {
        Notice::Info(info) => info_text(info),
        Notice::Warning(warning) => format!("warning: {}", warning_text(warning)),
        Notice::Trace(trace) => format!("sso: {}", trace_text(trace)),
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
        Warning::TokenNotStored { error } => {
            format!("the refreshed token could not be stored: {error}")
        }
        Warning::CredentialsNotStored { path, reason } => {
            format!("the credentials are not stored in {path}: {reason}")
        }
        Warning::RegistrationNotStored { path, error } => {
            format!("the client registration could not be stored in {path}: {error}")
        }
        Warning::ListingNotStored { path, error } => {
            format!("the accounts and roles are not stored in {path}: {error}")
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
        Warning::ForeignConsoleRequest => {
            "another user of this computer asked for the console's address and did not get it"
                .to_owned()
        }
    }
}

fn trace_text(trace: &Trace) -> String {
    match trace {
        Trace::ConfigLine {
            path,
            line,
            problem,
        } => format!("{}:{line}: {}", sanitize(path), sanitize(problem)),
        Trace::DirectoryFileUsed { file } => format!("{file} decides here"),
        Trace::DirectoryFileIgnored { reason } => reason.clone(),
        Trace::FollowingHelper { profile } => {
            let profile = sanitize(profile);
            format!("profile {profile} calls sso itself; following its arguments")
        }
        Trace::RoleResolved {
            role,
            account,
            session,
        } => format!(
            "role {} in account {account}, session {}",
            sanitize(role),
            sanitize(session)
        ),
        Trace::CredentialsFromCache { path } => format!("from {path}"),
        Trace::CredentialsUnreadable { path } => {
            format!("{path} cannot be read; fetching anew")
        }
        Trace::CredentialsNotReadable { error } => error.clone(),
        Trace::FetchingCredentials { role, account } => {
            format!("fetching role {} in account {account}", sanitize(role))
        }
        Trace::TokenRejected => "the portal refused the access token; looking again".to_owned(),
        Trace::CredentialsOutdated => {
            "the session changed meanwhile; delivered and not stored".to_owned()
        }
        Trace::RefreshingToken => "refreshing the access token".to_owned(),
        Trace::RefreshTokenRefused => {
            "the server has refused this refresh token a moment ago".to_owned()
        }
        Trace::RefreshFailed { error } => {
            format!("the refresh failed ({error}); the token still has time")
        }
        Trace::RefreshedTokenOutdated => {
            "the session was signed out or signed in meanwhile; the new token is not stored"
                .to_owned()
        }
        Trace::RefreshBeforeSignInFailed { error } => {
            format!("the session cannot be refreshed ({error}); signing in")
        }
        Trace::RemovingToken { path } => {
            format!("removing {path}: the portal does not accept it any more")
        }
        Trace::SigningIn { flow } => format!("signing in with {flow}"),
        Trace::StartUrlResolved { url, portal } => {
            format!("{} leads to {}", sanitize(url), sanitize(portal))
        }
        Trace::RegistrationReused => "using the cached client registration".to_owned(),
        Trace::RegisteringClient => "registering a client".to_owned(),
        Trace::CallbackRefused => {
            "a request that is not the answer was refused; still listening".to_owned()
        }
        Trace::SignOutFailed { error } => {
            format!("the old session was not ended on the server: {error}")
        }
        Trace::RoleIndexNotWritten { path, error } => {
            format!("{path} could not be changed: {error}")
        }
        Trace::RequestingSigninToken { host } => format!("asking {host} for a sign-in token"),
        Trace::RenewalNotStarted { error } => format!("no renewal could be started: {error}"),
        Trace::LocksUnsupported => "this file system has no locks; going on without".to_owned(),
        Trace::LockNotCreated { directory, error } => {
            format!("no lock can be made in {directory}: {error}; going on without")
        }
        Trace::WaitingForLock { pid, purpose } => {
            format!("waiting for process {pid}, which {}", purpose_text(purpose))
        }
        Trace::ConfigCopied { path, copy } => format!("what {path} held before is in {copy}"),
    }
}

fn purpose_text(purpose: &LockPurpose) -> String {
    match purpose {
        LockPurpose::Refresh => "refreshes this session".to_owned(),
        LockPurpose::FetchRole => "fetches this role".to_owned(),
        LockPurpose::Listing => "lists accounts and roles".to_owned(),
        LockPurpose::WriteConfig { path } => format!("writes {path}"),
    }
}
