//! Resolves the paths in `src/` to the files that define what they name.
//!
//! A file depends on another if it names an item defined there, also to re-export it.
//! Re-exports are followed to the definition. `mod child;` is no dependency, and neither is
//! `use` of a module by itself: only what is then named in that module counts. Code for tests is
//! ignored.

use super::paths::{PathUse, matches, path_uses_outside_tests, tokens_outside_tests};
use super::tokens::{Token, blank_text, tokens};
use super::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

/// One file's use of an item that another file defines.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
pub(super) struct Dependency<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) item: String,
    /// One-based line of the use in `from`.
    pub(super) line: usize,
}

/// Limit on aliases followed for one path, because imports can refer to each other in a loop.
const MAX_ALIASES: usize = 16;

/// A file of the library as a module.
struct Module<'a> {
    file: &'a str,
    paths: Vec<PathUse>,
}

/// The modules of the library by path from the crate root, which is the empty path.
pub(super) struct Modules<'a> {
    modules: BTreeMap<Vec<String>, Module<'a>>,
}

/// Meaning of a path. An item comes with the module that defines it.
enum Resolved {
    Module,
    Item(Vec<String>, String),
}

impl<'a> Modules<'a> {
    /// Reads the files below `src/` that are neither for tests nor a binary.
    pub(super) fn read(tree: &'a Tree) -> Modules<'a> {
        let tests: Vec<String> = tree
            .rust("src/")
            .flat_map(|(file, text)| test_modules(file, text))
            .collect();
        let is_test = |path: &[String]| {
            let path = path.join("::");
            tests.iter().any(|test| {
                path.strip_prefix(test.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            })
        };
        let modules = tree
            .rust("src/")
            .filter(|(file, _)| *file != "src/main.rs" && !file.starts_with("src/bin/"))
            .map(|(file, text)| (module_path(file), file, text))
            .filter(|(path, file, _)| !is_test(path) && !file.ends_with("_tests.rs"))
            .map(|(path, file, text)| {
                let paths = path_uses_outside_tests(text);
                let module = Module { file, paths };
                (path, module)
            })
            .collect();
        Modules { modules }
    }

    /// Returns every use of another file's item, sorted.
    pub(super) fn dependencies(&self) -> Vec<Dependency<'a>> {
        let mut found = Vec::new();
        for (path, module) in &self.modules {
            for used in &module.paths {
                let Some(Resolved::Item(owner, item)) =
                    self.resolve(path, &used.segments, MAX_ALIASES)
                else {
                    continue;
                };
                if owner != *path
                    && let Some(target) = self.modules.get(&owner)
                {
                    found.push(Dependency {
                        from: module.file,
                        to: target.file,
                        item,
                        line: used.line,
                    });
                }
            }
        }
        found.sort();
        found
    }

    /// Resolves a path as written in the module `from`. Returns `None` for other crates, the
    /// prelude and local names.
    fn resolve(&self, from: &[String], segments: &[String], aliases: usize) -> Option<Resolved> {
        let (first, rest) = segments.split_first()?;
        match first.as_str() {
            "crate" => self.descend(Vec::new(), rest, aliases),
            "self" => self.descend(from.to_vec(), rest, aliases),
            "super" => {
                let (_, parent) = from.split_last()?;
                let ups = rest.iter().take_while(|word| *word == "super").count();
                let base = parent.get(..parent.len().checked_sub(ups)?)?;
                self.descend(base.to_vec(), &rest[ups..], aliases)
            }
            // A path without a keyword starts at a child module or at an import.
            _ => {
                let is_module = self.modules.contains_key(&child(from, first));
                let is_known = is_module || self.import(from, first).is_some();
                is_known
                    .then(|| self.descend(from.to_vec(), segments, aliases))
                    .flatten()
            }
        }
    }

    /// Follows `segments` down from a module.
    fn descend(
        &self,
        mut module: Vec<String>,
        segments: &[String],
        aliases: usize,
    ) -> Option<Resolved> {
        for (at, name) in segments.iter().enumerate() {
            let rest = &segments[at + 1..];
            let below = child(&module, name);
            let is_module = self.modules.contains_key(&below);
            // A function may have the name of the module it is re-exported from. Only the
            // last segment can mean the function.
            if (!is_module || rest.is_empty())
                && let Some(import) = self.import(&module, name)
                && let Some(aliases) = aliases.checked_sub(1)
                && let Some(target) = self.resolve_import(&module, import, rest, aliases)
            {
                return Some(target);
            }
            if !is_module {
                return Some(Resolved::Item(module, name.clone()));
            }
            module = below;
        }
        Some(Resolved::Module)
    }

    /// Resolves the target of an import, continued by the segments after its name.
    fn resolve_import(
        &self,
        module: &[String],
        import: &PathUse,
        rest: &[String],
        aliases: usize,
    ) -> Option<Resolved> {
        let target = [import.segments.as_slice(), rest].concat();
        // `pub use profiles::profiles` must not resolve its first segment by itself.
        match target.split_first() {
            Some((first, below)) if self.modules.contains_key(&child(module, first)) => {
                self.descend(child(module, first), below, aliases)
            }
            _ => self.resolve(module, &target, aliases),
        }
    }

    fn import(&self, module: &[String], name: &str) -> Option<&PathUse> {
        let paths = &self.modules.get(module)?.paths;
        paths.iter().find(|path| {
            path.import
                .as_ref()
                .is_some_and(|import| import.name == name)
        })
    }
}

fn child(module: &[String], name: &str) -> Vec<String> {
    [module, &[name.to_string()]].concat()
}

/// Path of the module that a file is, without `crate`.
pub(super) fn module_path(file: &str) -> Vec<String> {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs");
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    let segments = inner.split('/').filter(|name| *name != "lib");
    segments.map(str::to_string).collect()
}

/// Paths of the modules that a file declares as `#[cfg(test)] mod NAME;`.
fn test_modules(file: &str, text: &str) -> Vec<String> {
    let all = declared(&tokens(&blank_text(text)));
    let shipped = declared(&tokens_outside_tests(text));
    let path = module_path(file);
    all.difference(&shipped)
        .map(|name| child(&path, name).join("::"))
        .collect()
}

/// Names of the modules that the code declares, with or without a body.
fn declared(tokens: &[(usize, Token)]) -> BTreeSet<String> {
    (0..tokens.len())
        .filter(|at| matches(tokens, *at, &["mod"]))
        .filter_map(|at| match tokens.get(at + 1) {
            Some((_, Token::Word(name))) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree_of;
    use super::Modules;

    /// Dependencies of a made-up `src/` as `FROM -> TO ITEM`, without the common prefix.
    fn dependencies(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, &str)> = files
            .iter()
            .map(|(path, text)| (format!("src/{path}"), *text))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, t)| (path.as_str(), *t)).collect();
        let tree = tree_of(&files);
        let short = |path: &str| path.trim_start_matches("src/").to_string();
        let mut found: Vec<String> = Modules::read(&tree)
            .dependencies()
            .iter()
            .map(|used| format!("{} -> {} {}", short(used.from), short(used.to), used.item))
            .collect();
        found.dedup();
        found
    }

