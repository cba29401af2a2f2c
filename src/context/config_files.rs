//! The AWS configuration files, read as little and as rarely as the questions allow.
//!
//! A small file is kept and read once in a call. A large one is scanned for one profile without
//! keeping it, because each page of memory costs a fault; it is read again for another profile,
//! and whole if a question needs everything in it. Every answer in a call comes from one reading
//! of the file, except under the lock that protects its replacement.

use std::cell::{OnceCell, RefCell};
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::domain::config::{self, Dialect, Document};
use crate::domain::target::config_view::{ConfigExtent, ConfigView};
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use crate::notice::Notices;
use crate::os::clock::Deadline;
use crate::os::file;
use crate::os::user_file::{self, EarlierReading, Source};

/// Maximum size in bytes of a file that is kept after its first reading.
const MAX_KEPT: u64 = 32 << 10;

/// Length in bytes of the first piece of a larger file, whose encoding is checked.
const FIRST_PIECE: u64 = 8 << 10;

/// Maximum size in bytes of a configuration file, far above any that people keep. A longer one is
/// not read in part: the rest could hold the endpoint that every request must go to.
const MAX_CONFIG: u64 = 64 << 20;

/// Both files as parsed documents.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub config: Document,
    pub credentials: Document,
}

/// The config file and the credentials file of a call.
#[derive(Debug)]
pub(super) struct ConfigFiles {
    pub config: ConfigFile,
    pub credentials: ConfigFile,
    /// Scanned sections, by profile.
    parts: RefCell<Vec<(Option<String>, Rc<Documents>)>>,
    pub whole: OnceCell<Documents>,
    pub empty: Documents,
}

impl ConfigFiles {
    /// Finds the files; reads nothing. `vars` returns an environment variable.
    pub fn new(home: &Path, vars: fn(&str) -> Option<OsString>) -> ConfigFiles {
        let file = |variable: &'static str, default: &str, dialect| {
            let value = vars(variable);
            let path = match &value {
                Some(path) => file::expand_home(Path::new(path), home),
                None => home.join(default),
            };
            ConfigFile {
                shown: file::abbreviate(&path, home),
                path,
                variable: value.map(|_| variable),
                dialect,
                content: OnceCell::new(),
                pause: OnceCell::new(),
                failure: OnceCell::new(),
            }
        };
        ConfigFiles {
            config: file("AWS_CONFIG_FILE", ".aws/config", Dialect::Config),
            credentials: file(
                "AWS_SHARED_CREDENTIALS_FILE",
                ".aws/credentials",
                Dialect::Credentials,
            ),
            parts: RefCell::default(),
            whole: OnceCell::new(),
            empty: Documents::default(),
        }
    }

    /// Returns the sections of one profile and all sso-sessions.
    pub fn part(&self, profile: Option<&str>) -> Result<Rc<Documents>> {
        let known = |(name, _): &&(Option<String>, Rc<Documents>)| name.as_deref() == profile;
        if let Some((_, part)) = self.parts.borrow().iter().find(known) {
            return Ok(Rc::clone(part));
        }
        let part = Rc::new(Documents {
            config: self.config.scan(profile)?,
            credentials: self.credentials.scan(profile)?,
        });
        let name = profile.map(str::to_owned);
        self.parts.borrow_mut().push((name, Rc::clone(&part)));
        Ok(part)
    }

    /// Returns `true` if a profile may define a session of its own. A file that cannot be read
    /// counts, so that reading it whole reports the error.
    pub fn may_have_legacy_sessions(&self) -> bool {
        let may_have = |file: &ConfigFile| match file.content() {
            Ok(Some(bytes)) => {
                config::may_contain_key(bytes, file.dialect, sessions::START_URL_KEY)
            }
            Ok(None) => false,
            Err(_) => true,
        };
        may_have(&self.config) || may_have(&self.credentials)
    }

    pub fn view_of<'a>(&'a self, documents: &'a Documents, extent: ConfigExtent) -> ConfigView<'a> {
        ConfigView {
            config: &documents.config,
            credentials: &documents.credentials,
            config_path: &self.config.shown,
            credentials_path: &self.credentials.shown,
            extent,
        }
    }
}

/// One of the files.
#[derive(Debug)]
pub(super) struct ConfigFile {
    pub path: PathBuf,
    /// Path for messages.
    shown: String,
    /// Environment variable that sets the path.
    variable: Option<&'static str>,
    dialect: Dialect,
    /// Content, once it is known in full; `None` if there is no file.
    pub content: OnceCell<Option<Vec<u8>>>,
    /// Pause that started when the content was read whole; a writer reads it again after it.
    pause: OnceCell<Deadline>,
    /// Error of a pipe, which cannot be read again.
    failure: OnceCell<Error>,
}

impl ConfigFile {
    /// Reads the file again, for a caller that replaces it.
    pub fn read_settled(&self) -> Result<Option<Vec<u8>>> {
        let earlier = self.content.get().zip(self.pause.get());
        let earlier = earlier.map(|(content, pause)| EarlierReading {
            content: content.as_deref(),
            pause: *pause,
        });
        self.checked(user_file::read_settled(&self.path, MAX_CONFIG, earlier))
    }

    pub fn content(&self) -> Result<Option<&[u8]>> {
        let content = match self.content.get() {
            Some(content) => content,
            None => {
                if let Some(error) = self.failure.get() {
                    return Err(error.clone());
                }
                let content = self.checked(user_file::read(&self.path, MAX_CONFIG))?;
                let _ = self.pause.set(user_file::start_pause());
                self.content.get_or_init(|| content)
            }
        };
        Ok(content.as_deref())
    }

