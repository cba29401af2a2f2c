//! Reads and replaces files that people edit: the AWS configuration and shell start-up files.
//!
//! Other tools write them without a lock, and many in place: for a moment such a file is empty.
//! A reader waits for its content, and a writer until it is complete and only replaces what it
//! has read. A symbolic link stays a link, and mode and owner are kept. The file is never written
//! in place, where a full disk or a kill would leave half of it.
//!
//! A configuration file may also be `/dev/null`, which is empty, or a pipe, as of a process
//! substitution. Neither is ever written.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use nix::libc::EBUSY;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::{AccessFlags, access};

use super::atomic::{self, Pending};
use super::clock::{self, Deadline};
use super::file;
use super::private_dir::{Mode, Owner};

/// Time after its last change in which an empty file may be in the middle of a rewrite.
const REWRITE_TIME: Duration = Duration::from_secs(2);
/// Limit on the time that a reader waits for the content of an empty file, and its pauses.
const READER_TIMEOUT: Duration = Duration::from_millis(200);
const READER_PAUSE: Duration = Duration::from_millis(10);
/// Limit on the time that a writer waits for a complete file, and the pause between two readings
/// that must agree.
const WRITER_TIMEOUT: Duration = Duration::from_secs(10);
const WRITER_PAUSE: Duration = Duration::from_millis(50);
/// Limit on the time in which the writer of a pipe must have written everything.
const PIPE_TIMEOUT: Duration = Duration::from_secs(2);

/// Suffix of the backup. The user may have a `.bak` file already.
const BACKUP_SUFFIX: &str = ".sso.bak";

/// File that is open for reading.
#[derive(Debug)]
pub enum Source {
    /// A regular file.
    Regular(File, Metadata),
    /// A pipe, which can be read once.
    Pipe(File),
    /// `/dev/null`.
    Null,
}

impl Source {
    /// Opens a file. Anything else than a [`Source`] is an error.
    pub fn open(path: &Path) -> io::Result<Source> {
        let file = file::open(path, 0)?;
        let meta = file.metadata()?;
        if meta.is_file() {
            Ok(Source::Regular(file, meta))
        } else if meta.file_type().is_fifo() {
            Ok(Source::Pipe(file))
        } else if is_null(&meta) {
            Ok(Source::Null)
        } else {
            Err(file::irregular())
        }
    }

    /// Reads everything. A file longer than `most` bytes is an error.
    pub fn read(self, most: u64) -> io::Result<Vec<u8>> {
        match self {
            Source::Regular(mut file, meta) => file::read_whole(&mut file, meta.len(), most),
            Source::Pipe(pipe) => read_pipe(pipe, most),
            Source::Null => Ok(Vec::new()),
        }
    }
}

fn is_null(meta: &Metadata) -> bool {
    let null = || std::fs::metadata("/dev/null");
    meta.file_type().is_char_device() && null().is_ok_and(|null| null.rdev() == meta.rdev())
}

/// Reads a pipe to its end.
fn read_pipe(mut pipe: File, most: u64) -> io::Result<Vec<u8>> {
    let deadline = Deadline::after(PIPE_TIMEOUT);
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let timeout = PollTimeout::try_from(deadline.left()).unwrap_or(PollTimeout::ZERO);
        let mut ready = [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, timeout) {
            Ok(0) => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "it is a pipe whose writer has not finished within 2 s",
                ));
            }
            Err(error) if error != nix::Error::EINTR => return Err(error.into()),
            _ => {}
        }
        match pipe.read(&mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(count) => {
                bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
                file::check_size(bytes.len() as u64, most)?;
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
}

/// Returns `true` if the file may be empty only because a tool is writing it in place.
pub fn may_be_in_rewrite(meta: &Metadata) -> bool {
    meta.len() == 0 && meta.modified().is_ok_and(is_recent)
}

fn is_recent(changed: SystemTime) -> bool {
    let age = changed.elapsed();
    // A clock that was set back must not stop every call for longer.
    age.unwrap_or_else(|ahead| ahead.duration()) < REWRITE_TIME
}

/// Reads a file once; `None` if it does not exist. The second value is `true` if it may be in the
/// middle of a rewrite.
fn read_once(path: &Path, most: u64) -> io::Result<(Option<Vec<u8>>, bool)> {
    let source = match Source::open(path) {
        Ok(source) => source,
        Err(error) if file::is_absent(&error) => return Ok((None, false)),
        Err(error) => return Err(error),
    };
    let in_rewrite = match &source {
        Source::Regular(_, meta) => may_be_in_rewrite(meta),
        Source::Pipe(_) | Source::Null => false,
    };
    let bytes = source.read(most)?;
    Ok((Some(bytes), in_rewrite))
}

/// Reads a file of at most `most` bytes; `None` if it does not exist. Waits for a moment for the
/// content of one that may be in the middle of a rewrite.
pub fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let deadline = Deadline::after(READER_TIMEOUT);
    loop {
        let (content, in_rewrite) = read_once(path, most)?;
        if !in_rewrite || deadline.is_over() {
            return Ok(content);
        }
        clock::sleep(READER_PAUSE);
    }
}

