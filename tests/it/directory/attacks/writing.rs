//! Attempts to make `sso use` write elsewhere, or write what others can change.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::{chmod, warm};
use crate::fixture::{Run, binary, programs};

#[test]
fn use_never_writes_through_a_link_that_appears_meanwhile() {
    if !programs::has_required("strace") {
        return;
    }
    // After the look at the name, and just before the rename.
    for (syscall, only_file) in [("statx", true), ("fsync", false)] {
        let sandbox = warm();
        let project = sandbox.home().join("p");
        std::fs::create_dir(&project).unwrap();
        let (file, target) = (project.join(".aws-sso"), sandbox.home().join("target"));
        let mut run = Run::program(&sandbox, "env").args(sandbox.strace_stop(syscall));
        if only_file {
            run = run.arg("-P").arg(&file);
        }
        let run = run
            .arg(binary())
            .args(["use", "dev"])
            .current_dir(&project)
            .start();
        sandbox.wait_until_stopped();
        let _ = std::fs::remove_file(&file);
        symlink(&target, &file).unwrap();
        run.resume_traced();
        run.finish();
        assert!(!target.exists(), "written through the link at {syscall}");
    }
}

#[test]
fn use_works_with_any_umask_and_leaves_a_file_that_nobody_else_can_write() {
    for (umask, mode) in [("000", 0o644), ("002", 0o644), ("077", 0o600)] {
        let sandbox = warm();
        let project = sandbox.home().join("p");
        std::fs::create_dir(&project).unwrap();
        let script = format!("umask {umask} && exec \"$0\" use dev");
        let run = Run::program(&sandbox, "sh").args(["-c", &script]);
        let outcome = run.arg(binary()).current_dir(&project).run().expect(0);
        outcome.stderr_contains("~/p/.aws-sso: dev (");
        let meta = project.join(".aws-sso").metadata().unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, mode, "umask {umask}");
        sandbox
            .sso(["exec", "--", "true"])
            .current_dir(&project)
            .run()
            .expect(0);
    }
}

#[test]
fn use_writes_nothing_where_everybody_could_replace_it() {
    let sandbox = warm();
    let project = sandbox.home().join("p");
    std::fs::create_dir(&project).unwrap();
    chmod(&project, 0o777);
    let run = sandbox.sso(["use", "dev"]).current_dir(&project).run();
    run.expect(1)
        .stderr_contains("cannot write ~/p/.aws-sso: everybody may write its directory");
    assert!(!project.join(".aws-sso").exists());
}
