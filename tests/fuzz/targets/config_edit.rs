//! The editor of `~/.aws/config`: what is read from an edited text is what was read, edited;
//! nothing to do changes no byte, and edits twice change no more than once.
//!
//! What comes first is the text; each line behind the last `\x01` is an edit.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::config::edit::section_edit::SectionChange;
use sso::internals::domain::config::{Dialect, Document, SectionEdit, SectionKind, edit, read};

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().rposition(|byte| *byte == 1);
    let (text, script) = cut.map_or((data, &[][..]), |at| (&data[..at], &data[at + 1..]));
    let nothing = edit(text, &[]).unwrap();
    assert!(nothing.bytes == text && !nothing.is_changed());
    let script = String::from_utf8_lossy(script);
    let edits = edits(&script);
    let Ok(edited) = edit(text, &edits) else {
        return;
    };
    let before = meaning(&read(text, Dialect::Config));
    let after = meaning(&read(&edited.bytes, Dialect::Config));
    assert_eq!(after, apply(before, &edits), "{edits:?}");
    assert_eq!(edited.is_changed(), edited.bytes != text);
    assert_eq!(edited.is_changed(), !edited.diff(text).is_empty());
    if !edits
        .iter()
        .any(|edit| edit.change == SectionChange::Remove)
    {
        let again = edit(&edited.bytes, &edits).unwrap();
        assert!(!again.is_changed(), "{edits:?}");
    }
});

/// `KIND NAME` removes a section, `KIND NAME KEY` a key, `KIND NAME KEY VALUE` sets one.
fn edits<'a>(script: &'a str) -> Vec<SectionEdit<'a>> {
    let edit = |line: &'a str| {
        let mut words = line.splitn(4, '\t');
        let kind = match words.next()? {
            "p" => SectionKind::Profile,
            "s" => SectionKind::SsoSession,
            "v" => SectionKind::Services,
            _ => return None,
        };
        let name = words.next()?;
        Some(match (words.next(), words.next()) {
            (None, _) => SectionEdit::remove(kind, name),
            (Some(key), None) => SectionEdit::unset(kind, name, [key]),
            (Some(key), Some(value)) => SectionEdit::set(kind, name, [(key, value)]),
        })
    };
    script.lines().take(8).filter_map(edit).collect()
}

type Meaning = BTreeMap<(u8, String), BTreeMap<String, (String, Vec<(String, String)>)>>;

fn meaning(document: &Document) -> Meaning {
    let sections = document.sections.iter().map(|section| {
        let properties = section.properties.iter().map(|own| {
            let nested = own.nested.iter();
            let nested = nested.map(|nested| (nested.key.clone(), nested.value.clone()));
            (own.key.clone(), (own.value.clone(), nested.collect()))
        });
        let name = (section.kind as u8, section.name.clone());
        (name, properties.collect())
    });
    sections.collect()
}

fn apply(mut meaning: Meaning, edits: &[SectionEdit<'_>]) -> Meaning {
    for edit in edits {
        let section = (edit.kind as u8, edit.name.to_string());
        match &edit.change {
            SectionChange::Set(keys) => {
                let own = meaning.entry(section).or_default();
                for (key, value) in keys {
                    own.insert(key.to_ascii_lowercase(), (value.to_string(), Vec::new()));
                }
            }
            SectionChange::Unset(keys) => {
                if let Some(own) = meaning.get_mut(&section) {
                    own.retain(|key, _| !keys.iter().any(|gone| gone.eq_ignore_ascii_case(key)));
                }
            }
            SectionChange::Remove => {
                meaning.remove(&section);
            }
        }
    }
    meaning
}
