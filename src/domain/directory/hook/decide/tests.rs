//! Decisions at a prompt: which outcome wins, and what a shell is told once.

use std::collections::BTreeMap;

use super::*;
use crate::domain::cache::lock_note::{LockNote, RecordedFailure, Scope};
use crate::domain::directory::dotfile;
use crate::domain::directory::hook::credentials_plan::{
    CredentialsPlan, failure_since, is_renewal_due, plan_credentials,
};
use crate::domain::directory::hook::environment::baseline;
use crate::domain::session::state::SessionState;

const NOW: Timestamp = Timestamp(1_800_000_000);
const FILE: DecidingFile = DecidingFile {
    path: "/p/.aws-sso",
    digest: "0123",
};

type Environment = BTreeMap<&'static str, &'static str>;

fn target() -> Target {
    Target {
        region: Some("eu-west-1".to_owned()),
        profile: Some("dev".to_owned()),
        ..Target::for_test("111122223333", "ReadOnly")
    }
}

fn credentials(seconds_left: i64) -> RoleCredentials {
    RoleCredentials::for_test("ASIA", "secret", "token", Timestamp(NOW.0 + seconds_left))
}

fn message(outcome: Option<Outcome>) -> Option<HookMessage> {
    match outcome?.report {
        Report::Message(message) => Some(message),
        Report::Silent | Report::Unchanged => None,
    }
}

