//! The directions in which programs are tested with `sso`: the rows of the table.
//!
//! Some cells cannot be filled, for a reason given here. A record for such a cell is an error.

/// Names of the directions in the records and their texts in the table, in order.
pub(super) const DIRECTIONS: [(&str, &str); 12] = [
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

/// Text of the row for a direction.
pub(super) fn text_of(direction: &str) -> Option<&'static str> {
    let found = DIRECTIONS.iter().find(|(name, _)| *name == direction);
    found.map(|(_, text)| *text)
}

/// Name of the direction whose row has this text.
pub(super) fn name_of(text: &str) -> Option<&'static str> {
    let found = DIRECTIONS.iter().find(|(_, known)| *known == text);
    found.map(|(name, _)| *name)
}

/// Explanation for cells that cannot be filled.
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

/// Returns the index of the reason why a cell cannot be filled, if there is one.
pub(super) fn reason_for(client: &str, direction: &str) -> Option<usize> {
    let applies = |reason: &Reason| {
        reason.clients.contains(&client) && reason.directions.contains(&direction)
    };
    REASONS.iter().position(applies)
}

/// Text of a reason.
pub(super) fn reason_text(index: usize) -> &'static str {
    REASONS[index].why
}
