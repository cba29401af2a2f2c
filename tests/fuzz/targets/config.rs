//! The two readers of `~/.aws/config` and `~/.aws/credentials`.
//!
//! `scan` finds the same sections and problems as `read`, wherever its buffer splits the text. The
//! line numbers of `read` are correct and sorted, and those of `scan` have the same order. `scan`
//! reports no quirks. `may_contain_key` finds every key that a profile has.
#![no_main]

use std::io::{self, Read};

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::config::{
    Dialect, Document, Property, Section, SectionKind, may_contain_key, read, scan,
};

fuzz_target!(|data: &[u8]| {
    let sum = data
        .iter()
        .fold(0usize, |sum, byte| (sum * 31 + usize::from(*byte)) % 65_521);
    for dialect in [Dialect::Config, Dialect::Credentials] {
        let full = read(data, dialect);
        check_line_numbers(&full, data);
        let properties = full.profiles().flat_map(|section| &section.properties);
        let keys = properties.map(|property| &property.key);
        for key in keys.filter(|key| key.is_ascii()) {
            assert!(may_contain_key(data, dialect, key), "{key:?}");
        }
        let profiles = full.profiles();
        let names: Vec<&str> = profiles.map(|section| section.name.as_str()).collect();
        let existing = (!names.is_empty()).then(|| names[sum % names.len()]);
        for name in [existing, Some(["dev", "()", "nobody"][sum % 3])] {
            let mut source = ShortReads(data, 1 + data.len() / 3);
            let scanned = scan(&mut source, dialect, name).unwrap();
            check_scanned(&scanned, &full, name);
        }
        // Only for one input in 16: a long file costs as much as twenty short ones.
        if dialect == Dialect::Config && sum % 16 == 0 {
            check_long_file(data, &full, sum / 16);
        }
    }
});

/// A reader that returns at most a given number of bytes per call.
struct ShortReads<'a>(&'a [u8], usize);

impl Read for ShortReads<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(out.len());
        self.0.read(&mut out[..count])
    }
}

/// Checks that `scan` found the sections of a profile and all sso-sessions as `read` did, and
/// reports no problem that `read` does not report. `scan` does not count skipped lines, so only the
/// order of its line numbers is compared.
fn check_scanned(scanned: &Document, full: &Document, profile: Option<&str>) {
    let is_expected = |section: &&Section| match section.kind {
        SectionKind::Profile => Some(section.name.as_str()) == profile,
        SectionKind::SsoSession => true,
        SectionKind::Services => false,
    };
    let expected: Vec<Section> = full.sections.iter().filter(is_expected).cloned().collect();
    let (mut scanned_lines, mut expected_lines) = (Vec::new(), Vec::new());
    assert_eq!(
        without_lines(&scanned.sections, &mut scanned_lines),
        without_lines(&expected, &mut expected_lines)
    );
    let order =
        |lines: &[u32]| -> Vec<_> { lines.windows(2).map(|pair| pair[0].cmp(&pair[1])).collect() };
    assert_eq!(order(&scanned_lines), order(&expected_lines));
    for problem in &scanned.problems {
        assert!(
            full.problems.iter().any(|known| known.what == problem.what),
            "{problem:?}"
        );
    }
    assert!(scanned.quirks.is_empty());
}

/// Returns the sections with every line number set to zero, and adds the numbers to `lines`.
fn without_lines(sections: &[Section], lines: &mut Vec<u32>) -> Vec<Section> {
    let mut sections = sections.to_vec();
    for section in &mut sections {
        lines.push(std::mem::take(&mut section.line));
        let properties = section.properties.iter_mut();
        for line in properties.flat_map(|property| {
            let nested = property.nested.iter_mut().map(|nested| &mut nested.line);
            std::iter::once(&mut property.line).chain(nested)
        }) {
            lines.push(std::mem::take(line));
        }
        for problem in &mut section.problems {
            lines.push(std::mem::take(&mut problem.line));
        }
    }
    sections
}

/// Checks the same text at the end of a file so large that `scan` searches it for headers instead
/// of reading each line. The buffer is refilled at `split`, a position within the text.
fn check_long_file(data: &[u8], full: &Document, split: usize) {
    const CHUNK: usize = 64 << 10;
    // A byte order mark is special only at the start of a file.
    if data.starts_with(b"\xef\xbb\xbf") {
        return;
    }
    let before = CHUNK - 2 - split % data.len().clamp(1, CHUNK / 2);
    let mut text = vec![b'#'; before];
    text.push(b'\n');
    text.extend_from_slice(data);
    let name = full
        .profiles()
        .last()
        .map_or("dev", |section| &section.name);
    let scanned = scan(&mut text.as_slice(), Dialect::Config, Some(name)).unwrap();
    check_scanned(&scanned, full, Some(name));
}

/// Checks that every section and property is on the line that it names, and that problems and
/// quirks name existing lines in order.
fn check_line_numbers(full: &Document, data: &[u8]) {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let line = |number: u32| lines[usize::try_from(number).unwrap() - 1];
    let text = |number: u32| String::from_utf8_lossy(line(number)).into_owned();
    let check_property = |property: &Property| {
        let text = text(property.line);
        let text = text.trim_start_matches([' ', '\t']);
        let key = text.get(..property.key.len()).unwrap_or_default();
        assert!(
            key.eq_ignore_ascii_case(&property.key),
            "{key:?} {property:?}"
        );
        let value = property.value.split('\n').next().unwrap();
        assert!(text.contains(value), "{property:?}");
    };
    for section in &full.sections {
        assert!(line(section.line).starts_with(b"["), "{section:?}");
        assert!(!section.name.is_empty() && !section.name.chars().any(char::is_control));
        for property in &section.properties {
            check_property(property);
            property.nested.iter().for_each(check_property);
        }
    }
    let sections = full.sections.iter();
    let in_sections = sections.flat_map(|section| &section.problems);
    for problem in in_sections.chain(&full.problems) {
        let _ = line(problem.line);
    }
    for quirk in &full.quirks {
        let _ = line(quirk.line.max(1));
    }
    assert!(full.problems.is_sorted_by_key(|problem| problem.line));
    assert!(full.quirks.is_sorted_by_key(|quirk| quirk.line));
}
