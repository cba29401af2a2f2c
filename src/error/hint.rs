//! Hints about what to do after an error. The command line formats them as commands and flags.

/// Action that may resolve an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Text that names no command or flag of `sso`.
    Text(String),

    /// Sign in.
    SignIn {
        session: Box<SessionSelector>,
        /// Replace a token that looks valid but is refused.
        force: bool,
    },
    /// Sign in with a device code, which needs no listener.
    SignInWithDeviceCode,
    /// Add this scope to the session, then sign in again.
    AddScope {
        scope: &'static str,
        session: Box<SessionSelector>,
    },

    /// Show the sessions that exist.
    KnownSessions {
        names: Vec<String>,
        config: Box<str>,
    },
    /// Name one of these sessions.
    NameSession {
        names: Vec<String>,
        config: Box<str>,
    },
    /// Configure a session, or give its start URL and region.
    AddSession,
    /// Give the region of the start URL, or name a session.
    AddSessionRegion,
    /// Name one of several sessions, or give the region.
    NameSessionOrRegion,
    /// Pass the name as a profile, because it is not a session.
    WordIsProfile { name: String },
    /// Give this region for the Identity Center instance.
    UseSessionRegion { region: String },
    /// Choose another name for the session.
    RenameSession,

    /// Give the account.
    GiveAccount,
    /// Give the role.
    GiveRole,
    /// Complete the profile, or give account and role.
    CompleteProfile,
    /// Choose one of these profiles.
    ChooseProfile {
        names: Vec<String>,
        config: Box<str>,
    },
    /// Use another tool for a profile that has no Identity Center role.
    UseOtherTool {
        /// Quoted for a shell; `None` if the name cannot be quoted.
        profile: Option<String>,
        kind: ForeignProfile,
    },
    /// Let a `credential_process` line name session, account and role.
    NameRoleInHelper,
    /// Give the account by its id.
    GiveAccountId,
    /// Rename the profile, or select it without a `.aws-sso` file.
    RenameDotfileProfile,
    /// Rename the session, or select it without a `.aws-sso` file.
    RenameDotfileSession,
    /// Give a region.
    GiveRegion,
    /// List the accounts of the session.
    ListAccounts { session: Box<SessionSelector> },
    /// List the roles of the session.
    ListRoles { session: Box<SessionSelector> },
    /// List the roles in this account again, bypassing the stored listing.
    ListRolesOfAccount {
        session: Box<SessionSelector>,
        account: String,
    },
    /// Rerun the command with `--verbose`.
    RunVerbose,

    /// Write the profile first.
    CreateProfile { name: String },
    /// Move legacy profiles to sso-sessions.
    MigrateProfiles,
    /// Change the generated name, or leave the role out.
    RenameOrExclude,
    /// Put these placeholders into the name.
    DistinguishNames { placeholders: Vec<&'static str> },
    /// Refresh the list of roles before profiles are removed.
    RefreshBeforePrune,
    /// Generate other names, or inspect this line of the configuration.
    RenameOrInspect { line: u32 },
    /// Take over profiles that `sso` did not write.
    AdoptProfiles,
    /// Show an example of a setting for every profile.
    SettingExample,
    /// Leave out a key that selects a profile's credentials or region; regions have a flag.
    KeyIsReserved,
    /// Show an example of a region rule.
    RegionRuleExample,
    /// Show an example of name components.
    ComponentsExample,

    /// Set a browser, or print the URL.
    SetBrowserOrPrint,
    /// Install Firefox, or print the URL.
    InstallFirefoxOrPrint,
    /// Install Firefox or Chromium, or print the URL.
    InstallBrowserOrPrint,
    /// Print the URL and open it at once.
    PrintAndOpenSoon,
    /// Rerun the command, or print the URL.
    RepeatOrPrint,

    /// Read the `.aws-sso` file, then trust it.
    ReviewAndAllow {
        /// Absolute path; empty if it is not UTF-8.
        path: String,
    },
    /// Trust the `.aws-sso` file.
    Allow { path: String },
    /// Trust the `.aws-sso` file of this directory.
    AllowHere,
    /// Load the protected role for one command, or by hand.
    UseExplicitly,
    /// Correct the `.aws-sso` file, or ignore it.
    CorrectOrDeny,
    /// Correct the `.aws-sso` file, then trust it again.
    CorrectAndAllow,
    /// Write a `.aws-sso` file.
    WriteDirectoryFile,
    /// Install the shell hook.
    SetUpHook,
    /// Load the credentials again, or remove them from the shell.
    ReloadEnvironment,
    /// Load the credentials of the selected role, or remove the current ones.
    ReplaceEnvironment,
}

/// Flags that select a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSelector {
    /// Name of the sso-session; `None` for a legacy profile.
    pub name: Option<String>,
    /// Legacy profile that defines the session.
    pub profile: Option<String>,
    pub start_url: String,
    /// Region of the Identity Center instance.
    pub region: String,
}

/// Kind of a profile that `sso` does not support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeignProfile {
    /// Role chain whose source profile may be supported.
    RoleChain { source: String },
    /// Console session of `aws login`.
    LoginSession,
    /// Static keys, a web identity, or another `credential_process`.
    Other,
}

impl From<String> for Hint {
    fn from(text: String) -> Hint {
        Hint::Text(text)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Hint {
        Hint::Text(text.to_owned())
    }
}
