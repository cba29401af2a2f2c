//! `.aws-sso`: the file by which a directory names a profile or a role.
//!
//! It names what the user's own configuration knows and never defines anything: whoever
//! writes one chooses among what the user can reach, and no more. Every value has a strict
//! character set, because prompts and shells will see it. Where the file is, whether it is
//! trusted and what it means are not this module's business.

use crate::domain::target::request::Request;
use crate::domain::text::sanitize;
use crate::error::{self, Error, Hint};

use crate::domain::names::{
    ACCOUNT_ID_FORM, is_account_id, is_plain_name, is_region, is_role_name,
};

/// The name of the file.
pub const NAME: &str = ".aws-sso";

/// A longer file is not one.
pub const MOST: usize = 4096;

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dotfile {
    /// Whose credentials.
    pub names: Names,
    /// The region to hand on, instead of the profile's.
    pub region: Option<String>,
    /// The hook exports `AWS_PROFILE` instead of credentials.
    pub export_profile: bool,
}

/// A profile, or a role of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// `profile`.
    Profile(String),
    /// `sso_session` (without it: the only one), `sso_account_id`, `sso_role_name`.
    Role {
        /// The sso-session.
        session: Option<String>,
        /// 12 digits.
        account: String,
        /// The role's name.
        role: String,
    },
}

/// What is wrong with a file. It never repeats what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// In words.
    pub what: String,
}

impl Fault {
    fn new(line: usize, what: impl Into<String>) -> Fault {
        let what = what.into();
        Fault { line, what }
    }
}

type Result<T> = std::result::Result<T, Fault>;

/// The keys there are, under all their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Profile,
    Session,
    Account,
    Role,
    Region,
    Export,
}

impl Key {
    fn of(name: &str) -> Option<Key> {
        Some(match name {
            "profile" => Key::Profile,
            "sso_session" => Key::Session,
            "sso_account_id" | "account" => Key::Account,
            "sso_role_name" | "role" => Key::Role,
            "region" => Key::Region,
            "export" => Key::Export,
            _ => return None,
        })
    }

    fn check(self, value: &str) -> std::result::Result<(), &'static str> {
        let fits = match self {
            Key::Profile | Key::Session => is_plain_name(value),
            Key::Account => is_account_id(value),
            Key::Role => is_role_name(value),
            Key::Region => is_region(value),
            Key::Export => value == "profile",
        };
        match self {
            _ if fits => Ok(()),
            Key::Profile => {
                Err("a profile's name here is letters, digits and _.@+=,:/-, at most 128")
            }
            Key::Session => {
                Err("a session's name here is letters, digits and _.@+=,:/-, at most 128")
            }
            Key::Account => Err(ACCOUNT_ID_FORM),
            Key::Role => Err("a role's name is letters, digits and _+=,.@-, at most 64"),
            Key::Region => Err("a region looks like eu-west-1"),
            Key::Export => Err("the only value of export is profile"),
        }
    }
}

/// Keys that would define something. They get words of their own, because somebody may have
/// copied them from the configuration in good faith.
fn defines(key: &str) -> bool {
    let known = [
        "sso_start_url",
        "sso_region",
        "sso_registration_scopes",
        "credential_process",
        "credential_source",
        "role_arn",
        "source_profile",
        "web_identity_token_file",
        "ca_bundle",
        "services",
        "login_session",
        "mfa_serial",
        "external_id",
    ];
    known.contains(&key) || key.starts_with("endpoint_url") || key.starts_with("aws_")
}

/// Reads a file.
pub fn parse(bytes: &[u8]) -> Result<Dotfile> {
    if bytes.len() > MOST {
        return Err(Fault::new(0, "it is longer than 4096 bytes"));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Fault::new(0, "it is not UTF-8"));
    };
    if text.starts_with('\u{feff}') {
        return Err(Fault::new(1, "it begins with a byte order mark"));
    }
    let lines: Vec<(usize, &str)> = text
        .split('\n')
        .enumerate()
        .map(|(at, line)| (at + 1, line.strip_suffix('\r').unwrap_or(line)))
        .map(|(number, line)| (number, line.trim_matches([' ', '\t'])))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect();
    if let [(number, word)] = lines[..]
        && !word.contains('=')
    {
        Key::Profile
            .check(word)
            .map_err(|what| Fault::new(number, what))?;
        return Ok(Dotfile {
            names: Names::Profile(word.to_owned()),
            region: None,
            export_profile: false,
        });
    }
    let mut found: Vec<(Key, usize, &str)> = Vec::new();
    for (number, line) in lines {
        let (key, value) = pair(number, line)?;
        if let Some((_, earlier, _)) = found.iter().find(|(known, _, _)| *known == key) {
            let what = format!("that is said twice (first in line {earlier})");
            return Err(Fault::new(number, what));
        }
        found.push((key, number, value));
    }
    assemble(&found)
}

