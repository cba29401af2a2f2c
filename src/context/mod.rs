//! Everything outside the process that a call depends on: environment, home, configuration,
//! clock and network. Costly parts are opened when they are first used.
#![expect(
    clippy::disallowed_methods,
    reason = "the layer that reads the environment"
)]

mod config_files;
mod configuration;

use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::aws::Aws;
use crate::domain::directory::hook::state::HookState;
use crate::domain::net::endpoint::Endpoint;
use crate::domain::role::environment_variables::{HOOK_STATE, PROFILE_VARIABLES};
use crate::domain::session::login_flow::LoginEnvironment;
use crate::domain::target::Instance;
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

/// Returns an environment variable. An empty one counts as unset.
fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The context of one call. Built per call, and used by one thread.
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
    /// Creates the context from the environment. Flows report to `notices`. `set_up_network`
    /// changes the process before the network is opened. Fails if HOME is not an absolute path.
    pub fn new(notices: Notices, set_up_network: fn()) -> Result<Context> {
        let home = var_os("HOME")
            .map(PathBuf::from)
            .filter(|home| home.is_absolute())
            .ok_or_else(|| {
                Error::configuration("HOME is not set to a directory")
                    .hint("set HOME; the caches are below it")
            })?;
        Ok(Context {
            store: Store::new(&home),
            config_files: ConfigFiles::new(&home, var_os),
            current_dir: OnceCell::new(),
            set_up_network,
            home,
            notices,
        })
    }

    /// Returns the home directory.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Returns the receiver of notices.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Reports a decision or a step for debugging; see [`Notices::trace`].
    pub fn trace(&self, text: impl FnOnce() -> String) {
        self.notices.trace(text);
    }

    /// Returns the stored tokens, credentials and decisions of the user.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        clock::now()
    }

    /// Returns a path with `~` for the home directory, safe to print on a terminal.
    pub fn display_path(&self, path: &Path) -> String {
        file::abbreviate(path, &self.home)
    }

    /// Returns an environment variable, whatever bytes it holds.
    pub fn var_os(&self, name: &str) -> Option<OsString> {
        var_os(name)
    }

    /// Returns an environment variable. Bytes that are not UTF-8 become a replacement character
    /// that occurs in no name, so that a name with them is an error and not another name.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = var_os(name)?;
        Some(value.to_string_lossy().into_owned())
    }

    /// Returns an environment variable as the user has set it, without the changes of the shell
    /// hook. Otherwise the profile and region of one directory would apply in the next.
    pub fn var_without_hook(&self, name: &str) -> Option<String> {
        let value = self.var(name)?;
        let state = self.var(HOOK_STATE);
        let state = state.and_then(|text| HookState::parse(&text));
        let Some(state) = state.filter(|state| state.is_ours(name, &value)) else {
            return Some(value);
        };
        // A profile that the hook hides does not outrank the directory.
        let is_hidden = PROFILE_VARIABLES.contains(&name);
        let before = state.before(name).filter(|_| !is_hidden);
        before.map(str::to_owned)
    }

    /// Returns the names of all environment variables, except those that are not UTF-8.
    pub fn var_names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }

    /// Returns the current directory without symbolic links; `None` if it was removed.
    pub fn current_dir(&self) -> Option<&Path> {
        let current_dir = || std::env::current_dir().ok();
        self.current_dir.get_or_init(current_dir).as_deref()
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
                let path = file::expand_home(Path::new(path), &self.home);
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
