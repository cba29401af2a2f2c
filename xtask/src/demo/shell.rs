//! Runs commands and prints their output with truncated secrets.

use super::home::DemoHome;
use crate::process::command;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Variables that would make a command use another HOME, server or start-up file.
const REMOVED_VARIABLES: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "SSO_LOGIN_FLOW",
    "ZDOTDIR",
    "ENV",
    "BASH_ENV",
];

/// Texts before a secret in the output of `sso`.
const SECRET_PREFIXES: [&str; 4] = [
    "AWS_SECRET_ACCESS_KEY=",
    "AWS_SESSION_TOKEN=",
    "\"SecretAccessKey\":\"",
    "\"SessionToken\":\"",
];

/// Environment of the demo's commands.
pub(super) struct DemoShell {
    home: PathBuf,
    path: std::ffi::OsString,
    url: String,
    /// Whether a browser approves the sign-in automatically.
    yes: bool,
}

impl DemoShell {
    pub(super) fn new(home: &DemoHome, programs: &[PathBuf], url: &str, yes: bool) -> DemoShell {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = programs.iter().cloned().chain([home.path().join("bin")]);
        let all = own.chain(std::env::split_paths(&path));
        DemoShell {
            home: home.path().to_owned(),
            path: std::env::join_paths(all).unwrap_or(path),
            url: url.to_owned(),
            yes,
        }
    }

    /// Prints an explanation.
    pub(super) fn print(&self, text: &str) {
        println!("\n{text}");
    }

    /// Prints and runs a command.
    ///
    /// # Errors
    ///
    /// If its exit code is not `code`.
    pub(super) fn run(&self, line: &str, code: i32) -> Result<(), String> {
        println!("\n$ {line}");
        let mut shell = self.command("sh");
        shell.args(["-c", line]).stdout(Stdio::piped());
        let child = shell.spawn().map_err(|e| format!("sh: {e}"))?;
        let output = child.wait_with_output().map_err(|e| e.to_string())?;
        print!(
            "{}",
            truncate_secrets(&String::from_utf8_lossy(&output.stdout))
        );
        if output.status.code() == Some(code) {
            Ok(())
        } else {
            Err(format!("`{line}` failed ({})", output.status))
        }
    }

    /// Runs the user's shell. Its exit code is ignored.
    pub(super) fn run_interactive(&self) -> Result<(), String> {
        let shell = std::env::var_os("SHELL").unwrap_or_else(|| "/bin/sh".into());
        let status = self.command(&shell).status();
        status
            .map(drop)
            .map_err(|e| format!("{}: {e}", shell.display()))
    }

    /// Creates a command in the environment of the demo.
    fn command(&self, program: impl AsRef<std::path::Path>) -> Command {
        let mut command = command(program, &self.home);
        for name in REMOVED_VARIABLES {
            command.env_remove(name);
        }
        command
            .stdin(Stdio::inherit())
            .env("HOME", &self.home)
            .env("PATH", &self.path)
            .env("AWS_ENDPOINT_URL_SSO", &self.url)
            .env("AWS_ENDPOINT_URL_SSO_OIDC", &self.url);
        if self.yes {
            command.env("BROWSER", "sso-emulator browse approve %s");
        }
        command
    }
}

/// Returns the text with only the first characters of each secret.
fn truncate_secrets(text: &str) -> String {
    const VISIBLE: usize = 4;
    let mut result = String::new();
    let mut rest = text;
    loop {
        let found = SECRET_PREFIXES.iter().filter_map(|prefix| {
            let start = rest.find(prefix)?;
            Some((start, start + prefix.len()))
        });
        let Some((_, start)) = found.min() else {
            result.push_str(rest);
            return result;
        };
        let secret = &rest[start..];
        let end = secret.find(['"', '\n']).unwrap_or(secret.len());
        result.push_str(&rest[..start]);
        result.extend(secret[..end].chars().take(VISIBLE));
        result.push('…');
        rest = &secret[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::truncate_secrets;

    #[test]
    fn only_secrets_are_truncated() {
        let text = "AWS_REGION=x\nAWS_SESSION_TOKEN=IQoJb3Jp=\nAWS_SECRET_ACCESS_KEY=/+ab";
        assert_eq!(
            truncate_secrets(text),
            "AWS_REGION=x\nAWS_SESSION_TOKEN=IQoJ…\nAWS_SECRET_ACCESS_KEY=/+ab…"
        );
        let json = r#"{"Version":1,"SecretAccessKey":"abcdefgh","SessionToken":"éééééé","A":"b"}"#;
        assert_eq!(
            truncate_secrets(json),
            r#"{"Version":1,"SecretAccessKey":"abcd…","SessionToken":"éééé…","A":"b"}"#
        );
        assert_eq!(truncate_secrets("nothing\n"), "nothing\n");
    }
}
