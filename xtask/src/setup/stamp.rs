//! Remembers what was installed, so that the next run can leave it alone.
//!
//! A stamp is a small file that holds the recipe of one item. It is written last: an
//! interrupted installation has none and is done again from the start.

use crate::files::write;
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
