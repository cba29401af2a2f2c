//! The only unsafe code: three calls into the C library that no safe crate offers.
#![expect(
    unsafe_code,
    reason = "each call is one line, and its safety is argued beside it"
)]

use nix::sys::signal::Signal;

/// Whether a blocked signal has arrived and waits.
pub fn is_pending(signal: Signal) -> bool {
    // SAFETY: sigpending fills the set that it is given and nothing else; sigismember
    // reads that set. Both get a valid pointer to a local value.
    unsafe {
        let mut set = std::mem::zeroed();
        nix::libc::sigpending(&raw mut set) == 0
            && nix::libc::sigismember(&raw const set, signal as i32) == 1
    }
}

/// Columns and rows of the terminal that stderr is.
pub fn window_size() -> Option<(u16, u16)> {
    // SAFETY: TIOCGWINSZ fills the structure that it is given, a valid local value.
    unsafe {
        let mut size: nix::libc::winsize = std::mem::zeroed();
        let done = nix::libc::ioctl(
            nix::libc::STDERR_FILENO,
            nix::libc::TIOCGWINSZ,
            &raw mut size,
        );
        (done == 0).then_some((size.ws_col, size.ws_row))
    }
}

/// Keeps name look-ups of a static binary to the `files` and `dns` modules, which are part
/// of it. Otherwise glibc loads the plugins that nsswitch.conf names, and with them a
/// second C library of whatever version the host has.
pub fn keep_name_lookup_inside() {
    #[cfg(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static"))]
    {
        unsafe extern "C" {
            fn __nss_configure_lookup(
                database: *const std::ffi::c_char,
                service_line: *const std::ffi::c_char,
            ) -> std::ffi::c_int;
        }
        // SAFETY: both arguments are NUL-terminated and static; the call is made before
        // the first look-up and before any thread of ours exists.
        unsafe {
            __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr());
        }
    }
}
