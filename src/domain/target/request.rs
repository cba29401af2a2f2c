//! Target options of the command line.
//!
//! One parser reads them for the hot commands and for `credential_process` commands that call
//! `sso`, so that both accept the same. It leaves everything else to clap.

/// The target options, as the user wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub profile: Option<String>,
    pub account: Option<String>,
    pub role: Option<String>,
    pub session: Option<String>,
    pub start_url: Option<String>,
    pub sso_region: Option<String>,
    pub region: Option<String>,
}

/// Result of parsing one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParsedArgument {
    /// A target option, parsed with its value.
    TargetOption,
    /// Not a target option.
    Other,
    /// A target option in a form that only clap can parse or reject.
    Unclear,
}

impl Request {
    /// Returns `true` if account, role and session are given, so that no profile is needed.
    pub fn is_complete(&self) -> bool {
        self.account.is_some() && self.role.is_some() && self.names_session()
    }

    /// Returns `true` if the options override the role of a profile.
    pub fn overrides_profile(&self) -> bool {
        self.account.is_some() || self.role.is_some() || self.names_session()
    }

    /// Returns `true` if the options name a session.
    pub fn names_session(&self) -> bool {
        self.session.is_some() || self.start_url.is_some()
    }

    /// Returns this request with the given options in place of its own. Options that name a
    /// session replace all session options of this request.
    #[must_use]
    pub fn overridden_by(mut self, options: &Request) -> Request {
        let options = options.clone();
        if options.names_session() {
            self.session = options.session;
            self.start_url = options.start_url;
            self.sso_region = options.sso_region;
        }
        self.account = options.account.or(self.account);
        self.role = options.role.or(self.role);
        self
    }

    /// Parses one argument. Takes the value from `rest` if it is an argument of its own.
    pub fn parse_argument<'a>(
        &mut self,
        argument: &'a str,
        rest: &mut impl Iterator<Item = &'a str>,
    ) -> ParsedArgument {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (argument, None),
        };
        let field = match name {
            "--profile" | "-p" => &mut self.profile,
            "--account" | "-a" => &mut self.account,
            "--role" | "-r" => &mut self.role,
            "--session" | "-s" => &mut self.session,
            "--start-url" => &mut self.start_url,
            "--sso-region" => &mut self.sso_region,
            "--region" => &mut self.region,
            _ => return ParsedArgument::Other,
        };
        let value = inline.or_else(|| rest.next().filter(|value| !value.starts_with('-')));
        match value {
            Some(value) if !value.is_empty() && field.is_none() => {
                *field = Some(value.to_owned());
                ParsedArgument::TargetOption
            }
            _ => ParsedArgument::Unclear,
        }
    }

    /// Returns the request of a `credential_process` command that calls `sso credential-process`;
    /// `None` for another program, and for arguments other than target options.
    pub fn from_credential_process(command_line: &str) -> Option<Request> {
        let arguments = shlex::split(command_line)?;
        let mut arguments = arguments.iter().map(String::as_str);
        let program = arguments.next()?.rsplit(['/', '\\']).next()?;
        if !matches!(program, "sso" | "sso.exe") {
            return None;
        }
        let mut request = Request::default();
        let mut command = None;
        while let Some(argument) = arguments.next() {
            match request.parse_argument(argument, &mut arguments) {
                ParsedArgument::TargetOption => {}
                ParsedArgument::Unclear => return None,
                ParsedArgument::Other => match argument {
                    "--login" | "-v" | "--verbose" => {}
                    "credential-process" | "credential_process" if command.is_none() => {
                        command = Some(argument);
                    }
                    _ => return None,
                },
            }
        }
        command.map(|_| request)
    }
}

/// Formats an option with its value for a shell. A value that begins with `-` is in the same word,
/// because it would be taken for another option.
pub fn option_text(option: &str, value: &str) -> String {
    let separator = if value.starts_with('-') { '=' } else { ' ' };
    // Quoting only fails on a NUL byte, which neither configurations nor arguments contain.
    let value = shlex::try_quote(value).unwrap_or("…".into());
    format!("{option}{separator}{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_an_option_is_in_the_same_word() {
        for (value, expected) in [
            ("Admin", "--role Admin"),
            ("Two Words", "--role 'Two Words'"),
            ("-Admin", "--role=-Admin"),
            ("-a b", "--role='-a b'"),
        ] {
            let text = option_text("--role", value);
            assert_eq!(text, expected);
            let line = format!("sso credential-process {text}");
            let request = Request::from_credential_process(&line);
            let role = request.and_then(|request| request.role);
            assert_eq!(role.as_deref(), Some(value));
        }
    }

    #[test]
    fn own_credential_process_commands_are_parsed() {
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
