//! The temporary HOME of the demo.

use crate::process::{command, find_in_path};
use crate::write_files::{shell_quote, write, write_launcher};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// A typical config, including names with spaces and an account that starts with 0.
const CONFIG: &str = "\
[sso-session demo]
sso_start_url = https://demo.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = demo
sso_account_id = 111122223333
sso_role_name = Developer
region = eu-central-1

[profile 'prod: look only']
sso_session = demo
sso_account_id = 012345678901
sso_role_name = ReadOnly
region = eu-west-1

[profile \"prod operator\"]
sso_session = demo
sso_account_id = 012345678901
sso_role_name = Operator

[profile research]
sso_session = demo
sso_account_id = 444455556666
sso_role_name = Analyst
region = us-east-1
";

/// Start-up files: zsh asks to create one if it is missing.
const BASHRC: &str = "PS1='(sso demo) \\w \\$ '\n";
const ZSHRC: &str = "PROMPT='(sso demo) %~ %# '\n";

/// The temporary HOME.
pub(super) struct DemoHome {
    path: PathBuf,
    /// Removes the folder when this process ends, even if it is killed.
    remover: Child,
}

impl DemoHome {
    pub(super) fn create() -> Result<DemoHome, String> {
        let path = std::env::temp_dir().join(format!("sso-demo-{}", std::process::id()));
        // Fails if the folder exists, because it would belong to another user.
        fs::create_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let home = DemoHome {
            remover: spawn_remover(&path)?,
            path: path.clone(),
        };
        for (name, text) in [
            (".aws/config", CONFIG),
            (".bashrc", BASHRC),
            (".zshrc", ZSHRC),
        ] {
            write(&path.join(name), text)?;
        }
        wrap_browsers(&path)?;
        Ok(home)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the folder and waits until it is gone.
    pub(super) fn remove(mut self) -> Result<(), String> {
        drop(self.remover.stdin.take());
        let ended = self.remover.wait().map_err(|e| e.to_string())?;
        if ended.success() && !self.path.exists() {
            Ok(())
        } else {
            Err(format!("{} could not be removed", self.path.display()))
        }
    }
}

/// Browsers and programs that open one.
const BROWSERS: [&str; 8] = [
    "xdg-open",
    "open",
    "wslview",
    "x-www-browser",
    "firefox",
    "google-chrome",
    "chromium",
    "gnome-open",
];

/// Wraps browsers so that they run with the user's own HOME. With the temporary one, a new browser
/// profile would be created, and the browser would outlive the folder.
fn wrap_browsers(path: &Path) -> Result<(), String> {
    let Some(home) = std::env::var_os("HOME") else {
        return Ok(());
    };
    let home = shell_quote(&home.to_string_lossy());
    for name in BROWSERS {
        if let Some(program) = find_in_path(name) {
            let program = shell_quote(&program.to_string_lossy());
            write_launcher(path, name, &format!("env HOME={home} {program}"))?;
        }
    }
    Ok(())
}

/// Starts a shell that removes the folder when its stdin ends, which is when this process ends.
///
/// Ctrl-C reaches the shell too, so it ignores signals.
fn spawn_remover(path: &Path) -> Result<Child, String> {
    const SCRIPT: &str = "trap '' INT HUP TERM; read line; rm -rf -- \"$1\"";
    command("sh", Path::new("/"))
        .args(["-c", SCRIPT, "sh"])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| format!("sh: {e}"))
}