/// Content of a file that this process has read before.
#[derive(Clone, Copy, Debug)]
pub struct EarlierReading<'a> {
    pub content: Option<&'a [u8]>,
    /// Pause after which another reading may confirm it.
    pub pause: Deadline,
}

/// Returns the pause that starts with a reading.
pub fn start_pause() -> Deadline {
    Deadline::after(WRITER_PAUSE)
}

/// Reads a file like [`read`] for a writer, once no other program seems to write it: it is not in
/// the middle of a rewrite, and two readings agree. The first of them may be an earlier one of this
/// process.
pub fn read_settled(
    path: &Path,
    most: u64,
    earlier: Option<EarlierReading>,
) -> io::Result<Option<Vec<u8>>> {
    let deadline = Deadline::after(WRITER_TIMEOUT);
    if let Some(earlier) = earlier {
        clock::sleep(earlier.pause.left());
    }
    let mut last = None;
    loop {
        let (content, in_rewrite) = read_once(path, most)?;
        let agrees = match (&last, earlier) {
            (Some(last), _) => *last == content,
            (None, Some(earlier)) => earlier.content == content.as_deref(),
            (None, None) => false,
        };
        if !in_rewrite && agrees {
            return Ok(content);
        }
        if deadline.is_over() {
            return Err(io::Error::other("something else keeps writing it"));
        }
        last = Some(content);
        clock::sleep(WRITER_PAUSE);
    }
}

/// Returns `true` for a pipe or a device, which cannot be replaced. Does not open it: a reader
/// that goes away ends the writer of a pipe.
pub fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| {
        let kind = meta.file_type();
        kind.is_fifo() || kind.is_char_device() || kind.is_block_device()
    })
}

/// Error of [`replace`]; the file is unchanged.
#[derive(Debug)]
pub enum ReplaceError {
    /// The file no longer holds what was read.
    Changed,
    /// The file is a mount point and cannot be replaced.
    Mounted(io::Error),
    /// The backup cannot be written.
    Backup(io::Error),
    /// Any other error of the file system.
    Failed(io::Error),
}

impl From<io::Error> for ReplaceError {
    fn from(error: io::Error) -> ReplaceError {
        match error.raw_os_error() {
            Some(EBUSY) => ReplaceError::Mounted(error),
            _ => ReplaceError::Failed(error),
        }
    }
}

impl From<ReplaceError> for io::Error {
    fn from(error: ReplaceError) -> io::Error {
        match error {
            ReplaceError::Changed => io::Error::other("somebody else is writing it"),
            ReplaceError::Mounted(error)
            | ReplaceError::Backup(error)
            | ReplaceError::Failed(error) => error,
        }
    }
}

/// Removes the temporary files of killed processes. The lock must be held.
pub fn remove_leftovers(path: &Path) {
    if let Ok(target) = file::destination(path) {
        let owner = owner(&target);
        for target in [&target, &backup_path(&target)] {
            let _ = atomic::sweep(target, owner);
        }
    }
}

/// Replaces the content `before` by `after`. `mode` is that of a new file. Returns the path of the
/// backup of a private file; a file that was absent or empty has none, so that it does not replace
/// the backup of an earlier content.
pub fn replace(
    path: &Path,
    before: Option<&[u8]>,
    after: &[u8],
    mode: Mode,
) -> Result<Option<PathBuf>, ReplaceError> {
    let target = file::destination(path)?;
    if std::fs::symlink_metadata(&target).is_ok_and(|meta| !meta.is_file()) {
        return Err(file::irregular().into());
    }
    let owner = owner(&target);
    let mut pending = Pending::create_at(&target, owner, mode)?;
    pending.fill(after)?;
    let mut backup = None;
    if let Some(before) = before {
        // A rename only needs write access to the directory, but a read-only file is to stay.
        access(&target, AccessFlags::W_OK).map_err(io::Error::from)?;
        pending.like(std::fs::symlink_metadata(&target)?)?;
        if mode == Mode::Private && !before.is_empty() {
            let path = backup_path(&target);
            atomic::write(&path, before, owner).map_err(ReplaceError::Backup)?;
            backup = Some(path);
        }
    }
    // Checked as late as possible. The links are resolved again, because they may have changed.
    let max_length = before.map_or(0, |before| before.len() as u64);
    let is_same =
        matches!(file::read_if_exists(path, max_length), Ok(now) if now.as_deref() == before);
    if !is_same || file::destination(path)? != target {
        return Err(ReplaceError::Changed);
    }
    pending.publish()?;
    Ok(backup)
}

fn owner(target: &Path) -> Owner {
    target.parent().map_or(Owner::Us, Owner::of)
}

fn backup_path(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(BACKUP_SUFFIX);
    target.with_file_name(name)
}
