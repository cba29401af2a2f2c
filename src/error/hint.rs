//! Hints about what to do after an error. The command line formats them as commands and flags.

/// Action that may resolve an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Text that names no command or flag of `sso`.
    Text(String),

    SignIn {
        session: Box<SessionSelector>,
        /// Replace a token that looks valid but is refused.
        force: bool,
    },
    /// Give the region of the instance, or check this session.
    CheckSession {
        session: String,
    },
    CheckProfile {
        advice: Box<str>,
        profile: Box<str>,
    },
    /// Check with a valid region.
    CheckRegion,
    CheckAccount {
        advice: Box<str>,
        account: Box<str>,
    },
    CheckRole {
        advice: Box<str>,
        /// Account id and role.
        role: Box<(String, String)>,
    },
    /// Write a profile.
    WriteProfile,
    /// Write a `.aws-sso` file with this profile.
    UseProfile {
        advice: Box<str>,
        profile: Box<str>,
    },
    /// List the roles again, for the names that a pattern may match.
    RefreshNames,
    /// Sign in with a device code, which needs no listener.
    SignInWithDeviceCode,
    /// Correct these keys of the session.
    CorrectSession {
        keys: &'static str,
        session: Box<SessionSelector>,
    },
    /// Add this scope to the session, then sign in again.
    AddScope {
        scope: &'static str,
        session: Box<SessionSelector>,
    },

    KnownSessions {
        names: Vec<String>,
        config: Box<str>,
    },
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
    UseSessionRegion {
        region: String,
    },
    RenameSession,

    GiveAccount,
    GiveRole,
    /// Complete the profile, or give account and role.
    CompleteProfile,
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
    GiveAccountId,
    /// Rename the profile, or select it without a `.aws-sso` file.
    RenameDotfileProfile,
    /// Rename the session, or select it without a `.aws-sso` file.
    RenameDotfileSession,
    GiveRegion,
    /// Complete an account id that is too short, from the list of accounts.
    CompleteAccountId {
        session: Box<SessionSelector>,
    },
    ListAccounts {
        session: Box<SessionSelector>,
    },
    ListRoles {
        session: Box<SessionSelector>,
    },
    /// List the roles in this account again, bypassing the stored listing.
    ListRolesOfAccount {
        session: Box<SessionSelector>,
        account: String,
    },
    RunVerbose,

    CreateProfile {
        name: String,
    },
    /// Move legacy profiles to sso-sessions.
    MigrateProfiles,
    /// Change the generated name, or leave the role out.
    RenameOrExclude,
    /// Put these placeholders into the name.
    DistinguishNames {
        placeholders: Vec<&'static str>,
    },
    /// Refresh the list of roles before profiles are removed.
    RefreshBeforePrune,
    /// Generate other names, or inspect this line of the configuration.
    RenameOrInspect {
        line: u32,
    },
    /// Take over profiles that `sso` did not write.
    AdoptProfiles,
    /// Show an example of a setting for every profile.
    SettingExample,
    /// Leave out a key that selects a profile's credentials or region; regions have a flag.
    KeyIsReserved,
    RegionRuleExample,
    ComponentsExample,

    SetBrowserOrPrint,
    InstallFirefoxOrPrint,
    /// Install Firefox or Chromium, or print the URL.
    InstallBrowserOrPrint,
    /// Print the URL and open it at once.
    PrintAndOpenSoon,
    RepeatOrPrint,

    /// Read the `.aws-sso` file, then trust it.
    ReviewAndAllow {
        /// Absolute path; empty if it is not UTF-8.
        path: String,
    },
    Allow {
        path: String,
    },
    AllowHere,
    /// Load the protected role for one command, or by hand.
    UseExplicitly,
    /// Read the names of the session's accounts.
    ReadAccountNames {
        session: Box<SessionSelector>,
    },
    /// Answer the question about a protected role with an option of this command.
    AnswerYes {
        command: &'static str,
    },
    /// Correct the `.aws-sso` file, or ignore it.
    CorrectOrDeny,
    /// Correct the `.aws-sso` file, then trust it again.
    CorrectAndAllow,
    WriteDirectoryFile,
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
    /// Whether the name of that profile alone means an sso-session.
    pub is_profile_shadowed: bool,
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

impl<T: Into<String>> From<T> for Hint {
    fn from(text: T) -> Hint {
        Hint::Text(text.into())
    }
}
