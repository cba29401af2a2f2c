//! The token file of a session, at any time.
//!
//! A token read from a file can be written and read back, also after a refresh or a new sign-in.
//! Decisions about it never panic, agree with each other, and never use the token of another
//! instance. Instants have the same value after formatting and parsing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::cache::lock_note::LockNote;
use sso::internals::domain::net::failure::clock_skew;
use sso::internals::domain::session::definition::Session;
use sso::internals::domain::session::refresh_policy::{TokenPlan, plan};
use sso::internals::domain::session::state::SessionState;
use sso::internals::domain::session::token::{StoredToken, TokenFile, TokenReply};
use sso::internals::domain::time::{Timestamp, format_duration};

fuzz_target!(|data: &[u8]| {
    let now = derive_now(data);
    check_timestamps(&String::from_utf8_lossy(data), now);
    let Some(token) = StoredToken::parse(data) else {
        return;
    };
    let session = Session::new(
        Some("corp"),
        token.start_url.as_deref().unwrap_or("https://x"),
        token.region.as_deref().unwrap_or("eu-west-1"),
    );
    assert!(token.belongs_to(&session));
    check_round_trip(&token, &session);
    check_decisions(&token, &session, now);
    let reply = TokenReply {
        access_token: token.access_token.clone(),
        expires_in: now.0,
        refresh_token: None,
    };
    let refreshed = token.refreshed(reply.clone(), &session, now);
    assert_eq!(refreshed.refresh_token, token.refresh_token);
    check_round_trip(&refreshed, &session);
    if let Some(client) = token.client.clone() {
        check_round_trip(
            &StoredToken::new(reply, Some(client), &session, now),
            &session,
        );
    }
});

/// Derives the current time from the input: close to the instants in the seeds, or any at all.
fn derive_now(data: &[u8]) -> Timestamp {
    let mut bytes = [0; 8];
    for (at, byte) in data.iter().rev().take(8).enumerate() {
        bytes[at] = *byte;
    }
    let any = i64::from_le_bytes(bytes);
    Timestamp(if any % 2 == 0 {
        1_795_000_000 + any % 100_000
    } else {
        any
    })
}

/// Limits an instant to the years 0 to 9999, which the written format can express.
fn clamped(time: Timestamp) -> Timestamp {
    Timestamp(time.0.clamp(-62_167_219_200, 253_402_300_799))
}

/// Parses every part between double quotes as an instant.
fn check_timestamps(text: &str, now: Timestamp) {
    for word in text.split('"') {
        if let Some(time) = Timestamp::parse(word) {
            assert_eq!(Timestamp::parse(&time.to_string()), Some(clamped(time)));
            let _ = (format_duration(time.left(now)), clock_skew(time, now));
        }
    }
    assert_eq!(Timestamp::parse(&now.to_string()), Some(clamped(now)));
    let _ = (
        format_duration(now.0),
        clock_skew(now, Timestamp(0)),
        clock_skew(Timestamp(0), now),
    );
}

/// Checks that the written file parses to the same token, and is one line of printable ASCII, as in
/// files of the AWS CLI.
fn check_round_trip(token: &StoredToken, session: &Session) {
    let text = token.to_json(session);
    assert!(
        text.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "{text}"
    );
    let mut expected = token.clone();
    expected.start_url = Some(session.start_url.clone());
    expected.region = Some(session.region.clone());
    expected.expires_at = clamped(expected.expires_at);
    if let Some(client) = &mut expected.client {
        client.expires_at = clamped(client.expires_at);
    }
    assert_eq!(StoredToken::parse(text.as_bytes()), Some(expected));
}

fn check_decisions(token: &StoredToken, session: &Session, now: Timestamp) {
    let found = TokenFile::Token(token.clone());
    assert!(found.is_still(token, session) && found.yields_to_refresh_of(token, session));
    let state = SessionState::of(&found, session, &LockNote::default(), now);
    let is_expired = token.expires_at.is_past(now);
    match plan(token, None, now) {
        Ok(TokenPlan::Use) => assert_eq!(state, SessionState::Valid),
        Ok(TokenPlan::Refresh) => {
            assert!(token.refreshable(now).is_some());
            assert_eq!(state == SessionState::Valid, !is_expired);
        }
        Err(_) => assert_eq!(state, SessionState::Expired),
    }
    // The token of another instance is never used.
    let other = Session::new(Some("corp"), "https://other", &session.region);
    if token.start_url.is_some() && !session.start_url.starts_with("https://other") {
        assert!(found.of(&other).is_err());
    }
}
