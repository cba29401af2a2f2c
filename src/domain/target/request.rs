//! What a user asks for: the target options of the command line, as data.
//!
//! One reader serves the hot commands and the `credential_process` lines that call us,
//! so both understand the same words. Whatever it does not know it leaves to clap.

/// The target options; each is as the user wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `-p/--profile`
    pub profile: Option<String>,
    /// `-a/--account`
    pub account: Option<String>,
    /// `-r/--role`
    pub role: Option<String>,
    /// `-s/--session`
    pub session: Option<String>,
    /// `--start-url`
    pub start_url: Option<String>,
    /// `--sso-region`
    pub sso_region: Option<String>,
    /// `--region`
    pub region: Option<String>,
}

/// What became of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is a target option, and its value was taken with it.
    Option,
    /// It is no target option.
    Other,
    /// It is one, in a form that only the full parser may judge.
    Unclear,
}

impl Request {
    /// Whether account, role and session are all given, so that no profile is needed.
    pub fn is_complete(&self) -> bool {
        self.account.is_some() && self.role.is_some() && self.names_session()
    }

    /// Whether the options change what a profile stands for.
    pub fn overrides_profile(&self) -> bool {
        self.account.is_some() || self.role.is_some() || self.names_session()
    }

    /// Whether the options say which session.
    pub fn names_session(&self) -> bool {
        self.session.is_some() || self.start_url.is_some()
    }

    /// This request, where the options do not say otherwise. What they say about the
    /// session replaces all that this one says about it.
    #[must_use]
    pub fn overridden_by(self, options: &Request) -> Request {
        let (session, start_url, sso_region) = if options.names_session() {
            let Request {
                session,
                start_url,
                sso_region,
                ..
            } = options.clone();
            (session, start_url, sso_region)
        } else {
            (self.session, self.start_url, self.sso_region)
        };
        Request {
            account: options.account.clone().or(self.account),
            role: options.role.clone().or(self.role),
            session,
            start_url,
            sso_region,
            ..self
        }
    }

    /// Takes one word, and its value from `rest` where that follows as a word of its own.
    pub fn take<'a>(&mut self, word: &'a str, rest: &mut impl Iterator<Item = &'a str>) -> Taken {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        };
        let field = match name {
            "--profile" | "-p" => &mut self.profile,
            "--account" | "-a" => &mut self.account,
            "--role" | "-r" => &mut self.role,
            "--session" | "-s" => &mut self.session,
            "--start-url" => &mut self.start_url,
            "--sso-region" => &mut self.sso_region,
            "--region" => &mut self.region,
            _ => return Taken::Other,
        };
        let value = inline.or_else(|| rest.next().filter(|value| !value.starts_with('-')));
        match value {
            Some(value) if !value.is_empty() && field.is_none() => {
                *field = Some(value.to_owned());
                Taken::Option
            }
            _ => Taken::Unclear,
        }
    }

    /// The request in a `credential_process` line that calls `sso credential-process`;
    /// `None` when the line calls something else or says more than target options.
    pub fn from_credential_process(line: &str) -> Option<Request> {
        let words = shlex::split(line)?;
        let mut words = words.iter().map(String::as_str);
        let program = words.next()?.rsplit(['/', '\\']).next()?;
        if !matches!(program, "sso" | "sso.exe") {
            return None;
        }
        let mut request = Request::default();
        let mut command = None;
        while let Some(word) = words.next() {
            match request.take(word, &mut words) {
                Taken::Option => {}
                Taken::Unclear => return None,
                Taken::Other => match word {
                    "--login" | "-v" | "--verbose" => {}
                    "credential-process" | "credential_process" if command.is_none() => {
                        command = Some(word);
                    }
                    _ => return None,
                },
            }
        }
        command.map(|_| request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_our_own_credential_process_lines() {
        let line =
            "'/opt/my tools/sso' credential-process --session corp -a 111122223333 --role='Ad min'";
        let request = Request::from_credential_process(line).expect("ours");
        assert_eq!(request.session.as_deref(), Some("corp"));
        assert_eq!(request.account.as_deref(), Some("111122223333"));
        assert_eq!(request.role.as_deref(), Some("Ad min"));
        assert!(request.is_complete());
        for foreign in [
            "aws-vault export x",
            "sso",
            "sso status",
            "/bin/sso credential-process 'x",
            "sso credential-process extra",
            "sso credential-process --profile",
        ] {
            assert_eq!(Request::from_credential_process(foreign), None, "{foreign}");
        }
    }
}
