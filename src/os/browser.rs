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

use crate::domain::endpoint::Address;

/// A browser that was started, and those that are left to try.
#[derive(Debug)]
pub struct Browser {
    address: String,
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

/// Whether any opener is installed.
pub fn is_available(variable: Option<&str>) -> bool {
    variable.is_some() || OPENERS.iter().any(|opener| which::which(opener).is_ok())
}

impl Browser {
    /// Starts the first browser that starts. `None` when the address may not be opened or
    /// there is no browser.
    pub fn open(address: &str, variable: Option<&str>) -> Option<Browser> {
        Address::parse(address).filter(Address::is_safe)?;
        let mut candidates: Vec<Vec<String>> = Vec::new();
        for command in variable.unwrap_or_default().split(':') {
            let words = shlex::split(command.trim_end_matches('&')).unwrap_or_default();
            if !words.is_empty() {
                candidates.push(words);
            }
        }
        if variable.is_none() {
            let installed = OPENERS.iter().filter(|opener| which::which(opener).is_ok());
            candidates.extend(installed.map(|opener| vec![(*opener).to_owned()]));
        }
        let mut browser = Browser {
            address: address.to_owned(),
            candidates: candidates.into_iter(),
            running: None,
        };
        browser.start_next().then_some(browser)
    }

    fn start_next(&mut self) -> bool {
        while let Some(words) = self.candidates.next() {
            let placeholder = words.iter().any(|word| word.contains("%s"));
            let mut words: Vec<String> = words
                .iter()
                .map(|word| word.replace("%s", &self.address))
                .collect();
            if !placeholder {
                words.push(self.address.clone());
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