    #[test]
    fn crate_super_and_self_are_resolved() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod c; pub struct A; use self::c::C;"),
            (
                "a/c.rs",
                "use super::A; use super::super::b::B; pub struct C;",
            ),
            ("b.rs", "fn f() { crate::a::c::g() }"),
        ];
        assert_eq!(
            dependencies(&files),
            [
                "a/c.rs -> a/mod.rs A",
                "a/c.rs -> b.rs B",
                "a/mod.rs -> a/c.rs C",
                "b.rs -> a/c.rs g"
            ]
        );
    }

    #[test]
    fn a_module_import_counts_where_its_items_are_used() {
        let files = [
            (
                "a.rs",
                "use crate::b::{self as x, unused}; fn f() { x::c::C::new(); }",
            ),
            ("b/mod.rs", "pub mod c; pub mod unused;"),
            ("b/c.rs", ""),
            ("b/unused.rs", ""),
        ];
        assert_eq!(dependencies(&files), ["a.rs -> b/c.rs C"]);
    }

    #[test]
    fn a_child_module_is_known_by_its_name() {
        let files = [("a.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "")];
        assert_eq!(dependencies(&files), ["a.rs -> a/b.rs g"]);
    }

    #[test]
    fn re_exports_lead_to_the_definition() {
        let files = [
            ("a.rs", "use crate::b::{C, Renamed};"),
            (
                "b/mod.rs",
                "mod c; pub use c::C; pub use self::c::D as Renamed;",
            ),
            ("b/c.rs", ""),
        ];
        assert_eq!(
            dependencies(&files),
            [
                "a.rs -> b/c.rs C",
                "a.rs -> b/c.rs D",
                "b/mod.rs -> b/c.rs C",
                "b/mod.rs -> b/c.rs D"
            ]
        );
    }

    #[test]
    fn a_function_may_have_the_name_of_its_module() {
        let files = [
            ("a.rs", "use crate::b::c; fn f() { c(); c::g(); }"),
            ("b/mod.rs", "mod c; pub use c::c;"),
            ("b/c.rs", "fn c() {} fn g() {}"),
        ];
        assert_eq!(
            dependencies(&files),
            [
                "a.rs -> b/c.rs c",
                "a.rs -> b/c.rs g",
                "b/mod.rs -> b/c.rs c"
            ]
        );
    }

    #[test]
    fn other_crates_tests_and_binaries_are_ignored() {
        let files = [
            ("main.rs", "use sso::cli; use crate::a::X;"),
            (
                "a.rs",
                "use std::fs; use sso::b::X; #[cfg(test)] use crate::b::Y; #[cfg(test)] mod tests;",
            ),
            ("a/tests.rs", "use crate::b::Z;"),
            ("a/tests/cases.rs", "use crate::b::Z;"),
            ("b.rs", "#[cfg(test)] mod tests { use crate::a::X; }"),
        ];
        assert_eq!(dependencies(&files), [""; 0]);
    }
}
