//! Scenarios killed at random instants and before each system call.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use emulator::{Action, Fault};
use nix::sys::signal::Signal;

use super::scenarios::{
    DEVICE_SIGN_IN, FORCED_SIGN_IN, PKCE_SIGN_IN, REFUSED_REFRESH_RECORD, REJECTED_TOKEN_REMOVAL,
    ROLE_FETCH, SIGN_OUT, Scenario, TOKEN_REFRESH,
};
use super::{Harness, StateBefore};
use crate::fixture::Sandbox;
use crate::fixture::parallel::timed;
use crate::fixture::programs::has_required;
use crate::fixture::random::{Rng, report_progress, rounds};

/// System calls with an effect outside the process: on files, on locks, on the server. All
/// instants between two of them are equivalent.
pub(super) const STEPS: &str = "openat,openat2,mkdirat,write,writev,pwrite64,sendto,sendmsg,ftruncate,\
                                fsync,fdatasync,renameat,renameat2,unlinkat,flock,connect,fchown";

/// Traces a scenario and returns its `STEPS`: the name of the system call, its ordinal among
/// those of that name, and the line of the trace.
pub(super) fn trace_steps(harness: &Harness, scenario: Scenario) -> Vec<(String, u32, String)> {
    // The first run creates directories and locks that later runs find.
    harness.prepare(scenario);
    harness.run(scenario).run().expect(scenario.code);
    harness.prepare(scenario);
    let trace = harness.sandbox.home().join("trace");
    let only = format!("trace={STEPS}");
    let options = ["-y", "-o", trace.to_str().unwrap(), "-e", &only];
    harness
        .traced(scenario, &options)
        .run()
        .expect(scenario.code);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut steps = Vec::new();
    for line in std::fs::read_to_string(&trace).unwrap().lines() {
        if let Some((name, _)) = line.split_once('(') {
            let count = counts.entry(name.to_owned()).or_default();
            *count += 1;
            steps.push((name.to_owned(), *count, line.to_owned()));
        }
    }
    assert!(steps.len() > 10, "{steps:?}");
    steps
}

/// Returns as many random elements as there are rounds, or all of them if there are enough rounds.
pub(super) fn sample<T: Clone>(rng: &mut Rng, all: Vec<T>, usual: u32) -> Vec<T> {
    let count = rounds(usual) as usize;
    if count >= all.len() {
        return all;
    }
    (0..count).map(|_| rng.choose(&all)).collect()
}

/// Checks and repairs the state after a kill; returns `true` if the session was lost in the
/// permitted window.
fn check_killed(
    harness: &Harness,
    scenario: Scenario,
    before: &StateBefore,
    code: i32,
) -> Result<bool, String> {
    // The run may have ended before the kill.
    if ![137, scenario.code].contains(&code) {
        return Err(format!("exit code {code}"));
    }
    if harness.role_was_removed_first(before) {
        return Err("the role was removed before the token".to_owned());
    }
    let lost = harness.check(scenario, before)?;
    harness.repair(scenario)?;
    Ok(lost)
}

/// Kills a scenario before each of its steps, or before a random sample of them.
fn kill_at_steps(scenario: Scenario) {
    if !has_required("strace") {
        return;
    }
    let harness = Harness::new();
    let mut rng = Rng::new(scenario.name);
    let steps = trace_steps(&harness, scenario);
    let (all, mut lost) = (steps.len(), 0);
    let steps = sample(&mut rng, steps, 10);
    for (call, at, _) in &steps {
        let before = harness.prepare(scenario);
        let inject = format!("inject={call}:signal=KILL:when={at}");
        let options = ["-o", "/dev/null", "-e", &inject];
        let code = harness.traced(scenario, &options).run().code;
        match check_killed(&harness, scenario, &before, code) {
            Ok(was_lost) => lost += u32::from(was_lost),
            Err(what) => panic!(
                "{}, killed before {call} number {at}: {what}",
                scenario.name
            ),
        }
    }
    let done = steps.len();
    report_progress(&format!(
        "{}: killed at {done} of its {all} steps, {lost} sessions lost in the window",
        scenario.name
    ));
}

