//! What a layer may use from outside the product: purity and portability.
//!
//! clippy checks the calls (see clippy.toml); this checks the imports, so that a file of
//! `src/domain` cannot even name a clock. Tests may do more than what they test.

use super::paths::path_uses_outside_tests;
use super::tree::{Finding, Tree};

/// A rule for the files for which `applies` holds: none may name one of these.
struct Rule {
    applies: fn(&str) -> bool,
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 3] = [
    Rule {
        applies: |path| path.starts_with("src/domain/") || path == "src/domain.rs",
        forbidden: &[
            "std::env",
            "std::fs",
            "std::process",
            "std::thread",
            "std::time::Instant",
            "std::time::SystemTime",
            "time::Instant",
            "time::SystemTime",
            "std::io::stderr",
            "std::io::stdin",
            "std::io::stdout",
            "io::stderr",
            "io::stdin",
            "io::stdout",
            "std::net::TcpListener",
            "std::net::TcpStream",
            "std::net::ToSocketAddrs",
            "std::net::UdpSocket",
            "getrandom",
            "which",
        ],
        why: "domain is pure: clock, files, randomness and the rest come in as arguments",
    },
    Rule {
        applies: |path| !path.starts_with("src/os/") && path != "src/os.rs",
        forbidden: &["std::os", "nix", "libc"],
        why: "what only some systems have belongs in src/os",
    },
    Rule {
        applies: |path| {
            let places = ["src/aws/", "src/aws.rs", "src/provider.rs"];
            !places.iter().any(|place| path.starts_with(place))
        },
        forbidden: &["tokio", "aws_*"],
        why: "the SDK and its runtime belong in src/aws",
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust("src/") {
        if path.ends_with("/tests.rs") || path.contains("/tests/") {
            continue;
        }
        for mention in path_uses_outside_tests(text) {
            let shown = mention.segments.join("::");
            for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
                let names = |wanted: &&&str| match wanted.strip_suffix('*') {
                    Some(start) => mention.segments[0].starts_with(start),
                    None => mention.reaches(wanted),
                };
                if rule.forbidden.iter().any(|wanted| names(&wanted)) {
                    let what = format!("must not use {shown}: {}", rule.why);
                    findings.push(Finding::new(path, mention.line, what));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::check;

    fn count(path: &str, text: &str) -> usize {
        found(check, &[(path, text)]).len()
    }

    #[test]
    fn domain_names_no_effect() {
        for text in [
            "use std::fs;",
            "use std::{collections::BTreeMap, env};",
            "use std::time::{Duration, SystemTime};",
            "use std::time::*;",
            "use std::io; fn a() { io::stdout(); }",
            "fn a() { std::io::stderr(); }",
            "fn a() { std::thread::yield_now(); }",
            "use std::process::Command;",
            "use std::net::{IpAddr, TcpStream};",
            "use getrandom::fill;",
            "use nix::unistd;",
            "use aws_sdk_sso::Client;",
            "use tokio::time;",
        ] {
            assert_eq!(count("src/domain/a.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn domain_may_use_values() {
        let text = "use std::{io::Write, net::IpAddr, path::Path, time::Duration};\n\
                    // std::fs is for src/os\n\
                    #[cfg(test)]\nmod tests { use std::fs; use tokio::test; }";
        assert_eq!(count("src/domain/a.rs", text), 0);
        assert_eq!(count("src/domain/ini/tests.rs", "use std::fs;"), 0);
    }

    #[test]
    fn unix_stays_in_os() {
        for text in [
            "use std::os::unix::fs::X;",
            "use std::os::fd::AsFd;",
            "use libc::c_int;",
        ] {
            assert_eq!(count("src/cli/a.rs", text), 1, "{text}");
            assert_eq!(count("src/os/a.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn the_sdk_stays_in_aws() {
        let text = "use aws_smithy_types::DateTime;";
        assert_eq!(count("src/flow/a.rs", text), 1);
        assert_eq!(count("src/aws/a.rs", text), 0);
        assert_eq!(count("src/provider.rs", text), 0);
    }
}