fn pair(number: usize, line: &str) -> Result<(Key, &str)> {
    let Some((name, value)) = line.split_once('=') else {
        return Err(Fault::new(number, "it is not `key = value`"));
    };
    let (name, value) = (
        name.trim_matches([' ', '\t']),
        value.trim_matches([' ', '\t']),
    );
    let Some(key) = Key::of(name) else {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let what = match name {
            // What is no word at all is not repeated: a terminal might obey it.
            _ if name.len() > 40 || !name.bytes().all(plain) => "there is no such key".to_owned(),
            _ if defines(name) => format!("{name} belongs in ~/.aws/config, not in {NAME}"),
            _ => format!("there is no key {name} in {NAME}"),
        };
        return Err(Fault::new(number, what));
    };
    key.check(value)
        .map_err(|what| Fault::new(number, what))
        .map(|()| (key, value))
}

fn assemble(found: &[(Key, usize, &str)]) -> Result<Dotfile> {
    let get = |key: Key| {
        let entry = found.iter().find(|(known, _, _)| *known == key);
        entry.map(|(_, number, value)| (*number, (*value).to_owned()))
    };
    let value = |key| get(key).map(|(_, value)| value);
    let names = match (value(Key::Profile), value(Key::Account), value(Key::Role)) {
        (Some(profile), None, None) if get(Key::Session).is_none() => Names::Profile(profile),
        (Some(_), _, _) => {
            let others = [Key::Session, Key::Account, Key::Role];
            let line = others
                .into_iter()
                .filter_map(get)
                .map(|(line, _)| line)
                .min();
            let what = "a profile says session, account and role already";
            return Err(Fault::new(line.unwrap_or(0), what));
        }
        (None, Some(account), Some(role)) => Names::Role {
            session: value(Key::Session),
            account,
            role,
        },
        (None, Some(_), None) => {
            return Err(Fault::new(0, "it has sso_account_id and no sso_role_name"));
        }
        (None, None, Some(_)) => {
            return Err(Fault::new(0, "it has sso_role_name and no sso_account_id"));
        }
        (None, None, None) => {
            let what = "it names neither a profile nor sso_account_id and sso_role_name";
            return Err(Fault::new(0, what));
        }
    };
    Ok(Dotfile {
        names,
        region: value(Key::Region),
        export_profile: get(Key::Export).is_some(),
    })
}

