//! Paths into other crates that a layer may not name: effects, Unix, the AWS SDK.
//!
//! clippy checks calls (see clippy.toml); this checks imports too, so that a file of
//! `src/domain` cannot even name a clock. Code for tests is exempt.

use super::paths::path_uses_outside_tests;
use super::tree::{Finding, Tree};

/// Paths that some files may not name.
struct ForbiddenPaths {
    applies_to: fn(&str) -> bool,
    /// Paths, or beginnings of crate names before a `*`.
    paths: &'static [&'static str],
    why: &'static str,
}

const RULES: [ForbiddenPaths; 3] = [
    ForbiddenPaths {
        applies_to: |path| path.starts_with("src/domain/") || path == "src/domain.rs",
        paths: &[
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
        why: "src/domain is pure; pass times, file contents and random bytes as arguments",
    },
    ForbiddenPaths {
        applies_to: |path| !path.starts_with("src/os/") && path != "src/os.rs",
        paths: &["std::os", "nix", "libc"],
        why: "platform-specific code belongs in src/os",
    },
    ForbiddenPaths {
        applies_to: |path| {
            let allowed = ["src/aws/", "src/aws.rs", "src/provider.rs"];
            !allowed.iter().any(|start| path.starts_with(start))
        },
        paths: &["tokio", "aws_*"],
        why: "the SDK and the async runtime belong in src/aws",
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust("src/") {
        if path.ends_with("/tests.rs") || path.contains("/tests/") {
            continue;
        }
        for used in path_uses_outside_tests(text) {
            let shown = used.segments.join("::");
            for rule in RULES.iter().filter(|rule| (rule.applies_to)(path)) {
                let is_named = |forbidden: &&&str| match forbidden.strip_suffix('*') {
                    Some(start) => used.segments[0].starts_with(start),
                    None => used.reaches(forbidden),
                };
                if rule.paths.iter().any(|forbidden| is_named(&forbidden)) {
                    let message = format!("must not use {shown}: {}", rule.why);
                    findings.push(Finding::new(path, used.line, message));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    fn count_findings(path: &str, text: &str) -> usize {
        findings_of(check, &[(path, text)]).len()
    }

    #[test]
    fn effects_are_forbidden_in_domain() {
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
            assert_eq!(count_findings("src/domain/a.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn values_are_allowed_in_domain() {
        let text = "use std::{io::Write, net::IpAddr, path::Path, time::Duration};\n\
                    // std::fs is for src/os\n\
                    #[cfg(test)]\nmod tests { use std::fs; use tokio::test; }";
        assert_eq!(count_findings("src/domain/a.rs", text), 0);
        assert_eq!(count_findings("src/domain/ini/tests.rs", "use std::fs;"), 0);
    }

    #[test]
    fn unix_paths_are_allowed_only_in_os() {
        for text in [
            "use std::os::unix::fs::X;",
            "use std::os::fd::AsFd;",
            "use libc::c_int;",
        ] {
            assert_eq!(count_findings("src/cli/a.rs", text), 1, "{text}");
            assert_eq!(count_findings("src/os/a.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn sdk_paths_are_allowed_only_in_aws() {
        let text = "use aws_smithy_types::DateTime;";
        assert_eq!(count_findings("src/flow/a.rs", text), 1);
        assert_eq!(count_findings("src/aws/a.rs", text), 0);
        assert_eq!(count_findings("src/provider.rs", text), 0);
    }
}
