//! Commands that write files, their initial states and their permitted effects.

use emulator::MintedSession;
use serde_json::Value;

use super::ROLE_INDEX;
use crate::fixture::{ACCOUNT, ROLE, Sandbox, StoredToken};

/// Permitted state of the token file after an interrupted command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenEffect {
    /// Unchanged.
    Unchanged,
    /// Unchanged, or replaced by a token that works.
    OldOrNew,
    /// Unchanged or removed.
    OldOrRemoved,
    /// Unchanged, removed, or replaced by a token that works.
    Any,
}

/// A command that writes files, and its effects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// Writes the initial state. The rest of the home is as the previous run has left it.
    pub(super) prepare: fn(&Sandbox),
    pub(super) arguments: &'static [&'static str],
    /// Exit code of an uninterrupted run.
    pub(super) code: i32,
    pub(super) token: TokenEffect,
    /// Whether the session works before the command, and must therefore work after it.
    pub(super) works: bool,
}

pub(super) const FETCH_ARGS: &[&str] = &["credential-process", "-p", "dev"];
pub(super) const DEVICE_LOGIN_ARGS: &[&str] = &["login", "corp", "--device-code", "--no-browser"];

pub(super) const TOKEN_REFRESH: Scenario = Scenario {
    name: "refresh",
    prepare: |sandbox| {
        sandbox.store_token(-10);
        delete_roles(sandbox);
    },
    arguments: FETCH_ARGS,
    code: 0,
    token: TokenEffect::OldOrNew,
    works: true,
};

pub(super) const ROLE_FETCH: Scenario = Scenario {
    name: "fetch and role index",
    prepare: |sandbox| {
        sandbox.store_token(3600);
        delete_roles(sandbox);
    },
    arguments: FETCH_ARGS,
    code: 0,
    token: TokenEffect::Unchanged,
    works: true,
};

pub(super) const PKCE_SIGN_IN: Scenario = Scenario {
    name: "sign-in by PKCE with its registration",
    prepare: |sandbox| {
        store_expired_token(sandbox);
        delete_registrations(sandbox);
    },
    arguments: &["login", "corp"],
    code: 0,
    token: TokenEffect::OldOrNew,
    works: false,
};

pub(super) const DEVICE_SIGN_IN: Scenario = Scenario {
    name: "sign-in by device code with its registration",
    arguments: DEVICE_LOGIN_ARGS,
    ..PKCE_SIGN_IN
};

pub(super) const FORCED_SIGN_IN: Scenario = Scenario {
    name: "forced sign-in",
    prepare: |sandbox| {
        sandbox.store_token(3600);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    },
    arguments: &["login", "corp", "--force"],
    code: 0,
    token: TokenEffect::Any,
    // The sign-out request comes first and makes the old token useless.
    works: false,
};

pub(super) const SIGN_OUT: Scenario = Scenario {
    name: "sign-out",
    prepare: |sandbox| {
        sandbox.store_token(3600);
        delete_roles(sandbox);
        sandbox.credential_process().run().expect(0);
    },
    arguments: &["logout", "corp"],
    code: 0,
    token: TokenEffect::OldOrRemoved,
    works: false,
};

pub(super) const REJECTED_TOKEN_REMOVAL: Scenario = Scenario {
    name: "removal of a rejected token",
    prepare: |sandbox| {
        let minted = MintedSession {
            refresh_token: None,
            ..sandbox.store_token(3600)
        };
        sandbox.server().revoke_access(&minted.access_token);
        store(sandbox, minted, 3600);
        delete_roles(sandbox);
    },
    arguments: FETCH_ARGS,
    code: 4,
    token: TokenEffect::OldOrRemoved,
    works: false,
};

pub(super) const REFUSED_REFRESH_RECORD: Scenario = Scenario {
    name: "record of a refused refresh",
    prepare: |sandbox| {
        sandbox.store_token(-10);
        sandbox.server().revoke_refresh_tokens();
        delete_roles(sandbox);
    },
    arguments: FETCH_ARGS,
    code: 4,
    token: TokenEffect::Unchanged,
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

/// Stores an expired token without a refresh token.
fn store_expired_token(sandbox: &Sandbox) {
    let minted = MintedSession {
        refresh_token: None,
        ..sandbox.store_token(3600)
    };
    store(sandbox, minted, -10);
}

/// Deletes the cached role of `corp` and its entry in the role index.
fn delete_roles(sandbox: &Sandbox) {
    let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    sandbox.write_file(
        &sandbox.home().join(ROLE_INDEX),
        role_index_of_other().as_bytes(),
    );
}

fn delete_registrations(sandbox: &Sandbox) {
    for (path, bytes) in sandbox.files(".aws/sso/cache") {
        let file: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if file["clientId"].is_string() && !file["accessToken"].is_string() {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// Returns the role index with the one entry of the session `other`.
pub(super) fn role_index_of_other() -> String {
    format!("{{\"session\":\"other\",\"account\":\"{ACCOUNT}\",\"role\":\"{ROLE}\"}}\n")
}
