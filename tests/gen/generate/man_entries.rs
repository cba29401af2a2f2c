//! Entries that several man pages share: environment variables, files and exit codes.

/// A name and its description.
pub type Entry = (&'static str, &'static str);

pub const FAILED: [Entry; 2] = [
    ("1", "It failed."),
    (
        "2",
        "Usage: an option, a setting, or the choice of a profile or session.",
    ),
];
pub const COMMON: [Entry; 3] = [("0", "Done."), FAILED[0], FAILED[1]];
pub const SIGN_IN_NEEDED: [Entry; 1] = [("4", "A sign-in is needed: sso login.")];
pub const EXEC: [Entry; 3] = [
    ("126", "exec: the command cannot be run."),
    ("127", "exec: there is no such command."),
    (
        "other",
        "exec: the command's own. Once it runs, every code is.",
    ),
];

pub const CONFIGURATION: [Entry; 3] = [
    ("HOME", "Where the files below are."),
    (
        "AWS_CONFIG_FILE",
        "The configuration, instead of ~/.aws/config. ~ and $HOME at the start are expanded. /dev/null is an empty file; a pipe is read once and never written.",
    ),
    (
        "AWS_SHARED_CREDENTIALS_FILE",
        "The other file with profiles, instead of ~/.aws/credentials.",
    ),
];
pub const TARGET: [Entry; 2] = [
    (
        "AWS_PROFILE, AWS_DEFAULT_PROFILE",
        "The profile, where --profile names none. They outrank an .aws-sso file.",
    ),
    (
        "AWS_REGION, AWS_DEFAULT_REGION",
        "The region to hand on, where neither --region nor the profile names one.",
    ),
];
pub const SIGN_IN: [Entry; 2] = [
    (
        "SSO_LOGIN_FLOW",
        "pkce (in the browser) or device (with a code), instead of what suits this computer.",
    ),
    (
        "BROWSER",
        "The browser: commands with colons between them, in which %s stands for the address. A set one means that there is a browser.",
    ),
];
pub const NETWORK: [Entry; 8] = [
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
pub const PROTECT: [Entry; 1] = [(
    "SSO_PROTECT",
    "Patterns, separated by spaces, over profile, account id, account name (as far as `sso roles` or `sso accounts` has listed it) and role; * matches any text, ? one character, and case does not matter. A role is matched by every profile that leads to it. The hook never loads a match, nor a role of an account whose name is not known and could be one; exec, env and console ask on the terminal, and without one fail unless --yes is given. credential-process never asks. `sso check` reports patterns that match nothing.",
)];
pub const HOOK: [Entry; 4] = [
    ("SSO_HOOK", "0 switches the hook off."),
    (
        "SSO_HOOK_QUIET",
        "1 silences the hook; errors leaves its errors.",
    ),
    (
        "SSO_HOOK_EXPORT",
        "profile lets the hook export AWS_PROFILE and regions instead of credentials.",
    ),
    PROTECT[0],
];
pub const OUTPUT: [Entry; 1] = [("NO_COLOR", "Where it is set, nothing is coloured.")];
pub const GIVEN: [Entry; 2] = [
    (
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, AWS_ACCOUNT_ID, AWS_SSO_PROFILE",
        "Set by sso. AWS_SSO_PROFILE is the profile, or ROLE@ACCOUNT. With a region AWS_REGION and AWS_DEFAULT_REGION are set too.",
    ),
    (
        "AWS_PROFILE, AWS_DEFAULT_PROFILE",
        "Removed by sso, with whatever else would lead the AWS tools elsewhere.",
    ),
];

pub const CONFIG: [Entry; 1] = [(
    "~/.aws/config, ~/.aws/credentials",
    "Sessions and profiles, as the AWS CLI has them. sso has no configuration of its own.",
)];
pub const CONFIG_COPY: [Entry; 1] = [(
    "~/.aws/config.sso.bak",
    "What ~/.aws/config held before sso changed it the last time; beside the file itself, where \
     that is a link.",
)];
pub const CACHE: [Entry; 2] = [
    (
        "~/.aws/sso/cache/*.json",
        "Tokens and client registrations, shared with the AWS CLI and the SDKs.",
    ),
    (
        "~/.aws/cli/cache/*.json",
        "Credentials of roles, shared with the AWS CLI.",
    ),
];
pub const INVENTORY: [Entry; 1] = [(
    "~/.local/state/sso/inventory/",
    "The accounts and roles of a session, as they were listed last. Names only.",
)];
pub const STATE: [Entry; 2] = [
    (
        "~/.local/state/sso/roles",
        "Names of the roles whose credentials are cached.",
    ),
    (
        "~/.local/state/sso/lock/",
        "Locks, so that one process does what many want. They are never removed.",
    ),
];
pub const TRUST: [Entry; 1] = [(
    "~/.local/state/sso/trust/",
    "Which .aws-sso files are trusted or denied.",
)];
pub const DIRECTORY: [Entry; 1] = [(
    ".aws-sso",
    "Names the profile, or session, account and role, of the directory that it is in and of those below. The nearest one counts, when it is trusted.",
)];

pub const STS: [Entry; 1] = [(
    "AWS_ENDPOINT_URL_STS",
    "Address of the service that says whose credentials are whose.",
)];
/// Exit codes of `sso check`. Codes up to 204 equal those of aws-sso-util.
pub const CHECKED: [Entry; 20] = [
    ("0", "All is well; there may be warnings."),
    FAILED[0],
    FAILED[1],
    (
        "100",
        "The configuration cannot be read, the profile does not exist or cannot be used, or the .aws-sso file that decides here is not trusted.",
    ),
    (
        "101",
        "There is no Identity Center instance in the configuration.",
    ),
    ("102", "There are some, and none is the one that is named."),
    ("103", "Several could be meant."),
    (
        "110",
        "A service cannot be reached: its name, the connection, the time, or the proxy.",
    ),
    ("111", "A certificate is not accepted."),
    (
        "112",
        "Something else answers in a service's place, such as a captive portal.",
    ),
    (
        "113",
        "A setting of the network cannot be used: an endpoint, a proxy, a CA bundle, a time limit.",
    ),
    ("120", "The clock is more than five minutes off."),
    (
        "201",
        "No usable token: nobody is signed in, it has ended, it is another instance's, it cannot be read or renewed, or the portal refuses it.",
    ),
    ("202", "No access to the account, or to no role in it."),
    ("203", "The role is in none of the accounts."),
    ("204", "The role is not in this account."),
    ("205", "The portal gives no credentials for the role."),
    (
        "206",
        "The STS does not accept the credentials, or says that they are another account's.",
    ),
    ("207", "A service fails, or wants fewer requests."),
    (
        "220",
        "With --strict: there are warnings, and nothing worse.",
    ),
];
