//! The outside world, read once: environment, home, configuration, clock. The edges that
//! cost something (the whole configuration, the network) open when they are first used.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the environment is read"
)]

use std::cell::OnceCell;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::aws::Aws;
use crate::domain::config::{self, Dialect, Document};
use crate::domain::directory::hook::state::HookState;
use crate::domain::net::endpoint::Endpoint;
use crate::domain::role::variables::{HOOK_STATE, PROFILE_VARIABLES};
use crate::domain::session::login_flow::Surroundings;
use crate::domain::target::config_view::{ConfigView, Extent};
use crate::domain::target::instance::Instance;
use crate::domain::target::network::{self, Network};
use crate::domain::target::sessions;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::{Error, Result};
use crate::notice::{Notices, Trace};
use crate::os::store::Store;
use crate::os::{browser, clock, config_file, ffi, file, signals, terminal};

/// A CA bundle is never larger.
const MAX_CERTIFICATES: u64 = 16 << 20;

/// A configuration is text that people keep; this is far above any. A longer one is not read
/// in part: what stands behind could be the endpoint that everything must go to.
const MAX_CONFIGURATION: u64 = 64 << 20;

/// What every command gets.
#[derive(Debug)]
pub struct Context {
    home: PathBuf,
    notices: Notices,
    store: Store,
    here: OnceCell<Option<PathBuf>>,
    files: Files,
    whole: OnceCell<(Document, Document)>,
    /// The text of the first of them.
    bytes: OnceCell<Vec<u8>>,
}

#[derive(Debug)]
struct Files {
    config: PathBuf,
    credentials: PathBuf,
    config_shown: String,
    credentials_shown: String,
}

/// What has been read of the configuration.
#[derive(Debug, Default)]
pub struct Documents {
    config: Document,
    credentials: Document,
}

impl Context {
    /// Reads the environment. What flows report goes to `notices`.
    pub fn new(notices: Notices) -> Result<Context> {
        let home = var_os("HOME")
            .map(PathBuf::from)
            .filter(|home| home.is_absolute())
            .ok_or_else(|| {
                Error::configuration("HOME is not set to a directory")
                    .hint("set HOME; the caches are below it")
            })?;
        let file = |variable: &str, default: &str| match var_os(variable) {
            Some(path) => expand(Path::new(&path), &home),
            None => home.join(default),
        };
        let config = file("AWS_CONFIG_FILE", ".aws/config");
        let credentials = file("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
        Ok(Context {
            store: Store::new(&home),
            here: OnceCell::new(),
            files: Files {
                config_shown: file::abbreviate(&config, &home),
                credentials_shown: file::abbreviate(&credentials, &home),
                config,
                credentials,
            },
            home,
            notices,
            whole: OnceCell::new(),
            bytes: OnceCell::new(),
        })
    }

    /// An environment variable; one that is set to nothing counts as not set.
    pub fn var(&self, name: &str) -> Option<String> {
        var(name)
    }

    /// The same, whatever bytes it has.
    pub fn var_os(&self, name: &str) -> Option<OsString> {
        var_os(name)
    }

    /// A variable as the user has set it: what our hook set does not count, or the profile
    /// and the region of one directory would go on to rule in the next.
    pub fn given(&self, name: &str) -> Option<String> {
        let value = self.var(name)?;
        let state = self
            .var(HOOK_STATE)
            .and_then(|text| HookState::parse(&text));
        let Some(state) = state.filter(|state| state.is_ours(name, &value)) else {
            return Some(value);
        };
        // What is hidden while a directory rules does not outrank that directory.
        let hidden = PROFILE_VARIABLES.contains(&name);
        let before = state.before(name).filter(|_| !hidden);
        before.map(str::to_owned)
    }

    /// The names of all environment variables.
    pub fn var_names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }

    /// The home directory.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The configuration file, whether it is there or not.
    pub fn config_file(&self) -> &Path {
        &self.files.config
    }

