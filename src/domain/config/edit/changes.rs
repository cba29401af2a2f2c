//! What a list of edits comes to for each section, and what of it no config file can carry.
//!
//! It has not seen the text yet.

use super::{Change, Edit};
use crate::domain::config::lines::{COMMENT, LONGEST};
use crate::domain::config::section_name::is_identifier;
use crate::domain::config::{Kind, key_value};
use crate::domain::text::sanitize;
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// What is wanted of one section, all its edits taken together.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub kind: Kind,
    pub name: &'a str,
    /// What is there goes.
    pub removed: bool,
    /// It is to be there.
    pub wanted: bool,
    /// Keys with their new values; without one, the key goes.
    pub keys: Vec<(&'a str, Option<&'a str>)>,
}

/// In the order in which the sections were first mentioned.
#[derive(Debug, Default)]
pub(super) struct Wishes<'a> {
    all: Vec<Wish<'a>>,
    index: BTreeMap<(u8, &'a str), usize>,
}

impl<'a> Wishes<'a> {
    pub fn of(edits: &'a [Edit<'_>]) -> Result<Wishes<'a>> {
        let mut wishes = Wishes {
            all: Vec::with_capacity(edits.len()),
            index: BTreeMap::new(),
        };
        for edit in edits {
            if let Change::Set(keys) = &edit.change {
                for (key, value) in keys {
                    let refused = refuse_key(key).or_else(|| refuse_value(key, value));
                    if let Some(why) = refused {
                        return Err(Error::usage(format!("{}: {why}", header(edit))));
                    }
                }
            }
            wishes.add(edit);
        }
        Ok(wishes)
    }

    fn add(&mut self, edit: &'a Edit<'_>) {
        let next = self.all.len();
        let at = *self
            .index
            .entry((edit.kind as u8, &edit.name))
            .or_insert(next);
        if at == next {
            self.all.push(Wish {
                kind: edit.kind,
                name: &edit.name,
                removed: false,
                wanted: false,
                keys: Vec::new(),
            });
        }
        let Some(wish) = self.all.get_mut(at) else {
            return;
        };
        match &edit.change {
            Change::Set(keys) => {
                wish.wanted = true;
                wish.keys.reserve_exact(keys.len());
                for (key, value) in keys {
                    wish.key(key, Some(value));
                }
            }
            Change::Unset(keys) => {
                for key in keys {
                    wish.key(key, None);
                }
            }
            Change::Remove => {
                (wish.removed, wish.wanted) = (true, false);
                wish.keys.clear();
            }
        }
    }

    pub fn position(&self, kind: Kind, name: &str) -> Option<usize> {
        self.index.get(&(kind as u8, name)).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Wish<'a>> {
        self.all.iter()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}

impl<'a> Wish<'a> {
    fn key(&mut self, key: &'a str, value: Option<&'a str>) {
        let mut known = self.keys.iter_mut();
        match known.find(|(known, _)| known.eq_ignore_ascii_case(key)) {
            Some(known) => *known = (key, value),
            None => self.keys.push((key, value)),
        }
    }

    /// An error where some tool would not see a section of this name.
    pub fn check_name(&self) -> Result<()> {
        match refuse_name(self.kind, self.name) {
            Some(why) => Err(Error::usage(why)),
            None => Ok(()),
        }
    }

    /// The line that begins the section.
    pub fn header(&self) -> String {
        header_of(self.kind, self.name)
    }

    /// No section that is made of it is longer.
    pub fn most(&self, ending: &str) -> usize {
        const HEADER: usize = "[sso-session ]".len();
        let keys = self.keys.iter();
        let keys = keys.map(|(key, value)| key.len() + 3 + value.map_or(0, str::len));
        let lines = [self.name.len() + HEADER].into_iter().chain(keys);
        // One blank line before it.
        lines.map(|line| line + ending.len()).sum::<usize>() + ending.len()
    }
}

fn header(edit: &Edit<'_>) -> String {
    header_of(edit.kind, &sanitize(&edit.name))
}

fn header_of(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Profile if name == "default" => "[default]".to_owned(),
        Kind::Profile => format!("[profile {name}]"),
        Kind::SsoSession => format!("[sso-session {name}]"),
        Kind::Services => format!("[services {name}]"),
    }
}

pub(super) fn refuse_name(kind: Kind, name: &str) -> Option<String> {
    let what = match kind {
        Kind::Profile => "profile",
        Kind::SsoSession => "sso-session",
        Kind::Services => "services section",
    };
    if name.is_empty() {
        return Some(format!("the name of a {what} is empty"));
    }
    if is_identifier(name) {
        return None;
    }
    let odd = name
        .chars()
        .find(|c| !is_identifier(c.encode_utf8(&mut [0; 4])))?;
    let odd = match odd {
        ' ' => "a blank".to_owned(),
        odd if odd.is_control() => "a control character".to_owned(),
        odd => format!("`{odd}`"),
    };
    Some(format!(
        "{odd} in the {what} name \"{}\": AWS SDKs see only names of letters, digits and `_-/.%@:+`",
        sanitize(name)
    ))
}

fn refuse_key(key: &str) -> Option<String> {
    // The AWS CLI would end the key at a `:`.
    if key.is_empty() || !is_identifier(key) || key.contains(':') {
        let key = sanitize(key);
        return Some(format!(
            "\"{key}\" cannot be a key, some AWS tool would not read it"
        ));
    }
    None
}

fn refuse_value(key: &str, value: &str) -> Option<String> {
    let why = if value.chars().any(char::is_control) {
        "has control characters"
    } else if value != value.trim() {
        "begins or ends with white space, which every reader drops"
    } else if key.len() + value.len() > LONGEST / 2 {
        "is too long"
    } else if value.starts_with(COMMENT) || !survives(key, value) {
        "has white space before `#` or `;`, where a comment begins"
    } else {
        return None;
    };
    Some(format!("the value of {key} {why}"))
}

/// The reader finds in the line what was put into it.
fn survives(key: &str, value: &str) -> bool {
    // The key is an identifier; only a comment can be found in the value.
    if !value.contains(COMMENT) {
        return true;
    }
    let line = format!("{key} = {value}");
    key_value::split(&line).is_ok_and(|pair| pair.key == key && pair.value == value)
}
