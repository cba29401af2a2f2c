//! Somebody who watches the cache files all the while, and knows from the server what is
//! older and what is newer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use emulator::{LoggedRequest, Provenance};
use serde_json::Value;

use super::World;

/// What has been seen of one file.
struct File {
    path: PathBuf,
    /// Where in the file its origin can be read.
    pointer: &'static str,
    newest: Option<Provenance>,
    /// It was gone after the newest.
    gone: bool,
}

impl File {
    /// Looks once. A result of an older sign-in must never be there after one of a newer,
    /// and nothing of a sign-in may come back once it was gone.
    fn look(&mut self, world: &World) -> Result<(), String> {
        let Ok(bytes) = std::fs::read(&self.path) else {
            self.gone = self.newest.is_some();
            return Ok(());
        };
        let what = |what: &str| Err(format!("{}: {what}", self.path.display()));
        let Ok(json) = serde_json::from_slice::<Value>(&bytes) else {
            return what(&format!("torn: {:?}", String::from_utf8_lossy(&bytes)));
        };
        let id = json.pointer(self.pointer).and_then(Value::as_str);
        let Some(origin) = id.and_then(|id| world.server().provenance(id)) else {
            return what("nobody has given this");
        };
        if let Some(newest) = self.newest {
            if self.gone && origin.sign_in <= newest.sign_in {
                return what(&format!("{origin:?} came back after {newest:?} was gone"));
            }
            if origin < newest {
                return what(&format!("{origin:?} in the place of {newest:?}"));
            }
        }
        (self.newest, self.gone) = (Some(origin), false);
        Ok(())
    }
}

impl World {
    /// Does something while somebody watches the token of `corp` and these roles' files.
    /// Gives how many sign-ins were seen in the token's file at least.
    pub fn watched(&self, roles: &[(&str, &str)], work: impl FnOnce()) -> u64 {
        let file = |path, pointer| File {
            path,
            pointer,
            newest: None,
            gone: false,
        };
        let mut files = vec![file(self.token_path("corp"), "/accessToken")];
        files.extend(roles.iter().map(|(account, role)| {
            let path = self.role_path("corp", account, role);
            file(path, "/Credentials/AccessKeyId")
        }));
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let witness = scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    for file in &mut files {
                        file.look(self)?;
                    }
                    std::thread::sleep(Duration::from_micros(500));
                }
                Ok::<_, String>(files.first().and_then(|file| file.newest))
            });
            // A panic must not leave the other thread running.
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            over.store(true, Ordering::Relaxed);
            let seen = witness.join().unwrap();
            if let Err(panic) = done {
                std::panic::resume_unwind(panic);
            }
            match seen {
                Ok(newest) => newest.map_or(0, |newest| newest.sign_in),
                Err(what) => panic!("{what}"),
            }
        })
    }

    /// Fails when a refresh token was sent more often than once: it works only once.
    #[track_caller]
    pub fn assert_no_token_spent_twice(&self) {
        let mut sent = std::collections::BTreeMap::new();
        for entry in self.server().requests("CreateToken") {
            let body = entry.json();
            let Some(token) = body["refreshToken"].as_str() else {
                continue;
            };
            if let Some(first) = sent.insert(token.to_owned(), entry.clone()) {
                let operations = ["CreateToken", "GetRoleCredentials", "Logout"];
                let all = operations.map(|operation| self.server().requests(operation));
                let mut all: Vec<LoggedRequest> = all.into_iter().flatten().collect();
                all.sort_by_key(|other| other.seq);
                let log: Vec<String> = all
                    .iter()
                    .filter(|other| (first.seq..=entry.seq).contains(&other.seq))
                    .map(|other| format!("{} {} {}", other.ms, other.operation, other.status))
                    .collect();
                panic!("a refresh token was sent twice:\n{}", log.join("\n"));
            }
        }
    }
}
