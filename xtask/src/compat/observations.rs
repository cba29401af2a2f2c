//! Observed compatibility, from the records of a test run or from the document.

use super::directions;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Observations {
    /// Programs by name.
    pub(super) clients: BTreeMap<String, TestedClient>,
    /// Names of programs that are not installed here.
    absent: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
/// Observations of one program.
pub(super) struct TestedClient {
    pub(super) version: String,
    /// Names of directions.
    pub(super) directions: BTreeSet<String>,
    /// Texts for the list below the table.
    pub(super) notes: BTreeSet<String>,
}

impl Observations {
    /// Reads all records in a folder.
    ///
    /// # Errors
    ///
    /// If there are none, or one is invalid.
    pub(super) fn read(folder: &Path) -> Result<Observations, String> {
        let mut observations = Observations::default();
        let entries = std::fs::read_dir(folder);
        for entry in entries.into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(entry.path()).map_err(|e| e.to_string())?;
            observations
                .add(&text)
                .map_err(|why| format!("{}: {why}", entry.path().display()))?;
        }
        if observations.clients.is_empty() && observations.absent.is_empty() {
            return Err("no records: run the tests first".to_string());
        }
        Ok(observations)
    }

    /// Adds a record in JSON.
    ///
    /// # Errors
    ///
    /// If a field is missing, the version is malformed, or the cell cannot be filled.
    pub(super) fn add(&mut self, text: &str) -> Result<(), String> {
        let record: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let field = |name: &str| record[name].as_str().map(str::to_string);
        let name = field("client").ok_or("the client is missing")?;
        if record["absent"] == true {
            self.absent.insert(name);
            return Ok(());
        }
        let version = field("version").ok_or("the version is missing")?;
        if version.is_empty() || version.contains(char::is_whitespace) {
            return Err(format!("invalid version {version:?}"));
        }
        let client = self.clients.entry(name.clone()).or_default();
        client.version = version;
        match (field("direction"), field("also")) {
            (Some(direction), _) => {
                directions::text_of(&direction).ok_or("unknown direction")?;
                if directions::reason_for(&name, &direction).is_some() {
                    let why = "xtask/src/compat/directions.rs says that this cannot be observed";
                    return Err(why.to_string());
                }
                client.directions.insert(direction);
            }
            (None, Some(note)) => {
                client.notes.insert(note);
            }
            (None, None) => return Err("neither a direction nor a note".to_string()),
        }
        Ok(())
    }

    /// Adds earlier observations of programs that are not installed here, and earlier notes of
    /// other programs that name one of them.
    pub(super) fn with_absent(mut self, before: &Observations) -> Observations {
        for (name, old) in &before.clients {
            let is_absent = self.absent.contains(name);
            let names_absent = |note: &String| {
                let names = &self.absent;
                names.iter().any(|absent| note.contains(absent.as_str()))
            };
            let notes = old
                .notes
                .iter()
                .filter(|note| is_absent || names_absent(note));
            let notes: Vec<String> = notes.cloned().collect();
            if is_absent || !notes.is_empty() {
                let client = self
                    .clients
                    .entry(name.clone())
                    .or_insert_with(|| TestedClient {
                        version: old.version.clone(),
                        ..TestedClient::default()
                    });
                client.notes.extend(notes);
                if is_absent {
                    client.directions.extend(old.directions.iter().cloned());
                }
            }
        }
        self
    }

    /// Lists changes that are not errors: other versions, and programs that are not installed.
    pub(super) fn remarks(&self, before: &Observations) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (name, new) in &self.clients {
            if let Some(old) = before.clients.get(name)
                && old.version != new.version
            {
                let (old, new) = (&old.version, &new.version);
                lines.push(format!("{name}: tested {new}, documented {old}"));
            }
        }
        let absent = self.absent.iter();
        lines.extend(absent.map(|name| format!("{name}: not installed, so not compared")));
        lines
    }

    /// Lists differences other than versions, one per line.
    pub(super) fn differences(&self, before: &Observations) -> Vec<String> {
        let (now, before) = (self.facts(), before.facts());
        let gone = before.difference(&now);
        let new = now.difference(&before);
        gone.map(|fact| format!("no longer observed: {fact}"))
            .chain(new.map(|fact| format!("not documented: {fact}")))
            .collect()
    }

    /// All observations as sentences.
    fn facts(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for (name, client) in &self.clients {
            let fact = |text: &str| format!("{name} {text}");
            let known = client
                .directions
                .iter()
                .filter_map(|it| directions::text_of(it));
            facts.extend(known.map(fact));
            facts.extend(client.notes.iter().map(|note| fact(note)));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::Observations;

    fn observations(records: &[&str]) -> Observations {
        let mut observations = Observations::default();
        for record in records {
            observations.add(record).unwrap();
        }
        observations
    }

    const CLI: &str = r#"{"client":"AWS CLI","version":"2.1","direction":"Exec"}"#;
    const NEWER: &str = r#"{"client":"AWS CLI","version":"2.2","direction":"Exec"}"#;
    const TERRAFORM: &str = r#"{"client":"terraform","version":"1","direction":"Exec"}"#;
    const SIGNED: &str = r#"{"client":"moto","version":"5","also":"likes terraform"}"#;

    #[test]
    fn removed_and_new_observations_are_differences() {
        let (less, more) = (observations(&[CLI]), observations(&[CLI, TERRAFORM]));
        assert_eq!(
            less.differences(&more),
            ["no longer observed: terraform uses the credentials of `sso exec`"]
        );
        assert_eq!(
            more.differences(&less),
            ["not documented: terraform uses the credentials of `sso exec`"]
        );
        assert!(more.differences(&more).is_empty());
    }

    #[test]
    fn a_changed_version_is_a_remark() {
        let (old, new) = (observations(&[CLI]), observations(&[NEWER]));
        assert!(new.differences(&old).is_empty());
        assert_eq!(new.remarks(&old), ["AWS CLI: tested 2.2, documented 2.1"]);
    }

    #[test]
    fn absent_programs_keep_their_observations() {
        let before = observations(&[CLI, TERRAFORM, SIGNED]);
        let absent = r#"{"client":"terraform","absent":true}"#;
        let moto = r#"{"client":"moto","version":"6","also":"is here"}"#;
        let now = observations(&[CLI, absent, moto]).with_absent(&before);
        assert_eq!(
            now.differences(&before),
            ["not documented: moto is here"],
            "{now:?}"
        );
        assert_eq!(now.clients["moto"].version, "6");
    }

    #[test]
    fn invalid_records_are_rejected() {
        for record in [
            "{}",
            r#"{"client":"a","version":"1"}"#,
            r#"{"client":"a","version":"1 of 2","direction":"Exec"}"#,
            r#"{"client":"a","version":"1","direction":"Nowhere"}"#,
            r#"{"client":"boto3","version":"1","direction":"SignsIn"}"#,
        ] {
            assert!(Observations::default().add(record).is_err(), "{record}");
        }
    }
}