    /// What the configuration file holds now; `None` when there is none.
    pub fn read_config(&self) -> Result<Option<Vec<u8>>> {
        let path = &self.files.config;
        config_file::read(path, MAX_CONFIGURATION).map_err(|error| unreadable(path, &error))
    }

    /// The credentials file, whether it is there or not.
    pub fn credentials_file(&self) -> &Path {
        &self.files.credentials
    }

    /// The directory that we are in, without links; none where it is gone.
    pub fn directory(&self) -> Option<&Path> {
        let here = self.here.get_or_init(|| std::env::current_dir().ok());
        here.as_deref()
    }

    /// A path as people write it: below the home with `~`, fit for a terminal.
    pub fn in_short(&self, path: &Path) -> String {
        file::abbreviate(path, &self.home)
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        clock::now()
    }

    /// What a sign-in must know about this computer.
    pub fn surroundings(&self) -> Surroundings {
        let marked = ["/.dockerenv", "/run/.containerenv"]
            .into_iter()
            .any(|path| file::exists(Path::new(path)));
        let hosted = [
            "container",
            "CODESPACES",
            "KUBERNETES_SERVICE_HOST",
            "AWS_EXECUTION_ENV",
        ];
        Surroundings {
            macos: cfg!(target_os = "macos"),
            container: marked || hosted.into_iter().any(|name| var(name).is_some()),
            opener: browser::is_available(var("BROWSER").as_deref()),
            terminal: terminal::is_interactive(),
        }
    }

    /// The cache directories.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The receiver of what a flow reports.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// The part of the configuration that one profile needs: its sections and all
    /// sso-sessions, at the price of a substring search through the file.
    pub fn part(&self, profile: Option<&str>) -> Result<Documents> {
        let read = |path: &Path, dialect| -> Result<Document> {
            match file::open_regular(path) {
                Ok(mut file) => config::scan(&mut file, dialect, profile)
                    .map_err(|error| unreadable(path, &error)),
                Err(error) if file::is_absent(&error) => Ok(Document::default()),
                Err(error) => Err(unreadable(path, &error)),
            }
        };
        Ok(Documents {
            config: read(&self.files.config, Dialect::Config)?,
            credentials: read(&self.files.credentials, Dialect::Credentials)?,
        })
    }

    /// A view of a part.
    pub fn view_of<'a>(&'a self, part: &'a Documents) -> ConfigView<'a> {
        self.view_with(&part.config, &part.credentials, Extent::Part)
    }

    /// What follows from the part that one profile needs; where that says too little, from
    /// all there is.
    pub fn by_part<T>(
        &self,
        profile: Option<&str>,
        ask: impl Fn(&ConfigView) -> Result<T>,
    ) -> Result<T> {
        if self.whole.get().is_none() {
            let part = self.part(profile)?;
            if let Ok(answer) = ask(&self.view_of(&part)) {
                return Ok(answer);
            }
            let (config, credentials) = (&part.config, &part.credentials);
            if !self.may_have_legacy()
                && let Ok(answer) = ask(&self.view_with(config, credentials, Extent::Instances))
            {
                return Ok(answer);
            }
        }
        ask(&self.view()?)
    }

    /// Whether a profile may bring an instance of its own. Who reads the files whole will say
    /// what is wrong with them.
    fn may_have_legacy(&self) -> bool {
        let may = |path: &Path, dialect| match file::read_at_most(path, MAX_CONFIGURATION) {
            Ok(bytes) => config::may_contain_key(&bytes, dialect, sessions::OF_LEGACY),
            Err(error) => !file::is_absent(&error),
        };
        may(&self.files.config, Dialect::Config)
            || may(&self.files.credentials, Dialect::Credentials)
    }

    /// A view of nothing, for requests that are complete without the configuration.
    pub fn unread_view<'a>(&'a self, nothing: &'a Documents) -> ConfigView<'a> {
        ConfigView {
            extent: Extent::Nothing,
            ..self.view_of(nothing)
        }
    }

