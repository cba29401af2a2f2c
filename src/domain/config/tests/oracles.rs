//! Comparison with other readers: the AWS SDK for Rust on the whole dialect, and rust-ini on the
//! subset that it supports.

use super::generate::one_of;
use crate::domain::config::section_name::is_identifier;
use crate::domain::config::{Dialect, Document, Section, SectionKind, read};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::property::PropertiesKey;
use aws_runtime::env_config::section::EnvConfigSections;
use aws_runtime::env_config::source;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Reads a text with the SDK; `None` if the SDK refuses it. The SDK gets the text and not a path,
/// so its future is ready at once.
fn read_with_sdk(text: &str, dialect: Dialect) -> Option<EnvConfigSections> {
    let kind = match dialect {
        Dialect::Config => EnvConfigFileKind::Config,
        Dialect::Credentials => EnvConfigFileKind::Credentials,
    };
    let files = EnvConfigFiles::builder().with_contents(kind, text).build();
    let (environment, files_of_test) = Default::default();
    let loading = pin!(source::load(&environment, &files_of_test, &files));
    match loading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(source) => EnvConfigSections::parse(source.unwrap()).ok(),
        Poll::Pending => None,
    }
}

const KEYS: [&str; 6] = ["region", "sso_session", "role_arn", "x:y", "a.b", "sso"];
const NAMES: [&str; 6] = ["a", "b", "dev", "default", "x/y", "100%"];

/// Checks that both readers return the same sections and values.
fn compare<'a>(ours: &'a Document, theirs: &'a EnvConfigSections) -> Result<(), TestCaseError> {
    let names = |kind: SectionKind| {
        let sections = ours.sections.iter().filter(|own| own.kind == kind);
        let names = sections.map(|section| section.name.as_str());
        BTreeSet::from_iter(names.filter(|name| is_identifier(name)))
    };
    let expected: BTreeSet<_> = theirs.profiles().filter(|name| !name.is_empty()).collect();
    prop_assert_eq!(names(SectionKind::Profile), expected);
    let expected: BTreeSet<_> = theirs.sso_sessions().collect();
    prop_assert_eq!(names(SectionKind::SsoSession), expected);
    for key in KEYS {
        for name in NAMES {
            let value = |section: Option<&'a Section>| section.and_then(|own| own.value(key));
            let profile = theirs.get_profile(name).and_then(|it| it.get(key));
            let session = theirs.sso_session(name).and_then(|it| it.get(key));
            prop_assert_eq!(value(ours.profile(name)), profile, "{} of {}", key, name);
            prop_assert_eq!(value(ours.session(name)), session, "{} of {}", key, name);
            for nested in KEYS {
                let address = PropertiesKey::builder()
                    .section_key("services")
                    .section_name(name)
                    .property_name(key)
                    .sub_property_name(nested)
                    .build()
                    .unwrap();
                let block = ours.services(name).and_then(|section| section.get(key));
                let value = block.and_then(|block| block.nested.iter().find(|it| it.key == nested));
                let expected = theirs.other_sections().get(&address);
                prop_assert_eq!(value.map(|it| &it.value), expected, "{}", nested);
            }
        }
    }
    Ok(())
}

fn value() -> impl Strategy<Value = String> {
    one_of(&[
        "eu-west-1",
        "https://x/start#/",
        "a;b",
        "a = b",
        "C:\\bin\\sso.exe",
        "\"q\" 'q'",
        "v # note",
        "v ; n",
        "ü\u{a0}# x",
        "[x]",
    ])
}

