//! Format of the `.aws-sso` file, by which a directory names a profile or a role.
//!
//! A file names what the user's own configuration defines and never defines anything, so its
//! author can only choose among the user's roles. Every value has a strict character set,
//! because prompts and shells evaluate them.

use std::fmt::Display;

use crate::domain::names::{
    account_id_form, is_account_id, is_plain_name, is_region, is_role_name,
};
use crate::domain::target::request::Request;
use crate::domain::text::sanitize;
use crate::error::{self, Error, Hint};

/// Name of the file.
pub const FILE_NAME: &str = ".aws-sso";

/// Longest file that is parsed, in bytes.
pub const MAX_BYTES: usize = 4096;

/// Content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dotfile {
    pub selection: Selection,
    /// Region to hand on, instead of the profile's.
    pub region: Option<String>,
    /// Whether the hook exports `AWS_PROFILE` instead of credentials.
    pub export_profile: bool,
}

/// Profile or role whose credentials are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    Profile(String),
    Role {
        /// Name of the sso-session; without it, the only one.
        session: Option<String>,
        /// Account id: 12 digits.
        account: String,
        role: String,
    },
}

/// Key of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Profile,
    Session,
    Account,
    Role,
    Region,
    Export,
}

/// Names of the keys. [`Dotfile::to_text`] writes the first name of a key.
const KEYS: [(&str, Key); 8] = [
    ("profile", Key::Profile),
    ("sso_session", Key::Session),
    ("sso_account_id", Key::Account),
    ("account", Key::Account),
    ("sso_role_name", Key::Role),
    ("role", Key::Role),
    ("region", Key::Region),
    ("export", Key::Export),
];

impl Key {
    fn check(self, value: &str) -> Result<(), &'static str> {
        Err(match self {
            Key::Profile if !is_plain_name(value) => {
                "a profile's name here is letters, digits and _.@+=,:/-, at most 128"
            }
            Key::Session if !is_plain_name(value) => {
                "a session's name here is letters, digits and _.@+=,:/-, at most 128"
            }
            Key::Account if !is_account_id(value) => account_id_form(value),
            Key::Role if !is_role_name(value) => {
                "a role's name is letters, digits and _+=,.@-, at most 64"
            }
            Key::Region if !is_region(value) => "a region looks like eu-west-1",
            Key::Export if value != "profile" => "the only value of export is profile",
            _ => return Ok(()),
        })
    }
}

/// Error in this line, from 1.
fn at(line: usize, reason: impl Display) -> String {
    format!("line {line}: {reason}")
}

