//! The hot reader returns what the full reader returns, whatever the buffer cuts.

use super::generate::{NAMES, mutated_text, odd_text};
use crate::domain::config::read::{read, read_within};
use crate::domain::config::scan::{Sizes, scan, scan_within};
use crate::domain::config::{Dialect, Document, Kind, Section, mentions};
use proptest::prelude::*;
use std::io::{self, Read};

const LONGEST: usize = 40;

/// A stream that hands out little at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(out.len());
        self.0.read(&mut out[..count])
    }
}

fn sizes(buffer: usize) -> Sizes {
    Sizes {
        first: buffer,
        small: buffer,
        chunk: buffer,
        longest: LONGEST,
    }
}

fn scanned(bytes: &[u8], dialect: Dialect, profile: Option<&str>, buffer: usize) -> Document {
    let mut source = Trickle(bytes, 1 + buffer / 3);
    scan_within(&mut source, dialect, profile, &sizes(buffer)).unwrap()
}

/// The sections with the rank of each line instead of its number: the scan gives the order only.
fn ranked(sections: &[Section]) -> Vec<Section> {
    let mut lines = Vec::new();
    let mut sections = sections.to_vec();
    each_line(&mut sections, &mut |line| lines.push(*line));
    lines.sort_unstable();
    lines.dedup();
    let rank = |line: &mut u32| {
        *line = u32::try_from(lines.binary_search(line).unwrap()).unwrap();
    };
    each_line(&mut sections, &mut { rank });
    sections
}

fn texts(document: &Document) -> Vec<&str> {
    let problems = document.problems.iter();
    problems.map(|problem| problem.what.as_str()).collect()
}

fn each_line(sections: &mut [Section], act: &mut impl FnMut(&mut u32)) {
    for section in sections {
        act(&mut section.line);
        for property in &mut section.properties {
            act(&mut property.line);
            for nested in &mut property.nested {
                act(&mut nested.line);
            }
        }
        for problem in &mut section.problems {
            act(&mut problem.line);
        }
    }
}

fn check(bytes: &[u8], dialect: Dialect, profile: Option<&str>) -> Result<(), TestCaseError> {
    let full = read_within(bytes, dialect, LONGEST);
    let wanted: Vec<_> = full
        .sections
        .into_iter()
        .filter(|section| match section.kind {
            Kind::Profile => Some(section.name.as_str()) == profile,
            Kind::SsoSession => true,
            Kind::Services => false,
        })
        .collect();
    let whole = scanned(bytes, dialect, profile, 4096);
    prop_assert_eq!(ranked(&whole.sections), ranked(&wanted));
    for problem in &whole.problems {
        let known = full.problems.iter().any(|other| other.what == problem.what);
        prop_assert!(known, "{:?}", problem);
    }
    for buffer in [3, 16, 50] {
        let pieces = scanned(bytes, dialect, profile, buffer);
        prop_assert_eq!(
            ranked(&pieces.sections),
            ranked(&whole.sections),
            "with a buffer of {}",
            buffer
        );
        prop_assert_eq!(texts(&pieces), texts(&whole), "with a buffer of {}", buffer);
    }
    Ok(())
}

/// No key of a profile is overlooked.
fn check_mentions(bytes: &[u8], dialect: Dialect) -> Result<(), TestCaseError> {
    let full = read(bytes, dialect);
    let keys = full.profiles().flat_map(|section| &section.properties);
    for key in keys.map(|own| &own.key).filter(|key| key.is_ascii()) {
        prop_assert!(mentions(bytes, dialect, key), "{}", key);
    }
    Ok(())
}

#[test]
fn a_key_of_sessions_alone_is_not_mentioned() {
    for (text, expected) in [
        ("[sso-session a]\nkey = 1\n", false),
        ("[sso-session a]\nkey = 1\n[profile b]\nother = 1\n", false),
        ("[sso-session a]\nkey = 1\n[profile b]\nKEY=1\n", true),
        ("[profile b]\ns3 =\n  key = 1\n# key = 1\n", false),
        ("[sso-sessions a]\nkey = 1\n", true),
    ] {
        assert_eq!(
            mentions(text.as_bytes(), Dialect::Config, "key"),
            expected,
            "{text}"
        );
    }
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop_oneof![Just(Dialect::Config), Just(Dialect::Credentials)]
}

fn profiles() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(proptest::sample::select(NAMES))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scan_is_the_full_reader_restricted(text in odd_text(), dialect in dialects(), profile in profiles()) {
        check(&text, dialect, profile)?;
        check_mentions(&text, dialect)?;
    }

    #[test]
    fn scan_is_the_full_reader_restricted_on_damaged_texts(text in mutated_text(), dialect in dialects(), profile in profiles()) {
        check(&text, dialect, profile)?;
        check_mentions(&text, dialect)?;
    }

    #[test]
    fn arbitrary_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), name in ".{0,6}") {
        for dialect in [Dialect::Config, Dialect::Credentials] {
            check(&bytes, dialect, Some(&name))?;
            check_mentions(&bytes, dialect)?;
        }
    }
}

#[test]
fn every_section_of_a_large_file_is_found() {
    use std::fmt::Write;
    let mut text = String::new();
    for number in 0..3000 {
        write!(
            text,
            "[profile p{number:04}]\nregion = eu\nsso_session = s\n\n"
        )
        .unwrap();
    }
    text.push_str("[sso-session s]\nsso_region = eu");
    let full = read(text.as_bytes(), Dialect::Config);
    for number in (0..3000).step_by(97).chain([2999]) {
        let name = format!("p{number:04}");
        let found = scan(&mut text.as_bytes(), Dialect::Config, Some(&name)).unwrap();
        let wanted = [full.profile(&name), full.session("s")].map(|found| found.unwrap().clone());
        assert_eq!(ranked(&found.sections), ranked(&wanted));
    }
}

#[test]
fn a_line_longer_than_the_buffer_is_read_and_one_beyond_the_limit_is_not() {
    let comment = "#".repeat(3 << 20);
    for (length, taken) in [(200_000, true), (1 << 21, false)] {
        let value = "v".repeat(length);
        let text =
            format!("{comment}\n[profile a]\nk = {value}\nl = 1\n{comment}\n[sso-session s]\n");
        let found = scan(&mut text.as_bytes(), Dialect::Config, Some("a")).unwrap();
        let section = found.profile("a").unwrap();
        assert_eq!(section.get("k").is_some(), taken);
        assert_eq!(section.problems.is_empty(), taken);
        assert!(section.get("l").unwrap().line < found.session("s").unwrap().line);
    }
}

#[test]
fn an_error_of_the_stream_is_passed_on_and_an_interruption_is_not() {
    struct Failing(Vec<io::ErrorKind>);
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0.pop().map_or(Ok(0), |kind| Err(kind.into()))
        }
    }
    let mut interrupted = Failing(vec![io::ErrorKind::Interrupted]);
    assert!(scan(&mut interrupted, Dialect::Config, None).is_ok());
    let mut failing = Failing(vec![io::ErrorKind::PermissionDenied]);
    assert!(scan(&mut failing, Dialect::Config, None).is_err());
}
