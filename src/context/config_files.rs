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
use crate::os::file;

/// Maximum size in bytes of a file that is kept after its first reading.
const MAX_KEPT: u64 = 32 << 10;

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
        let file = |variable: &str, default: &str, dialect| {
            let path = match vars(variable) {
                Some(path) => file::expand_home(Path::new(&path), home),
                None => home.join(default),
            };
            ConfigFile {
                shown: file::abbreviate(&path, home),
                path,
                dialect,
                content: OnceCell::new(),
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
    dialect: Dialect,
    /// Content, once it is known in full; `None` if there is no file.
    pub content: OnceCell<Option<Vec<u8>>>,
}

impl ConfigFile {
    pub fn read(&self) -> Result<Option<Vec<u8>>> {
        let content = file::read_if_exists(&self.path, MAX_CONFIG);
        content.map_err(|error| self.unreadable(&error))
    }

    pub fn content(&self) -> Result<Option<&[u8]>> {
        let content = match self.content.get() {
            Some(content) => content,
            None => {
                let content = self.read()?;
                self.content.get_or_init(|| content)
            }
        };
        Ok(content.as_deref())
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
        let (mut file, length) = match file::open_regular(&self.path) {
            Ok(opened) => opened,
            Err(error) if file::is_absent(&error) => {
                let _ = self.content.set(None);
                return Ok(Document::default());
            }
            Err(error) => return Err(self.unreadable(&error)),
        };
        if length > MAX_KEPT {
            return self.scan_stream(&mut file, profile);
        }
        let bytes = file::read_rest(&mut file, length, MAX_KEPT + 1);
        let bytes = bytes.map_err(|error| self.unreadable(&error))?;
        // The file may have grown since its length was read.
        if bytes.len() as u64 > MAX_KEPT {
            return self.scan_stream(&mut bytes.as_slice().chain(file), profile);
        }
        let document = self.scan_stream(&mut bytes.as_slice(), profile)?;
        let _ = self.content.set(Some(bytes));
        Ok(document)
    }

    fn scan_stream(&self, stream: &mut impl io::Read, profile: Option<&str>) -> Result<Document> {
        config::scan(stream, self.dialect, profile).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        let path = sanitize(&self.path.to_string_lossy());
        Error::storage(format!("cannot read {path}: {error}"))
    }
}
