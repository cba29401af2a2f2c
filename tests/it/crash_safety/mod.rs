//! Every way on which something is written: interrupted at any instant, and with every
//! single step of it failing. Files are old or new, nothing of anybody else is touched, and
//! a session is lost only where the contract says so.

mod failing_steps;
mod full_disk;
mod killed;
mod signals;

use std::path::PathBuf;

use emulator::{MintOptions, MintedSession, Options};
use serde_json::Value;

use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, StoredToken, emulator_binary};

const REFRESH: &str = "CreateToken:refresh_token";
const OTHER_URL: &str = "https://other.awsapps.com/start";
const LIST: &str = ".local/state/sso/roles";

/// What may become of the session's token when the way is not walked to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// It stays, to the last byte.
    Stays,
    /// It stays, or a new one has taken its place that works.
    OldOrNew,
    /// It stays, or it is gone.
    OldOrGone,
    /// Any of these.
    OldOrGoneOrNew,
}

/// A way on which files are written.
#[derive(Clone, Copy, Debug)]
struct Way {
    name: &'static str,
    /// What is there before; the rest of the home is as the round before has left it.
    prepare: fn(&Sandbox),
    words: &'static [&'static str],
    /// How it ends by itself.
    code: i32,
    token: Token,
    /// Whether the session works before, and so afterwards.
    works: bool,
}

const FETCHING: &[&str] = &["credential-process", "-p", "dev"];
const DEVICE: &[&str] = &["login", "corp", "--device-code", "--no-browser"];

const REFRESHING: Way = Way {
    name: "refresh",
    prepare: |sandbox| {
        sandbox.store_token(-10);
        forget_roles(sandbox);
    },
    words: FETCHING,
    code: 0,
    token: Token::OldOrNew,
    works: true,
};

const FETCHED: Way = Way {
    name: "fetch and list of roles",
    prepare: |sandbox| {
        sandbox.store_token(3600);
        forget_roles(sandbox);
    },
    words: FETCHING,
    code: 0,
    token: Token::Stays,
    works: true,
};

const SIGNING_IN: Way = Way {
    name: "sign-in by PKCE with its registration",
    prepare: |sandbox| {
        ended(sandbox);
        forget_registrations(sandbox);
    },
    words: &["login", "corp"],
    code: 0,
    token: Token::OldOrNew,
    works: false,
};

const SIGNING_IN_BY_DEVICE: Way = Way {
    name: "sign-in by device code with its registration",
    words: DEVICE,
    ..SIGNING_IN
};

const FORCING: Way = Way {
    name: "sign-in by force",
    prepare: |sandbox| {
        sandbox.store_token(3600);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    },
    words: &["login", "corp", "--force"],
    code: 0,
    token: Token::OldOrGoneOrNew,
    // The server is told first, and from then on the old token is of no use.
    works: false,
};

const SIGNING_OUT: Way = Way {
    name: "sign-out",
    prepare: |sandbox| {
        sandbox.store_token(3600);
        forget_roles(sandbox);
        sandbox.credential_process().run().expect(0);
    },
    words: &["logout", "corp"],
    code: 0,
    token: Token::OldOrGone,
    works: false,
};

const DISCARDING: Way = Way {
    name: "removal of a refused token",
    prepare: |sandbox| {
        let minted = MintedSession {
            refresh_token: None,
            ..sandbox.store_token(3600)
        };
        sandbox.server().revoke_access(&minted.access_token);
        store(sandbox, minted, 3600);
        forget_roles(sandbox);
    },
    words: FETCHING,
    code: 4,
    token: Token::OldOrGone,
    works: false,
};

const REFUSED: Way = Way {
    name: "record of a refused refresh",
    prepare: |sandbox| {
        sandbox.store_token(-10);
        sandbox.server().revoke_refresh_tokens();
        forget_roles(sandbox);
    },
    words: FETCHING,
    code: 4,
    token: Token::Stays,
    works: false,
};

fn store(sandbox: &Sandbox, minted: MintedSession, expires_in: i64) {
    let stored = StoredToken {
        minted,
        expires_in,
        registration_in: 3600,
    };
    sandbox.write_token("corp", &stored);
}

