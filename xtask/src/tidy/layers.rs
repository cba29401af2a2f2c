//! Dependencies between the layers: the files and folders directly in `src/`.
//!
//! Only paths inside the crate are checked here; `effects` checks paths into other crates, and
//! `rooms` the folders of `src/domain`. Code for tests counts too.

use super::paths::{PathUse, path_uses};
use super::tree::{Finding, Tree};

/// Each layer and the layers that it may use besides itself.
const LAYERS: [(&str, &[&str]); 12] = [
    ("main", &["program", "context", "error"]),
    ("bin", &["admin", "context", "error"]),
    (
        "cli",
        &["flow", "domain", "os", "context", "notice", "error"],
    ),
    (
        "admin",
        &["flow", "domain", "aws", "os", "context", "notice", "error"],
    ),
    (
        "provider",
        &["flow", "domain", "context", "notice", "error"],
    ),
    (
        "flow",
        &["domain", "aws", "os", "context", "notice", "error"],
    ),
    ("context", &["aws", "os", "domain", "notice", "error"]),
    ("aws", &["domain", "error"]),
    ("os", &["domain", "error"]),
    ("domain", &["error"]),
    ("notice", &[]),
    ("error", &[]),
];

/// File with the table above.
const LIST: &str = "xtask/src/tidy/layers.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust("src/") {
        let module = ModulePath::of(path);
        // lib.rs declares every layer and re-exports the public API.
        if module.layer == "lib" {
            continue;
        }
        let Some((layer, allowed)) = LAYERS.iter().find(|(name, _)| *name == module.layer) else {
            let message = format!("`{}` is not a layer; see {LIST}", module.layer);
            findings.push(Finding::new(path, 0, message));
            continue;
        };
        for used_path in path_uses(text) {
            let Some(used) = module.layer_used(&used_path) else {
                continue;
            };
            if used == *layer || allowed.contains(&used) {
                continue;
            }
            let message = if is_layer(used) {
                format!(
                    "{layer} must not use {used} (it may use: {})",
                    allowed.join(", ")
                )
            } else {
                format!("import `{used}` from the module that defines it, not from the crate root")
            };
            findings.push(Finding::new(path, used_path.line, message));
        }
    }
    findings
}

fn is_layer(name: &str) -> bool {
    LAYERS.iter().any(|(layer, _)| *layer == name)
}

/// Position of a file in the module tree.
struct ModulePath<'a> {
    layer: &'a str,
    /// Number of `super` segments from the file's module to the crate root.
    depth: usize,
}

impl ModulePath<'_> {
    fn of(path: &str) -> ModulePath<'_> {
        let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
        let inner = inner.strip_suffix("/mod").unwrap_or(inner);
        let mut folders = inner.split('/');
        ModulePath {
            layer: folders.next().unwrap_or(inner),
            depth: inner.split('/').count(),
        }
    }

    /// Returns the layer that a path in this file leads into, or the name of an item in the
    /// crate root.
    fn layer_used<'p>(&self, path: &'p PathUse) -> Option<&'p str> {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        match segments[..] {
            ["crate", used, ..] if self.layer != "bin" => Some(used),
            ["sso", used, ..] if matches!(self.layer, "main" | "bin") => Some(used),
            _ => {
                let ups = segments.iter().take_while(|word| **word == "super").count();
                let used = *segments.get(ups)?;
                // In an inline module, the same number of `super` ends below the root, where
                // a name equals a layer's only by chance.
                (ups > 0 && ups >= self.depth && is_layer(used)).then_some(used)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings_of;
    use super::check;

    fn findings(path: &str, text: &str) -> Vec<String> {
        findings_of(check, &[(path, text)])
    }

    #[test]
    fn allowed_dependencies_are_not_reported() {
        for (path, text) in [
            ("src/main.rs", "use sso::program;"),
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
            ("src/flow/token/get.rs", "use crate::notice::Notice;"),
            ("src/bin/sso-admin.rs", "use sso::admin;"),
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
    fn forbidden_dependencies_are_found() {
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
            (
                "src/notice.rs",
                "use crate::error;",
                "notice must not use error",
            ),
            (
                "src/domain/a.rs",
                "use crate::notice;",
                "domain must not use notice",
            ),
            ("src/bin/a.rs", "use sso::flow;", "bin must not use flow"),
        ] {
            let found = findings(path, text);
            assert_eq!(found.len(), 1, "{path}: {found:?}");
            assert!(found[0].contains(arrow), "{path}: {found:?}");
        }
    }

    #[test]
    fn super_segments_to_the_root_are_resolved() {
        let found = findings("src/os/file/atomic.rs", "use super::super::super::aws;");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(findings("src/os/file/atomic.rs", "use super::super::aws;").is_empty());
    }

    #[test]
    fn items_in_the_crate_root_are_rejected() {
        let found = findings("src/cli/a.rs", "use crate::Provider;");
        assert!(
            found[0].contains("import `Provider` from the module"),
            "{found:?}"
        );
    }

    #[test]
    fn a_new_top_level_module_must_be_a_layer() {
        let found = findings("src/network.rs", "");
        assert_eq!(
            found,
            ["src/network.rs: `network` is not a layer; see xtask/src/tidy/layers.rs"]
        );
    }
}
