//! A temporary HOME for measurements, with its own emulator.

use super::command_line::CommandLine;
use crate::write_files::write;
use emulator::{Emulator, Options};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const ROLE: &str = "AdministratorAccess";

const SESSION: &str = "\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

";

/// A temporary HOME and its server. Removed when dropped.
pub(crate) struct BenchHome {
    path: PathBuf,
    pub(crate) server: Emulator,
}

impl BenchHome {
    /// Creates the HOME and starts a server that approves every sign-in.
    pub(crate) fn create(name: &str, options: Options) -> Result<BenchHome, String> {
        let folder = format!("sso-bench-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(folder);
        let options = Options {
            auto_approve: true,
            ..options
        };
        let server = Emulator::start(options).map_err(|e| format!("the emulator: {e}"))?;
        fs::create_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let home = BenchHome { path, server };
        write(
            &home.path.join(".aws/config"),
            &(config(5) + LEGACY_PROFILE),
        )?;
        write(&home.large_config(), &config(10_000))?;
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Path of a configuration with 10,000 profiles.
    pub(crate) fn large_config(&self) -> PathBuf {
        self.path.join("large")
    }

    /// Environment without the address of a server.
    pub(crate) fn offline_environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        [
            ("HOME", self.path.display().to_string()),
            ("PATH", path),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Environment with the address of the emulator.
    pub(crate) fn online_environment(&self) -> Vec<(String, String)> {
        let mut environment = self.offline_environment();
        for name in ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"] {
            environment.push((name.to_owned(), self.server.url()));
        }
        environment
    }

    /// A directory below the one with a trusted `.aws-sso`.
    pub(crate) fn project_dir(&self) -> PathBuf {
        self.path.join("p/a/b")
    }

    /// Creates the project directory and trusts its `.aws-sso`.
    pub(crate) fn create_project(&self, sso: &Path) -> Result<(), String> {
        write(&self.project_dir().join("keep"), "")?;
        write(&self.path.join("p/.aws-sso"), "profile = p4\n")?;
        let allow = ["allow", "--yes"];
        let allow = CommandLine::new(sso, &allow).environment(&self.offline_environment());
        allow.current_dir(&self.project_dir()).output().map(drop)
    }

    /// Signs in to the session or instance of a profile.
    pub(crate) fn sign_in(&self, sso: &Path, profile: &str) -> Result<(), String> {
        let args = ["login", "--device-code", "--no-browser", "-p", profile];
        let login = CommandLine::new(sso, &args).environment(&self.online_environment());
        login.output().map(drop)
    }

    /// Removes the caches and records of the program, so that the next sign-in is the first.
    pub(crate) fn clear_caches(&self) -> Result<(), String> {
        for folder in [".aws/sso", ".aws/cli", ".local"] {
            let folder = self.path.join(folder);
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(format!("{}: {error}", folder.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Drop for BenchHome {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A profile without an sso-session, for tools that do not support sessions.
pub(super) const LEGACY_PROFILE: &str = "\
[profile legacy]
sso_start_url = https://legacy.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = AdministratorAccess
";

/// Formats a configuration whose profiles all name one role, so that they share a cache file.
fn config(profiles: usize) -> String {
    let mut text = String::from(SESSION);
    for number in 0..profiles {
        let _ = write!(
            text,
            "[profile p{number}]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\nregion = eu-central-1\noutput = json\ncli_pager =\n\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::config;

    #[test]
    fn the_large_configuration_has_10_000_profiles() {
        let text = config(10_000);
        assert!(text.len() >= 1_400_000, "{}", text.len());
        assert!(text.contains("[profile p9999]"));
    }
}
