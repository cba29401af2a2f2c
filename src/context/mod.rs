//! Everything outside the process that a call depends on: environment, home, configuration,
//! clock and network. Costly parts are opened when they are first used.

mod config_files;
mod environment;

use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::aws::Aws;
use crate::domain::config::Document;
use crate::domain::net::endpoint::Endpoint;
use crate::domain::session::login_flow::LoginEnvironment;
use crate::domain::target::Instance;
use crate::domain::target::config_view::ConfigView;
use crate::domain::target::network::{self, Network};
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::{Error, Result};
use crate::notice::Notices;
use crate::os::store::Store;
use crate::os::{browser, clock, file, signals, terminal};

use self::config_files::ConfigFiles;

/// Maximum size of a CA bundle in bytes.
const MAX_CA_BUNDLE: u64 = 16 << 20;

/// The context of one call. Built per call, and used by one thread.
#[derive(Debug)]
pub struct Context {
    home: PathBuf,
    notices: Notices,
    store: Store,
    config_files: ConfigFiles,
    current_dir: OnceCell<Option<PathBuf>>,
    /// Runs before the network is opened.
    set_up_network: fn(),
}

impl Context {
    /// Creates the context from the environment. Flows report to `notices`.
    ///
    /// # Errors
    ///
    /// HOME is not an absolute path.
    pub fn new(notices: Notices) -> Result<Context> {
        let home = environment::var_os("HOME")
            .map(PathBuf::from)
            .filter(|home| home.is_absolute())
            .ok_or_else(|| {
                Error::configuration("HOME is not set to a directory")
                    .hint("set HOME; the caches are below it")
            })?;
        Ok(Context {
            store: Store::new(&home),
            config_files: ConfigFiles::new(&home),
            current_dir: OnceCell::new(),
            set_up_network: || {},
            home,
            notices,
        })
    }

    /// Adds what a program does to its process before the network is opened. A library leaves
    /// the process as it is.
    #[must_use]
    pub fn with_network_setup(self, set_up_network: fn()) -> Context {
        Context {
            set_up_network,
            ..self
        }
    }

    /// Returns the home directory.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Returns the receiver of notices.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Returns the stored tokens, credentials and decisions of the user.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        clock::now()
    }

    /// Returns the current directory without symbolic links; `None` if it was removed.
    pub fn current_dir(&self) -> Option<&Path> {
        self.current_dir
            .get_or_init(environment::current_dir)
            .as_deref()
    }

    /// Returns a path with `~` for the home directory, safe to print on a terminal.
    pub fn display_path(&self, path: &Path) -> String {
        file::abbreviate(path, &self.home)
    }

    /// Returns an environment variable. An empty one counts as unset; bytes that are not UTF-8
    /// are replaced.
    pub fn var(&self, name: &str) -> Option<String> {
        environment::var(name)
    }

    /// Returns an environment variable, whatever bytes it holds.
    pub fn var_os(&self, name: &str) -> Option<OsString> {
        environment::var_os(name)
    }

    /// Returns an environment variable as the user has set it, without the changes of the shell
    /// hook.
    pub fn var_without_hook(&self, name: &str) -> Option<String> {
        environment::var_without_hook(name)
    }

    /// Returns the names of all environment variables.
    pub fn var_names(&self) -> Vec<String> {
        environment::names()
    }

    /// Returns the path of the config file, whether it exists or not.
    pub fn config_path(&self) -> &Path {
        self.config_files.config_path()
    }

    /// Returns the path of the credentials file, whether it exists or not.
    pub fn credentials_path(&self) -> &Path {
        self.config_files.credentials_path()
    }

    /// Returns the content of the config file as this call has read it; `None` if the file does not exist.
    pub fn config_content(&self) -> Result<Option<&[u8]>> {
        self.config_files.config_content()
    }

    /// Reads the config file again, for a caller that holds its lock: another process may have
    /// replaced it since.
    pub fn reread_config(&self) -> Result<Option<Vec<u8>>> {
        self.config_files.reread_config()
    }

    /// Returns the parsed config file if it has this content and was parsed whole before.
    pub fn parsed_config(&self, content: &[u8]) -> Option<&Document> {
        self.config_files.parsed_config(content)
    }

    /// Answers a query from as little of the configuration as possible: the sections of one
    /// profile and all sso-sessions, or everything if the query fails on these.
    pub fn query_config<T>(
        &self,
        profile: Option<&str>,
        query: impl Fn(&ConfigView) -> Result<T>,
    ) -> Result<T> {
        self.config_files.query(profile, &self.notices, query)
    }

    /// Returns the whole configuration.
    pub fn view(&self) -> Result<ConfigView<'_>> {
        self.config_files.view(&self.notices)
    }

    /// Returns a view of nothing, for a request that may be complete without the configuration.
    pub fn unread_view(&self) -> ConfigView<'_> {
        self.config_files.unread_view()
    }

    /// Returns the facts that decide how a sign-in can be done on this computer.
    pub fn login_environment(&self) -> LoginEnvironment {
        let has_marker = ["/.dockerenv", "/run/.containerenv"]
            .into_iter()
            .any(|path| file::exists(Path::new(path)));
        let container_variables = [
            "container",
            "CODESPACES",
            "KUBERNETES_SERVICE_HOST",
            "AWS_EXECUTION_ENV",
        ];
        let is_set = |name| self.var(name).is_some();
        LoginEnvironment {
            macos: cfg!(target_os = "macos"),
            container: has_marker || container_variables.into_iter().any(is_set),
            opener: browser::is_available(self.var("BROWSER").as_deref()),
            terminal: terminal::is_interactive(),
        }
    }

    /// Returns the network settings of an instance.
    pub fn network(&self, instance: &Instance) -> Result<Network> {
        let profile = instance
            .settings
            .as_deref()
            .unwrap_or(network::DEFAULT_PROFILE);
        self.query_config(Some(profile), |view| {
            network::gather(instance, view, &|name| self.var(name))
        })
    }

    /// Returns the STS endpoint for the roles of an instance.
    pub fn sts(&self, instance: &Instance) -> Result<Endpoint> {
        let view = self.view()?;
        Ok(network::sts(instance, &view, &|name| self.var(name)))
    }

    /// Creates the clients of the services; connects to nothing yet.
    pub fn aws(&self, network: Network) -> Result<Aws> {
        let bundle = match &network.ca_bundle {
            None => None,
            Some((path, set_by)) => {
                let path = environment::expand_home(Path::new(path), &self.home);
                let pem = file::read_at_most(&path, MAX_CA_BUNDLE).map_err(|error| {
                    let path = sanitize(&path.to_string_lossy());
                    Error::storage(format!("cannot read the CA bundle {path}: {error}"))
                        .hint(format!("it is set by {set_by}"))
                })?;
                Some((pem, set_by.clone()))
            }
        };
        (self.set_up_network)();
        // Signals go to the main thread alone, which knows when to hold them back.
        Aws::new(network, bundle, signals::block_in_this_thread)
    }
}
