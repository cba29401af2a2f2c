//! Writes `completions/` and `man/` below the directory given as its argument.
//!
//! `cargo xtask gen` runs it, and installs the files or compares them with the checked-in ones.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of the workspace, not of the product: it writes files"
)]

mod generate;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: gen FOLDER")?;
    for (path, text) in generate::files() {
        let path = Path::new(&directory).join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
