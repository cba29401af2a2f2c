//! How an inventory is kept: a line about the listing, a line for every account, a line for
//! everything that is missing.
//!
//! One line for one account, so that the name of one is found without reading all others.
//! The first line counts the others: half a file is none, not a smaller inventory.

use std::fmt;

use memchr::memmem;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::inventory::{Account, Extent, Inventory, Missing};
use crate::domain::json::{self, minified, object};
use crate::domain::net::failure::FailureKind;
use crate::domain::session::definition::Session;
use crate::domain::time::Timestamp;

/// The form of the file. Another number is another form, and not read.
const FORM: u64 = 1;

/// The file's text.
pub fn to_text(inventory: &Inventory) -> String {
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    let mut out = minified(&object([
        ("form", FORM.into()),
        ("accounts", inventory.accounts.len().into()),
        ("missing", inventory.missing.len().into()),
        ("extent", extent_name(inventory.extent).into()),
        ("taken_at", inventory.taken_at.to_string().into()),
        ("start_url", inventory.start_url.as_str().into()),
        ("region", inventory.region.as_str().into()),
        ("session", text(&inventory.session)),
    ]));
    out.push('\n');
    for account in &inventory.accounts {
        out += &minified(&object([
            ("id", account.id.as_str().into()),
            ("name", text(&account.name)),
            ("email", text(&account.email)),
            ("roles", account.roles.as_slice().into()),
        ]));
        out.push('\n');
    }
    for missing in &inventory.missing {
        out += &minified(&object([
            ("account", text(&missing.account)),
            ("kind", missing.kind.name().into()),
            ("detail", missing.detail.as_str().into()),
        ]));
        out.push('\n');
    }
    out
}

/// Reads a file; `None` where it is not a whole one of ours.
pub fn parse(bytes: &[u8]) -> Option<Inventory> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let (mut inventory, accounts, missing) = head(lines.next()?)?;
    for line in lines.by_ref().take(accounts) {
        inventory.accounts.push(to_account(line)?);
    }
    for line in lines.by_ref().take(missing) {
        inventory.missing.push(to_missing(line)?);
    }
    let all = inventory.accounts.len() == accounts && inventory.missing.len() == missing;
    (all && lines.next() == Some(b"") && lines.next().is_none()).then_some(inventory)
}

/// What the first line says, and how many accounts and gaps follow it.
fn head(line: &[u8]) -> Option<(Inventory, usize, usize)> {
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
        extent: extent_of(&text(&map, "extent")?)?,
        accounts: Vec::new(),
        missing: Vec::new(),
    };
    Some((inventory, count("accounts")?, count("missing")?))
}

/// Whether a file is about this session, without reading more of it.
pub fn is_of(bytes: &[u8], session: &Session) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next();
    line.and_then(head)
        .is_some_and(|(inventory, ..)| inventory.is_of(session))
}

/// One account of a file, without reading the others.
pub fn account_in(bytes: &[u8], id: &str) -> Option<Account> {
    let begin = format!("\n{{\"id\":\"{id}\"");
    let from = memmem::find(bytes, begin.as_bytes())? + 1;
    let rest = bytes.get(from..)?;
    let end = memchr::memchr(b'\n', rest)?;
    to_account(rest.get(..end)?).filter(|account| account.id == id)
}

fn extent_name(extent: Extent) -> &'static str {
    match extent {
        Extent::All => "all",
        Extent::Some => "some",
        Extent::Names => "names",
    }
}

fn extent_of(name: &str) -> Option<Extent> {
    let all = [Extent::All, Extent::Some, Extent::Names];
    all.into_iter().find(|extent| extent_name(*extent) == name)
}

fn to_account(line: &[u8]) -> Option<Account> {
    let Line(account) = serde_json::from_slice(line).ok()?;
    Some(account)
}

/// A line of an account, read without a tree of values in between: a key that is pressed in
/// a shell waits for a thousand of them.
struct Line(Account);

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Line, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an account")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Line, M::Error> {
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
        Ok(Line(account))
    }
}

fn to_missing(line: &[u8]) -> Option<Missing> {
    let map = json::parse_object(line)?;
    Some(Missing {
        account: text(&map, "account"),
        kind: FailureKind::from_name(map.get("kind")?.as_str()?)?,
        detail: text(&map, "detail")?,
    })
}

fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    map.get(key)?.as_str().map(str::to_owned)
}
