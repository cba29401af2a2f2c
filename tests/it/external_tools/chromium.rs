//! Drives a headless Chromium through `tests/clients/browser.js`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::fixture::Sandbox;
use crate::fixture::compatibility;
use crate::fixture::programs::{client_path, client_program, has_required_files, path_or_name};

/// A running browser, which ends when this value is dropped or the tests end.
pub struct Chromium {
    child: Child,
    requests: Option<ChildStdin>,
    responses: BufReader<ChildStdout>,
    /// Responses that arrived before a test waited for them, by request number.
    received: BTreeMap<u64, Value>,
    last: u64,
    version: String,
}

/// A command whose response has not been read yet.
#[must_use]
pub struct PendingPage(u64);

/// State of a tab after a command.
#[derive(Debug)]
pub struct Page(Value);

impl Chromium {
    /// Starts a browser in the home of a sandbox; `None` if it is not installed.
    #[track_caller]
    pub fn start(sandbox: &Sandbox) -> Option<Chromium> {
        let driver = client_path("browser/node_modules");
        let [node, chromium] = ["node", "chromium"].map(path_or_name);
        if !has_required_files(
            "Chromium",
            &[driver.clone(), node.clone(), chromium.clone()],
        ) {
            return None;
        }
        let mut child = Command::new(node)
            .arg(client_program("browser.js"))
            .arg(chromium)
            .env_clear()
            .env("HOME", sandbox.home())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("NODE_PATH", driver)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut browser = Chromium {
            requests: child.stdin.take(),
            responses: BufReader::new(child.stdout.take().unwrap()),
            child,
            received: BTreeMap::new(),
            last: 0,
            version: String::new(),
        };
        browser.version = browser.read_response()["version"]
            .as_str()
            .unwrap()
            .to_owned();
        Some(browser)
    }

    /// Opens an address in the tab of this name, which is created if necessary.
    #[track_caller]
    pub fn open(&mut self, tab: &str, address: &str) -> Page {
        self.run_command(tab, "open", address.into())
    }

    /// Clicks the element of a selector and waits for the next page.
    #[track_caller]
    pub fn click(&mut self, tab: &str, selector: &str) -> Page {
        self.run_command(tab, "click", selector.into())
    }

    /// Clicks without waiting for the next page.
    pub fn start_click(&mut self, tab: &str, selector: &str) -> PendingPage {
        self.send(tab, "click", selector.into())
    }

    /// Waits for the response of a command.
    #[track_caller]
    pub fn wait_for_page(&mut self, pending: PendingPage) -> Page {
        let response = loop {
            if let Some(response) = self.received.remove(&pending.0) {
                break response;
            }
            let response = self.read_response();
            let number = response["number"].as_u64().unwrap();
            self.received.insert(number, response);
        };
        assert!(response["failed"].is_null(), "{response}");
        Page(response)
    }

    /// Runs a command of the driver: `back`, `forward`, `reload`, `type` or `close`.
    #[track_caller]
    pub fn run_command(&mut self, tab: &str, action: &str, argument: Value) -> Page {
        let pending = self.send(tab, action, argument);
        self.wait_for_page(pending)
    }

    /// Records an observation for COMPATIBILITY.md.
    pub fn record(&self, what: &str) {
        compatibility::record_note("Chromium", &self.version, what);
    }

    fn send(&mut self, tab: &str, action: &str, argument: Value) -> PendingPage {
        self.last += 1;
        let line = json!({
            "number": self.last, "tab": tab, "action": action, "argument": argument,
        });
        writeln!(self.requests.as_mut().unwrap(), "{line}").unwrap();
        PendingPage(self.last)
    }

    #[track_caller]
    fn read_response(&mut self) -> Value {
        let mut line = String::new();
        self.responses.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the browser has ended: {line:?}"))
    }
}

impl Page {
    /// Returns a member of the response: `url`, `body`, `title`, `text`, `error` or `scheme`.
    #[track_caller]
    pub fn get(&self, member: &str) -> &str {
        match &self.0[member] {
            Value::Null => "",
            value => value.as_str().unwrap(),
        }
    }

    /// Returns the HTTP status, or 0 without a response.
    pub fn status(&self) -> u64 {
        self.0["status"].as_u64().unwrap_or(0)
    }

    /// Returns a response header by its lower-case name.
    pub fn header(&self, name: &str) -> &str {
        self.0["headers"][name].as_str().unwrap_or_default()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The driver closes the browser at the end of its stdin.
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
