//! A HOME of its own, an emulator of its own, and the built binary in a clean environment.
//!
//! Every run looks for secrets in what was printed, so no test can overlook one.

pub mod aftermath;
mod cache;
pub mod chance;
pub mod computer;
mod peak;
mod run;
mod terminal;
mod witness;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use emulator::{Emulator, Handle, Options};

pub use cache::{Stored, now, sha1, stamp};
pub use run::{Outcome, Run, Running, binary, emulator_binary};
pub use terminal::{Terminal, Watched};

/// The start URL of the session `corp` in every world.
pub const START_URL: &str = "https://corp.awsapps.com/start";
/// An account and a role that the emulator grants.
pub const ACCOUNT: &str = "111122223333";
/// See `ACCOUNT`.
pub const ROLE: &str = "AdministratorAccess";

/// One user's computer and one Identity Center.
pub struct World {
    home: PathBuf,
    emulator: Emulator,
}

impl World {
    /// A world with the session `corp` and the profiles `dev` and `legacy`.
    pub fn new() -> World {
        World::with(Options::default())
    }

    /// The same, with an emulator that behaves differently.
    pub fn with(options: Options) -> World {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let home = std::env::temp_dir().join(format!("sso-it-{}-{number}", std::process::id()));
        std::fs::create_dir_all(home.join(".aws")).unwrap();
        let world = World {
            home,
            emulator: Emulator::start(options).unwrap(),
        };
        world.config(&format!(
            "[sso-session corp]\n\
             sso_start_url = {START_URL}\n\
             sso_region = eu-west-1\n\
             sso_registration_scopes = sso:account:access\n\
             \n\
             [profile dev]\n\
             sso_session = corp\n\
             sso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\n\
             region = eu-central-1\n"
        ));
        world
    }

    /// Replaces the configuration.
    pub fn config(&self, text: &str) {
        std::fs::write(self.home.join(".aws/config"), text).unwrap();
    }

    /// The home.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The emulator's controls.
    pub fn server(&self) -> Handle {
        self.emulator.handle()
    }

    /// The emulator.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// A run of the binary with these arguments.
    pub fn sso<I: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = I>,
    ) -> Run<'_> {
        Run::new(self, arguments)
    }

    /// Signs in by a browser that approves, and looks that it worked.
    pub fn sign_in(&self) {
        let outcome = self.sso(["login"]).approving_browser().run();
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.home);
        }
    }
}
