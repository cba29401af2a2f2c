//! Writes files and launcher scripts.

use std::fs;
use std::path::Path;

/// Writes a file and creates the folders above it.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|e| format!("{}: {e}", file.display()))
}

/// Writes `FOLDER/bin/NAME`, a shell script that runs a command line. In it, `$home` is the
/// folder.
///
/// The script contains the absolute path, so that it works through a symlink, from any folder
/// and in an empty environment. After the checkout is moved, the script fails, and `setup`
/// installs the component again because it starts each one to see if it works.
pub(crate) fn write_launcher(folder: &Path, name: &str, command_line: &str) -> Result<(), String> {
    let file = folder.join("bin").join(name);
    let home = shell_quote(&folder.display().to_string());
    write(
        &file,
        &format!("#!/bin/sh\nhome={home}\nexec {command_line} \"$@\"\n"),
    )?;
    make_executable(&file).map_err(|e| format!("{}: {e}", file.display()))
}

/// Quotes a word for a POSIX shell.
pub(crate) fn shell_quote(text: &str) -> String {
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
    use super::shell_quote;

    #[test]
    fn single_quotes_are_escaped() {
        assert_eq!(shell_quote("/it's here"), r"'/it'\''s here'");
    }
}
