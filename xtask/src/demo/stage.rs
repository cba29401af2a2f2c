//! Shows commands and their output, with secrets shortened.

use super::home::Home;
use crate::process::command;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What would lead a command of the demo away from its HOME or its emulator.
const MISLEADING: [&str; 10] = [
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

/// What stands before a secret in the output of `sso`.
const SECRETS: [&str; 4] = [
    "AWS_SECRET_ACCESS_KEY=",
    "AWS_SESSION_TOKEN=",
    "\"SecretAccessKey\":\"",
    "\"SessionToken\":\"",
];

pub(super) struct Stage {
    home: PathBuf,
    path: std::ffi::OsString,
    url: String,
    yes: bool,
}

impl Stage {
    pub(super) fn new(home: &Home, programs: &[PathBuf], url: &str, yes: bool) -> Stage {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let ours = programs.iter().cloned().chain([home.path().join("bin")]);
        let all = ours.chain(std::env::split_paths(&path));
        Stage {
            home: home.path().to_owned(),
            path: std::env::join_paths(all).unwrap_or(path),
            url: url.to_owned(),
            yes,
        }
    }

    pub(super) fn tell(&self, text: &str) {
        println!("\n{text}");
    }

    /// Prints a command and runs it, which must end with this code.
    pub(super) fn run(&self, line: &str, code: i32) -> Result<(), String> {
        println!("\n$ {line}");
        let mut shell = self.program("sh");
        shell.args(["-c", line]).stdout(Stdio::piped());
        let child = shell.spawn().map_err(|e| format!("sh: {e}"))?;
        let output = child.wait_with_output().map_err(|e| e.to_string())?;
        print!("{}", shortened(&String::from_utf8_lossy(&output.stdout)));
        if output.status.code() == Some(code) {
            Ok(())
        } else {
            Err(format!("`{line}` failed ({})", output.status))
        }
    }

    /// A shell for the user. How it ends is the user's business.
    pub(super) fn shell(&self) -> Result<(), String> {
        let shell = std::env::var_os("SHELL").unwrap_or_else(|| "/bin/sh".into());
        let status = self.program(&shell).status();
        status
            .map(drop)
            .map_err(|e| format!("{}: {e}", shell.display()))
    }

    fn program(&self, program: impl AsRef<std::path::Path>) -> Command {
        let mut command = command(program, &self.home);
        for name in MISLEADING {
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

/// The same text with only the beginning of each secret.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 4;
    let mut done = String::new();
    let mut rest = text;
    loop {
        let found = SECRETS.iter().filter_map(|mark| {
            let start = rest.find(mark)?;
            Some((start, start + mark.len()))
        });
        let Some((_, start)) = found.min() else {
            done.push_str(rest);
            return done;
        };
        let secret = &rest[start..];
        let end = secret.find(['"', '\n']).unwrap_or(secret.len());
        done.push_str(&rest[..start]);
        done.extend(secret[..end].chars().take(SHOWN));
        done.push('…');
        rest = &secret[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn secrets_are_shortened_and_the_rest_is_as_it_was() {
        let text = "AWS_REGION=x\nAWS_SESSION_TOKEN=IQoJb3Jp=\nAWS_SECRET_ACCESS_KEY=/+ab";
        assert_eq!(
            shortened(text),
            "AWS_REGION=x\nAWS_SESSION_TOKEN=IQoJ…\nAWS_SECRET_ACCESS_KEY=/+ab…"
        );
        let json = r#"{"Version":1,"SecretAccessKey":"abcdefgh","SessionToken":"éééééé","A":"b"}"#;
        assert_eq!(
            shortened(json),
            r#"{"Version":1,"SecretAccessKey":"abcd…","SessionToken":"éééé…","A":"b"}"#
        );
        assert_eq!(shortened("nothing\n"), "nothing\n");
    }
}
