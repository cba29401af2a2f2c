//! Stamp files, which record what is installed so that the next run can skip it.
//!
//! A stamp contains the recipe of a component and is written last, so that an interrupted
//! installation is repeated.

use crate::workspace::Workspace;
use crate::write_files::write;
use std::fs;
use std::path::{Path, PathBuf};

/// The stamp file of a component.
pub(super) struct InstallStamp {
    file: PathBuf,
    recipe: String,
}

impl InstallStamp {
    /// Creates the stamp `name` below `folder`. The recipe contains everything that determines the
    /// result, such as versions.
    pub(super) fn new(folder: &Path, name: &str, recipe: String) -> InstallStamp {
        InstallStamp {
            file: folder.join("stamps").join(name),
            recipe,
        }
    }

    /// Creates the stamp of a client built from sources in `tests/clients/NAME`. Their contents are
    /// part of the recipe.
    pub(super) fn for_sources(
        workspace: &Workspace,
        name: &str,
        recipe: &str,
        sources: &[&str],
    ) -> Result<InstallStamp, String> {
        let mut recipe = format!("{recipe}\n");
        for source in sources {
            let file = workspace.client_sources_dir().join(name).join(source);
            let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            recipe.push_str(&text);
        }
        Ok(InstallStamp::new(&workspace.clients_dir(), name, recipe))
    }

    /// Returns `true` if the file contains this recipe.
    pub(super) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.recipe)
    }

    /// Removes the installed component and leaves an empty folder.
    pub(super) fn clear(&self, folder: &Path) -> Result<(), String> {
        let _ = fs::remove_file(&self.file);
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
    }

    pub(super) fn write(&self) -> Result<(), String> {
        write(&self.file, &self.recipe)
    }
}
