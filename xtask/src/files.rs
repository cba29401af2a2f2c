//! Writes files, and shell scripts that start programs.

use std::fs;
use std::path::Path;

/// Writes a file together with the folders above it.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|e| format!("{}: {e}", file.display()))
}

/// Writes `FOLDER/bin/NAME`, a shell script with the given command line, in which `$home`
/// is the folder.
///
/// The place is written out, so that the script works through a link, from any folder and
/// with an empty environment. A checkout that was moved is noticed, because every item is
/// started once before it counts as present.
pub(crate) fn launcher(folder: &Path, name: &str, command_line: &str) -> Result<(), String> {
    let file = folder.join("bin").join(name);
    let home = quoted(&folder.display().to_string());
    write(
        &file,
        &format!("#!/bin/sh\nhome={home}\nexec {command_line} \"$@\"\n"),
    )?;
    make_executable(&file).map_err(|e| format!("{}: {e}", file.display()))
}

/// One word of a shell.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(unix)]
pub(crate) fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
pub(crate) fn make_executable(_: &Path) -> std::io::Result<()> {
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
