//! Remembers what was installed, so that the next run can leave it alone.
//!
//! A stamp is a small file that holds the recipe of one item. It is written last: an
//! interrupted installation has none and is done again from the start.

use crate::files::write;
use crate::workspace::Workspace;
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

    /// The stamp of what is built from sources in the folder of this name in `tests/clients`.
    pub(super) fn of_sources(
        workspace: &Workspace,
        name: &str,
        recipe: &str,
        sources: &[&str],
    ) -> Result<Stamp, String> {
        let mut recipe = format!("{recipe}\n");
        for source in sources {
            let file = workspace.programs().join(name).join(source);
            let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            recipe.push_str(&text);
        }
        Ok(Stamp::new(&workspace.clients(), name, recipe))
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
