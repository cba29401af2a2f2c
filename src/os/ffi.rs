//! The only unsafe code: four calls into the C library that the safe crates do not offer.
#![expect(unsafe_code, reason = "each block is short and states why it is safe")]

use nix::sys::signal::Signal;

/// Returns `true` if a blocked signal is pending.
pub fn is_pending(signal: Signal) -> bool {
    // SAFETY: sigpending(2) writes only the set that it is given, and sigismember(3) reads it.
    // Both get a valid pointer to a local value.
    unsafe {
        let mut set = std::mem::zeroed();
        nix::libc::sigpending(&raw mut set) == 0
            && nix::libc::sigismember(&raw const set, signal as i32) == 1
    }
}

/// Returns the effective user id, on Linux as the kernel passed it to this program: geteuid(2)
/// would be one more system call in every warm call.
pub fn effective_user_id() -> u32 {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: getauxval(3) only reads what the kernel wrote before `main`. The program changes
        // no user id.
        let id = unsafe { nix::libc::getauxval(nix::libc::AT_EUID) };
        // An id has 32 bits; if it had more, nobody's would be the safest.
        u32::try_from(id).unwrap_or(u32::MAX)
    }
    #[cfg(not(target_os = "linux"))]
    nix::unistd::geteuid().as_raw()
}

/// Returns columns and rows of the terminal that is stderr; `None` if it is no terminal.
pub fn window_size() -> Option<(u16, u16)> {
    // SAFETY: TIOCGWINSZ writes only the structure that it is given, a valid local value.
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

/// Restricts host lookups of a static glibc binary to the modules `files` and `dns`, which are
/// part of it. Without this, glibc loads the plugins that nsswitch.conf names, and with them the
/// C library of the host, of whatever version.
pub fn restrict_host_lookup() {
    #[cfg(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static"))]
    {
        unsafe extern "C" {
            fn __nss_configure_lookup(
                database: *const std::ffi::c_char,
                service_line: *const std::ffi::c_char,
            ) -> std::ffi::c_int;
        }
        // SAFETY: both arguments are NUL-terminated and static. The call precedes the first
        // lookup and the first thread of this program.
        unsafe {
            __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr());
        }
    }
}
