//! How much memory a run has used at its highest.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use super::run::{Outcome, Running};

impl Running<'_> {
    /// Waits for its end; also gives its highest resident memory in KiB.
    pub fn finish_measured(mut self) -> (Outcome, u64) {
        let (stdout, stderr) = self.read_all();
        let (status, peak) = wait(self.id());
        (self.outcome(status, &stdout, stderr), peak)
    }
}

/// Waits for a child, and gives its highest resident memory in KiB.
#[expect(
    unsafe_code,
    reason = "only wait4 tells the memory of one child and no other's"
)]
fn wait(pid: u32) -> (ExitStatus, u64) {
    let pid = i32::try_from(pid).unwrap();
    loop {
        let mut status = 0;
        // SAFETY: rusage is plain numbers, for which zero is a value; wait4 fills the two
        // values it is given and nothing else. The child is ours and nobody waits for it.
        let (ended, usage) = unsafe {
            let mut usage: nix::libc::rusage = std::mem::zeroed();
            let ended = nix::libc::wait4(pid, &raw mut status, 0, &raw mut usage);
            (ended, usage)
        };
        if ended == pid {
            let peak = u64::try_from(usage.ru_maxrss).unwrap();
            return (ExitStatus::from_raw(status), peak);
        }
        let error = std::io::Error::last_os_error();
        assert_eq!(error.kind(), std::io::ErrorKind::Interrupted, "{error}");
    }
}
