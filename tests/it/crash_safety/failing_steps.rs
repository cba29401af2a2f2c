//! Every single step of a way fails once, as a disk that is full or broken makes it fail, or
//! a file system that has no locks.

use super::killed::{some, steps};
use super::{
    DISCARDING, FETCHED, FORCING, REFRESHING, SIGNING_IN, SIGNING_IN_BY_DEVICE, SIGNING_OUT, Scene,
    Way,
};
use crate::fixture::programs::has_required;
use crate::fixture::random::{Rng, report_progress};

/// What these system calls can fail with on a file system, the likeliest first.
fn errors(call: &str) -> &'static [&'static str] {
    match call {
        "openat" => &["ENOSPC", "EROFS", "EMFILE", "EDQUOT", "EIO"],
        "mkdirat" => &["ENOSPC", "EROFS", "EACCES", "EDQUOT"],
        "write" | "pwrite64" | "ftruncate" => &["ENOSPC", "EDQUOT", "EIO"],
        "fsync" | "fdatasync" => &["EIO", "ENOSPC", "EINVAL"],
        "renameat" | "renameat2" => &["ENOSPC", "EIO", "EACCES", "ENOENT"],
        "unlinkat" => &["EROFS", "EACCES", "EIO"],
        "flock" => &["ENOLCK", "EOPNOTSUPP", "EINTR", "EIO"],
        "fchown" => &["EPERM"],
        _ => &[],
    }
}

/// Walks a way again and again, each time with another step failing.
fn each_step_fails(way: Way) {
    if !has_required("strace") {
        return;
    }
    let scene = Scene::new();
    let mut rng = Rng::new(way.name);
    // The caches, the configuration and the state; not the directory that it works in.
    let home = scene.sandbox.home().to_str().unwrap().to_owned() + "/.";
    let faults: Vec<(String, u32, &str)> = steps(&scene, way)
        .into_iter()
        .filter(|(_, _, line)| line.contains(&home))
        .flat_map(|(call, at, _)| {
            let errors = errors(&call).iter();
            errors.map(move |error| (call.clone(), at, *error))
        })
        .collect();
    let all = faults.len();
    let faults = some(&mut rng, faults, 10);
    let trace = scene.sandbox.home().join("trace");
    let mut failed = 0;
    for (call, at, error) in &faults {
        let before = scene.prepare(way);
        let inject = format!("inject={call}:error={error}:when={at}");
        let options = ["-y", "-o", trace.to_str().unwrap(), "-e", &inject];
        let outcome = scene.traced(way, &options).run();
        let text = std::fs::read_to_string(&trace).unwrap();
        let hit = text.lines().find(|line| line.contains("(INJECTED)"));
        // In another run the same number may be that of a socket or of the screen.
        if hit.is_none_or(|line| !line.contains(&home)) {
            continue;
        }
        let what = format!("{}, {call} number {at} gave {error} ({hit:?})", way.name);
        assert!([0, 1, 4].contains(&outcome.code), "{what}: {outcome:#?}");
        assert!(!outcome.stderr.contains("panicked"), "{what}: {outcome:#?}");
        failed += u32::from(outcome.code == 1);
        if scene.role_went_first(&before) {
            // What can be removed is removed, even where the token cannot be; then that is an
            // error which names the token.
            let token = scene.sandbox.token_path("corp");
            let named = outcome.stderr.contains(token.to_str().unwrap());
            assert!(outcome.code == 1 && named, "{what}: {outcome:#?}");
        }
        let judged = match scene.judge(way, &before) {
            Ok(false) => scene.repair(way),
            Ok(true) => Err("the session was lost".to_owned()),
            Err(what) => Err(what),
        };
        if let Err(why) = judged {
            panic!("{what}: {why}\nafter {outcome:#?}");
        }
    }
    report_progress(&format!(
        "{}: {} of {all} single failures, {failed} runs failed for them, no session lost",
        way.name,
        faults.len()
    ));
}

#[test]
fn a_refresh_with_each_step_failing() {
    each_step_fails(REFRESHING);
}

#[test]
fn a_fetch_with_each_step_failing() {
    each_step_fails(FETCHED);
}

#[test]
fn a_sign_in_by_pkce_with_each_step_failing() {
    each_step_fails(SIGNING_IN);
}

#[test]
fn a_sign_in_by_device_code_with_each_step_failing() {
    each_step_fails(SIGNING_IN_BY_DEVICE);
}

#[test]
fn a_sign_in_by_force_with_each_step_failing() {
    each_step_fails(FORCING);
}

#[test]
fn a_sign_out_with_each_step_failing() {
    each_step_fails(SIGNING_OUT);
}

#[test]
fn the_removal_of_a_refused_token_with_each_step_failing() {
    each_step_fails(DISCARDING);
}
