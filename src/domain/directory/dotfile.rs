//! Format of the `.aws-sso` file, by which a directory names a profile or a role.
//!
//! A file names what the user's own configuration defines and never defines anything, so its
//! author can only choose among the user's roles. Every value has a strict character set,
//! because prompts and shells evaluate them.

use std::fmt;

use crate::domain::names::{
    ACCOUNT_ID_FORM, is_account_id, is_plain_name, is_region, is_role_name,
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
    /// The profile or role whose credentials are used.
    pub selection: Selection,
    /// Region to hand on, instead of the profile's.
    pub region: Option<String>,
    /// Whether the hook exports `AWS_PROFILE` instead of credentials.
    pub export_profile: bool,
}

/// A profile, or a role of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// `profile`.
    Profile(String),
    /// `sso_session`, `sso_account_id` and `sso_role_name`.
    Role {
        /// Name of the sso-session; without it, the only one.
        session: Option<String>,
        /// Account id: 12 digits.
        account: String,
        /// Name of the role.
        role: String,
    },
}

/// Why a file is invalid. It never quotes the file, which may hold terminal escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotfileError {
    /// Number of the line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// Description for people.
    pub reason: String,
}

impl DotfileError {
    fn at(line: usize, reason: impl Into<String>) -> DotfileError {
        let reason = reason.into();
        DotfileError { line, reason }
    }
}

impl fmt::Display for DotfileError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.reason),
            line => write!(f, "line {line}: {}", self.reason),
        }
    }
}

type Result<T> = std::result::Result<T, DotfileError>;

/// Keys of the format. The account and the role have a short and a long name.
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
    fn from_name(name: &str) -> Option<Key> {
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
        let is_valid = match self {
            Key::Profile | Key::Session => is_plain_name(value),
            Key::Account => is_account_id(value),
            Key::Role => is_role_name(value),
            Key::Region => is_region(value),
            Key::Export => value == "profile",
        };
        match self {
            _ if is_valid => Ok(()),
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
/// # Errors
///
/// If the file is too long, not UTF-8, or has a line that is not of the format.
pub fn parse(bytes: &[u8]) -> Result<Dotfile> {
    if bytes.len() > MAX_BYTES {
        return Err(DotfileError::at(0, "it is longer than 4096 bytes"));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(DotfileError::at(0, "it is not UTF-8"));
    };
    if text.starts_with('\u{feff}') {
        return Err(DotfileError::at(1, "it begins with a byte order mark"));
    }
    let lines: Vec<(usize, &str)> = text
        .split('\n')
        .enumerate()
        .map(|(index, line)| (index + 1, line.strip_suffix('\r').unwrap_or(line)))
        .map(|(number, line)| (number, line.trim_matches([' ', '\t'])))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect();
    if let [(number, word)] = lines[..]
        && !word.contains('=')
    {
        Key::Profile
            .check(word)
            .map_err(|reason| DotfileError::at(number, reason))?;
        return Ok(Dotfile {
            selection: Selection::Profile(word.to_owned()),
            region: None,
            export_profile: false,
        });
    }
    let mut entries: Vec<Entry> = Vec::new();
    for (number, line) in lines {
        let entry = parse_line(number, line)?;
        if let Some(earlier) = entries.iter().find(|earlier| earlier.key == entry.key) {
            let reason = format!("that is said twice (first in line {})", earlier.line);
            return Err(DotfileError::at(number, reason));
        }
        entries.push(entry);
    }
    assemble(&entries)
}

/// A key with its value, and the number of its line.
struct Entry<'a> {
    key: Key,
    line: usize,
    value: &'a str,
}

fn parse_line(number: usize, line: &str) -> Result<Entry<'_>> {
    let Some((name, value)) = line.split_once('=') else {
        return Err(DotfileError::at(number, "it is not `key = value`"));
    };
    let name = name.trim_matches([' ', '\t']);
    let value = value.trim_matches([' ', '\t']);
    let Some(key) = Key::from_name(name) else {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let reason = match name {
            // Anything else is not repeated: a terminal might obey it.
            _ if name.len() > 40 || !name.bytes().all(is_plain) => {
                "there is no such key".to_owned()
            }
            _ if is_definition(name) => {
                format!("{name} belongs in ~/.aws/config, not in {FILE_NAME}")
            }
            _ => format!("there is no key {name} in {FILE_NAME}"),
        };
        return Err(DotfileError::at(number, reason));
    };
    key.check(value)
        .map_err(|reason| DotfileError::at(number, reason))?;
    Ok(Entry {
        key,
        line: number,
        value,
    })
}

fn assemble(entries: &[Entry]) -> Result<Dotfile> {
    let find = |key: Key| entries.iter().find(|entry| entry.key == key);
    let value = |key| find(key).map(|entry| entry.value.to_owned());
    let selection = match (value(Key::Profile), value(Key::Account), value(Key::Role)) {
        (Some(profile), None, None) if find(Key::Session).is_none() => Selection::Profile(profile),
        (Some(_), _, _) => {
            let others = [Key::Session, Key::Account, Key::Role];
            let others = others.into_iter().filter_map(find);
            let line = others.map(|entry| entry.line).min();
            let reason = "a profile says session, account and role already";
            return Err(DotfileError::at(line.unwrap_or(0), reason));
        }
        (None, Some(account), Some(role)) => Selection::Role {
            session: value(Key::Session),
            account,
            role,
        },
        (None, Some(_), None) => {
            let reason = "it has sso_account_id and no sso_role_name";
            return Err(DotfileError::at(0, reason));
        }
        (None, None, Some(_)) => {
            let reason = "it has sso_role_name and no sso_account_id";
            return Err(DotfileError::at(0, reason));
        }
        (None, None, None) => {
            let reason = "it names neither a profile nor sso_account_id and sso_role_name";
            return Err(DotfileError::at(0, reason));
        }
    };
    Ok(Dotfile {
        selection,
        region: value(Key::Region),
        export_profile: find(Key::Export).is_some(),
    })
}

impl Dotfile {
    /// Formats the file. If [`Dotfile::check`] accepts the values, [`parse`] returns them.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut put = |key: &str, value: &str| text += &format!("{key} = {value}\n");
        match &self.selection {
            Selection::Profile(profile) => put("profile", profile),
            Selection::Role {
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
        let values = match &self.selection {
            Selection::Profile(profile) => vec![(Key::Profile, Some(profile))],
            Selection::Role {
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
            if let Some(value) = value
                && let Err(reason) = key.check(value)
            {
                return Err(invalid_value(key, &sanitize(value), reason));
            }
        }
        Ok(())
    }

    /// Returns the request that options with the same content would make.
    pub fn to_request(&self) -> Request {
        let request = match self.selection.clone() {
            Selection::Profile(profile) => Request {
                profile: Some(profile),
                ..Request::default()
            },
            Selection::Role {
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

fn invalid_value(key: Key, value: &str, reason: &'static str) -> Error {
    match key {
        Key::Profile => Error::usage(format!(
            "{FILE_NAME} cannot name the profile \"{value}\": {reason}"
        ))
        .hint(Hint::RenameDotfileProfile),
        Key::Session => Error::usage(format!(
            "{FILE_NAME} cannot name the session \"{value}\": {reason}"
        ))
        .hint(Hint::RenameDotfileSession),
        Key::Account => Error::usage(format!("\"{value}\" is not an account id")).hint(reason),
        Key::Role => Error::usage(format!("\"{value}\" is not a role name")).hint(reason),
        Key::Region | Key::Export => {
            Error::usage(format!("\"{value}\" is not a region")).hint(reason)
        }
    }
}

#[cfg(test)]
mod tests;
