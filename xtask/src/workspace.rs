//! Where things are: the workspace's root and the folders that the chores fill.
//!
//! The folders are always `target/…` of the workspace, even when CARGO_TARGET_DIR points
//! elsewhere, because the tests look for them there.

use std::path::{Path, PathBuf};

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Continuous integration: what is missing is then a failure, not a remark.
    pub(crate) in_ci: bool,
}

impl Workspace {
    pub(crate) fn find() -> Result<Workspace, String> {
        // Cargo sets the variable for `cargo run`, so a checkout that was moved together
        // with its target folder is still found; the built-in path serves a direct call.
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

    /// Real AWS clients, which judge the product in the tests.
    pub(crate) fn clients(&self) -> PathBuf {
        self.root.join("target/clients")
    }

    /// The sources of those that are programs of ours with an SDK in them.
    pub(crate) fn programs(&self) -> PathBuf {
        self.root.join("tests/clients")
    }

    /// Programs of the checks themselves.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }
}
