//! File format of an inventory: a line about the listing, a line for each account, a line for
//! each missing part.
//!
//! An account has a line of its own, so that its name is found without parsing the others.
//! The first line counts the others, so that a truncated file is rejected.

use std::fmt;

use memchr::memmem;
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::inventory::{Account, Coverage, Inventory, MissingPart};
use crate::domain::json::{self, minified, object};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::definition::Session;
use crate::domain::time::Timestamp;

/// Version of the format. A file of another version is not read.
const FORM: u64 = 1;

/// Formats the file's content.
pub fn to_text(inventory: &Inventory) -> String {
    let mut out = minified(&object([
        ("form", FORM.into()),
        ("accounts", inventory.accounts.len().into()),
        ("missing", inventory.missing.len().into()),
        ("extent", coverage_name(inventory.coverage).into()),
        ("taken_at", inventory.taken_at.to_string().into()),
        ("start_url", inventory.start_url.as_str().into()),
        ("region", inventory.region.as_str().into()),
        ("session", inventory.session.as_deref().into()),
    ]));
    out.push('\n');
    for account in &inventory.accounts {
        out += &minified(&object([
            ("id", account.id.as_str().into()),
            ("name", account.name.as_deref().into()),
            ("email", account.email.as_deref().into()),
            ("roles", account.roles.as_slice().into()),
        ]));
        out.push('\n');
    }
    for missing in &inventory.missing {
        out += &minified(&object([
            ("account", missing.account.as_deref().into()),
            ("kind", missing.kind.name().into()),
            ("detail", missing.detail.as_str().into()),
        ]));
        out.push('\n');
    }
    out
}

/// Parses a file; `None` if it is truncated or of another format.
pub fn parse(bytes: &[u8]) -> Option<Inventory> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let (mut inventory, accounts, missing) = header(lines.next()?)?;
    for line in lines.by_ref().take(accounts) {
        inventory.accounts.push(serde_json::from_slice(line).ok()?);
    }
    for line in lines.by_ref().take(missing) {
        inventory.missing.push(to_missing(line)?);
    }
    let all = inventory.accounts.len() == accounts && inventory.missing.len() == missing;
    (all && lines.next() == Some(b"") && lines.next().is_none()).then_some(inventory)
}

/// Parses the first line: an inventory without its lists, and the numbers of accounts and of
/// missing parts that follow.
fn header(line: &[u8]) -> Option<(Inventory, usize, usize)> {
    let map = json::parse_object(line)?;
    let count = |key: &str| usize::try_from(map.get(key)?.as_u64()?).ok();
    if map.get("form")?.as_u64()? != FORM {
        return None;
    }
    let inventory = Inventory {
        start_url: text(&map, "start_url")?,
        region: text(&map, "region")?,
        session: text(&map, "session"),
        taken_at: Timestamp::parse(&text(&map, "taken_at")?)?,
        coverage: coverage_from_name(&text(&map, "extent")?)?,
        accounts: Vec::new(),
        missing: Vec::new(),
    };
    Some((inventory, count("accounts")?, count("missing")?))
}

/// Returns `true` if a file is an inventory of this session. Parses the first line only.
pub fn is_of(bytes: &[u8], session: &Session) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next();
    let header = line.and_then(header);
    header.is_some_and(|(inventory, ..)| inventory.is_of(session))
}

/// Finds one account in a file without parsing the others.
pub fn find_account(bytes: &[u8], id: &str) -> Option<Account> {
    let begin = format!("\n{{\"id\":\"{id}\"");
    let from = memmem::find(bytes, begin.as_bytes())? + 1;
    let rest = bytes.get(from..)?;
    let end = memchr::memchr(b'\n', rest)?;
    let account: Account = serde_json::from_slice(rest.get(..end)?).ok()?;
    (account.id == id).then_some(account)
}

fn coverage_name(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Everything => "all",
        Coverage::SomeAccounts => "some",
        Coverage::AccountsOnly => "names",
    }
}

fn coverage_from_name(name: &str) -> Option<Coverage> {
    match name {
        "all" => Some(Coverage::Everything),
        "some" => Some(Coverage::SomeAccounts),
        "names" => Some(Coverage::AccountsOnly),
        _ => None,
    }
}

/// Parses the line of an account, without an intermediate `Value`: completions at a shell's Tab key
/// parse a thousand of them.
impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Account, D::Error> {
        deserializer.deserialize_map(AccountVisitor)
    }
}

struct AccountVisitor;

impl<'de> Visitor<'de> for AccountVisitor {
    type Value = Account;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an account")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Account, M::Error> {
        let (mut id, mut roles) = (None, None);
        let mut account = Account::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => id = Some(map.next_value()?),
                "name" => account.name = map.next_value()?,
                "email" => account.email = map.next_value()?,
                "roles" => roles = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        account.id = id.ok_or_else(|| M::Error::missing_field("id"))?;
        account.roles = roles.ok_or_else(|| M::Error::missing_field("roles"))?;
        Ok(account)
    }
}

fn to_missing(line: &[u8]) -> Option<MissingPart> {
    let map = json::parse_object(line)?;
    Some(MissingPart {
        account: text(&map, "account"),
        kind: FailureKind::from_name(map.get("kind")?.as_str()?)?,
        detail: text(&map, "detail")?,
    })
}

fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    map.get(key)?.as_str().map(str::to_owned)
}
