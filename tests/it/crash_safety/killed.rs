//! Killed at any instant, and at every step.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use emulator::{Action, Fault};
use nix::sys::signal::Signal;

use super::{
    Before, DISCARDING, FETCHED, FORCING, REFRESHING, REFUSED, SIGNING_IN, SIGNING_IN_BY_DEVICE,
    SIGNING_OUT, Scene, Way,
};
use crate::fixture::Sandbox;
use crate::fixture::parallel::timed;
use crate::fixture::programs::has_required;
use crate::fixture::random::{Rng, report_progress, rounds};

/// The system calls that change something outside a process: files, locks, what the server
/// gets. Between two of them one instant is as good as another.
pub(super) const STEPS: &str = "openat,mkdirat,write,writev,pwrite64,sendto,sendmsg,ftruncate,\
                                fsync,fdatasync,renameat,renameat2,unlinkat,flock,connect,fchown";

/// The system calls of a way that change something: the name, how many of that name there
/// have been, and the whole line of the trace.
pub(super) fn steps(scene: &Scene, way: Way) -> Vec<(String, u32, String)> {
    // The first walk makes directories and locks that are there from then on.
    scene.prepare(way);
    scene.run(way).run().expect(way.code);
    scene.prepare(way);
    let trace = scene.sandbox.home().join("trace");
    let only = format!("trace={STEPS}");
    let options = ["-y", "-o", trace.to_str().unwrap(), "-e", &only];
    scene.traced(way, &options).run().expect(way.code);
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

/// As many of these as there are rounds, each at most once where they are enough for all.
pub(super) fn some<T: Clone>(rng: &mut Rng, all: Vec<T>, usual: u32) -> Vec<T> {
    let count = rounds(usual) as usize;
    if count >= all.len() {
        return all;
    }
    (0..count).map(|_| rng.choose(&all)).collect()
}

/// What became of one that was killed, and whether it cost the session.
fn judge(scene: &Scene, way: Way, before: &Before, code: i32) -> Result<bool, String> {
    // It may have come to its end before the kill.
    if ![137, way.code].contains(&code) {
        return Err(format!("exit code {code}"));
    }
    if scene.role_went_first(before) {
        return Err("the role went before the token".to_owned());
    }
    let lost = scene.judge(way, before)?;
    scene.repair(way)?;
    Ok(lost)
}

/// Kills a way at its steps: just before each of them is done.
fn at_steps(way: Way) {
    if !has_required("strace") {
        return;
    }
    let scene = Scene::new();
    let mut rng = Rng::new(way.name);
    let steps = steps(&scene, way);
    let (all, mut lost) = (steps.len(), 0);
    let steps = some(&mut rng, steps, 10);
    for (call, at, _) in &steps {
        let before = scene.prepare(way);
        let inject = format!("inject={call}:signal=KILL:when={at}");
        let options = ["-o", "/dev/null", "-e", &inject];
        let code = scene.traced(way, &options).run().code;
        match judge(&scene, way, &before, code) {
            Ok(was_lost) => lost += u32::from(was_lost),
            Err(what) => panic!("{}, killed before {call} number {at}: {what}", way.name),
        }
    }
    let done = steps.len();
    report_progress(&format!(
        "{}: killed at {done} of its {all} steps, {lost} sessions lost in the window",
        way.name
    ));
}

/// Kills a way at random instants.
fn at_instants(way: Way) {
    let scene = Scene::new();
    slow(&scene.sandbox);
    let rng = Rng::new(way.name);
    let count = rounds(8);
    scene.prepare(way);
    // The first takes longer than the others.
    scene.run(way).run().expect(way.code);
    scene.prepare(way);
    let (_, whole) = timed(|| scene.run(way).run().expect(way.code));
    let (mut killed, mut lost) = (0, 0);
    for round in 0..count {
        let mut rng = rng.for_round(round);
        let before = scene.prepare(way);
        let span = u64::try_from(whole.as_micros()).unwrap() * 6 / 5;
        let time = Duration::from_micros(rng.below(span));
        let begin = Instant::now();
        let running = scene.run(way).start();
        // This sleep is the experiment: the instant is what is random here.
        std::thread::sleep(time.saturating_sub(begin.elapsed()));
        running.signal(Signal::SIGKILL, false);
        let code = running.finish().code;
        killed += u32::from(code == 137);
        match judge(&scene, way, &before, code) {
            Ok(was_lost) => lost += u32::from(was_lost),
            Err(what) => panic!("{}, round {round}, killed after {time:?}: {what}", way.name),
        }
    }
    report_progress(&format!(
        "{}: {killed} of {count} killed before the end, {lost} sessions lost in the window",
        way.name
    ));
}

/// A server that takes a while for what spends something, so that the window is wide.
fn slow(sandbox: &Sandbox) {
    let wait = Action::Delay(Duration::from_millis(20));
    let fault = Fault::on_operation("CreateToken", wait);
    sandbox.server().fault(fault.after());
}

#[test]
fn a_refresh_killed_at_its_steps() {
    at_steps(REFRESHING);
}

#[test]
fn a_refresh_killed_at_any_instant() {
    at_instants(REFRESHING);
}

#[test]
fn a_fetch_killed_at_its_steps() {
    at_steps(FETCHED);
}

#[test]
fn a_fetch_killed_at_any_instant() {
    at_instants(FETCHED);
}

#[test]
fn a_sign_in_by_pkce_killed_at_its_steps() {
    at_steps(SIGNING_IN);
}

#[test]
fn a_sign_in_by_pkce_killed_at_any_instant() {
    at_instants(SIGNING_IN);
}

#[test]
fn a_sign_in_by_device_code_killed_at_its_steps() {
    at_steps(SIGNING_IN_BY_DEVICE);
}

#[test]
fn a_sign_in_by_device_code_killed_at_any_instant() {
    at_instants(SIGNING_IN_BY_DEVICE);
}

#[test]
fn a_sign_in_by_force_killed_at_its_steps() {
    at_steps(FORCING);
}

#[test]
fn a_sign_in_by_force_killed_at_any_instant() {
    at_instants(FORCING);
}

#[test]
fn a_sign_out_killed_at_its_steps() {
    at_steps(SIGNING_OUT);
}

#[test]
fn a_sign_out_killed_at_any_instant() {
    at_instants(SIGNING_OUT);
}

#[test]
fn the_removal_of_a_refused_token_killed_at_its_steps() {
    at_steps(DISCARDING);
}

#[test]
fn the_removal_of_a_refused_token_killed_at_any_instant() {
    at_instants(DISCARDING);
}

#[test]
fn the_record_of_a_refused_refresh_killed_at_its_steps() {
    at_steps(REFUSED);
}

#[test]
fn the_record_of_a_refused_refresh_killed_at_any_instant() {
    at_instants(REFUSED);
}
