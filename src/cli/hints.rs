//! Formats errors and hints: the only module that turns a [`Hint`] into commands and flags.

use std::borrow::Cow;

use crate::domain::target::request::option_text;
use crate::domain::text::sanitize;
use crate::error::{Error, ErrorKind, ForeignProfile, Hint, SessionSelector};

/// Returns the lines `error: …` and `hint: …`; nothing for an error that is not reported.
pub fn error_text(error: &Error) -> Option<String> {
    if error.kind() == ErrorKind::OutputClosed {
        return None;
    }
    let mut lines = format!("error: {}", error.message());
    if let Some(hint) = error.advice() {
        lines += "\nhint: ";
        lines += &hint_text(hint);
    }
    Some(lines)
}

/// Returns the text of a hint.
pub fn hint_text(hint: &Hint) -> String {
    let text: &str = match hint {
        Hint::Text(text) => text,
        Hint::SignIn { session, force } => {
            let force = if *force { " --force" } else { "" };
            &format!("{}{force}", login_command(session))
        }
        Hint::CheckSession { session } => &format!(
            "add --sso-region, or name a session: `sso check --session={}`",
            quoted(session)
        ),
        Hint::CheckProfile { advice, profile } => {
            &format!("{advice} `sso check -p {}`", quoted(profile))
        }
        Hint::CheckRegion => "a region looks like this: `sso check --region=eu-west-1`",
        Hint::CheckAccount { advice, account } => &format!("{advice}: `sso check -a {account}`"),
        Hint::CheckRole { advice, role } => &format!(
            "{advice}: `sso check --account={} --role={}`",
            role.0,
            sanitize(&quoted(&role.1))
        ),
        Hint::WriteProfile => "`sso configure` writes a profile",
        Hint::UseProfile { advice, profile } => &format!("{advice} `sso use {}`", quoted(profile)),
        Hint::RefreshNames => "only * and ? are special; `sso roles --refresh` reads the names",
        Hint::CorrectSession { keys, session } => &format!(
            "correct {keys} of the session; `sso check {}` tests them",
            session_options(session)
        ),
        Hint::AddScope { scope, session } => &format!(
            "add {scope} to sso_registration_scopes, then run `{} --force`",
            login_command(session)
        ),
        Hint::KnownSessions { names, config } => &known_sessions(names, config),
        Hint::NameSession { names, config } => {
            &format!("name one with --session; {}", known_sessions(names, config))
        }
        Hint::UseSessionRegion { region } => &format!("give --sso-region {region}"),
        Hint::ChooseProfile { names, config } if names.is_empty() => {
            &format!("{config} has no profiles; pass --account, --role and --session")
        }
        Hint::ChooseProfile { names, .. } => &format!(
            "pass --profile NAME or set AWS_PROFILE; there are: {}",
            names.join(", ")
        ),
        Hint::UseOtherTool { profile, kind } => &other_tool(profile.as_deref(), kind),
        Hint::ListAccounts { session } => &format!(
            "`sso accounts {}` lists them; ask your administrator for an assignment",
            session_option(session)
        ),
        Hint::CompleteAccountId { session } => &format!(
            "an account id is 12 digits; a leading zero may be missing: `sso accounts {}` lists them",
            session_option(session)
        ),
        Hint::ReadAccountNames { session } => &format!(
            "sso accounts {} --refresh",
            sanitize(&session_options(session))
        ),
        Hint::AnswerYes { command } => &format!("`sso {command} --yes …` answers in advance"),
        Hint::ListRoles { session } => &format!(
            "`sso roles {}` lists what you may use; case matters",
            session_option(session)
        ),
        Hint::ListRolesOfAccount { session, account } => &format!(
            "`sso roles {} --account {account} --refresh` lists what you may use; case matters",
            sanitize(&session_options(session))
        ),
        Hint::CreateProfile { name } => &format!(
            "to make it: sso configure {}",
            argument_text(&sanitize(name))
        ),
        Hint::DistinguishNames { placeholders } => &format!(
            "put {} into --name or --components, or leave one out with --exclude",
            placeholders.join(" and ")
        ),
        Hint::RenameOrInspect { line } => {
            &format!("give other names with --name, or look at line {line} of the config file")
        }
        Hint::ReviewAndAllow { path } => &format!("look at it, then run `{}`", allow_command(path)),
        Hint::Allow { path } => &allow_command(path),
        Hint::SignInWithDeviceCode => "sign in with --device-code, which needs no listener",
        Hint::AddSession => "`sso configure` adds one; or give --start-url URL --sso-region REGION",
        Hint::AddSessionRegion => "add --sso-region REGION, or name a session",
        Hint::NameSessionOrRegion => "name one of them, or add --sso-region",
        Hint::RenameSession => "give another --session, or leave it out",
        Hint::GiveAccount => "add --account; `sso roles` lists the accounts and roles you may use",
        Hint::GiveRole => "add --role; `sso roles` lists the accounts and roles you may use",
        Hint::CompleteProfile => {
            "add sso_account_id and sso_role_name to it, or pass --account and --role"
        }
        Hint::NameRoleInHelper => {
            "let it name --session, --account and --role instead of a profile"
        }
        Hint::RenameDotfileProfile => {
            "give the profile a plainer name, or name it with -p or AWS_PROFILE"
        }
        Hint::RenameDotfileSession => "rename the session, or pass -s, -a and -r to each command",
        Hint::GiveAccountId => "give the id with --account",
        Hint::GiveRegion => "give --region; a region looks like eu-west-1",
        Hint::RunVerbose => "run this again with --verbose to see what was tried",
        Hint::MigrateProfiles => "sso configure --migrate",
        Hint::RenameOrExclude => {
            "change the name with --name and its filters, or leave the role out with --exclude"
        }
        Hint::RefreshBeforePrune => {
            "look with `sso roles --refresh`; without --prune nothing is removed"
        }
        Hint::AdoptProfiles => {
            "--adopt takes them over, with the keys that you added; --dry-run shows what changes"
        }
        Hint::SettingExample => "such as --set output=json",
        Hint::KeyIsReserved => {
            "it decides where a profile gets its credentials or its region; for regions there is --region"
        }
        Hint::RegionRuleExample => "such as --region-for prod=eu-central-1,us-east-1",
        Hint::ComponentsExample => "such as --components account_name,role_name",
        Hint::SetBrowserOrPrint => "set BROWSER, or print the address with --print",
        Hint::InstallFirefoxOrPrint => {
            "install Firefox, or name it in BROWSER; --print prints the address"
        }
        Hint::InstallBrowserOrPrint => {
            "install Firefox or Chromium, or name one in BROWSER; --print prints the address"
        }
        Hint::PrintAndOpenSoon => "print the address with --print, and open it without delay",
        Hint::RepeatOrPrint => "run this again, or print the address with --print",
        Hint::AllowHere => "sso allow",
        Hint::UseExplicitly => "use `sso exec` or `sso env`",
        Hint::CorrectAndAllow => "mend it, then run `sso allow` again",
        Hint::WriteDirectoryFile => "`sso use PROFILE` writes one",
        Hint::CorrectOrDeny => "mend it, or run `sso deny` to ignore it",
        Hint::SetUpHook => "sso setup",
        Hint::ReloadEnvironment => {
            "load them again with `sso env`, or unset them with `sso env --unset`"
        }
        Hint::ReplaceEnvironment => {
            "load the others with `sso env`, or unset these with `sso env --unset`"
        }
    };
    text.to_owned()
}

