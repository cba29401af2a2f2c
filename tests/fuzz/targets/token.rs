//! The token file: whatever is read can be written and read again, and every decision about
//! it comes to an end at any time of day.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::cache::lock_note::LockNote;
use sso::internals::domain::net::failure::clock_skew;
use sso::internals::domain::session::definition::Session;
use sso::internals::domain::session::state::State;
use sso::internals::domain::session::token::{Found, Plan, StoredToken, TokenReply, plan};
use sso::internals::domain::time::{Timestamp, format_duration};

fuzz_target!(|data: &[u8]| {
    let now = now(data);
    times(&String::from_utf8_lossy(data), now);
    let Some(token) = StoredToken::parse(data) else {
        return;
    };
    let session = Session::new(
        Some("corp"),
        token.start_url.as_deref().unwrap_or("https://x"),
        token.region.as_deref().unwrap_or("eu-west-1"),
    );
    assert!(token.belongs_to(&session));
    written(&token, &session);
    decided(&token, &session, now);
    let reply = TokenReply {
        access_token: token.access_token.clone(),
        expires_in: now.0,
        refresh_token: None,
    };
    let refreshed = token.refreshed(reply.clone(), &session, now);
    assert_eq!(refreshed.refresh_token, token.refresh_token);
    written(&refreshed, &session);
    if let Some(client) = token.client.clone() {
        written(
            &StoredToken::signed_in(reply, client, &session, now),
            &session,
        );
    }
});

/// An instant out of the bytes: near the ones that the file names, or any at all.
fn now(data: &[u8]) -> Timestamp {
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

fn clamped(time: Timestamp) -> Timestamp {
    Timestamp(time.0.clamp(-62_167_219_200, 253_402_300_799))
}

fn times(text: &str, now: Timestamp) {
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

/// The file can be read again, and says the same. It is one line of ASCII, as the CLI's.
fn written(token: &StoredToken, session: &Session) {
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

fn decided(token: &StoredToken, session: &Session, now: Timestamp) {
    let found = Found::Token(token.clone());
    assert!(found.is_still(token, session) && found.yields_to_refresh_of(token, session));
    let state = State::of(&found, session, &LockNote::default(), now);
    let ended = token.expires_at.is_past(now);
    match plan(token, now) {
        Plan::Use => assert_eq!(state, State::Valid),
        Plan::Refresh => {
            assert!(token.refreshable(now).is_some());
            assert_eq!(state == State::Valid, !ended);
        }
        Plan::SignIn(_) => assert_eq!(state, State::Expired),
    }
    // A token that is not our instance's is never used.
    let other = Session::new(Some("corp"), "https://other", &session.region);
    if token.start_url.is_some() && !session.start_url.starts_with("https://other") {
        assert!(found.of(&other).is_err());
    }
}
