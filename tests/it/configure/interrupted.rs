//! `sso configure` killed before any system call: the configuration is old or new, and the next
//! run removes temporary files.

use super::{add_profile, add_profile_args, backup_path, config_path, read_config};
use crate::fixture::programs::has_required;
use crate::fixture::{Run, Sandbox};

/// System calls with an effect on files or locks.
const STEPS: &str = "openat,openat2,mkdirat,write,writev,pwrite64,ftruncate,fsync,fdatasync,renameat,\
                     renameat2,unlinkat,flock,fchown,fchmod";

/// Prepares a run that adds a profile under strace with these options.
fn traced<'w>(sandbox: &'w Sandbox, options: &[&str]) -> Run<'w> {
    let strace = Run::program(sandbox, "timeout").args(["60", "strace"]);
    let run = strace.args(options).arg(crate::fixture::binary());
    run.args(add_profile_args("added"))
}

#[test]
fn a_change_killed_before_any_step_is_complete_or_absent() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    let before = read_config(&sandbox);
    // The first run creates directories and locks.
    add_profile(&sandbox, "added").run().expect(0);
    let after = read_config(&sandbox);
    let trace = sandbox.home().join("trace");
    sandbox.write_config(&before);
    let only = format!("trace={STEPS}");
    traced(&sandbox, &["-o", trace.to_str().unwrap(), "-e", &only])
        .run()
        .expect(0);
    let text = std::fs::read_to_string(&trace).unwrap();
    let mut counts = std::collections::BTreeMap::<&str, u32>::new();
    let (mut changed, mut unchanged) = (0, 0);
    for line in text.lines() {
        let Some((call, _)) = line.split_once('(') else {
            continue;
        };
        let at = counts.entry(call).or_default();
        *at += 1;
        sandbox.write_config(&before);
        let _ = std::fs::remove_file(backup_path(&sandbox));
        let inject = format!("inject={call}:signal=KILL:when={at}");
        let outcome = traced(&sandbox, &["-o", "/dev/null", "-e", &inject]).run();
        assert!([0, 137].contains(&outcome.code), "{call} {at}: {outcome:?}");
        let held = std::fs::read_to_string(config_path(&sandbox)).unwrap();
        if held == after {
            changed += 1;
            let kept = std::fs::read_to_string(backup_path(&sandbox)).unwrap();
            assert_eq!(kept, before, "{call} {at}");
        } else {
            assert_eq!(held, before, "killed at {call} number {at}");
            unchanged += 1;
        }
        add_profile(&sandbox, "added").run().expect(0);
        assert_eq!(
            std::fs::read_to_string(config_path(&sandbox)).unwrap(),
            after
        );
        for entry in std::fs::read_dir(sandbox.home().join(".aws")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                !name.ends_with(".sso.tmp"),
                "killed at {call} number {at}: {name}"
            );
        }
    }
    assert!(
        changed > 0 && unchanged > 5,
        "{changed} {unchanged}\n{text}"
    );
}
