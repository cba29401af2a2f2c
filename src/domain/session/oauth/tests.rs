//! Test vectors and edge cases of the sign-in protocol.

use super::*;

#[test]
fn the_challenge_is_that_of_rfc_7636_appendix_b() {
    let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(
        challenge(&verifier),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    assert_eq!(super::verifier(&[0xff; VERIFIER_BYTES]).expose().len(), 64);
}

#[test]
fn the_state_is_a_version_4_uuid() {
    assert_eq!(state([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

#[test]
fn the_authorize_address_is_the_clis() {
    let url = authorize_url(
        "https://oidc.eu-west-1.amazonaws.com/",
        "id&x",
        &redirect_uri(8080),
        "s",
        "c",
        &["sso:account:access".into(), "b".into()],
    );
    assert_eq!(
        url,
        "https://oidc.eu-west-1.amazonaws.com/authorize?response_type=code&client_id=id%26x&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Foauth%2Fcallback&state=s&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess%20b&code_challenge=c"
    );
}

#[test]
fn only_our_state_counts() {
    let code = |text: &str| Callback::Code(Secret::new(text));
    assert_eq!(
        parse_callback("/oauth/callback?code=a%2Fb&state=s", "s"),
        code("a/b")
    );
    assert_eq!(
        parse_callback("http://127.0.0.1:5/oauth/callback?state=s&code=c#x", "s"),
        code("c")
    );
    assert_eq!(
        parse_callback("/oauth/callback?code=a&state=t", "s"),
        Callback::WrongState
    );
    assert_eq!(
        parse_callback("/oauth/callback?error=access_denied&state=t", "s"),
        Callback::WrongState
    );
    assert_eq!(
        parse_callback("/oauth/callback?code=a", "s"),
        Callback::WrongState
    );
    assert_eq!(
        parse_callback("/oauth/callback?state=s", "s"),
        Callback::WrongState
    );
    assert_eq!(parse_callback("/favicon.ico", "s"), Callback::NotOurs);
    assert_eq!(
        parse_callback("/oauth/callback/x?code=a&state=s", "s"),
        Callback::NotOurs
    );
    assert_eq!(
        parse_callback(
            "/oauth/callback?error=access_denied&error_description=no+%1b&state=s",
            "s"
        ),
        Callback::Denied("no \u{fffd}".into())
    );
}

#[test]
fn slow_down_lengthens_the_interval_for_good() {
    let mut poll = DevicePoll::new(0, 600, 600);
    assert_eq!(
        poll.after(FailureKind::AuthorizationPending, 0),
        PollStep::Wait(5)
    );
    assert_eq!(poll.after(FailureKind::SlowDown, 5), PollStep::Wait(10));
    assert_eq!(
        poll.after(FailureKind::AuthorizationPending, 20),
        PollStep::Wait(10)
    );
    assert_eq!(poll.after(FailureKind::SlowDown, 30), PollStep::Wait(15));
    assert_eq!(poll.after(FailureKind::Timeout, 40), PollStep::Wait(30));
    assert_eq!(poll.after(FailureKind::AccessDenied, 40), PollStep::Fail);
    assert_eq!(poll.after(FailureKind::ExpiredToken, 40), PollStep::Expired);
    assert_eq!(
        poll.after(FailureKind::AuthorizationPending, 570),
        PollStep::Expired
    );
}

proptest::proptest! {
    #[test]
    fn no_answer_panics(target in ".*", interval: i64, expires: i64) {
        let _ = parse_callback(&target, "s");
        let _ = DevicePoll::new(interval, expires, 600).after(FailureKind::SlowDown, 1);
    }
}