/// Returns `true` for a key of the AWS configuration that defines something. Users copy these
/// in good faith, so they get a message of their own.
fn is_definition(key: &str) -> bool {
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

/// Parses a file: `key = value` lines, or the name of a profile alone.
///
/// The error says what is invalid. It never quotes a value, which may hold terminal escapes.
pub fn parse(bytes: &[u8]) -> Result<Dotfile, String> {
    if bytes.len() > MAX_BYTES {
        return Err("it is longer than 4096 bytes".to_owned());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    if text.starts_with('\u{feff}') {
        return Err(at(1, "it begins with a byte order mark"));
    }
    let lines: Vec<(usize, &str)> = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .map(|line| line.trim_matches([' ', '\t']))
        .zip(1..)
        .map(|(line, number)| (number, line))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect();
    if let [(number, word)] = lines[..]
        && !word.contains('=')
    {
        let is_valid = Key::Profile.check(word);
        is_valid.map_err(|reason| at(number, reason))?;
        return assemble(&[(number, Key::Profile, word)]);
    }
    let mut entries: Vec<(usize, Key, &str)> = Vec::new();
    for (number, line) in lines {
        let (key, value) = parse_line(line).map_err(|reason| at(number, reason))?;
        if let Some((earlier, ..)) = entries.iter().find(|(_, known, _)| *known == key) {
            let reason = format!("that is said twice (first in line {earlier})");
            return Err(at(number, reason));
        }
        entries.push((number, key, value));
    }
    assemble(&entries)
}

fn parse_line(line: &str) -> Result<(Key, &str), String> {
    let (name, value) = line.split_once('=').ok_or("it is not `key = value`")?;
    let name = name.trim_matches([' ', '\t']);
    let value = value.trim_matches([' ', '\t']);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    match KEYS.iter().find(|(known, _)| *known == name) {
        Some((_, key)) => {
            key.check(value)?;
            Ok((*key, value))
        }
        // Anything else is not repeated: a terminal might obey it.
        None if name.len() > 40 || !name.bytes().all(is_plain) => {
            Err("there is no such key".to_owned())
        }
        None if is_definition(name) => Err(format!(
            "{name} belongs in ~/.aws/config, not in {FILE_NAME}"
        )),
        None => Err(format!("there is no key {name} in {FILE_NAME}")),
    }
}

/// Creates the content from the values, which are in the order of their lines.
fn assemble(entries: &[(usize, Key, &str)]) -> Result<Dotfile, String> {
    let value = |key: Key| {
        let entry = entries.iter().find(|(_, known, _)| *known == key);
        entry.map(|(.., value)| (*value).to_owned())
    };
    let is_of_role = |key: Key| matches!(key, Key::Session | Key::Account | Key::Role);
    let of_role = entries.iter().find(|(_, key, _)| is_of_role(*key));
    let selection = match (value(Key::Profile), value(Key::Account), value(Key::Role)) {
        (Some(profile), ..) => match of_role {
            None => Selection::Profile(profile),
            Some((line, ..)) => {
                let reason = "a profile says session, account and role already";
                return Err(at(*line, reason));
            }
        },
        (None, Some(account), Some(role)) => Selection::Role {
            session: value(Key::Session),
            account,
            role,
        },
        (None, Some(_), None) => {
            return Err("it has sso_account_id and no sso_role_name".to_owned());
        }
        (None, None, Some(_)) => {
            return Err("it has sso_role_name and no sso_account_id".to_owned());
        }
        (None, None, None) => {
            let reason = "it names neither a profile nor sso_account_id and sso_role_name";
            return Err(reason.to_owned());
        }
    };
    Ok(Dotfile {
        selection,
        region: value(Key::Region),
        export_profile: value(Key::Export).is_some(),
    })
}

impl Dotfile {
    /// Returns the values in the order in which [`Dotfile::to_text`] writes them.
    fn values(&self) -> impl Iterator<Item = (Key, String)> {
        let request = self.to_request();
        let export = self.export_profile.then(|| "profile".to_owned());
        let values = [
            (Key::Profile, request.profile),
            (Key::Session, request.session),
            (Key::Account, request.account),
            (Key::Role, request.role),
            (Key::Region, request.region),
            (Key::Export, export),
        ];
        values
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
    }

    /// Formats the file. If [`Dotfile::check`] accepts the values, [`parse`] returns them.
    pub fn to_text(&self) -> String {
        let lines = self.values().filter_map(|(key, value)| {
            let (name, _) = KEYS.iter().find(|(_, known)| *known == key)?;
            Some(format!("{name} = {value}\n"))
        });
        lines.collect()
    }

    /// Checks that [`parse`] accepts every value.
    pub fn check(&self) -> error::Result<()> {
        for (key, value) in self.values() {
            key.check(&value)
                .map_err(|reason| invalid_value(key, &sanitize(&value), reason))?;
        }
        Ok(())
    }

    /// Returns the request that options with the same content would make.
    pub fn to_request(&self) -> Request {
        let mut request = Request {
            region: self.region.clone(),
            ..Request::default()
        };
        match self.selection.clone() {
            Selection::Profile(profile) => request.profile = Some(profile),
            Selection::Role {
                session,
                account,
                role,
            } => {
                request.session = session;
                request.account = Some(account);
                request.role = Some(role);
            }
        }
        request
    }
}

fn invalid_value(key: Key, value: &str, reason: &'static str) -> Error {
    let message = match key {
        Key::Profile => format!("{FILE_NAME} cannot name the profile \"{value}\": {reason}"),
        Key::Session => format!("{FILE_NAME} cannot name the session \"{value}\": {reason}"),
        Key::Account => format!("\"{value}\" is not an account id"),
        Key::Role => format!("\"{value}\" is not a role name"),
        Key::Region | Key::Export => format!("\"{value}\" is not a region"),
    };
    Error::usage(message).hint(match key {
        Key::Profile => Hint::RenameDotfileProfile,
        Key::Session => Hint::RenameDotfileSession,
        _ => reason.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_word_is_a_profile() {
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
    fn a_role_has_long_and_short_keys() {
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
    fn a_definition_gets_a_message_of_its_own() {
        for key in [
            "sso_start_url",
            "sso_region",
            "credential_process",
            "endpoint_url_sso",
            "aws_access_key_id",
        ] {
            let error = parse(format!("profile = dev\n{key} = x").as_bytes()).unwrap_err();
            let expected = format!("line 2: {key} belongs in ~/.aws/config, not in .aws-sso");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn an_error_does_not_quote_a_hostile_file() {
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
            let error = parse(text.as_bytes()).expect_err(text);
            let is_plain = !error.contains("PWNED") && !error.chars().any(char::is_control);
            assert!(is_plain, "{error}");
        }
        assert!(parse(&[b'a'; MAX_BYTES + 1]).is_err());
        assert!(parse(b"\xff").is_err());
    }
}
