//! Cache files other than the token: role credentials, client registrations, the list of cached
//! roles, inventories, and the notes in lock files.
//!
//! A value read from a file can be written and read back. Written files are printable ASCII.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::cache::lock_note::{LockNote, Scope};
use sso::internals::domain::cache::role_index;
use sso::internals::domain::json;
use sso::internals::domain::listing::inventory::Inventory;
use sso::internals::domain::listing::inventory_file;
use sso::internals::domain::role::credentials::{CachedRole, RoleCredentials};
use sso::internals::domain::secret::Secret;
use sso::internals::domain::session::registration::{Grant, Registration};
use sso::internals::domain::time::Timestamp;

fuzz_target!(|data: &[u8]| {
    check_role_credentials(data);
    check_registration(data);
    check_role_index(data);
    check_inventory(data);
    check_lock_note(data);
});

/// Limits an instant to the years 0 to 9999, which the written format can express.
fn clamped(time: Timestamp) -> Timestamp {
    Timestamp(time.0.clamp(-62_167_219_200, 253_402_300_799))
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The JSON for `credential_process` has the values of the file.
fn check_role_credentials(data: &[u8]) {
    let CachedRole::Credentials(mut role) = RoleCredentials::from_cache(data) else {
        return;
    };
    let text = role.to_cache("111122223333");
    assert!(is_printable(&text), "{text}");
    role.expiration = clamped(role.expiration);
    let again = RoleCredentials::from_cache(text.as_bytes());
    assert_eq!(again, CachedRole::Credentials(role.clone()));
    let _ = role.is_fresh(Timestamp(1_795_000_000));
    let output = role.to_process_json("111122223333");
    assert!(is_printable(&output), "{output}");
    let map = json::parse_object(output.as_bytes()).expect("a JSON object");
    assert_eq!(map["Version"], 1);
    assert_eq!(map["AccessKeyId"], role.access_key_id.as_str());
    assert_eq!(map["SecretAccessKey"], role.secret_access_key.expose());
    assert_eq!(map["SessionToken"], role.session_token.expose());
}

/// A registration fits one kind of grant only.
fn check_registration(data: &[u8]) {
    let Some(mut registration) = Registration::parse(data) else {
        return;
    };
    let text = registration.to_json();
    assert!(is_printable(&text), "{text}");
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

/// The list has one line per entry.
fn check_role_index(data: &[u8]) {
    let entries = role_index::parse(data);
    let text = role_index::to_text(&entries);
    assert_eq!(text.lines().count(), entries.len());
    assert_eq!(role_index::parse(text.as_bytes()), entries);
}

fn check_inventory(data: &[u8]) {
    let Some(mut inventory) = inventory_file::parse(data) else {
        return;
    };
    let text = inventory_file::to_text(&inventory);
    assert!(text.lines().all(is_printable), "{text}");
    inventory.taken_at = clamped(inventory.taken_at);
    assert_eq!(
        inventory_file::parse(text.as_bytes()).as_ref(),
        Some(&inventory)
    );
    for account in &inventory.accounts {
        // An id can occur twice, so the found account may be another one with this id.
        let found = inventory_file::find_account(text.as_bytes(), &account.id);
        assert!(found.is_none_or(|found| found.id == account.id));
    }
    // Merging an inventory with itself adds nothing.
    let merged: Inventory = inventory.merged_over(Some(inventory.clone()));
    assert_eq!(merged.is_complete(), inventory.is_complete());
    assert_eq!(merged.accounts.len(), inventory.accounts.len());
    let now = Timestamp(1_795_000_000);
    assert!(!inventory.is_fresh(now) || inventory.is_complete());
}

/// A recent refusal of a token is a refusal of that token, and a waiter that has seen all failures
/// gets none.
fn check_lock_note(data: &[u8]) {
    let mut note = LockNote::parse(data);
    let text = note.to_json();
    assert!(is_printable(&text), "{text}");
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
    assert_eq!(note.for_waiter(note.failures, &scope), None);
}