/// A property of one line, of several, or a block of sub-properties.
fn property() -> impl Strategy<Value = String> {
    let key = one_of(&[
        "region",
        "Region",
        "sso_session",
        "role_arn",
        "x:y",
        "a.b",
        "sso",
        "odd key",
    ]);
    let equals = one_of(&["=", " = ", "\t=  "]);
    let filler = one_of(&["", "", "\n", " \t\n", "# c\n", ";c = d\n"]);
    let more = prop_oneof![
        4 => Just(String::new()),
        1 => prop::collection::vec(one_of(&["more", "a = b", "# c", "[profile a]", "x ; y"]), 1..3)
            .prop_map(|lines| lines.iter().map(|line| format!("  {line}\n")).collect()),
    ];
    let nested_key = one_of(&["region", "Region", "sso", "a.b"]);
    let nested = (nested_key, value()).prop_map(|(key, value)| format!(" \t{key} = {value} \n"));
    let block = prop::collection::vec(nested, 0..3).prop_map(|lines| lines.concat());
    prop_oneof![
        3 => (key.clone(), equals.clone(), value(), filler.clone(), more)
            .prop_map(|(key, equals, value, filler, more)| format!("{key}{equals}{value}\n{filler}{more}")),
        1 => (key, equals, filler, block).prop_map(|(key, equals, filler, block)| format!("{key}{equals}\n{filler}{block}")),
    ]
}

/// Sections as specified, some repeated. Each name has one spelling, because the SDK merges
/// different spellings of one name in random order.
fn sdk_text() -> impl Strategy<Value = String> {
    let header = one_of(&[
        "[default]",
        "[profile default]",
        "[profile a]",
        "[profile  b ] # c",
        "[profile dev];",
        "[profile x/y]",
        "[profile 100%]",
        "[sso-session a]",
        "[sso-session\tb]",
        "[services a]",
        "[services dev]",
        "[a]",
        "[profile two words]",
        "[other a]",
        "[plugins]",
    ]);
    let body = prop::collection::vec(property(), 0..4).prop_map(|lines| lines.concat());
    (prop::collection::vec((header, body), 0..8), any::<bool>()).prop_map(|(sections, carriage)| {
        let text: String = sections
            .iter()
            .map(|(header, body)| format!("{header}\n{body}"))
            .collect();
        text.replace('\n', if carriage { "\r\n" } else { "\n" })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn config_file_reads_as_in_the_sdk(text in sdk_text()) {
        let ours = read(text.as_bytes(), Dialect::Config);
        let theirs = read_with_sdk(&text, Dialect::Config);
        prop_assert!(theirs.is_some(), "the generator made a text that the SDK refuses");
        prop_assert!(ours.sections.iter().all(|section| section.problems.is_empty()));
        compare(&ours, &theirs.unwrap())?;
    }

    #[test]
    fn credentials_file_reads_as_in_the_sdk(text in sdk_text()) {
        let text = text.replace("[profile default]", "[dev]");
        let theirs = read_with_sdk(&text, Dialect::Credentials);
        prop_assert!(theirs.is_some(), "the generator made a text that the SDK refuses");
        compare(&read(text.as_bytes(), Dialect::Credentials), &theirs.unwrap())?;
    }

    /// Names that need quotes are an exception: the SDK refuses them.
    #[test]
    fn text_that_the_sdk_refuses_has_a_problem(bytes in super::generate::mutated_text()) {
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if text.starts_with('\u{feff}') { return Ok(()) }
        let ours = read(text.as_bytes(), Dialect::Config);
        let problems = ours.problems.len() + ours.sections.iter().map(|section| section.problems.len()).sum::<usize>();
        if read_with_sdk(&text, Dialect::Config).is_none() {
            prop_assert!(problems > 0 || text.contains(['\'', '"', '\\']));
        }
    }

    #[test]
    fn plain_file_reads_as_in_rust_ini(
        sections in prop::collection::btree_map("[a-z]{1,8}", prop::collection::btree_map("[a-z_]{1,8}", "[a-z0-9/.-]{1,12}", 0..5), 0..6),
    ) {
        let mut text = String::new();
        for (name, properties) in &sections {
            writeln!(text, "[profile {name}]").unwrap();
            for (key, value) in properties {
                writeln!(text, "{key} = {value}").unwrap();
            }
        }
        let theirs = ini::Ini::load_from_str(&text).unwrap();
        let ours = read(text.as_bytes(), Dialect::Config);
        prop_assert_eq!(ours.sections.len(), sections.len());
        for section in ours.profiles() {
            let expected = theirs.section(Some(format!("profile {}", section.name))).unwrap();
            let expected: Vec<_> = expected.iter().collect();
            let found: Vec<_> = section.properties.iter().map(|p| (p.key.as_str(), p.value.as_str())).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
