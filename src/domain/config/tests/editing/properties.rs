//! Properties of the editor: reading an edited text gives the edited content, and no other line
//! of the text changes.

use super::{remove, set};
use crate::domain::config::edit::section_edit::SectionChange;
use crate::domain::config::tests::generate::{NAMES, mutated_text, odd_text, one_of};
use crate::domain::config::{Dialect, Document, Section, SectionEdit, SectionKind, edit, read};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Every section and key with its value and its sub-properties.
type Content = BTreeMap<(u8, String), BTreeMap<String, (String, Vec<(String, String)>)>>;

fn content(document: &Document) -> Content {
    let sections = document.sections.iter().map(|section| {
        let properties = section.properties.iter().map(|property| {
            let nested = property.nested.iter();
            let nested = nested.map(|nested| (nested.key.clone(), nested.value.clone()));
            (
                property.key.clone(),
                (property.value.clone(), nested.collect()),
            )
        });
        let key = (section.kind as u8, section.name.clone());
        (key, properties.collect())
    });
    sections.collect()
}

fn apply(mut content: Content, edits: &[SectionEdit]) -> Content {
    for edit in edits {
        let section = (edit.kind as u8, edit.name.to_string());
        match &edit.change {
            SectionChange::Set(keys) => {
                let section = content.entry(section).or_default();
                for (key, value) in keys {
                    section.insert(key.to_ascii_lowercase(), (value.to_string(), Vec::new()));
                }
            }
            SectionChange::Unset(keys) => {
                let is_kept = |key: &str| !keys.iter().any(|it| it.eq_ignore_ascii_case(key));
                if let Some(section) = content.get_mut(&section) {
                    section.retain(|key, _| is_kept(key));
                }
            }
            SectionChange::Remove => {
                content.remove(&section);
            }
        }
    }
    content
}

/// Number of problems in sections that are not edited.
fn count_problems(document: &Document, edits: &[SectionEdit]) -> usize {
    let is_other = |own: &&Section| {
        let mut edits = edits.iter();
        edits.all(|edit| edit.kind != own.kind || edit.name != own.name)
    };
    let others = document.sections.iter().filter(is_other);
    others.map(|section| section.problems.len()).sum()
}

/// Returns `true` if `part` is `whole` without some lines.
fn is_subsequence<'a>(part: impl Iterator<Item = &'a [u8]>, whole: &'a [u8]) -> bool {
    let mut whole = whole.split(|byte| *byte == b'\n');
    // A carriage return at the end of the text becomes part of a line end once a line follows.
    let trim = |line: &'a [u8]| line.trim_ascii_end();
    let mut part = part.map(trim);
    part.all(|line| whole.any(|other| trim(other) == line))
}

fn check(text: &[u8], edits: &[SectionEdit]) -> Result<(), TestCaseError> {
    let Ok(edited) = edit(text, edits) else {
        return Ok(());
    };
    let before = read(text, Dialect::Config);
    let after = read(&edited.bytes, Dialect::Config);
    prop_assert_eq!(content(&after), apply(content(&before), edits));
    prop_assert_eq!(
        count_problems(&after, edits),
        count_problems(&before, edits)
    );
    prop_assert_eq!(edited.is_changed(), edited.bytes != text);
    let again = edit(&edited.bytes, edits).unwrap();
    let is_removal = |edit: &SectionEdit| edit.change == SectionChange::Remove;
    let removes = edits.iter().any(is_removal);
    // A section that is removed and set again moves to the end of the text.
    prop_assert!(removes || again.bytes == edited.bytes);
    let mentioned = |line: &[u8]| {
        let line = String::from_utf8_lossy(line).to_ascii_lowercase();
        line.starts_with([' ', '\t']) || KEYS.iter().any(|key| line.starts_with(key))
    };
    let lines = without_mark(text)
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty() && !mentioned(line));
    prop_assert!(
        removes || is_subsequence(lines, without_mark(&edited.bytes)),
        "a line is lost"
    );
    Ok(())
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