impl Dotfile {
    /// The file as text. What was checked reads back as the same.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut put = |key: &str, value: &str| text += &format!("{key} = {value}\n");
        match &self.names {
            Names::Profile(profile) => put("profile", profile),
            Names::Role {
                session,
                account,
                role,
            } => {
                if let Some(session) = session {
                    put("sso_session", session);
                }
                put("sso_account_id", account);
                put("sso_role_name", role);
            }
        }
        if let Some(region) = &self.region {
            put("region", region);
        }
        if self.export_profile {
            put("export", "profile");
        }
        text
    }

    /// Checks that [`parse`] accepts every value.
    ///
    /// # Errors
    ///
    /// A usage error that names the first value which it rejects.
    pub fn check(&self) -> error::Result<()> {
        const PLAIN: &str = "letters, digits and _.@+=,:/- only, at most 128";
        let invalid = |key: Key, value: &str| {
            let shown = sanitize(value);
            match key {
                Key::Profile => Error::usage(format!(
                    "{NAME} cannot name the profile \"{shown}\": {PLAIN}"
                ))
                .hint(Hint::RenameDotfileProfile),
                Key::Session => Error::usage(format!(
                    "{NAME} cannot name the session \"{shown}\": {PLAIN}"
                ))
                .hint(Hint::RenameDotfileSession),
                Key::Account => {
                    Error::usage(format!("\"{shown}\" is not an account id")).hint(ACCOUNT_ID_FORM)
                }
                Key::Role => Error::usage(format!("\"{shown}\" is not a role name"))
                    .hint("a role name is letters, digits and _+=,.@-, at most 64"),
                Key::Region | Key::Export => Error::usage(format!("\"{shown}\" is not a region"))
                    .hint("a region looks like eu-west-1"),
            }
        };
        let values = match &self.names {
            Names::Profile(profile) => vec![(Key::Profile, Some(profile))],
            Names::Role {
                session,
                account,
                role,
            } => vec![
                (Key::Session, session.as_ref()),
                (Key::Account, Some(account)),
                (Key::Role, Some(role)),
            ],
        };
        for (key, value) in values
            .into_iter()
            .chain([(Key::Region, self.region.as_ref())])
        {
            if let Some(value) = value.filter(|value| key.check(value).is_err()) {
                return Err(invalid(key, value));
            }
        }
        Ok(())
    }

    /// What it asks for, as if it stood in the options.
    pub fn to_request(&self) -> Request {
        let request = match self.names.clone() {
            Names::Profile(profile) => Request {
                profile: Some(profile),
                ..Request::default()
            },
            Names::Role {
                session,
                account,
                role,
            } => Request {
                session,
                account: Some(account),
                role: Some(role),
                ..Request::default()
            },
        };
        Request {
            region: self.region.clone(),
            ..request
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, String) {
        let fault = parse(text.as_bytes()).expect_err(text);
        (fault.line, fault.what)
    }

    #[test]
    fn a_word_is_a_profile() {
        let read = |text: &str| parse(text.as_bytes()).unwrap();
        let dev = read("profile = dev\n");
        for text in [
            "dev",
            "# a comment\n\n\tdev \r\n",
            "profile=dev",
            "profile =\tdev\r\n",
        ] {
            assert_eq!(read(text), dev, "{text:?}");
        }
        assert_eq!(dev.to_text(), "profile = dev\n");
    }

    #[test]
    fn a_role_has_the_names_of_the_configuration_or_short_ones() {
        let long = "sso_session = corp\nsso_account_id = 012345678901\nsso_role_name = Read+Only\n\
            region = us-gov-west-1\nexport = profile\n";
        let short = long
            .replace("sso_account_id", "account")
            .replace("sso_role_name", "role");
        let read = parse(long.as_bytes()).unwrap();
        assert_eq!(parse(short.as_bytes()), Ok(read.clone()));
        assert_eq!(read.to_text(), long);
        let request = read.to_request();
        assert_eq!(request.account.as_deref(), Some("012345678901"));
        assert!(request.is_complete() && request.region.is_some());
    }

    #[test]
    fn what_defines_something_has_words_of_its_own() {
        for key in [
            "sso_start_url",
            "sso_region",
            "credential_process",
            "endpoint_url_sso",
            "aws_access_key_id",
        ] {
            let (line, what) = fault(&format!("profile = dev\n{key} = x"));
            assert_eq!(line, 2);
            assert_eq!(
                what,
                format!("{key} belongs in ~/.aws/config, not in .aws-sso")
            );
        }
    }

    #[test]
    fn nothing_of_a_hostile_file_is_repeated() {
        for text in [
            "profile = $(touch PWNED)",
            "\u{1b}]0;x\u{7} = y",
            "aws_\u{1b}]0;x\u{7} = y",
            "endpoint_url\0 = y",
            "dev\ndev2",
            "profile = a\nprofile = b",
            "account = 12345678901",
            "account = 111122223333",
            "role = Admin",
            "sso_session = corp",
            "profile = -p",
            "profile = dev\naccount = 111122223333",
            "region = evil.example/#\nprofile = dev",
            "export = credentials\nprofile = dev",
            "[profile dev]",
            "\u{feff}dev",
            "profile = d\u{e9}v",
            "",
            "trust = yes",
        ] {
            let (_, what) = fault(text);
            assert!(
                !what.contains("PWNED") && !what.chars().any(char::is_control),
                "{what}"
            );
        }
        assert!(parse(&[b'a'; MOST + 1]).is_err());
        assert!(parse(b"\xff").is_err());
    }
}
