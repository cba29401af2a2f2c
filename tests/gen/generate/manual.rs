//! What the man pages say beyond the help of the commands, as one table: which variables and
//! files concern a command, which exit codes it has, and examples where its help has none.

/// The version that the pages are of, and the day on which it was made: a page has to bear a
/// date, and the day on which it was generated would change it every day.
pub const RELEASE: (&str, &str) = ("0.1.0", "2026-11-28");

/// What one command's page says.
pub struct Page {
    /// The command with those above it, without `sso`.
    pub command: &'static str,
    pub variables: &'static [&'static [Entry]],
    pub files: &'static [&'static [Entry]],
    pub exits: &'static [&'static [Entry]],
    /// Lines, for a command whose help has no examples.
    pub examples: &'static [&'static str],
}

/// A name, and what it means.
pub type Entry = (&'static str, &'static str);

/// The page of a command; nothing where the table has none.
pub fn of(command: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.command == command)
}

const PAGES: [Page; 19] = [
    Page {
        command: "",
        variables: &[&CONFIGURATION, &TARGET, &SIGN_IN, &NETWORK, &HOOK, &OUTPUT],
        files: &[&CONFIG, &CACHE, &STATE, &INVENTORY, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED, &EXEC],
        examples: &[],
    },
    Page {
        command: "login",
        variables: &[&SIGN_IN, &CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &STATE],
        exits: &[
            &COMMON,
            &[(
                "4",
                "The sign-in was denied, or nobody approved it in time.",
            )],
        ],
        examples: &[],
    },
    Page {
        command: "logout",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &STATE],
        exits: &[&COMMON],
        examples: &[
            "sso logout                  the session of the current profile, or the only one",
            "sso logout corp             a session by name, start URL or a part of them",
            "sso logout --all            all sessions",
        ],
    },
    Page {
        command: "status",
        variables: &[&CONFIGURATION, &TARGET, &OUTPUT],
        files: &[&CONFIG, &CACHE, &STATE],
        exits: &[
            &[(
                "0",
                "The session is usable: valid, or renewable without a sign-in. Without SESSION: at least one is.",
            )],
            &FAILED,
            &SIGN_IN_NEEDED,
        ],
        examples: &[
            "sso status                                 all sessions",
            "sso status --quiet corp || sso login corp  sign in where that is needed",
            "sso status --json | jq .sessions           for programs",
        ],
    },
    Page {
        command: "roles",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &INVENTORY, &STATE],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    Page {
        command: "accounts",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &INVENTORY, &STATE],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    Page {
        command: "credential-process",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK, &SIGN_IN],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    Page {
        command: "exec",
        variables: &[
            &CONFIGURATION,
            &TARGET,
            &[("SHELL", "What is run where no command is given.")],
            &CONFIRM,
            &NETWORK,
            &SIGN_IN,
            &GIVEN,
        ],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED, &EXEC],
        examples: &[],
    },
    Page {
        command: "env",
        variables: &[
            &CONFIGURATION,
            &TARGET,
            &CONFIRM,
            &NETWORK,
            &SIGN_IN,
            &GIVEN,
        ],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    Page {
        command: "use",
        variables: &[&CONFIGURATION, &TARGET],
        files: &[&DIRECTORY, &TRUST, &CONFIG],
        exits: &[&COMMON],
        examples: &[],
    },
    Page {
        command: "allow",
        variables: &[&CONFIGURATION],
        files: &[&DIRECTORY, &TRUST, &CONFIG],
        exits: &[&COMMON],
        examples: &[
            "sso allow                   the nearest .aws-sso file, at or above this directory",
            "sso allow --yes ~/project   that directory's, without asking",
        ],
    },
    Page {
        command: "deny",
        variables: &[&CONFIGURATION],
        files: &[&DIRECTORY, &TRUST],
        exits: &[&COMMON],
        examples: &["sso deny ~/project          ignore that directory's .aws-sso file"],
    },
    Page {
        command: "trust",
        variables: &[&CONFIGURATION],
        files: &[&TRUST, &DIRECTORY],
        exits: &[&COMMON],
        examples: &[
            "sso trust list              every file that was allowed or denied",
            "sso trust prune             forget those that have changed or are gone",
        ],
    },
    Page {
        command: "trust list",
        variables: &[&CONFIGURATION],
        files: &[&TRUST, &DIRECTORY],
        exits: &[&COMMON],
        examples: &[
            "sso trust list",
            "sso trust list --json | jq -r '.[] | select(.state == \"changed\") | .path'",
        ],
    },
    Page {
        command: "trust prune",
        variables: &[&CONFIGURATION],
        files: &[&TRUST, &DIRECTORY],
        exits: &[&COMMON],
        examples: &["sso trust prune"],
    },
    Page {
        command: "hook",
        variables: &[&HOOK, &CONFIGURATION, &NETWORK, &GIVEN],
        files: &[&DIRECTORY, &TRUST, &CONFIG, &CACHE, &STATE],
        exits: &[&COMMON],
        examples: &[],
    },
    Page {
        command: "setup",
        variables: &[&[
            ("HOME", "Where the start-up files are."),
            ("ZDOTDIR", "Where those of zsh are instead."),
            (
                "XDG_CONFIG_HOME",
                "Where those of fish are, instead of ~/.config.",
            ),
        ]],
        files: &[&[
            ("~/.bashrc", "Start-up file of bash."),
            ("~/.zshrc", "Start-up file of zsh."),
            ("~/.config/fish/config.fish", "Start-up file of fish."),
        ]],
        exits: &[&COMMON],
        examples: &[
            "sso setup                   the shell that runs sso",
            "sso setup --shell zsh       another one",
            "sso setup --dry-run         only say what would be done",
        ],
    },
    Page {
        command: "prompt",
        variables: &[&[(
            "AWS_SSO_PROFILE, AWS_PROFILE, AWS_ACCOUNT_ID, AWS_CREDENTIAL_EXPIRATION, AWS_REGION",
            "What the hook or `sso env` has loaded, which is what is shown.",
        )]],
        files: &[&CACHE],
        exits: &[&COMMON],
        examples: &[],
    },
    Page {
        command: "completions",
        variables: &[&CONFIGURATION],
        files: &[
            &[(
                "~/.aws/config, ~/.local/state/sso/roles, ~/.local/state/sso/inventory/",
                "The names that the scripts offer. They are asked for when a key is pressed; nothing goes to the network.",
            )],
            &[(
                "_sso, sso.fish",
                "The same scripts as files, for a directory of zsh's fpath and for ~/.config/fish/completions.",
            )],
        ],
        exits: &[&COMMON],
        examples: &[],
    },
];

