//! The editor of `~/.aws/config`.
//!
//! Reading an edited text gives the same as applying the edits to the content of the original. No
//! edits change no byte, and applying edits twice changes no more than applying them once, except
//! where one removes a section. `is_changed` and `diff` agree with the bytes.
//!
//! The input is the text of a file; each line after the last `\x01` is an edit.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::config::edit::section_edit::SectionChange;
use sso::internals::domain::config::{Dialect, Document, SectionEdit, SectionKind, edit, read};

fuzz_target!(|data: &[u8]| {
    let separator = data.iter().rposition(|byte| *byte == 1);
    let (text, script) = separator.map_or((data, &[][..]), |at| (&data[..at], &data[at + 1..]));
    let unedited = edit(text, &[]).unwrap();
    assert!(unedited.bytes == text && !unedited.is_changed());
    let script = String::from_utf8_lossy(script);
    let edits = parse_edits(&script);
    let Ok(edited) = edit(text, &edits) else {
        return;
    };
    let before = content(&read(text, Dialect::Config));
    let after = content(&read(&edited.bytes, Dialect::Config));
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

/// Parses tab-separated lines: `KIND NAME` removes a section, `KIND NAME KEY` removes a key, and
/// `KIND NAME KEY VALUE` sets one.
fn parse_edits(script: &str) -> Vec<SectionEdit> {
    let edit = |line: &str| {
        let mut fields = line.splitn(4, '\t');
        let kind = match fields.next()? {
            "p" => SectionKind::Profile,
            "s" => SectionKind::SsoSession,
            "v" => SectionKind::Services,
            _ => return None,
        };
        let name = fields.next()?;
        Some(match (fields.next(), fields.next()) {
            (None, _) => SectionEdit::remove(kind, name),
            (Some(key), None) => SectionEdit::unset(kind, name, [key]),
            (Some(key), Some(value)) => SectionEdit::set(kind, name, [(key, value)]),
        })
    };
    script.lines().take(8).filter_map(edit).collect()
}

/// Values and nested properties by section and key, without order and line numbers.
type Content = BTreeMap<(u8, String), BTreeMap<String, (String, Vec<(String, String)>)>>;

fn content(document: &Document) -> Content {
    let sections = document.sections.iter().map(|section| {
        let properties = section.properties.iter().map(|property| {
            let nested = property.nested.iter();
            let nested = nested.map(|nested| (nested.key.clone(), nested.value.clone()));
            let value = (property.value.clone(), nested.collect());
            (property.key.clone(), value)
        });
        let name = (section.kind as u8, section.name.clone());
        (name, properties.collect())
    });
    sections.collect()
}

/// Applies the edits to the content instead of the text.
fn apply(mut content: Content, edits: &[SectionEdit]) -> Content {
    for edit in edits {
        let section = (edit.kind as u8, edit.name.to_string());
        match &edit.change {
            SectionChange::Set(keys) => {
                let properties = content.entry(section).or_default();
                for (key, value) in keys {
                    properties.insert(key.to_ascii_lowercase(), (value.to_string(), Vec::new()));
                }
            }
            SectionChange::Unset(keys) => {
                if let Some(properties) = content.get_mut(&section) {
                    properties.retain(|key, _| {
                        !keys.iter().any(|removed| removed.eq_ignore_ascii_case(key))
                    });
                }
            }
            SectionChange::Remove => {
                content.remove(&section);
            }
        }
    }
    content
}
