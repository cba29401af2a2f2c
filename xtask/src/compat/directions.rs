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
    ("SignsIn", "`sso` uses its sign-in"),
    (
        "Refreshes",
        "refreshes the token, and `sso` uses the new one",
    ),
    ("AfterRefresh", "uses a token that `sso` has refreshed"),
    ("SignsOut", "a sign-out by either applies to both"),
    ("SharesRoles", "shares cached role credentials with `sso`"),
    ("CredentialProcess", "runs `sso` as `credential_process`"),
    ("ShowsErrors", "shows the error of `sso` if that fails"),
    ("Exec", "uses the credentials of `sso exec`"),
    ("Env", "uses the credentials of `eval \"$(sso env)\"`"),
    (
        "ServicesSection",
        "reads endpoints from the same `services` section",
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
        why: "The SDKs do not cache role credentials; every process fetches them.",
    },
    Reason {
        clients: &["aws-sso-util"],
        directions: &["ReadsToken"],
        why: "aws-sso-util reads start URLs, not `sso-session` sections.",
    },
    Reason {
        clients: &["aws-sso-util"],
        directions: &["Refreshes", "AfterRefresh"],
        why: "Neither aws-sso-util nor the AWS CLI refreshes a session without an `sso-session` \
              section.",
    },
    Reason {
        clients: &["aws-sso-util"],
        directions: &["CredentialProcess", "ShowsErrors", "Exec", "Env"],
        why: "aws-sso-util provides credentials and uses none itself.",
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
        why: "terraform contains the SDK for Go and behaves like it.",
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
