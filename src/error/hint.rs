//! What can be done about an error, as data.
//!
//! The command line words a hint, because it alone knows commands and flags.

/// One thing to do about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// A sentence that names no command and no flag of this program.
    Text(String),

    /// Sign in.
    SignIn {
        session: Box<SessionSelector>,
        /// Replace a token that looks valid and is refused.
        force: bool,
    },
    /// Sign in with a device code, which needs no listener.
    SignInWithDeviceCode,
    /// Add this scope to the session, then sign in again.
    AddScope {
        scope: &'static str,
        session: Box<SessionSelector>,
    },

    /// These sessions exist.
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
    /// The word is the name of a profile.
    WordIsProfile { name: String },
    /// Give this region of the Identity Center instance.
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
        /// Quoted for a shell; `None` where no shell can carry the name.
        profile: Option<String>,
        kind: ForeignProfile,
    },
    /// Let a `credential_process` line name session, account and role.
    NameRoleInHelper,
    /// Give the account by its id.
    GiveAccountId,
    /// Rename the profile, or name it in another way than by a `.aws-sso` file.
    RenameDotfileProfile,
    /// Rename the session, or name it in another way than by a `.aws-sso` file.
    RenameDotfileSession,
    /// Give a region.
    GiveRegion,
    /// List the accounts of the session.
    ListAccounts { session: Box<SessionSelector> },
    /// List the roles of the session.
    ListRoles { session: Box<SessionSelector> },
    /// List the roles in this account anew.
    ListRolesOfAccount {
        session: Box<SessionSelector>,
        account: String,
    },
    /// Repeat the command with traces.
    RunVerbose,

    /// Write the profile first.
    CreateProfile { name: String },
    /// Move legacy profiles to sso-sessions.
    MigrateProfiles,
    /// Change the generated name, or leave the role out.
    RenameOrExclude,
    /// Put these placeholders into the name.
    DistinguishNames { placeholders: Vec<&'static str> },
    /// List the roles anew before profiles are removed.
    RefreshBeforePrune,
    /// Generate other names, or look at this line of the configuration.
    RenameOrInspect { line: u32 },
    /// Take over profiles that somebody else wrote.
    AdoptProfiles,
    /// An example of a setting for every profile.
    SettingExample,
    /// The key cannot be set for every profile, and the region has a flag of its own.
    KeyIsReserved,
    /// An example of a rule for regions.
    RegionRuleExample,
    /// An example of the components of a name.
    ComponentsExample,

    /// Name a browser, or print the address.
    SetBrowserOrPrint,
    /// Install Firefox, or print the address.
    InstallFirefoxOrPrint,
    /// Install Firefox or Chromium, or print the address.
    InstallBrowserOrPrint,
    /// Print the address and open it at once.
    PrintAndOpenSoon,
    /// Repeat the command, or print the address.
    RepeatOrPrint,

    /// Read the `.aws-sso` file, then trust it.
    ReviewAndAllow {
        /// Absolute; empty where it is not UTF-8.
        path: String,
    },
    /// Trust the `.aws-sso` file.
    Allow { path: String },
    /// Trust the `.aws-sso` file of this directory.
    AllowHere,
    /// The role is protected: load it for one command or by hand.
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
    /// Load the credentials that are meant here, or remove these.
    ReplaceEnvironment,
}

/// A session as a command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSelector {
    /// The name of the sso-session; a legacy session has none.
    pub name: Option<String>,
    /// The legacy profile that defines it.
    pub profile: Option<String>,
    /// The start URL.
    pub start_url: String,
    /// The region of the Identity Center instance.
    pub region: String,
}

/// A kind of profile that this program does not serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeignProfile {
    /// A role chain whose source may be served.
    RoleChain { source: String },
    /// A console session of `aws login`.
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
