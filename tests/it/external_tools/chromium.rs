//! A real browser without a window, whose tabs a test looks at and uses.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::fixture::Sandbox;
use crate::fixture::compatibility;
use crate::fixture::programs::{client_path, client_program, has_required_files, path_or_name};

/// A browser; it ends with this value, and with the tests.
pub struct Chromium {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Answers that came before somebody asked for them.
    early: BTreeMap<u64, Value>,
    last: u64,
    version: String,
}

/// An order whose answer is still to come.
#[must_use]
pub struct Ordered(u64);

/// What a tab shows.
#[derive(Debug)]
pub struct Page(Value);

impl Chromium {
    /// Starts one in the home of a sandbox, unless it is not installed.
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
            orders: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
            early: BTreeMap::new(),
            last: 0,
            version: String::new(),
        };
        browser.version = browser.hear()["version"].as_str().unwrap().to_owned();
        Some(browser)
    }

    /// Opens an address in a tab, which is made where there is none of that name.
    #[track_caller]
    pub fn open(&mut self, tab: &str, address: &str) -> Page {
        self.act(tab, "open", address.into())
    }

    /// Clicks what a selector finds, and waits for the page that it leads to.
    #[track_caller]
    pub fn click(&mut self, tab: &str, selector: &str) -> Page {
        self.act(tab, "click", selector.into())
    }

    /// The same without waiting.
    pub fn begin_to_click(&mut self, tab: &str, selector: &str) -> Ordered {
        self.order(tab, "click", selector.into())
    }

    /// Waits for what was begun.
    #[track_caller]
    pub fn arrive(&mut self, ordered: Ordered) -> Page {
        let answer = loop {
            if let Some(answer) = self.early.remove(&ordered.0) {
                break answer;
            }
            let heard = self.hear();
            self.early.insert(heard["number"].as_u64().unwrap(), heard);
        };
        assert!(answer["failed"].is_null(), "{answer}");
        Page(answer)
    }

    /// Does what the driver knows: back, forward, reload, type, close.
    #[track_caller]
    pub fn act(&mut self, tab: &str, what: &str, with: Value) -> Page {
        let ordered = self.order(tab, what, with);
        self.arrive(ordered)
    }

    /// Records what was seen of it in a test.
    pub fn did(&self, what: &str) {
        compatibility::record_note("Chromium", &self.version, what);
    }

    fn order(&mut self, tab: &str, what: &str, with: Value) -> Ordered {
        self.last += 1;
        let line = json!({ "number": self.last, "tab": tab, "do": what, "with": with });
        writeln!(self.orders.as_mut().unwrap(), "{line}").unwrap();
        Ordered(self.last)
    }

    #[track_caller]
    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the browser has ended: {line:?}"))
    }
}

impl Page {
    /// One member of what the driver says of it: url, body, title, text, error, scheme.
    #[track_caller]
    pub fn said(&self, member: &str) -> &str {
        match &self.0[member] {
            Value::Null => "",
            value => value.as_str().unwrap(),
        }
    }

    /// The status of the answer, where the page is one.
    pub fn status(&self) -> u64 {
        self.0["status"].as_u64().unwrap_or(0)
    }

    /// A header of the answer, by its name in small letters.
    pub fn header(&self, name: &str) -> &str {
        self.0["headers"][name].as_str().unwrap_or_default()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It closes the browser when it has nothing more to read.
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}
