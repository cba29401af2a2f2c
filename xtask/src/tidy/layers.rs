//! The arrows between the layers: which folder of `src/` may use which.
//!
//! Only paths inside the product are looked at here; what a layer may use from outside
//! is in `effects`.

use super::paths::{PathUse, path_uses};
use super::tree::{Finding, Tree};

/// Each layer and the layers that it may use besides itself.
const LAYERS: [(&str, &[&str]); 9] = [
    ("main", &["cli", "context", "error"]),
    ("cli", &["flow", "domain", "os", "context", "error"]),
    ("flow", &["domain", "aws", "os", "context", "error"]),
    ("domain", &["error"]),
    ("aws", &["domain", "error"]),
    ("os", &["domain", "error"]),
    ("context", &["aws", "os", "domain", "error"]),
    ("provider", &["flow", "domain", "context", "error"]),
    ("error", &[]),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust("src/") {
        let place = Place::of(path);
        // The map of the product names every layer; that is its purpose.
        if place.layer == "lib" {
            continue;
        }
        let Some((layer, allowed)) = LAYERS.iter().find(|(name, _)| *name == place.layer) else {
            let what = format!("`{}` is no layer; see the map in src/lib.rs", place.layer);
            findings.push(Finding::new(path, 0, what));
            continue;
        };
        for mention in path_uses(text) {
            let Some(used) = place.used(&mention) else {
                continue;
            };
            if used == *layer || allowed.contains(&used) {
                continue;
            }
            let what = if is_layer(used) {
                format!(
                    "{layer} must not use {used} (it may use: {})",
                    allowed.join(", ")
                )
            } else {
                format!("use the module in which `{used}` is, so that its layer shows")
            };
            findings.push(Finding::new(path, mention.line, what));
        }
    }
    findings
}

fn is_layer(name: &str) -> bool {
    LAYERS.iter().any(|(layer, _)| *layer == name)
}

/// Where a file is in the tree of modules.
struct Place<'a> {
    layer: &'a str,
    /// How many `super` lead from the file's module to the crate's root.
    depth: usize,
}

impl Place<'_> {
    fn of(path: &str) -> Place<'_> {
        let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
        let inner = inner.strip_suffix("/mod").unwrap_or(inner);
        let mut folders = inner.split('/');
        Place {
            layer: folders.next().unwrap_or(inner),
            depth: inner.split('/').count(),
        }
    }

    /// What a path from this file uses of the product: a layer, or a name at the root.
    fn used<'m>(&self, mention: &'m PathUse) -> Option<&'m str> {
        let segments: Vec<&str> = mention.segments.iter().map(String::as_str).collect();
        match segments[..] {
            ["crate", used, ..] => Some(used),
            ["sso", used, ..] if self.layer == "main" => Some(used),
            _ => {
                let ups = segments.iter().take_while(|word| **word == "super").count();
                let used = *segments.get(ups)?;
                // Inside a nested module the same number of steps ends below the root,
                // where a name is a layer's only by chance.
                (ups > 0 && ups >= self.depth && is_layer(used)).then_some(used)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::check;

    fn findings(path: &str, text: &str) -> Vec<String> {
        found(check, &[(path, text)])
    }

    #[test]
    fn allowed_arrows_are_quiet() {
        for (path, text) in [
            ("src/main.rs", "use sso::{cli, context};"),
            (
                "src/lib.rs",
                "pub use crate::aws::x; pub use crate::flow::y;",
            ),
            (
                "src/cli/cmd/login.rs",
                "use crate::flow::login; use crate::cli::args::Args;",
            ),
            (
                "src/flow/login.rs",
                "use crate::{aws::oidc, domain::{self, oauth}, os};",
            ),
            ("src/context.rs", "fn a() { crate::os::paths::x(); }"),
            (
                "src/domain/token.rs",
                "use super::profile; use crate::error::Error;",
            ),
            ("src/context.rs", "mod tests { use super::*; }"),
        ] {
            assert!(
                findings(path, text).is_empty(),
                "{path}: {:?}",
                findings(path, text)
            );
        }
    }

    #[test]
    fn forbidden_arrows_are_found() {
        for (path, text, arrow) in [
            ("src/main.rs", "use sso::flow;", "main must not use flow"),
            ("src/cli/mod.rs", "use crate::aws;", "cli must not use aws"),
            (
                "src/cli/a.rs",
                "use crate::{os, aws::oidc};",
                "cli must not use aws",
            ),
            ("src/flow/a.rs", "use crate::cli;", "flow must not use cli"),
            (
                "src/domain/a.rs",
                "use crate::os::lock;",
                "domain must not use os",
            ),
            (
                "src/domain/tests.rs",
                "use crate::context::X;",
                "domain must not use context",
            ),
            ("src/aws/a.rs", "use crate::os;", "aws must not use os"),
            (
                "src/os/a.rs",
                "fn a() { crate::aws::b() }",
                "os must not use aws",
            ),
            (
                "src/context.rs",
                "use crate::flow;",
                "context must not use flow",
            ),
            (
                "src/provider.rs",
                "use crate::aws;",
                "provider must not use aws",
            ),
            (
                "src/error.rs",
                "use crate::domain;",
                "error must not use domain",
            ),
        ] {
            let found = findings(path, text);
            assert_eq!(found.len(), 1, "{path}: {found:?}");
            assert!(found[0].contains(arrow), "{path}: {found:?}");
        }
    }

    #[test]
    fn climbing_to_the_root_is_no_way_round() {
        let found = findings("src/os/file/atomic.rs", "use super::super::super::aws;");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(findings("src/os/file/atomic.rs", "use super::super::aws;").is_empty());
    }

    #[test]
    fn names_at_the_root_hide_their_layer() {
        let found = findings("src/cli/a.rs", "use crate::Provider;");
        assert!(
            found[0].contains("use the module in which `Provider` is"),
            "{found:?}"
        );
    }

    #[test]
    fn a_new_top_level_module_needs_a_place_in_the_map() {
        let found = findings("src/network.rs", "");
        assert_eq!(
            found,
            ["src/network.rs: `network` is no layer; see the map in src/lib.rs"]
        );
    }
}
