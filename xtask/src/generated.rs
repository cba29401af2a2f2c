//! `cargo xtask gen`: the completion scripts and the man pages, from the command line.
//!
//! The generator is the example `gen` of the product, which knows the command line; what it
//! needs is then no burden on this program. Here its files are put in their places, or
//! compared with what is there.

use crate::run::{cargo, output};
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The folders that hold nothing else.
const FOLDERS: [&str; 2] = ["completions", "man"];

/// The files of the folders, by their paths below the root.
type Files = BTreeMap<String, Vec<u8>>;

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    let check = match words {
        [] => false,
        ["--check"] => true,
        other => return Err(format!("cannot use {:?}; try --check", other.join(" "))),
    };
    let root = &workspace.root;
    let made = root.join("target/gen");
    if made.exists() {
        fs::remove_dir_all(&made).map_err(|e| at(&made, &e))?;
    }
    let mut generator = cargo(root);
    generator
        .args(["run", "--quiet", "--locked", "--package", "sso"])
        .args(["--example", "gen", "--"])
        .arg(&made);
    output(&mut generator)?;
    let (wanted, found) = (read(&made)?, read(root)?);
    let changes = changes(&wanted, &found);
    if check {
        return match changes.as_slice() {
            [] => {
                println!("{} generated files are current", wanted.len());
                Ok(())
            }
            stale => Err(format!(
                "not what `cargo xtask gen` writes: {}",
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

/// The paths that are not the same in both: changed, missing, or left over.
fn changes(wanted: &Files, found: &Files) -> Vec<String> {
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

fn read(root: &Path) -> Result<Files, String> {
    let mut files = Files::new();
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

fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{Files, changes};

    #[test]
    fn what_differs_is_named() {
        let files = |pairs: &[(&str, &str)]| -> Files {
            let own = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
            pairs.iter().map(own).collect()
        };
        let wanted = files(&[("man/a.1", "a"), ("man/b.1", "b"), ("man/c.1", "c")]);
        assert!(changes(&wanted, &wanted).is_empty());
        let found = files(&[("man/a.1", "a"), ("man/b.1", "old"), ("man/d.1", "d")]);
        assert_eq!(changes(&wanted, &found), ["man/b.1", "man/c.1", "man/d.1"]);
    }
}