    fn checked(&self, content: io::Result<Option<Vec<u8>>>) -> Result<Option<Vec<u8>>> {
        let checked = content.and_then(|content| {
            config::check_encoding(content.as_deref().unwrap_or_default())?;
            Ok(content)
        });
        checked.map_err(|error| {
            let is_late_pipe = error.kind() == io::ErrorKind::TimedOut;
            let error = self.unreadable(&error);
            if is_late_pipe {
                let _ = self.failure.set(error.clone());
            }
            error
        })
    }

    /// Returns the cause of an error that is hard to see, as far as the file was read, and a fix: a
    /// variable names a file that does not exist, or a value includes a no-break space.
    pub fn hidden_cause(&self, document: Option<&Document>) -> Option<(String, String)> {
        let shown = &self.shown;
        if let Some(variable) = self.variable
            && self.content.get() == Some(&None)
        {
            let cause = format!("{variable} names {shown}, which does not exist");
            return Some((cause, format!("correct it, or: unset {variable}")));
        }
        let mut quirks = document?.quirks.iter();
        let quirk = quirks.find(|quirk| quirk.what == config::ODD_SPACE)?;
        let path = self.path.to_string_lossy();
        let fix = match shlex::try_quote(&path) {
            Ok(path) => format!(r"perl -CSD -pi -e 's/[^\S\r\n\t]/ /g' {path}"),
            Err(_) => "type the blanks of this line again".to_owned(),
        };
        let cause = format!("{shown}:{}: {}", quirk.line, quirk.what);
        Some((cause, fix))
    }

    pub fn parse(&self, notices: &Notices) -> Result<Document> {
        let bytes = self.content()?.unwrap_or_default();
        let document = config::read(bytes, self.dialect);
        let path = || sanitize(&self.path.to_string_lossy());
        let in_sections = document.sections.iter().flat_map(|it| &it.problems);
        for problem in document.problems.iter().chain(in_sections) {
            notices.trace(|| format!("{}:{}: {}", path(), problem.line, sanitize(&problem.what)));
        }
        for quirk in &document.quirks {
            notices.trace(|| format!("{}:{}: {}", path(), quirk.line, sanitize(&quirk.what)));
        }
        Ok(document)
    }

    /// Reads the sections of one profile and all sso-sessions.
    fn scan(&self, profile: Option<&str>) -> Result<Document> {
        if let Some(content) = self.content.get() {
            let bytes = content.as_deref().unwrap_or_default();
            return self.scan_stream(&mut &*bytes, profile);
        }
        if let Some(error) = self.failure.get() {
            return Err(error.clone());
        }
        let (mut file, length) = match Source::open(&self.path) {
            // An empty file that may be in the middle of a rewrite is not kept, so that it is read
            // again if the answer would be an error.
            Ok(Source::Regular(_, meta)) if user_file::may_be_in_rewrite(&meta) => {
                return Ok(Document::default());
            }
            Ok(Source::Regular(file, meta)) => (file, meta.len()),
            Ok(Source::Null) => {
                let _ = self.content.set(Some(Vec::new()));
                return Ok(Document::default());
            }
            Ok(pipe @ Source::Pipe(_)) => {
                let content = self.checked(pipe.read(MAX_CONFIG).map(Some))?;
                let _ = self.content.set(content);
                return self.scan(profile);
            }
            Err(error) if file::is_absent(&error) => {
                let _ = self.content.set(None);
                return Ok(Document::default());
            }
            Err(error) => return Err(self.unreadable(&error)),
        };
        let most = if length > MAX_KEPT {
            FIRST_PIECE
        } else {
            MAX_KEPT + 1
        };
        let bytes = file::read_rest(&mut file, length, most);
        let bytes = self.checked(bytes.map(Some))?.unwrap_or_default();
        // The file may have grown since its length was read.
        if length > MAX_KEPT || bytes.len() as u64 > MAX_KEPT {
            return self.scan_stream(&mut bytes.as_slice().chain(file), profile);
        }
        let document = self.scan_stream(&mut bytes.as_slice(), profile)?;
        let _ = self.pause.set(user_file::start_pause());
        let _ = self.content.set(Some(bytes));
        Ok(document)
    }

    fn scan_stream(&self, stream: &mut impl io::Read, profile: Option<&str>) -> Result<Document> {
        config::scan(stream, self.dialect, profile).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        let path = sanitize(&self.path.to_string_lossy());
        let message = Error::storage(format!("cannot read {path}: {error}"));
        let cause = error.get_ref();
        match cause.and_then(|cause| cause.downcast_ref::<config::NotUtf8>()) {
            None => message,
            Some(found) => message.hint(self.conversion(found)),
        }
    }

    /// Returns the command that converts the file to UTF-8.
    fn conversion(&self, found: &config::NotUtf8) -> String {
        let quoted = |path: &str| shlex::try_quote(path).map(|path| path.into_owned());
        let path = self.path.to_string_lossy();
        match (quoted(&path), quoted(&format!("{path}.utf8"))) {
            (Ok(path), Ok(new)) => format!(
                "convert it: iconv -f {} -t UTF-8 {path} > {new} && mv {new} {path}",
                found.encoding()
            ),
            _ => "save it as UTF-8".to_owned(),
        }
    }
}
