//! Choice of the sign-in flow, and of whether to open a browser.

use std::time::Duration;

use crate::domain::text::sanitize;
use crate::domain::vars::Vars;
use crate::error::{Error, Result};

/// Time that a sign-in waits for the user.
pub const SIGN_IN_LIMIT: Duration = Duration::from_secs(600);

/// Facts about the computer and terminal that the program runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The system is macOS, which has a display without setting a variable.
    pub macos: bool,
    /// A file or variable of a container runtime exists.
    pub container: bool,
    /// A program that opens URLs is installed.
    pub opener: bool,
    /// Stdin and stderr are terminals.
    pub terminal: bool,
}

/// Sign-in flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// `--device-code`.
    pub device: bool,
    /// `--no-browser`.
    pub no_browser: bool,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, open) = match self {
            Method::Pkce { open, .. } => ("an authorization code and PKCE", open),
            Method::Device { open } => ("a device code", open),
        };
        let how = if *open {
            "in a browser"
        } else {
            "without opening a browser"
        };
        write!(f, "{what}, {how}")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Authorization code with PKCE.
    Pkce {
        /// Open a browser.
        open: bool,
        /// Accept a pasted redirect URL, for a browser that cannot reach the listener.
        paste: bool,
    },
    /// Device authorization.
    Device {
        /// Open a browser.
        open: bool,
    },
}

/// Returns `true` if the user's browser cannot be reached from this computer.
pub fn is_headless(around: Surroundings, vars: Vars) -> bool {
    let set = |name: &str| vars(name).is_some();
    if ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        .into_iter()
        .any(set)
        || around.container
    {
        return true;
    }
    if set("WSL_DISTRO_NAME") || set("WSL_INTEROP") {
        return !around.opener;
    }
    !around.macos && !set("DISPLAY") && !set("WAYLAND_DISPLAY")
}

/// Chooses the flow. Legacy profiles always use the device flow, as in AWS CLI v2.
pub fn choose(legacy: bool, wanted: Wanted, around: Surroundings, vars: Vars) -> Result<Method> {
    let browser_set = vars("BROWSER").is_some();
    let reachable = browser_set || (!is_headless(around, vars) && around.opener);
    let open = reachable && !wanted.no_browser;
    let by_variable = match vars("SSO_LOGIN_FLOW").as_deref() {
        None => None,
        Some("pkce") => Some(true),
        Some("device") => Some(false),
        Some(other) => {
            return Err(Error::usage(format!(
                "SSO_LOGIN_FLOW is \"{}\", which is no flow",
                sanitize(other)
            ))
            .hint("set it to pkce or device, or unset it"));
        }
    };
    let pkce = match (legacy || wanted.device, by_variable) {
        (true, _) => false,
        (false, Some(pkce)) => pkce,
        (false, None) => browser_set || !is_headless(around, vars),
    };
    Ok(if pkce {
        Method::Pkce {
            open,
            paste: around.terminal,
        }
    } else {
        Method::Device { open }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: Surroundings = Surroundings {
        macos: false,
        container: false,
        opener: true,
        terminal: true,
    };

    fn method(vars: &[(&str, &str)], wanted: Wanted, around: Surroundings) -> Method {
        let look = |name: &str| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        choose(false, wanted, around, &look).expect("a method")
    }

    #[test]
    fn option_before_variable_before_browser_before_detection() {
        let none = Wanted::default();
        let desk = ("DISPLAY", ":0");
        let device = Method::Device { open: true };
        let pkce = Method::Pkce {
            open: true,
            paste: true,
        };
        assert_eq!(method(&[desk], none, DESK), pkce);
        assert_eq!(
            method(
                &[desk],
                Wanted {
                    device: true,
                    no_browser: false
                },
                DESK
            ),
            device
        );
        assert_eq!(
            method(&[desk, ("SSO_LOGIN_FLOW", "device")], none, DESK),
            device
        );
        assert_eq!(
            method(&[desk, ("SSH_TTY", "x")], none, DESK),
            Method::Device { open: false }
        );
        assert_eq!(
            method(&[desk, ("SSH_TTY", "x"), ("BROWSER", "b")], none, DESK),
            pkce
        );
        assert_eq!(method(&[], none, DESK), Method::Device { open: false });
        assert_eq!(
            method(
                &[],
                none,
                Surroundings {
                    macos: true,
                    ..DESK
                }
            ),
            pkce
        );
        assert_eq!(
            method(
                &[desk],
                none,
                Surroundings {
                    container: true,
                    ..DESK
                }
            ),
            Method::Device { open: false }
        );
        assert_eq!(
            method(&[("SSH_TTY", "x"), ("SSO_LOGIN_FLOW", "pkce")], none, DESK),
            Method::Pkce {
                open: false,
                paste: true
            }
        );
        let no_browser = Wanted {
            no_browser: true,
            device: false,
        };
        assert_eq!(
            method(&[desk], no_browser, DESK),
            Method::Pkce {
                open: false,
                paste: true
            }
        );
        let piped = Surroundings {
            terminal: false,
            ..DESK
        };
        assert_eq!(
            method(&[desk], no_browser, piped),
            Method::Pkce {
                open: false,
                paste: false
            }
        );
    }

    #[test]
    fn a_legacy_profile_uses_the_device_flow() {
        let look = |name: &str| (name == "DISPLAY").then(|| ":0".to_owned());
        assert_eq!(
            choose(true, Wanted::default(), DESK, &look),
            Ok(Method::Device { open: true })
        );
    }
}