const KEYS: &[&str] = &["a", "b", "region", "x:y", "s3", "sso_session"];

fn edits() -> impl Strategy<Value = Vec<SectionEdit>> {
    let kind = prop_oneof![
        2 => Just(SectionKind::Profile),
        1 => Just(SectionKind::SsoSession),
        1 => Just(SectionKind::Services),
    ];
    let key = one_of(&["a", "B", "region", "s3", "sso_session"]);
    let value = one_of(&[
        "1",
        "dev",
        "eu",
        "a-value-that-is-new",
        "",
        "https://x/#/",
        "\"q\"",
        "[x]",
        "ü = 1",
    ]);
    let sets = prop::collection::vec((key.clone(), value), 0..4).prop_map(SectionChange::Set);
    let unsets = prop::collection::vec(key, 0..4).prop_map(SectionChange::Unset);
    let change = prop_oneof![4 => sets, 2 => unsets, 1 => Just(SectionChange::Remove)];
    let edit = (kind, one_of(NAMES), change).prop_map(|(kind, name, change)| SectionEdit {
        kind,
        name,
        change,
    });
    prop::collection::vec(edit, 0..5)
}

/// Files of users with many tools.
const REAL_FILES: &[&str] = &[
    "# my config\n[default]\nregion=eu-west-1\noutput = json # c\ns3 =\n    max_concurrent_requests = 20\n    # note\n    max_queue_size = 10\n\n\n[profile dev]\nsso_session = corp\nsso_account_id = 000000000001\n; region = x\n\n  \n[sso-session corp]\nsso_start_url = https://x/start#/\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n\n# BEGIN_AWS_SSO_CLI\n[profile a]\ncredential_process = /usr/bin/x --a \"b c\"\n# END_AWS_SSO_CLI\n\n[plugins]\ncli_legacy_plugin_path = /x\nendpoint = y\n",
    "[profile a]\r\nregion = eu\r\n\r\n[profile dev]\r\nregion: us\r\n  more\r\nb = 1\r\n\r\n[profile a]\r\ns3 =\r\n  a = 1\r\n[services dev]\r\nsso =\r\n  endpoint_url = http://x\r\n",
    "\u{feff}region = stray\n[profile default]\nregion = a\n[default]\nregion = b\na=1\n a=2\n[profile 'sp ace']\nb = 1\n[profile it's]\nb = 2\n[dev]\na = 1\n[profile dev]\n  early\n\na = 1\n\n\n# last",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_edits_keep_all_bytes(text in mutated_text()) {
        let edited = edit(&text, &[]).unwrap();
        prop_assert_eq!(&edited.bytes, &text);
        prop_assert!(!edited.is_changed());
    }

    #[test]
    fn odd_text_reads_as_edited(text in odd_text(), edits in edits()) {
        check(&text, &edits)?;
    }

    #[test]
    fn mutated_text_reads_as_edited(text in mutated_text(), edits in edits()) {
        check(&text, &edits)?;
    }

    #[test]
    fn real_file_reads_as_edited(text in one_of(REAL_FILES), edits in edits()) {
        check(text.as_bytes(), &edits)?;
    }

    #[test]
    fn removing_an_added_section_restores_the_text(text in odd_text()) {
        let with = edit(&text, &[set("new", &[("x", "1")])]).unwrap().bytes;
        let without = edit(&with, &[remove("new")]).unwrap().bytes;
        // An existing blank line at the end is removed with the section that it precedes.
        let mut last = without_mark(&text).strip_suffix(b"\n").unwrap_or(without_mark(&text)).rsplit(|byte| *byte == b'\n');
        let blank = last.next().is_some_and(|line| line.trim_ascii().is_empty());
        prop_assert!(blank || text.ends_with(b"\r") || without == text, "{:?}", without);
    }
}
