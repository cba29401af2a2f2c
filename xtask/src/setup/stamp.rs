//! Remembers what was installed, so that the next run can leave it alone.
//!
//! A stamp is a small file that holds the recipe of one item. It is written last: an
//! interrupted installation has none and is done again from the start.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) struct Stamp {
    file: PathBuf,
    recipe: String,
}

impl Stamp {
    /// `recipe` names everything that decides the result, versions above all.
    pub(super) fn new(folder: &Path, name: &str, recipe: String) -> Stamp {
        Stamp {
            file: folder.join("stamps").join(name),
            recipe,
        }
    }

    pub(super) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.recipe)
    }

    /// Takes the old item away and leaves an empty folder for the new one.
    pub(super) fn start_over(&self, folder: &Path) -> Result<(), String> {
        let _ = fs::remove_file(&self.file);
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
    }

    pub(super) fn write(&self) -> Result<(), String> {
        write(&self.file, &self.recipe)
    }
}

/// Writes a file together with the folders above it.
pub(super) fn write(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|e| format!("{}: {e}", file.display()))
}

/// Writes `target/clients/bin/NAME`, a shell script with the given command line, in which
/// `$home` is `target/clients`.
///
/// The place is written out, so that the script works through a link, from any folder and
/// with an empty environment. A checkout that was moved is noticed, because every item is
/// started once before it counts as present.
pub(super) fn launcher(clients: &Path, name: &str, command_line: &str) -> Result<(), String> {
    let file = clients.join("bin").join(name);
    let home = quoted(&clients.display().to_string());
    write(
        &file,
        &format!("#!/bin/sh\nhome={home}\nexec {command_line} \"$@\"\n"),
    )?;
    make_executable(&file).map_err(|e| format!("{}: {e}", file.display()))
}

/// One word of a shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_are_quoted() {
        assert_eq!(quoted("/it's here"), r"'/it'\''s here'");
    }
}
