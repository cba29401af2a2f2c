//! Paths in the workspace.
//!
//! Installed programs are always in `target/` of the workspace, even if CARGO_TARGET_DIR is set,
//! because the tests look for them there.

use std::path::{Path, PathBuf};

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Whether CI runs this. A check that cannot run here then fails instead of being skipped.
    pub(crate) in_ci: bool,
}

impl Workspace {
    /// Finds the workspace that this program belongs to.
    ///
    /// # Errors
    ///
    /// If the package is not in a workspace with a folder `xtask`.
    pub(crate) fn find() -> Result<Workspace, String> {
        // The variable that `cargo run` sets is right even if the checkout was moved together
        // with its target folder. The compiled-in path is for direct calls.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().map(Path::to_path_buf);
        match root.filter(|root| root.join("xtask").is_dir()) {
            Some(root) => Ok(Workspace {
                root,
                in_ci: std::env::var_os("CI").is_some_and(|value| value == "true"),
            }),
            None => Err(format!("{} is not in the workspace", package.display())),
        }
    }

    /// Folder of installed AWS clients, which the tests run against the product.
    pub(crate) fn clients_dir(&self) -> PathBuf {
        self.root.join("target/clients")
    }

    /// Folder of the sources of small test clients, one per AWS SDK.
    pub(crate) fn client_sources_dir(&self) -> PathBuf {
        self.root.join("tests/clients")
    }

    /// Folder of installed tools that the checks run.
    pub(crate) fn tools_dir(&self) -> PathBuf {
        self.root.join("target/tools")
    }
}
