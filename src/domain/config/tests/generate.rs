//! Generators of config texts: well-formed and malformed lines, and texts with changed bytes.

use proptest::prelude::*;

pub(super) fn one_of(pieces: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    proptest::sample::select(pieces).prop_map(str::to_owned)
}

/// Unusual names, including parts of each other and of keywords.
pub(super) const NAMES: &[&str] = &[
    "a",
    "dev",
    "de",
    "dev.x",
    "default",
    "profile",
    "sso-session",
    "sp ace",
    "it's",
    "()",
    "ünï",
    "x\u{fffd}",
    "",
    "Administrator",
    "services",
];

fn odd_line() -> impl Strategy<Value = String> + Clone {
    let names = one_of(&[
        "a", "dev", "\"dev\"", "'de'v", "de\\v", "sp\\ ace", "'()'", "de", "ünï", "dev.x",
        "default", "profile", "services",
    ]);
    let headers = names.prop_map(|name| format!("[profile {name}]"));
    let others = one_of(&[
        "[ profile  dev ] # c",
        "[profile\tdev];",
        "[profile \"sp ace\"]",
        "[profile 'it'\"'\"'s']",
        "[default]",
        "[profile dev",
        "[profile dev] x",
        "[profile Administrator]",
        "[profile sso-session]",
        "[dev]",
        "[sp ace]",
        "[it's]",
        "[()]",
        "[]",
        "[",
        "[sso-session corp]",
        "[sso-session dev]",
        "[ sso-session 'x y']",
        "[sso-session dev",
        "[sso-sessions dev]",
        "[services dev]",
        "[plugins]",
        "[x dev]",
        "a = 1",
        "a = dev",
        "b = profile dev]",
        "c = sso-session",
        "Region = eu # c",
        "x:y = z",
        "x: y",
        "=",
        "= a",
        "s3 =",
        "  a = 1",
        "  # c",
        " [profile dev]",
        "\t[sso-session corp]",
        "  x",
        "# [profile dev]",
        ";",
        "",
        " ",
        "k = a-value-that-is-longer-than-the-limit-of-the-test-and-goes-on",
        "# dev dev dev dev dev dev dev dev dev dev",
        "[profile dev-and-a-name-that-is-longer-than-the-limit-of-the-test]",
        "  dev dev dev dev dev dev dev dev dev",
    ]);
    // All lines are equally likely.
    prop_oneof![13 => headers, 46 => others]
}

/// Well-formed and malformed lines with LF and CRLF.
pub(super) fn odd_text() -> impl Strategy<Value = Vec<u8>> {
    let line = (
        odd_line(),
        one_of(&["\n", "\n", "\n", "\r\n", "\r", "\n\n"]),
    );
    let start = one_of(&["", "", "\u{feff}"]);
    (start, prop::collection::vec(line, 0..24), any::<bool>()).prop_map(|(start, lines, cut)| {
        let mut text = start;
        for (line, end) in lines {
            text.push_str(&line);
            text.push_str(&end);
        }
        if cut {
            text.pop();
        }
        text.into_bytes()
    })
}

/// An odd text with some bytes changed.
pub(super) fn mutated_text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        any::<u8>(),
        proptest::sample::select(b"[]\n\r \t#;='\"\\adev".as_slice()),
    ];
    let change = (any::<prop::sample::Index>(), byte);
    (odd_text(), prop::collection::vec(change, 0..6)).prop_map(|(mut text, changes)| {
        for (index, byte) in changes {
            if !text.is_empty() {
                let at = index.index(text.len());
                text[at] = byte;
            }
        }
        text
    })
}