/// A token that has ended and that nothing can renew.
fn ended(sandbox: &Sandbox) {
    let minted = MintedSession {
        refresh_token: None,
        ..sandbox.store_token(3600)
    };
    store(sandbox, minted, -10);
}

/// Forgets the roles of `corp`, and that they were ever cached.
fn forget_roles(sandbox: &Sandbox) {
    let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    sandbox.write_file(&sandbox.home().join(LIST), listed_for_other().as_bytes());
}

fn forget_registrations(sandbox: &Sandbox) {
    for (path, bytes) in sandbox.files(".aws/sso/cache") {
        let file: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if file["clientId"].is_string() && !file["accessToken"].is_string() {
            std::fs::remove_file(path).unwrap();
        }
    }
}

fn listed_for_other() -> String {
    format!("{{\"session\":\"other\",\"account\":\"{ACCOUNT}\",\"role\":\"{ROLE}\"}}\n")
}

/// What nobody may touch, whatever happens to `corp`.
struct Bystanders(Vec<(PathBuf, Vec<u8>)>);

impl Bystanders {
    fn place(sandbox: &Sandbox) -> Bystanders {
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
        sandbox.write_file(&sandbox.home().join(LIST), listed_for_other().as_bytes());
        sandbox.write_role("other", ACCOUNT, ROLE, 3600);
        let foreign = sandbox.home().join(".aws/sso/cache/kiro-auth-token.json");
        sandbox.write_file(&foreign, br#"{"accessToken":"of another tool"}"#);
        let half = sandbox.home().join(".aws/sso/cache/half.json.part");
        sandbox.write_file(&half, b"{");
        let mut paths = vec![foreign, half, sandbox.home().join(".aws/config")];
        paths.push(sandbox.token_path("other"));
        paths.push(sandbox.role_path("other", ACCOUNT, ROLE));
        let with_bytes = |path: PathBuf| (path.clone(), std::fs::read(path).unwrap());
        Bystanders(paths.into_iter().map(with_bytes).collect())
    }

    fn look(&self, sandbox: &Sandbox) -> Result<(), String> {
        for (path, bytes) in &self.0 {
            if std::fs::read(path).ok().as_ref() != Some(bytes) {
                return Err(format!("{} has changed", path.display()));
            }
        }
        let list = std::fs::read_to_string(sandbox.home().join(LIST)).unwrap_or_default();
        let whole = |line: &str| serde_json::from_str::<Value>(line).is_ok();
        if !list.contains(&listed_for_other()) || !list.lines().all(whole) {
            return Err(format!("the list of roles is {list:?}"));
        }
        Ok(())
    }
}

/// A home in which the ways are walked again and again.
struct Scene {
    sandbox: Sandbox,
    bystanders: Bystanders,
}

/// What there is before a way is walked.
struct Before {
    token: Option<Value>,
    has_role: bool,
    refreshes: u64,
}

impl Scene {
    fn new() -> Scene {
        let sandbox = Sandbox::with(Options {
            auto_approve: true,
            ..Options::default()
        });
        let config = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
        sandbox.write_config(&format!(
            "{config}\n[sso-session other]\nsso_start_url = {OTHER_URL}\nsso_region = eu-west-1\n"
        ));
        let bystanders = Bystanders::place(&sandbox);
        // The first browser may have to be built.
        emulator_binary();
        Scene {
            sandbox,
            bystanders,
        }
    }

    fn prepare(&self, way: Way) -> Before {
        // Every run is searched for the secrets in the log, which would grow and grow.
        self.sandbox.server().clear_log();
        (way.prepare)(&self.sandbox);
        Before {
            token: self.token(),
            has_role: self.role().exists(),
            refreshes: self.sandbox.server().count(REFRESH),
        }
    }

    /// The run of a way.
    fn run(&self, way: Way) -> Run<'_> {
        self.sandbox.sso(way.words).browser("open")
    }

