//! Many runs at once, and what must hold in a home whatever was run in it.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{Outcome, Run, World};

/// The directories in which the product makes files.
pub const DIRECTORIES: [&str; 5] = [
    ".aws/sso/cache",
    ".aws/cli/cache",
    ".local/state/sso",
    ".local/state/sso/lock",
    ".local/state/sso/inventory",
];

/// Nobody listens here.
pub const CLOSED: &str = "http://127.0.0.1:1";

/// Starts all of them, then waits for all of them.
pub fn all<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> Vec<Outcome> {
    let running: Vec<_> = runs.into_iter().map(Run::start).collect();
    running.into_iter().map(|one| one.finish()).collect()
}

/// How long something takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    (work(), begin.elapsed())
}

/// Waits until something holds. The limit is far above what it takes on a loaded machine.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl World {
    /// `credential-process` for the profile `dev`.
    pub fn credentials(&self) -> Run<'_> {
        self.sso(["credential-process", "-p", "dev"])
    }

    /// The time that a hundred runs take which do next to nothing.
    pub fn spawning(&self) -> Duration {
        timed(|| all((0..100).map(|_| self.sso(["--version"])))).1
    }

    /// Names of temporary files that somebody left behind.
    pub fn left_overs(&self) -> Vec<PathBuf> {
        let names = DIRECTORIES.iter().flat_map(|directory| {
            let entries = std::fs::read_dir(self.home().join(directory));
            entries.into_iter().flatten().flatten()
        });
        let paths = names.map(|entry| entry.path());
        paths
            .filter(|path| path.to_string_lossy().contains(".tmp"))
            .collect()
    }

    /// Fails when a cache file is not a whole JSON object.
    #[track_caller]
    pub fn assert_whole(&self) {
        for directory in [".aws/sso/cache", ".aws/cli/cache"] {
            for (path, bytes) in self.files(directory) {
                if path
                    .extension()
                    .is_some_and(|extension| extension == "json")
                {
                    let value: Result<serde_json::Value, _> = serde_json::from_slice(&bytes);
                    assert!(
                        value.is_ok_and(|value| value.is_object()),
                        "{} is torn: {:?}",
                        path.display(),
                        String::from_utf8_lossy(&bytes)
                    );
                }
            }
        }
    }

    /// Takes the lock of a cache file as another process of ours would.
    pub fn hold(&self, kind: &str, cache_file: &std::path::Path) -> File {
        let stem = cache_file.file_stem().unwrap().to_str().unwrap();
        let directory = self.home().join(".local/state/sso/lock");
        std::fs::create_dir_all(&directory).unwrap();
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(directory.join(format!("{kind}-{stem}")))
            .unwrap();
        file.try_lock().unwrap();
        file
    }
}
