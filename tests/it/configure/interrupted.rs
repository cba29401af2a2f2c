//! Killed at any step: the configuration is the old one or the new one, and the next run
//! clears up.

use super::{adding, adds, config, copy, held};
use crate::fixture::programs::has_required;
use crate::fixture::{Run, Sandbox};

/// The system calls that change something outside a process.
const STEPS: &str = "openat,mkdirat,write,writev,pwrite64,ftruncate,fsync,fdatasync,renameat,\
                     renameat2,unlinkat,flock,fchown,fchmod";

fn traced<'w>(sandbox: &'w Sandbox, options: &[&str]) -> Run<'w> {
    let strace = Run::program(sandbox, "timeout").args(["60", "strace"]);
    let run = strace.args(options).arg(crate::fixture::binary());
    run.args(adding("added"))
}

#[test]
fn a_change_killed_at_its_steps_is_made_or_not_made() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    let before = held(&sandbox);
    // The first run makes directories and locks.
    adds(&sandbox, "added").run().expect(0);
    let after = held(&sandbox);
    let trace = sandbox.home().join("trace");
    sandbox.write_config(&before);
    let only = format!("trace={STEPS}");
    traced(&sandbox, &["-o", trace.to_str().unwrap(), "-e", &only])
        .run()
        .expect(0);
    let text = std::fs::read_to_string(&trace).unwrap();
    let mut counts = std::collections::BTreeMap::<&str, u32>::new();
    let (mut made, mut not_made) = (0, 0);
    for line in text.lines() {
        let Some((call, _)) = line.split_once('(') else {
            continue;
        };
        let at = counts.entry(call).or_default();
        *at += 1;
        sandbox.write_config(&before);
        let _ = std::fs::remove_file(copy(&sandbox));
        let inject = format!("inject={call}:signal=KILL:when={at}");
        let outcome = traced(&sandbox, &["-o", "/dev/null", "-e", &inject]).run();
        assert!([0, 137].contains(&outcome.code), "{call} {at}: {outcome:?}");
        let held = std::fs::read_to_string(config(&sandbox)).unwrap();
        if held == after {
            made += 1;
            let kept = std::fs::read_to_string(copy(&sandbox)).unwrap();
            assert_eq!(kept, before, "{call} {at}");
        } else {
            assert_eq!(held, before, "killed at {call} number {at}");
            not_made += 1;
        }
        adds(&sandbox, "added").run().expect(0);
        assert_eq!(std::fs::read_to_string(config(&sandbox)).unwrap(), after);
        for entry in std::fs::read_dir(sandbox.home().join(".aws")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                !name.ends_with(".sso.tmp"),
                "killed at {call} number {at}: {name}"
            );
        }
    }
    assert!(made > 0 && not_made > 5, "{made} {not_made}\n{text}");
}