/// Kills a scenario at random instants.
fn kill_at_instants(scenario: Scenario) {
    let harness = Harness::new();
    delay_token_responses(&harness.sandbox);
    let rng = Rng::new(scenario.name);
    let count = rounds(8);
    harness.prepare(scenario);
    // The first run takes longer than the later ones.
    harness.run(scenario).run().expect(scenario.code);
    harness.prepare(scenario);
    let (_, whole) = timed(|| harness.run(scenario).run().expect(scenario.code));
    let (mut killed, mut lost) = (0, 0);
    for round in 0..count {
        let mut rng = rng.for_round(round);
        let before = harness.prepare(scenario);
        let span = u64::try_from(whole.as_micros()).unwrap() * 6 / 5;
        let time = Duration::from_micros(rng.below(span));
        let begin = Instant::now();
        let running = harness.run(scenario).start();
        // The random instant of the kill is the subject of the test.
        std::thread::sleep(time.saturating_sub(begin.elapsed()));
        running.signal(Signal::SIGKILL, false);
        let code = running.finish().code;
        killed += u32::from(code == 137);
        match check_killed(&harness, scenario, &before, code) {
            Ok(was_lost) => lost += u32::from(was_lost),
            Err(what) => panic!(
                "{}, round {round}, killed after {time:?}: {what}",
                scenario.name
            ),
        }
    }
    report_progress(&format!(
        "{}: {killed} of {count} killed before the end, {lost} sessions lost in the window",
        scenario.name
    ));
}

/// Delays token responses, so that the window after a token is spent is wide enough to hit.
fn delay_token_responses(sandbox: &Sandbox) {
    let wait = Action::Delay(Duration::from_millis(20));
    let fault = Fault::on_operation("CreateToken", wait);
    sandbox.server().fault(fault.after());
}

#[test]
fn a_refresh_survives_a_kill_before_any_step() {
    kill_at_steps(TOKEN_REFRESH);
}

#[test]
fn a_refresh_survives_a_kill_at_any_instant() {
    kill_at_instants(TOKEN_REFRESH);
}

#[test]
fn a_fetch_survives_a_kill_before_any_step() {
    kill_at_steps(ROLE_FETCH);
}

#[test]
fn a_fetch_survives_a_kill_at_any_instant() {
    kill_at_instants(ROLE_FETCH);
}

#[test]
fn a_pkce_sign_in_survives_a_kill_before_any_step() {
    kill_at_steps(PKCE_SIGN_IN);
}

#[test]
fn a_pkce_sign_in_survives_a_kill_at_any_instant() {
    kill_at_instants(PKCE_SIGN_IN);
}

#[test]
fn a_device_sign_in_survives_a_kill_before_any_step() {
    kill_at_steps(DEVICE_SIGN_IN);
}

#[test]
fn a_device_sign_in_survives_a_kill_at_any_instant() {
    kill_at_instants(DEVICE_SIGN_IN);
}

#[test]
fn a_forced_sign_in_survives_a_kill_before_any_step() {
    kill_at_steps(FORCED_SIGN_IN);
}

#[test]
fn a_forced_sign_in_survives_a_kill_at_any_instant() {
    kill_at_instants(FORCED_SIGN_IN);
}

#[test]
fn a_sign_out_survives_a_kill_before_any_step() {
    kill_at_steps(SIGN_OUT);
}

#[test]
fn a_sign_out_survives_a_kill_at_any_instant() {
    kill_at_instants(SIGN_OUT);
}

#[test]
fn removal_of_a_rejected_token_survives_a_kill_before_any_step() {
    kill_at_steps(REJECTED_TOKEN_REMOVAL);
}

#[test]
fn removal_of_a_rejected_token_survives_a_kill_at_any_instant() {
    kill_at_instants(REJECTED_TOKEN_REMOVAL);
}

#[test]
fn the_record_of_a_refused_refresh_survives_a_kill_before_any_step() {
    kill_at_steps(REFUSED_REFRESH_RECORD);
}

#[test]
fn the_record_of_a_refused_refresh_survives_a_kill_at_any_instant() {
    kill_at_instants(REFUSED_REFRESH_RECORD);
}
