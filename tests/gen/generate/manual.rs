//! What the man pages say beyond the help of the commands, as one table: which variables and
//! files concern a command, which exit codes it has, and examples where its help has none.

use super::entries::{
    CACHE, CHECKED, COMMON, CONFIG, CONFIG_COPY, CONFIGURATION, CONFIRM, DIRECTORY, EXEC, FAILED,
    GIVEN, HOOK, INVENTORY, NETWORK, OUTPUT, SIGN_IN, SIGN_IN_NEEDED, STATE, STS, TARGET, TRUST,
};

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

const PAGES: [Page; 23] = [
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
        command: "populate",
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
        command: "check",
        variables: &[&CONFIGURATION, &TARGET, &NETWORK, &STS, &OUTPUT],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&CHECKED],
        examples: &[],
    },
    Page {
        command: "console",
        variables: &[&CONFIGURATION, &TARGET, &SIGN_IN, &NETWORK, &CONFIRM],
        files: &[&CONFIG, &CACHE, &STATE, &DIRECTORY],
        exits: &[&COMMON, &SIGN_IN_NEEDED],
        examples: &[],
    },
    Page {
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
