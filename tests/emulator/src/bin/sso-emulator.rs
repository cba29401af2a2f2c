//! The emulator as a program, for the demo and for clients in other languages, with a browser
//! helper: `BROWSER="sso-emulator browse approve %s"`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use emulator::{Emulator, Options, browser};
use serde_json::Value;

const USAGE: &str = "\
usage: sso-emulator [OPTIONS]
       sso-emulator browse [--wait] approve|deny|open URL

  --port N            port of the plain listener (default: any)
  --tls-port N        port of the TLS listener (default: any); starts it
  --tls-dir DIR       starts the TLS listener and writes DIR/ca.pem
  --tls-name NAME     one more name for the certificate; may be repeated
  --ipv6              binds [::1] instead of 127.0.0.1
  --auto-approve      signs every user in without asking
  --set NAME=VALUE    any option that GET /_control/options lists; may be repeated
  --fill A,R          A accounts with R roles each instead of the default ones

browse follows the redirect to the application's listener in a background process, since some
applications only listen after their browser has exited; --wait follows it before exiting.
";

struct Arguments {
    options: Options,
    tls_dir: Option<PathBuf>,
    fill: Option<(usize, usize)>,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["-h" | "--help"] => print(USAGE),
        ["browse", "--wait", button, url] => browse(button, url, true),
        ["browse", button, url] => browse(button, url, false),
        _ => parse_arguments(&words).and_then(serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            // Nothing else can be done if writing to stderr fails.
            let _ = writeln!(io::stderr(), "sso-emulator: {text}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| error.to_string())
}

fn browse(button: &str, url: &str, wait: bool) -> Result<(), String> {
    let visit = match (button, wait) {
        ("approve", true) => browser::approve(url),
        ("deny", true) => browser::deny(url),
        ("approve" | "deny", false) => browser::press(url, button),
        ("open", _) => browser::open(url),
        _ => return Err(USAGE.to_owned()),
    };
    let visit = visit.map_err(|error| error.to_string())?;
    if visit.status >= 400 {
        return Err(format!("{} {}\n{}", visit.status, visit.url, visit.body));
    }
    // Silent on success: the terminal belongs to AWS CLI or another client.
    match visit.location {
        Some(listener) => open_in_background(&listener).map_err(|error| error.to_string()),
        None => Ok(()),
    }
}

/// Opens a URL in a process that outlives this one.
fn open_in_background(url: &str) -> io::Result<()> {
    let child = Command::new(std::env::current_exe()?)
        .args(["browse", "open", url])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.map(drop)
}

fn parse_arguments(words: &[&str]) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        options: Options::default(),
        tls_dir: None,
        fill: None,
    };
    let options = &mut arguments.options;
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "--ipv6" => options.ipv6 = true,
            "--auto-approve" => options.auto_approve = true,
            _ => {
                let value = words.next().ok_or_else(|| USAGE.to_owned())?;
                let bad = || format!("bad value for {word}: {value}");
                match word {
                    "--port" => options.port = value.parse().map_err(|_| bad())?,
                    "--tls-port" => {
                        options.tls = true;
                        options.tls_port = value.parse().map_err(|_| bad())?;
                    }
                    "--tls-dir" => {
                        options.tls = true;
                        arguments.tls_dir = Some(PathBuf::from(value));
                    }
                    "--tls-name" => options.tls_names.push(value.to_owned()),
                    "--set" => {
                        let (name, value) = value.split_once('=').ok_or_else(bad)?;
                        // A value that is not JSON is a string.
                        let parsed = serde_json::from_str(value);
                        options.set(name, &parsed.unwrap_or_else(|_| Value::from(value)))?;
                    }
                    "--fill" => {
                        let (accounts, roles) = value.split_once(',').ok_or_else(bad)?;
                        let number = |text: &str| text.parse().map_err(|_| bad());
                        arguments.fill = Some((number(accounts)?, number(roles)?));
                    }
                    _ => return Err(USAGE.to_owned()),
                }
            }
        }
    }
    Ok(arguments)
}

fn serve(arguments: Arguments) -> Result<(), String> {
    let text = |error: io::Error| error.to_string();
    let emulator = Emulator::start(arguments.options).map_err(text)?;
    if let Some((accounts, roles)) = arguments.fill {
        emulator.handle().fill_accounts(accounts, roles);
    }
    if let Some(dir) = arguments.tls_dir {
        std::fs::create_dir_all(&dir).map_err(text)?;
        std::fs::write(dir.join("ca.pem"), emulator.ca_pem()).map_err(text)?;
    }
    print(&format!("listening on {}\n", emulator.url()))?;
    if !emulator.tls_url().is_empty() {
        print(&format!("listening on {}\n", emulator.tls_url()))?;
    }
    loop {
        std::thread::park();
    }
}
