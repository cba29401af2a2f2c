//! `cargo xtask gen`: writes the completion scripts and man pages, or checks them.
//!
//! The product's example `gen` generates them from the definition of the command line, so that
//! this program needs neither clap nor the product. This module copies or compares the files.

use crate::process::{cargo, output};
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Folders that contain only generated files.
const FOLDERS: [&str; 2] = ["completions", "man"];

/// Contents of generated files by path from the root.
type GeneratedFiles = BTreeMap<String, Vec<u8>>;

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let check = match args {
        [] => false,
        ["--check"] => true,
        other => {
            return Err(format!(
                "unexpected arguments {:?}; try --check",
                other.join(" ")
            ));
        }
    };
    let root = &workspace.root;
    let generated = root.join("target/gen");
    if generated.exists() {
        fs::remove_dir_all(&generated).map_err(|e| at(&generated, &e))?;
    }
    let mut generator = cargo(root);
    generator
        .args(["run", "--quiet", "--locked", "--package", "sso"])
        .args(["--example", "gen", "--"])
        .arg(&generated);
    output(&mut generator)?;
    let (wanted, found) = (read(&generated)?, read(root)?);
    let changes = changed_paths(&wanted, &found);
    if check {
        return match changes.as_slice() {
            [] => {
                println!("{} generated files are up to date", wanted.len());
                Ok(())
            }
            stale => Err(format!(
                "out of date, run `cargo xtask gen`: {}",
                stale.join(", ")
            )),
        };
    }
    for path in &changes {
        let file = root.join(path);
        match wanted.get(path) {
            Some(bytes) => file
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&file, bytes)),
            None => fs::remove_file(&file),
        }
        .map_err(|e| at(&file, &e))?;
        println!("{path}");
    }
    println!("{} of {} files changed", changes.len(), wanted.len());
    Ok(())
}

/// Returns the paths whose contents differ, that are missing, or that are left over.
fn changed_paths(wanted: &GeneratedFiles, found: &GeneratedFiles) -> Vec<String> {
    let left_over = found.keys().filter(|path| !wanted.contains_key(*path));
    let changed = wanted
        .iter()
        .filter(|(path, bytes)| found.get(*path) != Some(*bytes));
    changed
        .map(|(path, _)| path)
        .chain(left_over)
        .cloned()
        .collect()
}

/// Reads the generated files below a root.
fn read(root: &Path) -> Result<GeneratedFiles, String> {
    let mut files = GeneratedFiles::new();
    for name in FOLDERS {
        let folder = root.join(name);
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder).map_err(|e| at(&folder, &e))? {
            let file = entry.map_err(|e| at(&folder, &e))?.path();
            let bytes = fs::read(&file).map_err(|e| at(&file, &e))?;
            let own = file.file_name().unwrap_or_default().to_string_lossy();
            files.insert(format!("{name}/{own}"), bytes);
        }
    }
    Ok(files)
}

/// Formats an error with the path it concerns.
fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{GeneratedFiles, changed_paths};

    #[test]
    fn changed_missing_and_left_over_files_are_listed() {
        let files = |pairs: &[(&str, &str)]| -> GeneratedFiles {
            let own = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
            pairs.iter().map(own).collect()
        };
        let wanted = files(&[("man/a.1", "a"), ("man/b.1", "b"), ("man/c.1", "c")]);
        assert!(changed_paths(&wanted, &wanted).is_empty());
        let found = files(&[("man/a.1", "a"), ("man/b.1", "old"), ("man/d.1", "d")]);
        assert_eq!(
            changed_paths(&wanted, &found),
            ["man/b.1", "man/c.1", "man/d.1"]
        );
    }
}