    /// The same, watched by strace with these options. A sign-in whose browser could not be
    /// started waits for one; nothing that is looked at here takes that long.
    fn traced(&self, way: Way, options: &[&str]) -> Run<'_> {
        let strace = Run::program(&self.sandbox, "timeout").args(["60", "strace"]);
        let run = strace.args(options).arg(crate::fixture::binary());
        run.args(way.words).browser("open")
    }

    fn role(&self) -> PathBuf {
        self.sandbox.role_path("corp", ACCOUNT, ROLE)
    }

    /// The token, where a file is there; one that is torn is an error for all.
    fn token(&self) -> Option<Value> {
        let path = self.sandbox.token_path("corp");
        path.exists().then(|| self.sandbox.read_json(&path))
    }

    /// Whether a token is of any use: valid, or good for a refresh.
    fn lives(&self, token: &Value) -> bool {
        let text = |name: &str| token[name].as_str().unwrap_or_default();
        let server = self.sandbox.server();
        server.is_valid(text("accessToken")) || server.is_refreshable(text("refreshToken"))
    }

    /// What must hold after a way was walked in part, and whether the session was lost.
    fn judge(&self, way: Way, before: &Before) -> Result<bool, String> {
        let sandbox = &self.sandbox;
        sandbox.assert_cache_is_valid();
        self.bystanders.look(sandbox)?;
        let token = self.token();
        let stayed = token == before.token;
        let gone = token.is_none();
        let new = token.as_ref().is_some_and(|token| self.lives(token));
        let allowed = stayed
            || match way.token {
                Token::Stays => false,
                Token::OldOrNew => new,
                Token::OldOrGone => gone,
                Token::OldOrGoneOrNew => gone || new,
            };
        if !allowed {
            return Err(format!("the token is now {token:?}"));
        }
        let next = sandbox.sso(FETCHING).run();
        let sent = sandbox.server().count(REFRESH) - before.refreshes;
        match next.code {
            0 if way.token == Token::OldOrNew && way.works && !stayed && sent != 1 => Err(format!(
                "a refreshed token was refreshed again: {sent} times in all"
            )),
            0 | 4 if !way.works => Ok(false),
            0 => Ok(false),
            // The one that was interrupted had sent its request, and the next one's was
            // refused: the server had spent the token.
            4 if way.token == Token::OldOrNew && stayed && sent == 2 => Ok(true),
            _ => Err(format!("the next caller got {next:#?}")),
        }
    }

    /// Whether the token is what it was, and the role that came from it is gone: who signs
    /// out takes the token away first, or it would bring back the role.
    fn role_went_first(&self, before: &Before) -> bool {
        self.token() == before.token && before.has_role && !self.role().exists()
    }

    /// What a user does next, after which all must be well.
    fn repair(&self, way: Way) -> Result<(), String> {
        let sandbox = &self.sandbox;
        let end_with = |code: i32, words: &[&str]| match sandbox.sso(words).run() {
            outcome if outcome.code == code => Ok(outcome),
            outcome => Err(format!("{words:?} got {outcome:#?}")),
        };
        let succeed = |words: &[&str]| end_with(0, words);
        if way.name == SIGNING_OUT.name {
            succeed(way.words)?;
            if self.token().is_some() || self.role().exists() {
                return Err("another sign-out does not finish it".to_owned());
            }
        }
        succeed(DEVICE)?;
        let _ = std::fs::remove_file(self.role());
        if way.token == Token::OldOrGoneOrNew && !self.token_lives() {
            // The server was told and nothing else was done yet: only the portal can tell
            // that the token, which has all its time, is worth nothing.
            end_with(4, FETCHING)?;
            succeed(DEVICE)?;
        }
        succeed(FETCHING)?;
        if !sandbox.temporary_files().is_empty() {
            // A token that is good is not written, and so not cleared up after.
            succeed(&[DEVICE, &["--force"]].concat())?;
            succeed(FETCHING)?;
        }
        let left = sandbox.temporary_files();
        if !left.is_empty() {
            return Err(format!("{left:?} stay for ever"));
        }
        sandbox.assert_cache_is_valid();
        self.bystanders.look(sandbox)?;
        match self.token_lives() {
            true => Ok(()),
            false => Err("the session does not work after a sign-in".to_owned()),
        }
    }

    fn token_lives(&self) -> bool {
        self.token().is_some_and(|token| self.lives(&token))
    }
}
