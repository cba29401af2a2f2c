//! A HOME with a signed-in session and warm credentials, made by the program itself.

use super::spawn::Line;
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

pub(crate) struct Home {
    path: PathBuf,
    pub(crate) server: Emulator,
}

impl Home {
    /// A HOME of its own, with a server that signs everybody in.
    pub(crate) fn create(name: &str, options: Options) -> Result<Home, String> {
        let folder = format!("sso-bench-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(folder);
        let options = Options {
            auto_approve: true,
            ..options
        };
        let server = Emulator::start(options).map_err(|e| format!("the emulator: {e}"))?;
        fs::create_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let home = Home { path, server };
        write(&home.path.join(".aws/config"), &(config(5) + LEGACY))?;
        write(&home.large(), &config(10_000))?;
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A configuration of 10,000 profiles.
    pub(crate) fn large(&self) -> PathBuf {
        self.path.join("large")
    }

    /// HOME and PATH; no way to any server.
    pub(crate) fn offline(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        [
            ("HOME", self.path.display().to_string()),
            ("PATH", path),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// The same with the way to our server.
    pub(crate) fn online(&self) -> Vec<(String, String)> {
        let mut environment = self.offline();
        for name in ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"] {
            environment.push((name.to_owned(), self.server.url()));
        }
        environment
    }

    /// A project whose `.aws-sso` is trusted, and a directory in it.
    pub(crate) fn project(&self) -> PathBuf {
        self.path.join("p/a/b")
    }

    /// Makes that project.
    pub(crate) fn make_project(&self, sso: &Path) -> Result<(), String> {
        write(&self.project().join("keep"), "")?;
        write(&self.path.join("p/.aws-sso"), "profile = p4\n")?;
        let allow = ["allow", "--yes"];
        let allow = Line::new(sso, &allow).environment(&self.offline());
        allow.within(&self.project()).output().map(drop)
    }

    /// Signs in, to the session or to the instance of a profile.
    pub(crate) fn sign_in(&self, sso: &Path, profile: &str) -> Result<(), String> {
        let words = ["login", "--device-code", "--no-browser", "-p", profile];
        let login = Line::new(sso, &words).environment(&self.online());
        login.output().map(drop)
    }

    /// Removes what the program has stored, so that the next sign-in is the first.
    pub(crate) fn forget(&self) -> Result<(), String> {
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

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A profile for tools that know no sso-session, with a start URL of its own.
pub(super) const LEGACY: &str = "\
[profile legacy]
sso_start_url = https://legacy.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = AdministratorAccess
";

/// So many profiles, all of one role, so that one cache file serves whichever is asked for.
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
    fn the_large_configuration_is_as_large_as_it_is_said_to_be() {
        let text = config(10_000);
        assert!(text.len() >= 1_400_000, "{}", text.len());
        assert!(text.contains("[profile p9999]"));
    }
}
