//! `scan` returns what `read` returns for its sections, wherever the buffer ends.

use super::generate::{NAMES, mutated_text, odd_text};
use crate::domain::config::read::{read, read_with_limit};
use crate::domain::config::scan::{BufferSizes, scan, scan_with_sizes};
use crate::domain::config::{Dialect, Document, Section, SectionKind, may_contain_key};
use proptest::prelude::*;
use std::io::{self, Read};
use std::iter::once;

const MAX_LINE_LENGTH: usize = 40;

/// A stream that returns few bytes per read.
struct SlowStream<'a>(&'a [u8], usize);

impl Read for SlowStream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(out.len());
        self.0.read(&mut out[..count])
    }
}

fn scanned(bytes: &[u8], dialect: Dialect, profile: Option<&str>, buffer: usize) -> Document {
    let mut source = SlowStream(bytes, 1 + buffer / 3);
    let sizes = BufferSizes {
        first: buffer,
        small_file: buffer,
        piece: buffer,
        max_line_length: MAX_LINE_LENGTH,
    };
    scan_with_sizes(&mut source, dialect, profile, &sizes).unwrap()
}

/// Replaces each line number by its rank, because `scan` only keeps the order.
fn with_line_ranks(sections: &[Section]) -> Vec<Section> {
    let mut sections = sections.to_vec();
    let mut lines: Vec<u32> = lines_mut(&mut sections).map(|line| *line).collect();
    lines.sort_unstable();
    lines.dedup();
    for line in lines_mut(&mut sections) {
        *line = u32::try_from(lines.binary_search(line).unwrap()).unwrap();
    }
    sections
}

fn texts(document: &Document) -> Vec<&str> {
    let problems = document.problems.iter();
    problems.map(|problem| problem.what.as_str()).collect()
}

fn lines_mut(sections: &mut [Section]) -> impl Iterator<Item = &mut u32> {
    sections.iter_mut().flat_map(|section| {
        let properties = section.properties.iter_mut().flat_map(|property| {
            let nested = property.nested.iter_mut().map(|nested| &mut nested.line);
            once(&mut property.line).chain(nested)
        });
        let problems = section.problems.iter_mut().map(|problem| &mut problem.line);
        once(&mut section.line).chain(properties).chain(problems)
    })
}

fn check(bytes: &[u8], dialect: Dialect, profile: Option<&str>) -> Result<(), TestCaseError> {
    let full = read_with_limit(bytes, dialect, MAX_LINE_LENGTH);
    let wanted: Vec<_> = full
        .sections
        .into_iter()
        .filter(|section| match section.kind {
            SectionKind::Profile => Some(section.name.as_str()) == profile,
            SectionKind::SsoSession => true,
            SectionKind::Services => false,
        })
        .collect();
    let whole = scanned(bytes, dialect, profile, 4096);
    prop_assert_eq!(with_line_ranks(&whole.sections), with_line_ranks(&wanted));
    for problem in &whole.problems {
        let known = full.problems.iter().any(|other| other.what == problem.what);
        prop_assert!(known, "{:?}", problem);
    }
    for buffer in [3, 16, 50] {
        let pieces = scanned(bytes, dialect, profile, buffer);
        let ranked = |document: &Document| with_line_ranks(&document.sections);
        prop_assert_eq!(
            ranked(&pieces),
            ranked(&whole),
            "with a buffer of {}",
            buffer
        );
        prop_assert_eq!(texts(&pieces), texts(&whole), "with a buffer of {}", buffer);
    }
    Ok(())
}

/// Checks that every key of a profile is found.
fn check_key_search(bytes: &[u8], dialect: Dialect) -> Result<(), TestCaseError> {
    let full = read(bytes, dialect);
    let keys = full.profiles().flat_map(|section| &section.properties);
    for key in keys.map(|own| &own.key).filter(|key| key.is_ascii()) {
        prop_assert!(may_contain_key(bytes, dialect, key), "{}", key);
    }
    Ok(())
}

#[test]
fn key_search_ignores_sso_sessions() {
    for (text, expected) in [
        ("[sso-session a]\nkey = 1\n", false),
        ("[sso-session a]\nkey = 1\n[profile b]\nother = 1\n", false),
        ("[sso-session a]\nkey = 1\n[profile b]\nKEY=1\n", true),
        ("[profile b]\ns3 =\n  key = 1\n# key = 1\n", false),
        ("[sso-sessions a]\nkey = 1\n", true),
    ] {
        let found = may_contain_key(text.as_bytes(), Dialect::Config, "key");
        assert_eq!(found, expected, "{text}");
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
    fn scan_equals_read_on_odd_texts(text in odd_text(), dialect in dialects(), profile in profiles()) {
        check(&text, dialect, profile)?;
        check_key_search(&text, dialect)?;
    }

    #[test]
    fn scan_equals_read_on_mutated_texts(text in mutated_text(), dialect in dialects(), profile in profiles()) {
        check(&text, dialect, profile)?;
        check_key_search(&text, dialect)?;
    }

    #[test]
    fn scan_equals_read_on_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), name in ".{0,6}") {
        for dialect in [Dialect::Config, Dialect::Credentials] {
            check(&bytes, dialect, Some(&name))?;
            check_key_search(&bytes, dialect)?;
        }
    }
}

#[test]
fn scan_finds_every_section_of_a_large_file() {
    use std::fmt::Write;
    let mut text = String::new();
    for number in 0..3000 {
        let header = format!("[profile p{number:04}]");
        writeln!(text, "{header}\nregion = eu\nsso_session = s\n").unwrap();
    }
    text.push_str("[sso-session s]\nsso_region = eu");
    let full = read(text.as_bytes(), Dialect::Config);
    for number in (0..3000).step_by(97).chain([2999]) {
        let name = format!("p{number:04}");
        let found = scan(&mut text.as_bytes(), Dialect::Config, Some(&name)).unwrap();
        let wanted = [full.profile(&name), full.session("s")].map(|found| found.unwrap().clone());
        assert_eq!(with_line_ranks(&found.sections), with_line_ranks(&wanted));
    }
}

#[test]
fn line_longer_than_the_buffer_is_read_up_to_the_limit() {
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
fn stream_errors_are_returned_and_interruptions_retried() {
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
