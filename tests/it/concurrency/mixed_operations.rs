//! Signing in, signing out, refreshing and fetching at the same time.

use std::time::Duration;

use emulator::{Action, Fault};

use crate::fixture::parallel::{run_all, wait_until};
use crate::fixture::random::{Rng, report_progress, rounds};
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const REFRESH: &str = "CreateToken:refresh_token";

fn delay(operation: &str, ms: u64) -> Fault {
    Fault::on_operation(operation, Action::Delay(Duration::from_millis(ms)))
}

#[track_caller]
fn assert_signed_out(sandbox: &Sandbox) {
    for path in [
        sandbox.token_path("corp"),
        sandbox.role_path("corp", ACCOUNT, ROLE),
        sandbox.role_path("corp", ACCOUNT, "ReadOnlyAccess"),
    ] {
        assert!(!path.exists(), "{} came back", path.display());
    }
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
}

#[test]
fn a_sign_out_waits_for_a_refresh_under_way_and_nothing_comes_back() {
    let sandbox = Sandbox::new();
    let old = sandbox.store_token(-10);
    sandbox.server().fault(delay(REFRESH, 700).after());
    let fetch = sandbox.credential_process().start();
    assert!(
        sandbox
            .server()
            .wait_for(REFRESH, 1, Duration::from_secs(30))
    );
    sandbox
        .sso(["logout"])
        .run()
        .expect(0)
        .stderr_contains("signed out");
    assert!(!sandbox.token_path("corp").exists());
    // The caller had its answer from before, or was too late; nothing is stored.
    let code = fetch.finish().code;
    assert!([0, 4].contains(&code), "{code}");
    assert_signed_out(&sandbox);
    assert!(!sandbox.server().is_refreshable(&old.refresh_token.unwrap()));
}

#[test]
fn a_fetch_under_way_delivers_after_a_sign_out_and_stores_nothing() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox
        .server()
        .fault(delay("GetRoleCredentials", 700).after());
    let fetch = sandbox.credential_process().start();
    let asked = sandbox
        .server()
        .wait_for("GetRoleCredentials", 1, Duration::from_secs(30));
    assert!(asked);
    sandbox.sso(["logout"]).run().expect(0);
    assert_signed_out(&sandbox);
    assert_eq!(fetch.finish().expect(0).json()["AccountId"], ACCOUNT);
    assert_signed_out(&sandbox);
}

#[test]
fn a_fetch_under_way_stores_nothing_after_a_new_sign_in() {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    sandbox
        .server()
        .fault(delay("GetRoleCredentials", 1500).after().times(1));
    let fetch = sandbox.credential_process().start();
    let asked = sandbox
        .server()
        .wait_for("GetRoleCredentials", 1, Duration::from_secs(30));
    assert!(asked);
    let again = sandbox.sso(["login", "--force"]).approving_browser();
    again.run().expect(0);
    fetch.finish().expect(0);
    assert!(!sandbox.role_path("corp", ACCOUNT, ROLE).exists());
    sandbox.credential_process().run().expect(0);
    assert!(sandbox.role_path("corp", ACCOUNT, ROLE).exists());
}

#[test]
fn a_refresh_whose_token_another_tool_deleted_delivers_and_stores_nothing() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    sandbox.server().fault(delay(REFRESH, 500).after());
    let fetch = sandbox.credential_process().start();
    assert!(
        sandbox
            .server()
            .wait_for(REFRESH, 1, Duration::from_secs(30))
    );
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    fetch.finish().expect(0);
    assert_signed_out(&sandbox);
}

#[test]
fn a_refresh_whose_file_another_tool_broke_meanwhile_repairs_it() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    sandbox.server().fault(delay(REFRESH, 500).after());
    let fetch = sandbox.credential_process().start();
    assert!(
        sandbox
            .server()
            .wait_for(REFRESH, 1, Duration::from_secs(30))
    );
    // The server has spent the old refresh token, so the new one is all there is.
    std::fs::write(sandbox.token_path("corp"), "{\"startUrl\": ").unwrap();
    fetch.finish().expect(0);
    sandbox.sso(["status", "-q"]).run().expect(0);
    sandbox.assert_cache_is_valid();
}

