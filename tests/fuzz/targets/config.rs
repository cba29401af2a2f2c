//! The reader of `~/.aws/config`: the streamed reader must say of every profile and session
//! what the full one says, whatever the buffer cuts, and both must say where it stands.
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
        places(&full, data);
        let keys = full.profiles().flat_map(|own| &own.properties);
        for key in keys.map(|own| &own.key).filter(|key| key.is_ascii()) {
            assert!(may_contain_key(data, dialect, key), "{key:?}");
        }
        let names: Vec<&str> = full.profiles().map(|own| own.name.as_str()).collect();
        let one = (!names.is_empty()).then(|| names[sum % names.len()]);
        for name in [one, Some(["dev", "()", "nobody"][sum % 3])] {
            let found = scan(&mut Trickle(data, 1 + data.len() / 3), dialect, name).unwrap();
            same(&found, &full, name);
        }
        // A long file costs as much as twenty short ones.
        if dialect == Dialect::Config && sum % 16 == 0 {
            long(data, &full, sum / 16);
        }
    }
});

/// A stream that hands out little at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(out.len());
        self.0.read(&mut out[..count])
    }
}

/// The streamed reader found what the full one found, and no problem of its own. It does not
/// count lines; its numbers only keep their order.
fn same(found: &Document, full: &Document, profile: Option<&str>) {
    let wanted = |section: &&Section| match section.kind {
        SectionKind::Profile => Some(section.name.as_str()) == profile,
        SectionKind::SsoSession => true,
        SectionKind::Services => false,
    };
    let expected: Vec<Section> = full.sections.iter().filter(wanted).cloned().collect();
    let (mut of_found, mut of_expected) = (Vec::new(), Vec::new());
    assert_eq!(
        without_lines(&found.sections, &mut of_found),
        without_lines(&expected, &mut of_expected)
    );
    let order =
        |lines: &[u32]| -> Vec<_> { lines.windows(2).map(|two| two[0].cmp(&two[1])).collect() };
    assert_eq!(order(&of_found), order(&of_expected));
    for problem in &found.problems {
        assert!(
            full.problems.iter().any(|known| known.what == problem.what),
            "{problem:?}"
        );
    }
    assert!(found.quirks.is_empty());
}

/// The sections with every line number taken out and put aside.
fn without_lines(sections: &[Section], lines: &mut Vec<u32>) -> Vec<Section> {
    let mut sections = sections.to_vec();
    for section in &mut sections {
        lines.push(std::mem::take(&mut section.line));
        let own = section.properties.iter_mut();
        for property in own.flat_map(|own| {
            std::iter::once(&mut own.line)
                .chain(own.nested.iter_mut().map(|nested| &mut nested.line))
        }) {
            lines.push(std::mem::take(property));
        }
        for problem in &mut section.problems {
            lines.push(std::mem::take(&mut problem.line));
        }
    }
    sections
}

/// The same text at the end of a file so long that it is searched and not walked, with the
/// cut between two fillings of the buffer somewhere in the text.
fn long(data: &[u8], full: &Document, cut: usize) {
    const CHUNK: usize = 64 << 10;
    // What a byte order mark means at the start, it does not mean in the middle.
    if data.starts_with(b"\xef\xbb\xbf") {
        return;
    }
    let before = CHUNK - 2 - cut % data.len().clamp(1, CHUNK / 2);
    let mut text = vec![b'#'; before];
    text.push(b'\n');
    text.extend_from_slice(data);
    let name = full
        .profiles()
        .last()
        .map_or("dev", |section| &section.name);
    let found = scan(&mut text.as_slice(), Dialect::Config, Some(name)).unwrap();
    same(&found, full, Some(name));
}

/// Every line number leads to what is said to stand there.
fn places(full: &Document, data: &[u8]) {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let line = |number: u32| lines[usize::try_from(number).unwrap() - 1];
    let text = |number: u32| String::from_utf8_lossy(line(number)).into_owned();
    let property = |property: &Property| {
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
        for own in &section.properties {
            property(own);
            own.nested.iter().for_each(property);
        }
    }
    let own = full.sections.iter().flat_map(|section| &section.problems);
    for problem in own.chain(&full.problems) {
        let _ = line(problem.line);
    }
    for quirk in &full.quirks {
        let _ = line(quirk.line.max(1));
    }
    assert!(full.problems.is_sorted_by_key(|problem| problem.line));
    assert!(full.quirks.is_sorted_by_key(|quirk| quirk.line));
}
