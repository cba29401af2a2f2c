//! Choice of the sign-in flow, and of whether to open a browser.

use std::time::Duration;

use crate::domain::text::sanitize;
use crate::domain::vars::Vars;
use crate::error::{Error, Result};

/// Time that a sign-in waits for the user.
pub const SIGN_IN_LIMIT: Duration = Duration::from_secs(600);

/// Facts about the computer and terminal that the program runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoginEnvironment {
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
pub struct FlowOptions {
    /// `--device-code`.
    pub device: bool,
    /// `--no-browser`.
    pub no_browser: bool,
}

impl std::fmt::Display for LoginFlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, open) = match self {
            LoginFlow::Pkce { open, .. } => ("an authorization code and PKCE", open),
            LoginFlow::Device { open } => ("a device code", open),
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
pub enum LoginFlow {
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
pub fn is_headless(environment: LoginEnvironment, vars: Vars) -> bool {
    let set = |name: &str| vars(name).is_some();
    if ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        .into_iter()
        .any(set)
        || environment.container
    {
        return true;
    }
    if set("WSL_DISTRO_NAME") || set("WSL_INTEROP") {
        return !environment.opener;
    }
    !environment.macos && !set("DISPLAY") && !set("WAYLAND_DISPLAY")
}

/// Chooses the flow. Legacy profiles always use the device flow, as in AWS CLI v2.
pub fn choose(
    legacy: bool,
    options: FlowOptions,
    environment: LoginEnvironment,
    vars: Vars,
) -> Result<LoginFlow> {
    let browser_set = vars("BROWSER").is_some();
    let reachable = browser_set || (!is_headless(environment, vars) && environment.opener);
    let open = reachable && !options.no_browser;
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
    let pkce = match (legacy || options.device, by_variable) {
        (true, _) => false,
        (false, Some(pkce)) => pkce,
        (false, None) => browser_set || !is_headless(environment, vars),
    };
    Ok(if pkce {
        LoginFlow::Pkce {
            open,
            paste: environment.terminal,
        }
    } else {
        LoginFlow::Device { open }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: LoginEnvironment = LoginEnvironment {
        macos: false,
        container: false,
        opener: true,
        terminal: true,
    };

    fn method(
        vars: &[(&str, &str)],
        options: FlowOptions,
        environment: LoginEnvironment,
    ) -> LoginFlow {
        let look = |name: &str| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        choose(false, options, environment, &look).expect("a method")
    }

    #[test]
    fn option_before_variable_before_browser_before_detection() {
        let none = FlowOptions::default();
        let desk = ("DISPLAY", ":0");
        let device = LoginFlow::Device { open: true };
        let pkce = LoginFlow::Pkce {
            open: true,
            paste: true,
        };
        assert_eq!(method(&[desk], none, DESK), pkce);
        assert_eq!(
            method(
                &[desk],
                FlowOptions {
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
            LoginFlow::Device { open: false }
        );
        assert_eq!(
            method(&[desk, ("SSH_TTY", "x"), ("BROWSER", "b")], none, DESK),
            pkce
        );
        assert_eq!(method(&[], none, DESK), LoginFlow::Device { open: false });
        assert_eq!(
            method(
                &[],
                none,
                LoginEnvironment {
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
                LoginEnvironment {
                    container: true,
                    ..DESK
                }
            ),
            LoginFlow::Device { open: false }
        );
        assert_eq!(
            method(&[("SSH_TTY", "x"), ("SSO_LOGIN_FLOW", "pkce")], none, DESK),
            LoginFlow::Pkce {
                open: false,
                paste: true
            }
        );
        let no_browser = FlowOptions {
            no_browser: true,
            device: false,
        };
        assert_eq!(
            method(&[desk], no_browser, DESK),
            LoginFlow::Pkce {
                open: false,
                paste: true
            }
        );
        let piped = LoginEnvironment {
            terminal: false,
            ..DESK
        };
        assert_eq!(
            method(&[desk], no_browser, piped),
            LoginFlow::Pkce {
                open: false,
                paste: false
            }
        );
    }

    #[test]
    fn a_legacy_profile_uses_the_device_flow() {
        let look = |name: &str| (name == "DISPLAY").then(|| ":0".to_owned());
        assert_eq!(
            choose(true, FlowOptions::default(), DESK, &look),
            Ok(LoginFlow::Device { open: true })
        );
    }
}
