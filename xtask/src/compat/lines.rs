//! The lines of the table, and why some of its cells can never be filled.
//!
//! A reason that somebody gives for a cell and a test that fills it cannot both be right;
//! `cargo xtask compat` refuses that.

/// The names by which the tests record, and the words of the table, in its order.
pub(super) const LINES: [(&str, &str); 12] = [
    ("ReadsToken", "uses a sign-in by `sso`"),
    (
        "ReadsLegacyToken",
        "uses a sign-in by `sso` for a profile without `sso_session`",
    ),
    ("SignsIn", "its own sign-in serves `sso`"),
    ("Refreshes", "renews the session, and `sso` goes on"),
    ("AfterRefresh", "goes on when `sso` has renewed the session"),
    ("SignsOut", "a sign-out by either holds for both"),
    ("SharesRoles", "shares stored role credentials with `sso`"),
    ("CredentialProcess", "calls `sso` by `credential_process`"),
    ("ShowsErrors", "shows what `sso` says when that fails"),
    ("Exec", "finds its credentials inside `sso exec`"),
    ("Env", "finds them after `eval \"$(sso env)\"`"),
    (
        "ServicesSection",
        "takes the endpoints from the same `services` section",
    ),
];

pub(super) fn words(direction: &str) -> Option<&'static str> {
    let found = LINES.iter().find(|(name, _)| *name == direction);
    found.map(|(_, words)| *words)
}

pub(super) fn direction(words: &str) -> Option<&'static str> {
    let found = LINES.iter().find(|(_, known)| *known == words);
    found.map(|(name, _)| *name)
}

struct Reason {
    clients: &'static [&'static str],
    directions: &'static [&'static str],
    why: &'static str,
}

const SDKS: [&str; 5] = [
    "SDK for Go",
    "SDK for Java",
    "SDK for JavaScript",
    "SDK for Rust",
    "boto3",
];

const REASONS: [Reason; 6] = [
    Reason {
        clients: &SDKS,
        directions: &["SignsIn", "SignsOut"],
        why: "The SDKs neither sign in nor sign out.",
    },
    Reason {
        clients: &SDKS,
        directions: &["SharesRoles"],
        why: "The SDKs store no role credentials; they fetch them anew in every process.",
    },
    Reason {
        clients: &["aws-sso-util"],
        directions: &["ReadsToken"],
        why: "aws-sso-util knows start URLs, and no `sso-session`.",
    },
    Reason {
        clients: &["aws-sso-util"],
        directions: &["Refreshes", "AfterRefresh"],
        why: "Sessions without an `sso-session` are not renewed, neither by aws-sso-util nor by \
              the AWS CLI.",
    },
    Reason {
        clients: &["aws-sso-util"],
        directions: &["CredentialProcess", "ShowsErrors", "Exec", "Env"],
        why: "aws-sso-util gives credentials to others, and needs none itself.",
    },
    Reason {
        clients: &["terraform"],
        directions: &[
            "ReadsToken",
            "ReadsLegacyToken",
            "SignsIn",
            "Refreshes",
            "AfterRefresh",
            "SignsOut",
            "SharesRoles",
            "ServicesSection",
        ],
        why: "terraform does what the SDK for Go does, which is in it.",
    },
];

/// The number and the words of the reason why a cell can never be filled.
pub(super) fn reason(client: &str, direction: &str) -> Option<usize> {
    let is_meant = |reason: &Reason| {
        reason.clients.contains(&client) && reason.directions.contains(&direction)
    };
    REASONS.iter().position(is_meant)
}

pub(super) fn why(number: usize) -> &'static str {
    REASONS[number].why
}
