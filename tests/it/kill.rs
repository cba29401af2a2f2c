//! Killed at any instant, every file is old or new; other signals wait for a refresh.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use emulator::{Action, Fault};
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::world::aftermath::{timed, wait_until};
use crate::world::{ACCOUNT, ROLE, Run, Running, Stored, World};

const REFRESH: &str = "CreateToken:refresh_token";
const ROUNDS: u32 = 20;

/// Instants spread over a time, each a little different in every run of the tests.
fn instants(whole: Duration) -> impl Iterator<Item = Duration> {
    (0..ROUNDS).map(move |round| {
        let now = std::time::SystemTime::now();
        let random = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        whole * round / ROUNDS + whole * (random.subsec_nanos() % 1000) / 1000 / ROUNDS
    })
}

/// Starts a run and kills it after a while; what it printed until then does not matter.
fn kill_after(run: Run<'_>, time: Duration) {
    let begin = Instant::now();
    let running = run.start();
    // This sleep is the experiment: the instant is what is random here.
    std::thread::sleep(time.saturating_sub(begin.elapsed()));
    running.signal(Signal::SIGKILL, false);
    let code = running.finish().code;
    assert!([137, 0, 4].contains(&code), "{code}");
}

fn access_token(world: &World) -> Option<String> {
    let path = world.token_path("corp");
    path.exists().then(|| {
        let token = world.read_json(&path)["accessToken"].clone();
        token.as_str().unwrap().to_owned()
    })
}

#[track_caller]
fn assert_clean(world: &World) {
    world.assert_whole();
    assert_eq!(world.left_overs(), Vec::<PathBuf>::new());
}

#[test]
fn killed_while_refreshing_costs_the_session_only_once_the_server_has_spent_the_token() {
    let world = World::new();
    world.stored_token(-10);
    // The answer takes a while, so that some are killed between sending and storing.
    let slow = Action::Delay(Duration::from_millis(20));
    world
        .server()
        .fault(Fault::on_operation(REFRESH, slow).after());
    let (_, whole) = timed(|| world.credentials().run().expect(0));
    for time in instants(whole * 6 / 5) {
        let old = world.stored_token(-10);
        let _ = std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE));
        let before = world.server().count(REFRESH);
        kill_after(world.credentials(), time);
        world.assert_whole();
        let is_old = access_token(&world).unwrap() == old.access_token;
        let code = world.credentials().run().code;
        let sent = world.server().count(REFRESH) - before;
        match code {
            0 => assert!(is_old || sent == 1, "a refreshed token was refreshed again"),
            // The killed one had sent its request, and the next one's was refused.
            4 => assert!(is_old && sent == 2, "a session was lost after {time:?}"),
            other => panic!("exit code {other}"),
        }
        world.sso(["login"]).approving_browser().run().expect(0);
        world.credentials().run().expect(0);
        assert_clean(&world);
    }
}

#[test]
fn killed_while_fetching_costs_nothing() {
    let world = World::new();
    let token = world.stored_token(3600);
    let (_, whole) = timed(|| world.credentials().run().expect(0));
    for time in instants(whole * 6 / 5) {
        let _ = std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE));
        kill_after(world.credentials(), time);
        world.assert_whole();
        assert_eq!(access_token(&world), Some(token.access_token.clone()));
        world.credentials().run().expect(0);
        assert!(world.role_path("corp", ACCOUNT, ROLE).exists());
        // Another role brings the list of roles up to date as well.
        let other = ["credential-process", "-p", "dev", "-r", "ReadOnlyAccess"];
        let _ = std::fs::remove_file(world.role_path("corp", ACCOUNT, "ReadOnlyAccess"));
        let _ = std::fs::remove_file(world.home().join(".local/state/sso/roles"));
        world.sso(other).run().expect(0);
        assert_clean(&world);
    }
}

#[test]
fn killed_while_signing_in_leaves_the_old_token_or_a_new_one() {
    let world = World::new();
    let login = || world.sso(["login"]).approving_browser();
    // The first sign-in may have to wait until the browser's program is built.
    login().run().expect(0);
    std::fs::remove_file(world.token_path("corp")).unwrap();
    let (_, whole) = timed(|| login().run().expect(0));
    for time in instants(whole * 6 / 5) {
        // It has ended, and nothing can renew it.
        let mut minted = world.stored_token(3600);
        minted.refresh_token = None;
        let old = minted.access_token.clone();
        let stored = Stored {
            minted,
            expires_in: -10,
            registration_in: 3600,
        };
        world.write_token("corp", &stored);
        kill_after(login(), time);
        world.assert_whole();
        let is_new = access_token(&world).unwrap() != old;
        let code = if is_new { 0 } else { 4 };
        world.sso(["status", "-q"]).run().expect(code);
        login().run().expect(0);
        world.credentials().run().expect(0);
        assert_clean(&world);
        std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE)).unwrap();
    }
}