const FAILED: [Entry; 2] = [
    ("1", "It failed."),
    (
        "2",
        "Usage: an option, a setting, or the choice of a profile or session.",
    ),
];
const COMMON: [Entry; 3] = [("0", "Done."), FAILED[0], FAILED[1]];
const SIGN_IN_NEEDED: [Entry; 1] = [("4", "A sign-in is needed: sso login.")];
const EXEC: [Entry; 3] = [
    ("126", "exec: the command cannot be run."),
    ("127", "exec: there is no such command."),
    (
        "other",
        "exec: the command's own. Once it runs, every code is.",
    ),
];

const CONFIGURATION: [Entry; 3] = [
    ("HOME", "Where the files below are."),
    (
        "AWS_CONFIG_FILE",
        "The configuration, instead of ~/.aws/config.",
    ),
    (
        "AWS_SHARED_CREDENTIALS_FILE",
        "The other file with profiles, instead of ~/.aws/credentials.",
    ),
];
const TARGET: [Entry; 2] = [
    (
        "AWS_PROFILE, AWS_DEFAULT_PROFILE",
        "The profile, where --profile names none. They outrank an .aws-sso file.",
    ),
    (
        "AWS_REGION, AWS_DEFAULT_REGION",
        "The region to hand on, where neither --region nor the profile names one.",
    ),
];
const SIGN_IN: [Entry; 2] = [
    (
        "SSO_LOGIN_FLOW",
        "pkce (in the browser) or device (with a code), instead of what suits this computer.",
    ),
    (
        "BROWSER",
        "The browser: commands with colons between them, in which %s stands for the address. A set one means that there is a browser.",
    ),
];
const NETWORK: [Entry; 8] = [
    ("SSO_CONNECT_TIMEOUT", "Seconds to connect. Default: 10."),
    (
        "SSO_TIMEOUT",
        "Seconds for one command's credentials, and for one request of a listing, retries included. Default: 30.",
    ),
    (
        "HTTPS_PROXY, ALL_PROXY",
        "The proxy, http://HOST:PORT. Small letters count before capital ones.",
    ),
    (
        "NO_PROXY",
        "Hosts, domains, addresses and networks that are reached without it.",
    ),
    (
        "AWS_CA_BUNDLE",
        "A file with certificates of authorities, instead of the system's.",
    ),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "Where the system's are."),
    (
        "AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL",
        "Addresses of the services, the special ones before the general one; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true switches those of variables and configuration off.",
    ),
    (
        "AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT",
        "true asks for endpoints of that kind.",
    ),
];
const CONFIRM: [Entry; 1] = [(
    "SSO_CONFIRM",
    "Patterns, with blanks between them, over profile, account id, account name (as far as `sso roles` or `sso accounts` has listed it) and role. What one of them fits is marked on stderr, and the hook never loads it.",
)];
const HOOK: [Entry; 4] = [
    ("SSO_HOOK", "0 switches the hook off."),
    (
        "SSO_HOOK_QUIET",
        "1 silences the hook; errors leaves its errors.",
    ),
    (
        "SSO_HOOK_EXPORT",
        "profile lets the hook export AWS_PROFILE and regions instead of credentials.",
    ),
    CONFIRM[0],
];
const OUTPUT: [Entry; 1] = [("NO_COLOR", "Where it is set, nothing is coloured.")];
const GIVEN: [Entry; 2] = [
    (
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, AWS_ACCOUNT_ID, AWS_SSO_PROFILE",
        "Set by sso. AWS_SSO_PROFILE is the profile, or ROLE@ACCOUNT. With a region AWS_REGION and AWS_DEFAULT_REGION are set too.",
    ),
    (
        "AWS_PROFILE, AWS_DEFAULT_PROFILE",
        "Removed by sso, with whatever else would lead the AWS tools elsewhere.",
    ),
];

