//! Another computer as far as its settings go: files of /etc are others for one run, in a
//! mount namespace of its own. The files of this computer stay as they are.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::{Run, World};
use crate::programs;

/// What enters a namespace in which one may mount: as root, or as the root of a user
/// namespace where the kernel allows that.
const WAYS: [&[&str]; 2] = [
    &["--mount", "--propagation", "private"],
    &[
        "--user",
        "--map-root-user",
        "--mount",
        "--propagation",
        "private",
    ],
];

/// Puts each file of a pair in the other's place, then becomes what follows `--`.
const SCRIPT: &str = r#"
while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 99; shift 2; done
shift
exec "$@""#;

fn way() -> Option<&'static [&'static str]> {
    static FOUND: OnceLock<Option<&[&str]>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        WAYS.into_iter().find(|way| {
            let mut tried = Command::new("unshare");
            tried.args(*way).args(["mount", "--bind", "/etc", "/etc"]);
            tried.stdout(Stdio::null()).stderr(Stdio::null());
            tried.status().is_ok_and(|status| status.success())
        })
    })
}

/// A run of a program on a computer on which these paths show those files. `None`, said
/// loudly, where nothing may be mounted; where clients are required that is a failure.
#[track_caller]
pub fn on_another<'w>(
    world: &'w World,
    files: &[(&Path, &str)],
    program: impl AsRef<Path>,
) -> Option<Run<'w>> {
    let missing = files.iter().find(|(_, path)| !Path::new(path).exists());
    let (Some(way), None) = (way(), missing) else {
        let what = match missing {
            Some((_, path)) => format!("{path} to put another in its place"),
            None => "a mount namespace".to_owned(),
        };
        programs::must_be_skipped(&what);
        return None;
    };
    let mut run = Run::other(world, "unshare").args(way);
    run = run.args(["sh", "-c", SCRIPT, "sh"]);
    for (file, path) in files {
        run = run.arg(file).arg(path);
    }
    Some(run.arg("--").arg(program.as_ref()))
}
