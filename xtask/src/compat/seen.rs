//! What has been seen: read from the records of a test run, or from the table of before.

use super::lines;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) clients: BTreeMap<String, Client>,
    /// Programs that are not on this computer.
    absent: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Client {
    pub(super) version: String,
    /// Names of lines of the table.
    pub(super) directions: BTreeSet<String>,
    /// Words for the list below it.
    pub(super) also: BTreeSet<String>,
}

impl Seen {
    pub(super) fn recorded(folder: &Path) -> Result<Seen, String> {
        let mut seen = Seen::default();
        let entries = std::fs::read_dir(folder);
        for entry in entries.into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(entry.path()).map_err(|e| e.to_string())?;
            seen.add(&text)
                .map_err(|why| format!("{}: {why}", entry.path().display()))?;
        }
        if seen.clients.is_empty() && seen.absent.is_empty() {
            return Err("no test has recorded anything: run the tests first".to_string());
        }
        Ok(seen)
    }

    /// One record.
    pub(super) fn add(&mut self, text: &str) -> Result<(), String> {
        let record: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let field = |name: &str| record[name].as_str().map(str::to_string);
        let name = field("client").ok_or("names no client")?;
        if record["absent"] == true {
            self.absent.insert(name);
            return Ok(());
        }
        let version = field("version").ok_or("names no version")?;
        if version.is_empty() || version.contains(char::is_whitespace) {
            return Err(format!("{version:?} is no version"));
        }
        let client = self.clients.entry(name.clone()).or_default();
        client.version = version;
        match (field("direction"), field("also")) {
            (Some(direction), _) => {
                lines::words(&direction).ok_or("names a line that the table does not have")?;
                if lines::reason(&name, &direction).is_some() {
                    return Err("has seen what xtask/src/compat/lines.rs says cannot be".into());
                }
                client.directions.insert(direction);
            }
            (None, Some(words)) => {
                client.also.insert(words);
            }
            (None, None) => return Err("says nothing".to_string()),
        }
        Ok(())
    }

    /// Adds what was seen before with programs that are not here now, and by other programs
    /// of these.
    pub(super) fn with_absent(mut self, before: &Seen) -> Seen {
        for (name, old) in &before.clients {
            let is_absent = self.absent.contains(name);
            let names_absent = |words: &String| {
                let names = &self.absent;
                names.iter().any(|absent| words.contains(absent.as_str()))
            };
            let words = old
                .also
                .iter()
                .filter(|words| is_absent || names_absent(words));
            let words: Vec<String> = words.cloned().collect();
            if is_absent || !words.is_empty() {
                let client = self.clients.entry(name.clone()).or_insert_with(|| Client {
                    version: old.version.clone(),
                    ..Client::default()
                });
                client.also.extend(words);
                if is_absent {
                    client.directions.extend(old.directions.iter().cloned());
                }
            }
        }
        self
    }

    /// What is told and is no failure: other versions, and programs that are not here.
    pub(super) fn moved_since(&self, before: &Seen) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (name, new) in &self.clients {
            if let Some(old) = before.clients.get(name)
                && old.version != new.version
            {
                let (old, new) = (&old.version, &new.version);
                lines.push(format!("{name}: tested {new}, the table says {old}"));
            }
        }
        let absent = self.absent.iter();
        lines.extend(absent.map(|name| format!("{name}: not on this computer, so not compared")));
        lines
    }

    /// What differs apart from versions, in one line each.
    pub(super) fn differences(&self, before: &Seen) -> Vec<String> {
        let (now, before) = (self.facts(), before.facts());
        let gone = before.difference(&now);
        let new = now.difference(&before);
        gone.map(|fact| format!("not seen any more: {fact}"))
            .chain(new.map(|fact| format!("not in the table: {fact}")))
            .collect()
    }

    fn facts(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for (name, client) in &self.clients {
            let fact = |words: &str| format!("{name} {words}");
            let known = client.directions.iter().filter_map(|it| lines::words(it));
            facts.extend(known.map(fact));
            facts.extend(client.also.iter().map(|words| fact(words)));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    fn seen(records: &[&str]) -> Seen {
        let mut seen = Seen::default();
        for record in records {
            seen.add(record).unwrap();
        }
        seen
    }

    const CLI: &str = r#"{"client":"AWS CLI","version":"2.1","direction":"Exec"}"#;
    const NEWER: &str = r#"{"client":"AWS CLI","version":"2.2","direction":"Exec"}"#;
    const TERRAFORM: &str = r#"{"client":"terraform","version":"1","direction":"Exec"}"#;
    const SIGNED: &str = r#"{"client":"moto","version":"5","also":"likes terraform"}"#;

    #[test]
    fn what_is_gone_or_new_is_a_difference() {
        let (less, more) = (seen(&[CLI]), seen(&[CLI, TERRAFORM]));
        assert_eq!(
            less.differences(&more),
            ["not seen any more: terraform finds its credentials inside `sso exec`"]
        );
        assert_eq!(
            more.differences(&less),
            ["not in the table: terraform finds its credentials inside `sso exec`"]
        );
        assert!(more.differences(&more).is_empty());
    }

    #[test]
    fn another_version_is_told_only() {
        let (old, new) = (seen(&[CLI]), seen(&[NEWER]));
        assert!(new.differences(&old).is_empty());
        assert_eq!(
            new.moved_since(&old),
            ["AWS CLI: tested 2.2, the table says 2.1"]
        );
    }

    #[test]
    fn who_is_absent_keeps_a_place() {
        let before = seen(&[CLI, TERRAFORM, SIGNED]);
        let absent = r#"{"client":"terraform","absent":true}"#;
        let moto = r#"{"client":"moto","version":"6","also":"is here"}"#;
        let now = seen(&[CLI, absent, moto]).with_absent(&before);
        assert_eq!(
            now.differences(&before),
            ["not in the table: moto is here"],
            "{now:?}"
        );
        assert_eq!(now.clients["moto"].version, "6");
    }

    #[test]
    fn records_that_cannot_be_are_refused() {
        for record in [
            "{}",
            r#"{"client":"a","version":"1"}"#,
            r#"{"client":"a","version":"1 of 2","direction":"Exec"}"#,
            r#"{"client":"a","version":"1","direction":"Nowhere"}"#,
            r#"{"client":"boto3","version":"1","direction":"SignsIn"}"#,
        ] {
            assert!(Seen::default().add(record).is_err(), "{record}");
        }
    }
}
