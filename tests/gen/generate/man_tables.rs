//! Sections of the man pages that the help of the commands does not have: environment variables,
//! files, exit codes and further examples.

use super::man_entries::{
    CACHE, CHECKED, COMMON, CONFIG, CONFIG_COPY, CONFIGURATION, DIRECTORY, EXEC, Entry, FAILED,
    GIVEN, HOOK, INVENTORY, NETWORK, OUTPUT, PROTECT, SIGN_IN, SIGN_IN_NEEDED, STATE, STS, TARGET,
    TRUST,
};

/// Version and date of the pages. The date of generation would change the pages every day.
pub const RELEASE: (&str, &str) = ("0.1.0", "2026-11-28");

/// Further sections of the page of a command.
pub struct PageTable {
    /// Full name of the command, without `sso`.
    pub command: &'static str,
    pub variables: &'static [&'static [Entry]],
    pub files: &'static [&'static [Entry]],
    pub exits: &'static [&'static [Entry]],
    /// Lines of examples, for a command whose help has no examples.
    pub examples: &'static [&'static str],
}

/// Returns the sections for a command.
pub fn find(command: &str) -> Option<&'static PageTable> {
    PAGES.iter().find(|page| page.command == command)
}

const PAGES: [PageTable; 23] = [
    PageTable {
        command: "",
        variables: &[&CONFIGURATION, &TARGET, &SIGN_IN, &NETWORK, &HOOK, &OUTPUT],
        files: &[&CONFIG, &CACHE, &STATE, &INVENTORY, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED, &EXEC],
        examples: &[],
    },
    PageTable {
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
    PageTable {
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
    PageTable {
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
    PageTable {
        command: "roles",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &INVENTORY, &STATE],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    PageTable {
        command: "accounts",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &INVENTORY, &STATE],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    PageTable {
        command: "populate",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK],
        files: &[&CONFIG, &CACHE, &INVENTORY, &STATE],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    PageTable {
        command: "credential-process",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK, &SIGN_IN],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    PageTable {
        command: "exec",
        variables: &[
            &CONFIGURATION,
            &TARGET,
            &[("SHELL", "What is run where no command is given.")],
            &PROTECT,
            &NETWORK,
            &SIGN_IN,
            &GIVEN,
        ],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED, &EXEC],
        examples: &[],
    },
    PageTable {
        command: "env",
        variables: &[
            &CONFIGURATION,
            &TARGET,
            &PROTECT,
            &NETWORK,
            &SIGN_IN,
            &GIVEN,
        ],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    PageTable {
        command: "check",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK, &STS, &OUTPUT],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&CHECKED],
        examples: &[],
    },
    PageTable {
        command: "console",
        variables: &[&CONFIGURATION, &TARGET, &SIGN_IN, &NETWORK, &PROTECT],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    PageTable {
        command: "configure",
        variables: &[&CONFIGURATION, &NETWORK, &SIGN_IN, &OUTPUT],
        files: &[&CONFIG, &CONFIG_COPY, &CACHE, &INVENTORY, &STATE],
        exits: &[
            &COMMON,
            &[(
                "4",
                "A sign-in was needed to list roles, and was denied or not finished.",
            )],
        ],
        examples: &[],
    },
    PageTable {
        command: "use",
        variables: &[&CONFIGURATION, &TARGET],
        files: &[&DIRECTORY, &TRUST, &CONFIG],
        exits: &[&COMMON],
        examples: &[],
    },
    PageTable {
        command: "allow",
        variables: &[&CONFIGURATION],
        files: &[&DIRECTORY, &TRUST, &CONFIG],
        exits: &[&COMMON],
        examples: &[
            "sso allow                   the nearest .aws-sso file, at or above this directory",
            "sso allow --yes ~/project   that directory's, without asking",
        ],
    },
    PageTable {
        command: "deny",
        variables: &[&CONFIGURATION],
        files: &[&DIRECTORY, &TRUST],
        exits: &[&COMMON],
        examples: &["sso deny ~/project          ignore that directory's .aws-sso file"],
    },
    PageTable {
        command: "trust",
        variables: &[&CONFIGURATION],
        files: &[&TRUST, &DIRECTORY],
        exits: &[&COMMON],
        examples: &[
            "sso trust list              every file that was allowed or denied",
            "sso trust prune             forget those that have changed or are gone",
        ],
    },
    PageTable {
        command: "trust list",
        variables: &[&CONFIGURATION],
        files: &[&TRUST, &DIRECTORY],
        exits: &[&COMMON],
        examples: &[
            "sso trust list",
            "sso trust list --json | jq -r '.[] | select(.state == \"changed\") | .path'",
        ],
    },
    PageTable {
        command: "trust prune",
        variables: &[&CONFIGURATION],
        files: &[&TRUST, &DIRECTORY],
        exits: &[&COMMON],
        examples: &["sso trust prune"],
    },
    PageTable {
        command: "hook",
        variables: &[&HOOK, &CONFIGURATION, &NETWORK, &GIVEN],
        files: &[&DIRECTORY, &TRUST, &CONFIG, &CACHE, &STATE],
        exits: &[&COMMON],
        examples: &[],
    },
    PageTable {
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
    PageTable {
        command: "prompt",
        variables: &[&[(
            "AWS_SSO_PROFILE, AWS_PROFILE, AWS_ACCOUNT_ID, AWS_CREDENTIAL_EXPIRATION, AWS_REGION",
            "What the hook or `sso env` has loaded, which is what is shown.",
        )]],
        files: &[&CACHE],
        exits: &[&COMMON],
        examples: &[],
    },
    PageTable {
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