#[test]
fn killed_while_signing_out_another_sign_out_finishes_it() {
    let world = World::new();
    for time in instants(Duration::from_millis(30)) {
        world.stored_token(3600);
        world.credentials().run().expect(0);
        kill_after(world.sso(["logout"]), time);
        world.assert_whole();
        // The token goes first: where it is left, so is everything else.
        let role = world.role_path("corp", ACCOUNT, ROLE);
        assert!(access_token(&world).is_none() || role.exists());
        world.sso(["logout"]).run().expect(0);
        assert!(access_token(&world).is_none() && !role.exists());
        assert_clean(&world);
    }
}

#[test]
fn left_overs_beside_a_linked_file_are_removed_as_well() {
    let world = World::new();
    world.stored_token(-10);
    let token = world.token_path("corp");
    let real = world.home().join("elsewhere.json");
    std::fs::rename(&token, &real).unwrap();
    std::os::unix::fs::symlink(&real, &token).unwrap();
    let left = world.home().join("elsewhere.json.0123456789abcdef.sso.tmp");
    std::fs::write(&left, "{").unwrap();
    world.credentials().run().expect(0);
    assert!(!left.exists());
    assert!(std::fs::symlink_metadata(&token).unwrap().is_symlink());
    assert!(world.read_json(&real)["accessToken"].is_string());
}

/// A refresh for which the server has spent the token and does not answer for a while.
fn spending(world: &World) -> Running<'_> {
    world.stored_token(-10);
    let slow = Action::Delay(Duration::from_millis(800));
    let fault = Fault::on_operation(REFRESH, slow).after().times(1);
    world.server().fault(fault);
    let asked = world.server().count(REFRESH) + 1;
    let running = world.credentials().own_group().start();
    let came = world
        .server()
        .wait_for(REFRESH, asked, Duration::from_secs(30));
    assert!(came);
    running
}

#[track_caller]
fn assert_session_works(world: &World) {
    let token: Value = world.read_json(&world.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(
        world.server().is_refreshable(refresh),
        "the session is lost"
    );
    world.credentials().run().expect(0);
    assert_clean(world);
}

#[test]
fn killed_in_the_one_window_that_costs_the_session_a_sign_in_repairs_it() {
    let world = World::new();
    let running = spending(&world);
    let reserved = world.left_overs();
    assert_eq!(reserved.len(), 1, "{reserved:?}");
    running.signal(Signal::SIGKILL, true);
    assert_eq!(running.finish().code, 137);
    let outcome = world.credentials().run().expect(4);
    outcome.says("hint: sso login corp");
    world.sso(["login"]).approving_browser().run().expect(0);
    assert_session_works(&world);
}

#[test]
fn signals_to_the_whole_group_wait_until_the_refreshed_token_is_stored() {
    for (signal, code) in [
        (Signal::SIGINT, 130),
        (Signal::SIGTERM, 143),
        (Signal::SIGHUP, 129),
    ] {
        let world = World::new();
        let running = spending(&world);
        running.signal(signal, true);
        let outcome = running.finish().expect(code);
        let told = outcome.stderr.contains("a token is being renewed");
        assert_eq!(told, signal == Signal::SIGINT, "{outcome:#?}");
        assert_session_works(&world);
    }
}

#[test]
fn several_signals_at_once_still_wait() {
    let world = World::new();
    let running = spending(&world);
    for signal in [
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGINT,
    ] {
        running.signal(signal, true);
    }
    assert!(running.finish().code > 128);
    assert_session_works(&world);
}

#[test]
fn a_stop_waits_too_and_the_call_goes_on_afterwards() {
    let world = World::new();
    let running = spending(&world);
    running.signal(Signal::SIGTSTP, true);
    let id = running.id().to_string();
    wait_until("it stops", || {
        let state = std::process::Command::new("ps")
            .args(["-o", "state=", "-p", &id])
            .output();
        state.unwrap().stdout.starts_with(b"T")
    });
    // Stopped, it has stored the token already; it holds nobody up who needs only that.
    let token = world.read_json(&world.token_path("corp"));
    let refresh = token["refreshToken"].as_str().unwrap();
    assert!(world.server().is_refreshable(refresh));
    running.signal(Signal::SIGCONT, true);
    running.finish().expect(0);
    assert_session_works(&world);
}

#[test]
fn a_refresh_that_fails_lets_the_signal_through_afterwards() {
    let world = World::new();
    let running = spending(&world);
    world
        .server()
        .fault(Fault::on_operation(REFRESH, Action::Close { reset: true }));
    running.signal(Signal::SIGINT, true);
    running.finish().expect(130);
}
