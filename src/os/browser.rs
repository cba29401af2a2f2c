//! Opens URLs in a browser.
//!
//! Only https URLs and http URLs of this computer are opened. The URL is one argument, no shell
//! reads it, and stdin, stdout and stderr are `/dev/null`. `BROWSER` is an executable, or a
//! colon-separated list of commands with an optional `%s`, as in xdg-open(1) and Python's webbrowser.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::domain::net::url::HttpUrl;
use crate::domain::role::console::in_container;

/// A started browser, and the commands to try if it fails.
#[derive(Debug)]
pub struct Browser {
    url: String,
    profile: BrowserProfile,
    /// Commands that have not been tried yet, each as its words.
    candidates: std::vec::IntoIter<Vec<String>>,
    running: Option<Child>,
}

/// Openers to try without `BROWSER`, in this order.
#[cfg(target_os = "macos")]
const OPENERS: &[&str] = &["open"];
#[cfg(not(target_os = "macos"))]
const OPENERS: &[&str] = &[
    "xdg-open",
    "wslview",
    "x-www-browser",
    "firefox",
    "google-chrome",
    "chromium",
    "gnome-open",
];

/// Browsers with Firefox's command line, in the order in which they are tried.
const FIREFOXES: &[&str] = &["firefox", "firefox-esr", "librewolf", "waterfox"];

/// Browsers with Chromium's command line, in the order in which they are tried.
const CHROMIUMS: &[&str] = &[
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "brave-browser",
    "vivaldi",
];

/// The browser identity that opens a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BrowserProfile {
    /// The browser's default.
    #[default]
    Default,
    /// A Firefox container of this name. An extension of Firefox opens the URL in it.
    Container(String),
    /// A Firefox profile, or a profile directory of Chromium.
    Named(String),
}

impl BrowserProfile {
    /// Returns the arguments, the URL last; `None` if the program does not support this.
    fn arguments(&self, program: &str, url: &str) -> Option<Vec<String>> {
        let name = program.rsplit('/').next().unwrap_or(program);
        let is_one_of = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
        Some(match self {
            BrowserProfile::Default => vec![url.to_owned()],
            BrowserProfile::Container(container) if is_one_of(FIREFOXES) => {
                vec![in_container(url, container)]
            }
            BrowserProfile::Named(profile) if is_one_of(FIREFOXES) => {
                vec!["-P".to_owned(), profile.clone(), url.to_owned()]
            }
            BrowserProfile::Named(profile) if is_one_of(CHROMIUMS) => {
                vec![format!("--profile-directory={profile}"), url.to_owned()]
            }
            BrowserProfile::Container(_) | BrowserProfile::Named(_) => return None,
        })
    }
}

/// Splits the value of `BROWSER` into commands, each into words. A value that is an executable, whose
/// path may contain blanks, is one command.
fn commands(variable: &str) -> Vec<Vec<String>> {
    if which::which(variable).is_ok() {
        return vec![vec![variable.to_owned()]];
    }
    let commands = variable.split(':');
    commands
        .filter_map(|command| shlex::split(command.trim_end_matches('&')))
        .filter(|words| !words.is_empty())
        .collect()
}

/// Returns `true` if the value of `BROWSER` names a program that exists.
pub fn names_program(variable: &str) -> bool {
    let commands = commands(variable);
    let mut programs = commands.iter().filter_map(|words| words.first());
    programs.any(|program| which::which(program).is_ok())
}

/// Returns `true` if `BROWSER` names a program or an opener is installed.
pub fn is_available(variable: Option<&str>) -> bool {
    variable.is_some_and(names_program) || OPENERS.iter().any(|opener| which::which(opener).is_ok())
}

impl Browser {
    /// Opens a URL in the first browser that starts. `variable` is the value of `BROWSER`.
    /// Returns `None` if no browser starts or the URL may not be opened.
    pub fn open(profile: BrowserProfile, url: &str, variable: Option<&str>) -> Option<Browser> {
        HttpUrl::parse(url).filter(HttpUrl::is_safe)?;
        let candidates = if let Some(variable) = variable {
            commands(variable)
        } else {
            let openers = match profile {
                BrowserProfile::Default => OPENERS.to_vec(),
                BrowserProfile::Container(_) => FIREFOXES.to_vec(),
                BrowserProfile::Named(_) => [FIREFOXES, CHROMIUMS].concat(),
            };
            let installed = openers.iter().filter(|opener| which::which(opener).is_ok());
            installed.map(|opener| vec![(*opener).to_owned()]).collect()
        };
        let mut browser = Browser {
            url: url.to_owned(),
            profile,
            candidates: candidates.into_iter(),
            running: None,
        };
        browser.start_next().then_some(browser)
    }

    /// Starts the next command that starts; returns `false` if none is left.
    fn start_next(&mut self) -> bool {
        for words in self.candidates.by_ref() {
            let program = words.first().map(String::as_str).unwrap_or_default();
            let Some(mut arguments) = self.profile.arguments(program, &self.url) else {
                continue;
            };
            let url = arguments.pop().unwrap_or_default();
            let has_placeholder = words.iter().any(|word| word.contains("%s"));
            let mut words: Vec<String> =
                words.iter().map(|word| word.replace("%s", &url)).collect();
            // Options come before the arguments of BROWSER, one of which may be the URL.
            words.splice(1..1, arguments);
            if !has_placeholder {
                words.push(url);
            }
            let Some((program, arguments)) = words.split_first() else {
                continue;
            };
            let started = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                // A group of its own, so that Ctrl-C in this terminal does not reach the browser.
                .process_group(0)
                .spawn();
            if let Ok(child) = started {
                self.running = Some(child);
                return true;
            }
        }
        false
    }

    /// Returns `true` if the command has ended with success, as openers do that pass the URL on.
    pub fn has_ended(&self) -> bool {
        self.running.is_none()
    }

    /// Starts the next command if the current one has failed. Returns `false` if none is left.
    pub fn retry_if_failed(&mut self) -> bool {
        let status = self
            .running
            .as_mut()
            .and_then(|child| child.try_wait().ok().flatten());
        let Some(status) = status else {
            return true;
        };
        self.running = None;
        status.success() || self.start_next()
    }
}
