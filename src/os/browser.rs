//! Opening an address in a browser.
//!
//! Only https addresses, and http on this computer, as one argument, without a shell,
//! with nothing to read and nowhere to write. `BROWSER` is a colon-separated list of
//! commands with an optional `%s`, as other programs read it.
#![expect(
    clippy::disallowed_methods,
    reason = "the edge where the browser is started"
)]

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::domain::net::url::HttpUrl;
use crate::domain::role::console::in_container;

/// A browser that was started, and those that are left to try.
#[derive(Debug)]
pub struct Browser {
    address: String,
    who: Who,
    candidates: std::vec::IntoIter<Vec<String>>,
    running: Option<Child>,
}

/// What is opened where `BROWSER` says nothing.
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

/// Browsers that are known by name, where one of them must be named: the first of them that is
/// installed.
const FIREFOXES: &[&str] = &["firefox", "firefox-esr", "librewolf", "waterfox"];
const CHROMIUMS: &[&str] = &[
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "brave-browser",
    "vivaldi",
];

/// As whom a browser opens an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// As it does by itself.
    #[default]
    Usual,
    /// In a container of Firefox. The extension for it opens the address, which is checked
    /// like any other.
    Container(String),
    /// With a profile of the browser.
    Profile(String),
}

impl Who {
    /// The words that go before the address, and the address; `None` where this browser cannot.
    fn words(&self, program: &str, address: &str) -> Option<Vec<String>> {
        let name = program.rsplit('/').next().unwrap_or(program);
        let is_one_of = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
        Some(match self {
            Who::Usual => vec![address.to_owned()],
            Who::Container(container) if is_one_of(FIREFOXES) => {
                vec![in_container(address, container)]
            }
            Who::Profile(profile) if is_one_of(FIREFOXES) => {
                vec!["-P".to_owned(), profile.clone(), address.to_owned()]
            }
            Who::Profile(profile) if is_one_of(CHROMIUMS) => {
                vec![format!("--profile-directory={profile}"), address.to_owned()]
            }
            Who::Container(_) | Who::Profile(_) => return None,
        })
    }
}

/// Whether any opener is installed.
pub fn is_available(variable: Option<&str>) -> bool {
    variable.is_some() || OPENERS.iter().any(|opener| which::which(opener).is_ok())
}

impl Browser {
    /// Starts the first browser that starts. `None` when the address may not be opened or
    /// there is no browser.
    pub fn open(address: &str, variable: Option<&str>) -> Option<Browser> {
        Browser::open_as(Who::Usual, address, variable)
    }

    /// The same, as somebody else than usual.
    pub fn open_as(who: Who, address: &str, variable: Option<&str>) -> Option<Browser> {
        HttpUrl::parse(address).filter(HttpUrl::is_safe)?;
        let mut candidates: Vec<Vec<String>> = Vec::new();
        for command in variable.unwrap_or_default().split(':') {
            let words = shlex::split(command.trim_end_matches('&')).unwrap_or_default();
            if !words.is_empty() {
                candidates.push(words);
            }
        }
        if variable.is_none() {
            let openers = match who {
                Who::Usual => OPENERS.to_vec(),
                Who::Container(_) => FIREFOXES.to_vec(),
                Who::Profile(_) => [FIREFOXES, CHROMIUMS].concat(),
            };
            let installed = openers.iter().filter(|opener| which::which(opener).is_ok());
            candidates.extend(installed.map(|opener| vec![(*opener).to_owned()]));
        }
        let mut browser = Browser {
            address: address.to_owned(),
            who,
            candidates: candidates.into_iter(),
            running: None,
        };
        browser.start_next().then_some(browser)
    }

    fn start_next(&mut self) -> bool {
        for words in self.candidates.by_ref() {
            let program = words.first().map(String::as_str).unwrap_or_default();
            let Some(mut own) = self.who.words(program, &self.address) else {
                continue;
            };
            let address = own.pop().unwrap_or_default();
            let placeholder = words.iter().any(|word| word.contains("%s"));
            let mut words: Vec<String> = words
                .iter()
                .map(|word| word.replace("%s", &address))
                .collect();
            // Options go right behind the program.
            words.splice(1..1, own);
            if !placeholder {
                words.push(address);
            }
            let Some((program, arguments)) = words.split_first() else {
                continue;
            };
            let started = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                // A Ctrl-C in our terminal is not meant for the browser.
                .process_group(0)
                .spawn();
            if let Ok(child) = started {
                self.running = Some(child);
                return true;
            }
        }
        false
    }

    /// Whether what was started has ended, and well.
    pub fn has_ended(&self) -> bool {
        self.running.is_none()
    }

    /// Looks whether the opener has failed, and tries the next one then. `false` when none
    /// is left.
    pub fn is_fine(&mut self) -> bool {
        let status = self
            .running
            .as_mut()
            .and_then(|child| child.try_wait().ok().flatten());
        match status {
            Some(status) if !status.success() => {
                self.running = None;
                self.start_next()
            }
            Some(_) => {
                self.running = None;
                true
            }
            None => true,
        }
    }
}