    /// The whole configuration.
    pub fn view(&self) -> Result<ConfigView<'_>> {
        let (config, credentials) = match self.whole.get() {
            Some(documents) => documents,
            None => {
                let config = self.read_whole(&self.files.config, Dialect::Config)?;
                let credentials = self.read_whole(&self.files.credentials, Dialect::Credentials)?;
                self.whole.get_or_init(|| (config, credentials))
            }
        };
        Ok(self.view_with(config, credentials, Extent::Whole))
    }

    fn view_with<'a>(
        &'a self,
        config: &'a Document,
        credentials: &'a Document,
        extent: Extent,
    ) -> ConfigView<'a> {
        ConfigView {
            config,
            credentials,
            config_path: &self.files.config_shown,
            credentials_path: &self.files.credentials_shown,
            extent,
        }
    }

    fn read_whole(&self, path: &Path, dialect: Dialect) -> Result<Document> {
        let bytes = match file::read_at_most(path, MAX_CONFIGURATION) {
            Ok(bytes) => bytes,
            Err(error) if file::is_absent(&error) => Vec::new(),
            Err(error) => return Err(unreadable(path, &error)),
        };
        let document = config::read(&bytes, dialect);
        if dialect == Dialect::Config {
            let _ = self.bytes.set(bytes);
        }
        let line = |line: u32, problem: &str| Trace::ConfigLine {
            path: path.to_string_lossy().into_owned(),
            line,
            problem: problem.to_owned(),
        };
        for problem in &document.problems {
            self.notices.trace(|| line(problem.line, &problem.what));
        }
        for quirk in &document.quirks {
            self.notices.trace(|| line(quirk.line, &quirk.what));
        }
        Ok(document)
    }

    /// What `view` has read, where the configuration file is still this text: a file may hold
    /// thousands of profiles, and reading it again costs as much as all the rest.
    pub fn known(&self, text: &[u8]) -> Option<&Document> {
        let same = self.bytes.get().is_some_and(|bytes| bytes == text);
        let (config, _) = self.whole.get()?;
        same.then_some(config)
    }

    /// The settings of the network for a session.
    pub fn network(&self, instance: &Instance) -> Result<Network> {
        let own = instance.settings.as_deref().unwrap_or(network::UNCHOSEN);
        self.by_part(Some(own), |view| {
            network::gather(instance, view, &|name| self.var(name))
        })
    }

    /// Where the STS is for a session's roles.
    pub fn sts(&self, instance: &Instance) -> Result<Endpoint> {
        Ok(network::sts(instance, &self.view()?, &|name| {
            self.var(name)
        }))
    }

    /// Opens the network.
    pub fn aws(&self, network: Network) -> Result<Aws> {
        let bundle = match &network.ca_bundle {
            None => None,
            Some((path, set_by)) => {
                let path = expand(Path::new(path), &self.home);
                let pem = file::read_at_most(&path, MAX_CERTIFICATES).map_err(|error| {
                    let path = sanitize(&path.to_string_lossy());
                    Error::storage(format!("cannot read the CA bundle {path}: {error}"))
                        .hint(format!("it is set by {set_by}"))
                })?;
                Some((pem, set_by.clone()))
            }
        };
        ffi::restrict_host_lookup();
        // Signals are for the main thread alone, which knows when to hold them back.
        Aws::new(network, bundle, signals::block_in_this_thread)
    }
}

/// A variable. Bytes that are no text become a mark that names nothing, so that a name
/// with them is an error and not another name.
fn var(name: &str) -> Option<String> {
    let value = var_os(name)?;
    Some(value.to_string_lossy().into_owned())
}

fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// `~` at the start of a path, as the AWS tools expand it in their settings.
fn expand(path: &Path, home: &Path) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => path.to_owned(),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let path = sanitize(&path.to_string_lossy());
    Error::storage(format!("cannot read {path}: {error}"))
}