fn state(message: &str, set: &[(&'static str, &str)]) -> HookState {
    let set = set.iter().map(|(name, mark)| (*name, (*mark).to_owned()));
    HookState {
        file: FILE.path.to_owned(),
        digest: FILE.digest.to_owned(),
        message: message.to_owned(),
        set: set.collect(),
        ..HookState::default()
    }
}

#[test]
fn only_a_trusted_file_with_valid_content_goes_on() {
    let dotfile = dotfile::parse(b"dev\n").unwrap();
    let check = |is_own, content, trust| check_file("~/p/.aws-sso", is_own, content, trust);
    assert!(check(true, Ok(&dotfile), TrustState::Trusted).is_none());
    assert!(check(false, Ok(&dotfile), TrustState::Trusted).is_none());
    let file = || "~/p/.aws-sso".to_owned();
    let changed = HookMessage::FileChanged { file: file() };
    let untrusted = HookMessage::FileUntrusted { file: file() };
    let (file, reason) = (file(), "it is a link".to_owned());
    let ignored = HookMessage::FileIgnored { file, reason };
    for (content, trust, expected) in [
        (Ok(&dotfile), TrustState::Changed, changed),
        (Ok(&dotfile), TrustState::Unknown, untrusted),
        (Err("it is a link"), TrustState::Unknown, ignored),
    ] {
        assert_eq!(message(check(true, content, trust)), Some(expected));
    }
    for content in [Ok(&dotfile), Err("it is a link")] {
        let foreign = check(false, content, TrustState::Unknown).unwrap();
        assert_eq!(foreign.report, Report::Silent);
    }
}

/// Checks a shell with this environment and state.
fn check(env: &Environment, fixed: &[&str], last: Option<&HookState>) -> Option<HookMessage> {
    let lookup = |name: &str| env.get(name).map(|value| (*value).to_owned());
    let baseline = baseline(last, &lookup);
    let variables = ShellVariables {
        fixed: fixed.iter().map(|name| (*name).to_owned()).collect(),
        ..ShellVariables::default()
    };
    message(check_shell(&baseline, &variables, last))
}

#[test]
fn keys_of_the_user_stop_the_hook() {
    let env = Environment::from([("AWS_ACCESS_KEY_ID", "AKIA")]);
    let variable = "AWS_ACCESS_KEY_ID";
    let foreign = Some(HookMessage::ForeignKeys { variable });
    assert_eq!(check(&env, &[], None), foreign);
    assert_eq!(check(&Environment::new(), &[], None), None);
}

#[test]
fn removed_keys_stay_removed_until_the_file_is_entered_again() {
    let loaded = state("l0", &[("AWS_ACCESS_KEY_ID", "mark")]);
    let env = Environment::new();
    let removed = Some(HookMessage::KeysRemoved);
    assert_eq!(check(&env, &[], Some(&loaded)), removed);
    assert_eq!(check(&env, &[], Some(&state("r0", &[]))), removed);
    assert_eq!(check(&env, &[], Some(&state("l0", &[]))), None);
}

#[test]
fn a_profile_counts_only_if_it_was_set_after_loading_or_cannot_be_hidden() {
    let env = Environment::from([("AWS_PROFILE", "mine")]);
    let variable = "AWS_PROFILE";
    let other = Some(HookMessage::OtherProfile { variable });
    assert_eq!(check(&env, &[], None), None);
    assert_eq!(check(&env, &["AWS_PROFILE"], None), other);
    assert_eq!(check(&env, &[], Some(&state("l0", &[]))), None);
    let loaded = state("l0", &[("AWS_REGION", "eu-west-1")]);
    assert_eq!(check(&env, &[], Some(&loaded)), other);
    assert_eq!(check(&env, &[], Some(&state("p0", &[]))), other);
}

#[test]
fn credentials_are_planned_by_cache_and_session() {
    let plan = |cached: Option<i64>, session: SessionState, is_first| {
        plan_credentials(cached.map(credentials), || session, is_first, NOW)
    };
    let unread = || panic!("the session was read for fresh credentials");
    let planned = plan_credentials(Some(credentials(3600)), unread, true, NOW);
    assert_eq!(planned, CredentialsPlan::Load(credentials(3600)));
    for session in [SessionState::Valid, SessionState::Expired] {
        let expected = CredentialsPlan::LoadExpiring(credentials(60), session);
        assert_eq!(plan(Some(60), session, true), expected);
    }
    for cached in [None, Some(0), Some(-5)] {
        for (session, is_first, expected) in [
            (SessionState::Valid, true, CredentialsPlan::Fetch),
            (SessionState::Valid, false, CredentialsPlan::Renew),
            (SessionState::Refreshable, true, CredentialsPlan::Renew),
            (SessionState::Refreshable, false, CredentialsPlan::Renew),
            (SessionState::Expired, true, CredentialsPlan::SignIn),
            (SessionState::Expired, false, CredentialsPlan::SignIn),
            (SessionState::SignedOut, true, CredentialsPlan::SignIn),
            (SessionState::SignedOut, false, CredentialsPlan::SignIn),
            (SessionState::Corrupt, true, CredentialsPlan::SignIn),
            (SessionState::Corrupt, false, CredentialsPlan::SignIn),
        ] {
            let planned = plan(cached, session, is_first);
            assert_eq!(planned, expected, "{cached:?} {session:?} {is_first}");
        }
    }
}

#[test]
fn a_failed_renewal_is_reported_once_until_the_credentials_are_fresh() {
    let note = |at: i64| LockNote {
        last: Some(RecordedFailure {
            kind: FailureKind::Network,
            at: Timestamp(at),
            scope: Scope {
                server: String::new(),
                network: String::new(),
            },
            refused: None,
        }),
        ..LockNote::default()
    };
    for (at, renewed_at, expected) in [
        (NOW.0, NOW.0, Some(FailureKind::Network)),
        (NOW.0 - 1, NOW.0, None),
        (NOW.0, 0, None),
    ] {
        assert_eq!(failure_since(&note(at), renewed_at), expected);
    }
    assert_eq!(failure_since(&LockNote::default(), NOW.0), None);
    let failure = || Some(RenewalFailure::Other(FailureKind::Network));
    let expiring = |failure, last: Option<&HookState>| {
        let outcome = Outcome::expiring(&target(), &credentials(600), failure, last, NOW);
        message(Some(outcome)).map(|message| message.kind())
    };
    let (loaded, reported) = (state("l", &[]), state("n", &[]));
    assert_eq!(expiring(None, Some(&loaded)), Some('l'));
    assert_eq!(expiring(failure(), Some(&loaded)), Some(NOT_RENEWED));
    assert_eq!(expiring(failure(), Some(&reported)), None);
    // A later renewal runs, whose failure would be the same.
    assert_eq!(expiring(None, Some(&reported)), None);
}

#[test]
fn renewals_are_a_minute_apart() {
    assert!(is_renewal_due(0, NOW));
    assert!(!is_renewal_due(NOW.0, NOW));
    assert!(!is_renewal_due(NOW.0 - 59, NOW));
    assert!(is_renewal_due(NOW.0 - 60, NOW));
    // A clock that was set back does not delay it.
    assert!(is_renewal_due(NOW.0 + 1, NOW));
}

#[test]
fn the_exported_profile_is_the_named_one_or_one_of_the_same_role() {
    let named = dotfile::parse(b"dev\n").unwrap();
    let unread = || panic!("the profiles were read for a named one");
    let exported = profile_to_export(&named, &target(), unread);
    assert_eq!(exported.as_deref(), Some("dev"));
    let by_role = dotfile::parse(b"account = 111122223333\nrole = ReadOnly\n").unwrap();
    assert_eq!(profile_to_export(&by_role, &target(), Vec::new), None);
}

/// Applies an outcome to a shell, which then has the returned state.
fn apply_to(outcome: Outcome, last: Option<&HookState>) -> (Prompt, HookState) {
    let text = last.map(HookState::to_text);
    let env = |_: &str| None;
    let baseline = baseline(last, &env);
    let shell = ShellFacts {
        text: text.as_deref(),
        last,
        baseline: &baseline,
        env: &env,
        variables: &ShellVariables::default(),
        is_silent: false,
    };
    let prompt = apply(outcome, FILE, shell);
    let state = prompt.changes.iter().find_map(|change| match change {
        Change::Set(HOOK_STATE, text) => HookState::parse(text.expose()),
        _ => None,
    });
    (prompt, state.or_else(|| last.cloned()).unwrap())
}

#[test]
fn a_message_is_shown_once() {
    let untrusted = || {
        let file = "~/p/.aws-sso".to_owned();
        Outcome::from(HookMessage::FileUntrusted { file })
    };
    let (prompt, state) = apply_to(untrusted(), None);
    assert!(prompt.message.is_some());
    let (prompt, state) = apply_to(untrusted(), Some(&state));
    assert!(prompt.message.is_none() && prompt.changes.is_empty());
    let (prompt, _) = apply_to(HookMessage::KeysRemoved.into(), Some(&state));
    assert_eq!(prompt.message, Some(HookMessage::KeysRemoved));
}

#[test]
fn a_failed_fetch_stays_the_last_message_while_it_is_renewed() {
    let not_fetched = HookMessage::NotFetched {
        role: "dev".to_owned(),
        reason: "timeout".to_owned(),
    };
    let (_, failed) = apply_to(not_fetched.into(), None);
    let renewing = Outcome::renewing(&target(), None, Some(&failed));
    let renewing = Outcome {
        renewed_at: 5,
        ..renewing
    };
    let (prompt, state) = apply_to(renewing, Some(&failed));
    assert!(prompt.message.is_none());
    assert_eq!(state.message, failed.message);
    assert_eq!(state.renewed_at, 5);
    let first = message(Some(Outcome::renewing(&target(), None, None)));
    assert!(matches!(first, Some(HookMessage::Renewing { .. })));
}

#[test]
fn a_file_of_another_user_only_unloads() {
    let loaded = state("l0", &[("AWS_REGION", "eu-west-1")]);
    let silent = || Outcome::nothing(Report::Silent);
    let (prompt, state) = apply_to(silent(), Some(&loaded));
    assert_eq!(prompt.message, Some(HookMessage::Unloaded { stays: None }));
    let (prompt, _) = apply_to(silent(), Some(&state));
    assert_eq!(prompt.message, None);
}

#[test]
fn leaving_removes_the_state_and_reports_what_was_loaded() {
    let env = |_: &str| None;
    let loaded = state("l0", &[("AWS_REGION", "a")]);
    for (last, expected) in [
        (loaded, Some(HookMessage::Unloaded { stays: None })),
        (state("u0", &[]), None),
    ] {
        let baseline = baseline(Some(&last), &env);
        let prompt = leave(ShellFacts {
            text: Some("text"),
            last: Some(&last),
            baseline: &baseline,
            env: &env,
            variables: &ShellVariables::default(),
            is_silent: false,
        });
        assert_eq!(prompt.message, expected);
        assert_eq!(prompt.changes, [Change::Remove(HOOK_STATE.to_owned())]);
    }
}
