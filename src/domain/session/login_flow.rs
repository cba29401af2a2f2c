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

/// Sign-in flow. `open` says whether to open a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginFlow {
    /// Authorization code with PKCE. With `paste`, a pasted redirect URL is accepted, for a browser
    /// that cannot reach the listener.
    Pkce { open: bool, paste: bool },
    /// Device authorization.
    Device { open: bool },
}

impl std::fmt::Display for LoginFlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (grant, open) = match self {
            LoginFlow::Pkce { open, .. } => ("an authorization code and PKCE", open),
            LoginFlow::Device { open } => ("a device code", open),
        };
        let browser = match open {
            true => "in a browser",
            false => "without opening a browser",
        };
        write!(f, "{grant}, {browser}")
    }
}

/// Returns `true` if the user's browser cannot be reached from this computer.
pub fn is_headless(environment: LoginEnvironment, vars: Vars) -> bool {
    let is_set = |name: &str| vars(name).is_some();
    let is_ssh = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        .into_iter()
        .any(is_set);
    if is_ssh || environment.container {
        return true;
    }
    if is_set("WSL_DISTRO_NAME") || is_set("WSL_INTEROP") {
        return !environment.opener;
    }
    !environment.macos && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")
}

/// Chooses the flow. Legacy profiles always use the device flow, as in AWS CLI v2.
pub fn choose(
    legacy: bool,
    options: FlowOptions,
    environment: LoginEnvironment,
    vars: Vars,
) -> Result<LoginFlow> {
    let has_browser = vars("BROWSER").is_some() || !is_headless(environment, vars);
    let can_open = vars("BROWSER").is_some() || has_browser && environment.opener;
    let open = can_open && !options.no_browser;
    let pkce = match vars("SSO_LOGIN_FLOW").as_deref() {
        None => has_browser,
        Some("pkce") => true,
        Some("device") => false,
        Some(other) => {
            return Err(Error::usage(format!(
                "SSO_LOGIN_FLOW is \"{}\", which is no flow",
                sanitize(other)
            ))
            .hint("set it to pkce or device, or unset it"));
        }
    };
    let paste = environment.terminal;
    Ok(match pkce && !legacy && !options.device {
        true => LoginFlow::Pkce { open, paste },
        false => LoginFlow::Device { open },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_before_variable_before_browser_before_detection() {
        let none = FlowOptions::default();
        let device_code = FlowOptions {
            device: true,
            ..none
        };
        let no_browser = FlowOptions {
            no_browser: true,
            ..none
        };
        let desktop = LoginEnvironment {
            macos: false,
            container: false,
            opener: true,
            terminal: true,
        };
        let macos = LoginEnvironment {
            macos: true,
            ..desktop
        };
        let container = LoginEnvironment {
            container: true,
            ..desktop
        };
        let piped = LoginEnvironment {
            terminal: false,
            ..desktop
        };
        let with_pkce = |open, paste| LoginFlow::Pkce { open, paste };
        let (pkce, hidden_pkce) = (with_pkce(true, true), with_pkce(false, true));
        let device = LoginFlow::Device { open: true };
        let hidden_device = LoginFlow::Device { open: false };
        let check = |legacy, vars: &str, options, environment, expected| {
            let lookup = |name: &str| {
                let mut vars = vars.split(' ').filter_map(|var| var.split_once('='));
                vars.find_map(|(key, value)| (key == name).then(|| value.to_owned()))
            };
            let flow = choose(legacy, options, environment, &lookup);
            assert_eq!(flow, Ok(expected), "{vars} {options:?} {environment:?}");
        };
        for (vars, options, environment, expected) in [
            ("DISPLAY=:0", none, desktop, pkce),
            ("DISPLAY=:0", device_code, desktop, device),
            ("DISPLAY=:0 SSO_LOGIN_FLOW=device", none, desktop, device),
            ("DISPLAY=:0 SSH_TTY=x", none, desktop, hidden_device),
            ("DISPLAY=:0 SSH_TTY=x BROWSER=b", none, desktop, pkce),
            ("", none, desktop, hidden_device),
            ("", none, macos, pkce),
            ("DISPLAY=:0", none, container, hidden_device),
            ("SSH_TTY=x SSO_LOGIN_FLOW=pkce", none, desktop, hidden_pkce),
            ("DISPLAY=:0", no_browser, desktop, hidden_pkce),
            ("DISPLAY=:0", no_browser, piped, with_pkce(false, false)),
        ] {
            check(false, vars, options, environment, expected);
        }
        // A legacy profile uses the device flow.
        check(true, "DISPLAY=:0", none, desktop, device);
    }
}