#[test]
fn callers_during_a_sign_in_exit_4_and_say_so_and_other_sign_ins_share_it() {
    let sandbox = Sandbox::new();
    // The browser shows the page, and nobody approves yet.
    let first = sandbox.sso(["login"]).browser("open").start();
    wait_until("the sign-in has its lock", || {
        let outcome = sandbox.credential_process().run().expect(4);
        outcome.stderr.contains("is in progress")
    });
    let mut second = sandbox.sso(["login"]).browser("open").start();
    second.wait_for_stderr("has begun");
    first.signal(nix::sys::signal::Signal::SIGTERM, false);
    assert_eq!(first.finish().code, 143);
    // Its turn came with the end of the first one. Somebody else's sign-in serves it, too.
    second.signal(nix::sys::signal::Signal::SIGTERM, false);
    assert_eq!(second.finish().code, 143);
    let runs = (0..4).map(|_| sandbox.sso(["login"]).approving_browser());
    for outcome in run_all(runs) {
        outcome.expect(0);
    }
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
}

const ROLES: [(&str, &str); 2] = [(ACCOUNT, ROLE), (ACCOUNT, "ReadOnlyAccess")];

#[test]
fn a_mixture_of_everything_never_goes_back_and_ends_signed_out() {
    let rng = Rng::new("a_mixture_of_everything");
    for round in 0..rounds(1) {
        episode(&mut rng.for_round(round));
    }
}

fn episode(rng: &mut Rng) {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    let mut asked = Asked::default();
    let seen = sandbox.watch_cache(&ROLES, || {
        for _ in 0..3 {
            mix(&sandbox, rng, &mut asked);
        }
    });
    sandbox.assert_cache_is_valid();
    let sign_ins = sandbox.server().count("CreateToken:authorization_code");
    assert!(sign_ins <= 1 + asked.sign_ins, "{sign_ins} for {asked:?}");
    let ended = sandbox.server().count("Logout");
    assert!(ended <= asked.sign_outs, "{ended} for {asked:?}");
    report_progress(&format!(
        "{asked:?}, {sign_ins} sign-ins of which number {seen} was the last seen, {ended} ended"
    ));
    sandbox.sso(["login"]).approving_browser().run().expect(0);
    sandbox.credential_process().run().expect(0);
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
    let fetches = (0..30).map(|number| match number % 10 {
        5 => sandbox.sso(["logout"]),
        _ => sandbox.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]),
    });
    for outcome in run_all(fetches) {
        assert!([0, 4].contains(&outcome.code), "{outcome:#?}");
    }
    assert_signed_out(&sandbox);
}

/// What the callers of a mixture may have asked of the server.
#[derive(Debug, Default)]
struct Asked {
    sign_ins: u64,
    sign_outs: u64,
}

fn mix(sandbox: &Sandbox, rng: &mut Rng, asked: &mut Asked) {
    // Some rounds have tokens that must be refreshed, again and again.
    let lifetime = rng.choose(&[1, 300, 300, 28_800]);
    sandbox
        .server()
        .configure(|options| options.access_token_seconds = lifetime);
    sandbox.server().clear_faults();
    if rng.below(2) == 0 {
        let operation = rng.choose(&["CreateToken", "GetRoleCredentials", "Logout"]);
        sandbox
            .server()
            .fault(delay(operation, rng.below(80)).after());
    }
    let mut running = Vec::new();
    for _ in 0..40 {
        let run = match rng.below(10) {
            0 => {
                (asked.sign_ins, asked.sign_outs) = (asked.sign_ins + 1, asked.sign_outs + 1);
                sandbox.sso(["login", "--force"]).approving_browser()
            }
            1 => {
                asked.sign_outs += 1;
                sandbox.sso(["logout"])
            }
            2 | 3 => {
                asked.sign_ins += 1;
                sandbox.sso(["login"]).approving_browser()
            }
            4 | 5 => sandbox.sso(["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"]),
            6 => sandbox.sso(["env", "-p", "dev", "--shell", "sh"]),
            _ => sandbox.credential_process(),
        };
        running.push(run.start());
        // Not all at the very same moment: who comes later meets other states.
        if rng.below(4) == 0 {
            std::thread::sleep(Duration::from_millis(rng.below(60)));
        }
    }
    for outcome in running.into_iter().map(|one| one.finish()) {
        assert!([0, 4].contains(&outcome.code), "{outcome:#?}");
    }
    sandbox.assert_refresh_tokens_used_once();
}
