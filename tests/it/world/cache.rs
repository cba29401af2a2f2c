//! The shared cache files, as another tool would write and read them. Nothing here uses
//! the product's own types.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use emulator::{MintOptions, MintedSession};
use serde_json::{Value, json};

use super::{START_URL, World};

/// A token file that a test writes. Times are seconds from now.
pub struct Stored {
    pub minted: MintedSession,
    pub expires_in: i64,
    pub registration_in: i64,
}

/// Seconds since 1970.
pub fn now() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    )
    .unwrap()
}

/// An instant this many seconds from now, as the CLI writes it.
pub fn stamp(from_now: i64) -> String {
    // GNU date knows the calendar, and is not our own code.
    let at = format!("@{}", now() + from_now);
    let output = std::process::Command::new("date")
        .args(["-u", "-d", &at, "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// SHA-1 in hexadecimal.
pub fn sha1(text: &str) -> String {
    sha1_smol::Sha1::from(text).digest().to_string()
}

impl World {
    /// `~/.aws/sso/cache/….json` of a session's name or start URL.
    pub fn token_path(&self, name: &str) -> PathBuf {
        self.home()
            .join(".aws/sso/cache")
            .join(sha1(name) + ".json")
    }

    /// `~/.aws/cli/cache/….json` of a role of a session.
    pub fn role_path(&self, session: &str, account: &str, role: &str) -> PathBuf {
        let key =
            format!(r#"{{"accountId":"{account}","roleName":"{role}","sessionName":"{session}"}}"#);
        self.home()
            .join(".aws/cli/cache")
            .join(sha1(&key) + ".json")
    }

    /// A JSON file.
    pub fn read_json(&self, path: &Path) -> Value {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}: {text:?}", path.display()))
    }

    /// A signed-in state for `corp` whose token has this many seconds left.
    pub fn stored_token(&self, expires_in: i64) -> MintedSession {
        let minted = self.server().mint(&MintOptions {
            start_url: START_URL.to_owned(),
            ..MintOptions::default()
        });
        let stored = Stored {
            minted,
            expires_in,
            registration_in: 86_400,
        };
        self.write_token("corp", &stored);
        stored.minted
    }

    /// The inventory of `corp`.
    pub fn inventory_path(&self) -> PathBuf {
        self.home()
            .join(".local/state/sso/inventory")
            .join(sha1("corp") + ".json")
    }

    /// Lists all roles of `corp`, and makes that look so many seconds old.
    pub fn listed(&self, ago: i64) {
        self.sso(["roles", "--refresh"]).run().expect(0);
        let path = self.inventory_path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once("\"taken_at\":\"").unwrap();
        let (_, after) = rest.split_once('"').unwrap();
        let text = format!("{before}\"taken_at\":\"{}\"{after}", stamp(-ago));
        std::fs::write(&path, text).unwrap();
    }

    /// Writes a token file as the CLI does.
    pub fn write_token(&self, name: &str, stored: &Stored) {
        let minted = &stored.minted;
        let mut file = json!({
            "startUrl": minted.start_url,
            "region": "eu-west-1",
            "accessToken": minted.access_token,
            "expiresAt": stamp(stored.expires_in),
            "clientId": minted.client_id,
            "clientSecret": minted.client_secret,
            "registrationExpiresAt": stamp(stored.registration_in),
        });
        if let Some(refresh) = &minted.refresh_token {
            file["refreshToken"] = refresh.as_str().into();
        }
        self.write_file(&self.token_path(name), file.to_string().as_bytes());
    }

    /// Writes a role-credentials file as the CLI does.
    pub fn write_role(&self, session: &str, account: &str, role: &str, expires_in: i64) {
        let file = json!({
            "ProviderType": "sso",
            "Credentials": {
                "AccessKeyId": "ASIAWRITTENBYATEST",
                "SecretAccessKey": "written-secret-key",
                "SessionToken": "written-session-token",
                "Expiration": stamp(expires_in),
                "AccountId": account,
            },
        });
        self.write_file(
            &self.role_path(session, account, role),
            file.to_string().as_bytes(),
        );
    }

    /// Writes a file and its directory.
    pub fn write_file(&self, path: &Path, bytes: &[u8]) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Every file below a directory of the home, with its content.
    pub fn files(&self, directory: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let Ok(entries) = std::fs::read_dir(self.home().join(directory)) else {
            return found;
        };
        for entry in entries.map(Result::unwrap) {
            let path = entry.path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap_or_default();
                found.push((path, bytes));
            }
        }
        found.sort();
        found
    }

    /// Every secret that is in the cache now, or that the emulator has seen in a request.
    fn secrets(&self) -> BTreeSet<String> {
        let mut secrets = BTreeSet::new();
        let files = self
            .files(".aws/sso/cache")
            .into_iter()
            .chain(self.files(".aws/cli/cache"));
        for (_, bytes) in files {
            collect(
                &serde_json::from_slice(&bytes).unwrap_or(Value::Null),
                &mut secrets,
            );
        }
        for entry in self.server().log() {
            collect(
                &serde_json::from_str(&entry.body).unwrap_or(Value::Null),
                &mut secrets,
            );
            secrets.extend(entry.header("x-amz-sso_bearer_token").map(str::to_owned));
        }
        secrets.retain(|secret| secret.len() >= 8);
        secrets
    }

    /// Fails when a text holds a secret.
    pub fn assert_no_secret(&self, text: &str, what: &str) {
        for secret in self.secrets() {
            assert!(!text.contains(&secret), "{what} printed a secret:\n{text}");
        }
    }
}

fn collect(value: &Value, secrets: &mut BTreeSet<String>) {
    const SECRET: [&str; 8] = [
        "accessToken",
        "refreshToken",
        "clientSecret",
        "deviceCode",
        "code",
        "codeVerifier",
        "SecretAccessKey",
        "SessionToken",
    ];
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(text) if SECRET.contains(&key.as_str()) => {
                        secrets.insert(text.to_owned());
                    }
                    _ => collect(value, secrets),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, secrets)),
        _ => {}
    }
}
