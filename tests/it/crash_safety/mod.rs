//! Commands that write files, killed at any instant and with any single step failing. Afterwards
//! each file is old or new, unrelated files are unchanged, and the session works except in the
//! one window that the contract names.

mod failing_steps;
mod full_disk;
mod killed;
mod scenarios;
mod signals;

use std::path::PathBuf;

use emulator::{MintOptions, Options};
use serde_json::Value;

use scenarios::{
    DEVICE_LOGIN_ARGS, FETCH_ARGS, SIGN_OUT, Scenario, TokenEffect, role_index_of_other,
};

use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, StoredToken, emulator_binary};

const REFRESH: &str = "CreateToken:refresh_token";
const OTHER_URL: &str = "https://other.awsapps.com/start";
const ROLE_INDEX: &str = ".local/state/sso/roles";

/// Files that no command for `corp` may change, with their content.
struct UnrelatedFiles(Vec<(PathBuf, Vec<u8>)>);

impl UnrelatedFiles {
    fn create(sandbox: &Sandbox) -> UnrelatedFiles {
        let minted = sandbox.server().mint(&MintOptions {
            start_url: OTHER_URL.to_owned(),
            ..MintOptions::default()
        });
        let stored = StoredToken {
            minted,
            expires_in: 3600,
            registration_in: 3600,
        };
        sandbox.write_token("other", &stored);
        sandbox.write_file(
            &sandbox.home().join(ROLE_INDEX),
            role_index_of_other().as_bytes(),
        );
        sandbox.write_role("other", ACCOUNT, ROLE, 3600);
        let foreign = sandbox.home().join(".aws/sso/cache/kiro-auth-token.json");
        sandbox.write_file(&foreign, br#"{"accessToken":"of another tool"}"#);
        let half = sandbox.home().join(".aws/sso/cache/half.json.part");
        sandbox.write_file(&half, b"{");
        let mut paths = vec![foreign, half, sandbox.home().join(".aws/config")];
        paths.push(sandbox.token_path("other"));
        paths.push(sandbox.role_path("other", ACCOUNT, ROLE));
        let with_content = |path: PathBuf| (path.clone(), std::fs::read(path).unwrap());
        UnrelatedFiles(paths.into_iter().map(with_content).collect())
    }

    fn check(&self, sandbox: &Sandbox) -> Result<(), String> {
        for (path, bytes) in &self.0 {
            if std::fs::read(path).ok().as_ref() != Some(bytes) {
                return Err(format!("{} has changed", path.display()));
            }
        }
        let index = std::fs::read_to_string(sandbox.home().join(ROLE_INDEX)).unwrap_or_default();
        let is_json = |line: &str| serde_json::from_str::<Value>(line).is_ok();
        if !index.contains(&role_index_of_other()) || !index.lines().all(is_json) {
            return Err(format!("the role index is {index:?}"));
        }
        Ok(())
    }
}

/// A sandbox in which scenarios run repeatedly.
struct Harness {
    sandbox: Sandbox,
    unrelated_files: UnrelatedFiles,
}

/// State before a run.
struct StateBefore {
    token: Option<Value>,
    has_role: bool,
    refreshes: u64,
}

impl Harness {
    fn new() -> Harness {
        let sandbox = Sandbox::with(Options {
            auto_approve: true,
            ..Options::default()
        });
        let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
        sandbox.write_config(&format!(
            "{config}\n[sso-session other]\nsso_start_url = {OTHER_URL}\nsso_region = eu-west-1\n"
        ));
        let unrelated_files = UnrelatedFiles::create(&sandbox);
        // The browser may have to be built first.
        emulator_binary();
        Harness {
            sandbox,
            unrelated_files,
        }
    }

    /// Writes the initial state of a scenario.
    fn prepare(&self, scenario: Scenario) -> StateBefore {
        // The output of every run is searched for all secrets in the log, which must stay short.
        self.sandbox.server().clear_log();
        (scenario.prepare)(&self.sandbox);
        StateBefore {
            token: self.token(),
            has_role: self.role().exists(),
            refreshes: self.sandbox.server().count(REFRESH),
        }
    }

    /// Prepares the run of a scenario.
    fn run(&self, scenario: Scenario) -> Run<'_> {
        self.sandbox.sso(scenario.arguments).browser("open")
    }