const CONFIG: [Entry; 1] = [(
    "~/.aws/config, ~/.aws/credentials",
    "Sessions and profiles, as the AWS CLI has them. sso has no configuration of its own.",
)];
const CACHE: [Entry; 2] = [
    (
        "~/.aws/sso/cache/*.json",
        "Tokens and client registrations, shared with the AWS CLI and the SDKs.",
    ),
    (
        "~/.aws/cli/cache/*.json",
        "Credentials of roles, shared with the AWS CLI.",
    ),
];
const INVENTORY: [Entry; 1] = [(
    "~/.local/state/sso/inventory/",
    "The accounts and roles of a session, as they were listed last. Names only.",
)];
const STATE: [Entry; 2] = [
    (
        "~/.local/state/sso/roles",
        "Names of the roles whose credentials are cached.",
    ),
    (
        "~/.local/state/sso/lock/",
        "Locks, so that one process does what many want. They are never removed.",
    ),
];
const TRUST: [Entry; 1] = [(
    "~/.local/state/sso/trust/",
    "Which .aws-sso files are trusted or denied.",
)];
const DIRECTORY: [Entry; 1] = [(
    ".aws-sso",
    "Names the profile, or session, account and role, of the directory that it is in and of those below. The nearest one counts, when it is trusted.",
)];
