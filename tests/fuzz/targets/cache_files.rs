//! The other files: role credentials, registrations, the index, inventories, the notes in
//! lock files.
//! Whatever is read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::cache::lock_note::{LockNote, Scope};
use sso::internals::domain::cache::role_index;
use sso::internals::domain::json;
use sso::internals::domain::listing::inventory::{self, Inventory};
use sso::internals::domain::role::credentials::{CachedRole, RoleCredentials};
use sso::internals::domain::secret::Secret;
use sso::internals::domain::session::registration::{Grant, Registration};
use sso::internals::domain::time::Timestamp;

fuzz_target!(|data: &[u8]| {
    role(data);
    registration(data);
    list(data);
    listed(data);
    note(data);
});

fn clamped(time: Timestamp) -> Timestamp {
    Timestamp(time.0.clamp(-62_167_219_200, 253_402_300_799))
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn role(data: &[u8]) {
    let CachedRole::Credentials(mut role) = RoleCredentials::from_cache(data) else {
        return;
    };
    let text = role.to_cache("111122223333");
    assert!(is_plain(&text), "{text}");
    role.expiration = clamped(role.expiration);
    let again = RoleCredentials::from_cache(text.as_bytes());
    assert_eq!(again, CachedRole::Credentials(role.clone()));
    let _ = role.is_fresh(Timestamp(1_795_000_000));
    let output = role.to_process_json("111122223333");
    assert!(is_plain(&output), "{output}");
    let map = json::parse_object(output.as_bytes()).expect("an object");
    assert_eq!(map["Version"], 1);
    assert_eq!(map["AccessKeyId"], role.access_key_id.as_str());
    assert_eq!(map["SecretAccessKey"], role.secret_access_key.expose());
    assert_eq!(map["SessionToken"], role.session_token.expose());
}

fn registration(data: &[u8]) {
    let Some(mut registration) = Registration::parse(data) else {
        return;
    };
    let text = registration.to_json();
    assert!(is_plain(&text), "{text}");
    registration.client.expires_at = clamped(registration.client.expires_at);
    assert_eq!(
        Registration::parse(text.as_bytes()),
        Some(registration.clone())
    );
    let now = Timestamp(1_795_000_000);
    let scopes = registration.scopes.as_deref();
    if registration.fits(Grant::AuthorizationCode, scopes, now) {
        assert!(!registration.fits(Grant::DeviceCode, scopes, now));
    }
}

fn list(data: &[u8]) {
    let entries = role_index::parse(data);
    let text = role_index::to_text(&entries);
    assert_eq!(text.lines().count(), entries.len());
    assert_eq!(role_index::parse(text.as_bytes()), entries);
}

fn listed(data: &[u8]) {
    let Some(mut listed) = inventory::parse(data) else {
        return;
    };
    let text = inventory::to_text(&listed);
    assert!(text.lines().all(is_plain), "{text}");
    listed.taken_at = clamped(listed.taken_at);
    assert_eq!(inventory::parse(text.as_bytes()).as_ref(), Some(&listed));
    for account in &listed.accounts {
        // The same id may be there twice.
        let found = inventory::account_in(text.as_bytes(), &account.id);
        assert!(found.is_none_or(|found| found.id == account.id));
    }
    // What is kept over itself says no more than it.
    let over: Inventory = listed.over(Some(listed.clone()));
    assert_eq!(over.is_complete(), listed.is_complete());
    assert_eq!(over.accounts.len(), listed.accounts.len());
    let now = Timestamp(1_795_000_000);
    assert!(!listed.is_fresh(now) || listed.is_complete());
}

fn note(data: &[u8]) {
    let mut note = LockNote::parse(data);
    let text = note.to_json();
    assert!(is_plain(&text), "{text}");
    if let Some(last) = &mut note.last {
        last.at = clamped(last.at);
    }
    assert_eq!(LockNote::parse(text.as_bytes()), note);
    let scope = Scope {
        server: "s".to_owned(),
        network: "n".to_owned(),
    };
    let secret = Secret::new("secret");
    let now = Timestamp(1_795_000_000);
    assert!(note.recent_refusal(&secret, now).is_none() || note.has_refused(&secret));
    // Nobody counts more failures than there were.
    assert_eq!(note.for_waiter(note.failures, &scope), None);
}