/// Formats a message of the shell hook: the event, and the command that helps.
pub fn hook_line(text: &str, hint: Option<&Hint>) -> String {
    match hint {
        None => text.to_owned(),
        Some(Hint::UseExplicitly) => format!("{text}; {}", hint_text(&Hint::UseExplicitly)),
        Some(hint) => format!("{text} - run `{}`", hint_text(hint)),
    }
}

/// Returns the command that signs in to a session.
pub fn login_command(session: &SessionSelector) -> String {
    let profile = session.profile.as_deref();
    let profile = profile.filter(|name| !session.is_profile_shadowed && !name.contains("://"));
    let name = session.name.as_deref().or(profile);
    let name = name.filter(|name| !name.starts_with('-')).map(quoted);
    let session = name.unwrap_or_else(|| session_options(session));
    format!("sso login {session}")
}

/// Returns the command that trusts a `.aws-sso` file.
pub fn allow_command(path: &str) -> String {
    match shlex::try_quote(path) {
        Ok(path) => format!("sso allow {}", sanitize(&path)),
        Err(_) => "sso allow".to_owned(),
    }
}

/// Returns the options that select a session.
fn session_options(session: &SessionSelector) -> String {
    match (&session.name, &session.profile) {
        (Some(name), _) => option_text("--session", name),
        // Its start URL alone could select an sso-session, which has another token.
        (None, Some(profile)) => option_text("--profile", profile),
        (None, None) => {
            let (url, region) = (quoted(&session.start_url), quoted(&session.region));
            format!("--start-url {url} --sso-region {region}")
        }
    }
}

fn known_sessions(names: &[String], config: &str) -> String {
    if names.is_empty() {
        return format!(
            "no session is configured in {config}; give --start-url URL --sso-region REGION, or let `sso configure` add one"
        );
    }
    format!("there are: {}", names.join(", "))
}

fn other_tool(profile: Option<&str>, kind: &ForeignProfile) -> String {
    let aws = |command: &str| match profile {
        Some(name) => format!("`{command} {}`", sanitize(&option_text("--profile", name))),
        None => format!("`{command}`"),
    };
    match kind {
        ForeignProfile::RoleChain { source } => {
            format!("use {}, or `sso` with the profile \"{source}\"", aws("aws"))
        }
        ForeignProfile::LoginSession => format!("use {}", aws("aws login")),
        ForeignProfile::Other => format!(
            "use it with {}; sso serves Identity Center roles",
            aws("aws")
        ),
    }
}

/// Returns a text as one word of a shell.
fn quoted(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| "…".to_owned(), Cow::into_owned)
}

/// Returns a text as an argument that is not taken for an option.
pub fn argument_text(text: &str) -> String {
    let dashes = if text.starts_with('-') { "-- " } else { "" };
    format!("{dashes}{}", quoted(text))
}

/// Returns the option that selects a session by its name or start URL.
fn session_option(session: &SessionSelector) -> String {
    let label = session.name.as_deref().unwrap_or(&session.start_url);
    sanitize(&option_text("-s", label))
}