    /// Prepares the run under strace with these options. timeout(1) ends a sign-in that waits
    /// for a browser that could not be started.
    fn traced(&self, scenario: Scenario, options: &[&str]) -> Run<'_> {
        let strace = Run::program(&self.sandbox, "timeout").args(["60", "strace"]);
        let run = strace.args(options).arg(crate::fixture::binary());
        run.args(scenario.arguments).browser("open")
    }

    /// Path of the cached role credentials.
    fn role(&self) -> PathBuf {
        self.sandbox.role_path("corp", ACCOUNT, ROLE)
    }

    /// Reads the token file, if it exists; panics if it is torn.
    fn token(&self) -> Option<Value> {
        let path = self.sandbox.token_path("corp");
        path.exists().then(|| self.sandbox.read_json(&path))
    }

    /// Returns `true` if the access token is valid or the refresh token works.
    fn is_usable(&self, token: &Value) -> bool {
        let text = |name: &str| token[name].as_str().unwrap_or_default();
        let server = self.sandbox.server();
        server.is_valid(text("accessToken")) || server.is_refreshable(text("refreshToken"))
    }

    /// Checks the state after an interrupted run; returns `true` if the session was lost in the
    /// permitted window.
    ///
    /// # Errors
    ///
    /// A file is in a state that the scenario does not permit, or the next caller fails.
    fn check(&self, scenario: Scenario, before: &StateBefore) -> Result<bool, String> {
        let sandbox = &self.sandbox;
        sandbox.assert_cache_is_valid();
        self.unrelated_files.check(sandbox)?;
        let token = self.token();
        let is_unchanged = token == before.token;
        let is_removed = token.is_none();
        let is_new = token.as_ref().is_some_and(|token| self.is_usable(token));
        let allowed = is_unchanged
            || match scenario.token {
                TokenEffect::Unchanged => false,
                TokenEffect::OldOrNew => is_new,
                TokenEffect::OldOrRemoved => is_removed,
                TokenEffect::Any => is_removed || is_new,
            };
        if !allowed {
            return Err(format!("the token is now {token:?}"));
        }
        let next = sandbox.sso(FETCH_ARGS).run();
        let sent = sandbox.server().count(REFRESH) - before.refreshes;
        match next.code {
            0 if scenario.token == TokenEffect::OldOrNew
                && scenario.works
                && !is_unchanged
                && sent != 1 =>
            {
                Err(format!(
                    "a refreshed token was refreshed again: {sent} requests"
                ))
            }
            0 | 4 if !scenario.works => Ok(false),
            0 => Ok(false),
            // The interrupted run had sent its refresh, so the server had spent the token and
            // refused the refresh of the next caller.
            4 if scenario.token == TokenEffect::OldOrNew && is_unchanged && sent == 2 => Ok(true),
            _ => Err(format!("the next caller got {next:#?}")),
        }
    }

    /// Returns `true` if the role credentials were removed but not the token. A sign-out must
    /// remove the token first, because another caller could fetch the role again with it.
    fn role_was_removed_first(&self, before: &StateBefore) -> bool {
        self.token() == before.token && before.has_role && !self.role().exists()
    }

    /// Runs the commands that a user would run next, and checks that they repair everything.
    fn repair(&self, scenario: Scenario) -> Result<(), String> {
        let sandbox = &self.sandbox;
        let run = |code: i32, arguments: &[&str]| match sandbox.sso(arguments).run() {
            outcome if outcome.code == code => Ok(outcome),
            outcome => Err(format!("{arguments:?} got {outcome:#?}")),
        };
        let succeed = |arguments: &[&str]| run(0, arguments);
        if scenario.name == SIGN_OUT.name {
            succeed(scenario.arguments)?;
            if self.token().is_some() || self.role().exists() {
                return Err("a second sign-out does not finish the first".to_owned());
            }
        }
        succeed(DEVICE_LOGIN_ARGS)?;
        let _ = std::fs::remove_file(self.role());
        if scenario.token == TokenEffect::Any && !self.has_usable_token() {
            // The sign-out request was sent but the token, which has not expired, was not removed:
            // only the portal can tell that it is useless.
            run(4, FETCH_ARGS)?;
            succeed(DEVICE_LOGIN_ARGS)?;
        }
        succeed(FETCH_ARGS)?;
        if !sandbox.temporary_files().is_empty() {
            // A valid token is not written, so temporary files beside it are not removed.
            succeed(&[DEVICE_LOGIN_ARGS, &["--force"]].concat())?;
            succeed(FETCH_ARGS)?;
        }
        let left = sandbox.temporary_files();
        if !left.is_empty() {
            return Err(format!("{left:?} are never removed"));
        }
        sandbox.assert_cache_is_valid();
        self.unrelated_files.check(sandbox)?;
        match self.has_usable_token() {
            true => Ok(()),
            false => Err("the session does not work after a sign-in".to_owned()),
        }
    }

    fn has_usable_token(&self) -> bool {
        self.token().is_some_and(|token| self.is_usable(&token))
    }
}
