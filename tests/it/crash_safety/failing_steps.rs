//! Each system call of a scenario fails once, as on a full or broken disk or on a file system
//! without locks.

use super::Harness;
use super::killed::{sample, trace_steps};
use super::scenarios::{
    DEVICE_SIGN_IN, FORCED_SIGN_IN, PKCE_SIGN_IN, REJECTED_TOKEN_REMOVAL, ROLE_FETCH, SIGN_OUT,
    Scenario, TOKEN_REFRESH,
};
use crate::fixture::programs::has_required;
use crate::fixture::random::{Rng, report_progress};

/// Returns the errors with which a system call can fail on a file system, likeliest first.
fn errors(call: &str) -> &'static [&'static str] {
    match call {
        "openat" | "openat2" => &["ENOSPC", "EROFS", "EMFILE", "EDQUOT", "EIO"],
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

/// Runs a scenario repeatedly, each time with another system call failing.
fn fail_each_step(scenario: Scenario) {
    if !has_required("strace") {
        return;
    }
    let harness = Harness::new();
    let mut rng = Rng::new(scenario.name);
    // Matches the dot directories of the home, but not the home as the working directory.
    let home = harness.sandbox.home().to_str().unwrap().to_owned() + "/.";
    let faults: Vec<(String, u32, &str)> = trace_steps(&harness, scenario)
        .into_iter()
        .filter(|(_, _, line)| line.contains(&home))
        .flat_map(|(call, at, _)| {
            let errors = errors(&call).iter();
            errors.map(move |error| (call.clone(), at, *error))
        })
        .collect();
    let all = faults.len();
    let faults = sample(&mut rng, faults, 10);
    let trace = harness.sandbox.home().join("trace");
    let mut failed = 0;
    for (call, at, error) in &faults {
        let before = harness.prepare(scenario);
        let inject = format!("inject={call}:error={error}:when={at}");
        let options = ["-y", "-o", trace.to_str().unwrap(), "-e", &inject];
        let outcome = harness.traced(scenario, &options).run();
        let text = std::fs::read_to_string(&trace).unwrap();
        let hit = text.lines().find(|line| line.contains("(INJECTED)"));
        // In this run the same number may be that of a socket or of the terminal.
        if hit.is_none_or(|line| !line.contains(&home)) {
            continue;
        }
        let what = format!(
            "{}, {call} number {at} gave {error} ({hit:?})",
            scenario.name
        );
        assert!([0, 1, 4].contains(&outcome.code), "{what}: {outcome:#?}");
        assert!(!outcome.stderr.contains("panicked"), "{what}: {outcome:#?}");
        failed += u32::from(outcome.code == 1);
        if harness.role_was_removed_first(&before) {
            // A sign-out removes the role credentials even if it cannot remove the token, and
            // then fails with an error that names the token.
            let token = harness.sandbox.token_path("corp");
            let named = outcome.stderr.contains(token.to_str().unwrap());
            assert!(outcome.code == 1 && named, "{what}: {outcome:#?}");
        }
        let checked = match harness.check(scenario, &before) {
            Ok(false) => harness.repair(scenario),
            Ok(true) => Err("the session was lost".to_owned()),
            Err(why) => Err(why),
        };
        if let Err(why) = checked {
            panic!("{what}: {why}\nafter {outcome:#?}");
        }
    }
    report_progress(&format!(
        "{}: {} of {all} single failures, {failed} runs failed for them, no session lost",
        scenario.name,
        faults.len()
    ));
}

#[test]
fn a_refresh_survives_any_failing_step() {
    fail_each_step(TOKEN_REFRESH);
}

#[test]
fn a_fetch_survives_any_failing_step() {
    fail_each_step(ROLE_FETCH);
}

#[test]
fn a_pkce_sign_in_survives_any_failing_step() {
    fail_each_step(PKCE_SIGN_IN);
}

#[test]
fn a_device_sign_in_survives_any_failing_step() {
    fail_each_step(DEVICE_SIGN_IN);
}

#[test]
fn a_forced_sign_in_survives_any_failing_step() {
    fail_each_step(FORCED_SIGN_IN);
}

#[test]
fn a_sign_out_survives_any_failing_step() {
    fail_each_step(SIGN_OUT);
}

#[test]
fn removal_of_a_rejected_token_survives_any_failing_step() {
    fail_each_step(REJECTED_TOKEN_REMOVAL);
}
