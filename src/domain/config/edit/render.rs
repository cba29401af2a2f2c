//! The edited text, put together from what stays, what goes and what comes.

use super::Edited;
use super::changes::{Wish, Wishes};
use super::sections::{Found, Part, Parts};
use crate::domain::config::lines::{Class, LONGEST, Lines, byte_order_mark, line_start};
use crate::domain::order;
use crate::error::Result;
use std::ops::Range;

/// A run of whole lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// In the text before, and kept.
    Keep(Range<usize>),
    /// In the text before, and gone.
    Cut(Range<usize>),
    /// In the text after, and new.
    Add(Range<usize>),
}

/// Lines of the text that something else takes the place of.
struct Splice {
    lines: Range<usize>,
    with: Vec<u8>,
}

pub(super) fn apply(text: &[u8], wishes: &Wishes<'_>, parts: &Parts) -> Result<Edited> {
    let ending = ending_of(text);
    let mut splices = Vec::new();
    let mut gone = Vec::new();
    let mut new = Vec::new();
    for (at, wish) in wishes.iter().enumerate() {
        if wish.removed {
            gone.extend(parts.all(at).iter().map(|part| without(text, part)));
        }
        let counting = parts.counting(at);
        if wish.removed || counting.is_empty() {
            if wish.wanted {
                wish.check_name()?;
                new.push(wish);
            }
        } else {
            change(text, wish, &counting, ending, &mut splices);
        }
    }
    splices.extend(cuts(text, gone));
    let place = |splice: &Splice| (splice.lines.start, splice.lines.end);
    order::sort(&mut splices, |a, b| place(a).cmp(&place(b)));
    Ok(write(text, &splices, &new, ending))
}

/// What the first line of the text ends in.
fn ending_of(text: &[u8]) -> &'static str {
    let first = Lines::of_file(text, LONGEST).next();
    let line = first
        .and_then(|line| text.get(line.span))
        .unwrap_or_default();
    if line.ends_with(b"\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

/// Changes the keys of a section that is there.
fn change(text: &[u8], wish: &Wish<'_>, parts: &[&Part], ending: &str, out: &mut Vec<Splice>) {
    let mut added = String::new();
    let mut freed: Option<usize> = None;
    for (key, value) in &wish.keys {
        let all = parts.iter().flat_map(|part| &part.properties);
        let mut found = all.filter(|found| found.key.eq_ignore_ascii_case(key));
        match value {
            None => {
                for found in found {
                    freed = freed.or(Some(found.line.end));
                    out.extend(cut(found.line.clone(), found));
                }
            }
            Some(value) => match found.next_back() {
                Some(found) if found.value == *value && !found.joined => {}
                Some(found) => {
                    out.push(Splice {
                        lines: found.line.clone(),
                        with: replaced(text, found, value),
                    });
                    out.extend(cut(0..0, found));
                }
                None if value.is_empty() => added.push_str(&format!("{key} ={ending}")),
                None => added.push_str(&format!("{key} = {value}{ending}")),
            },
        }
    }
    // What comes takes the place of what goes, where there is any.
    let place = freed.or(parts.last().map(|part| part.filled));
    if let Some(at) = place.filter(|_| !added.is_empty()) {
        out.push(Splice {
            lines: at..at,
            with: added.into_bytes(),
        });
    }
}

/// Removes the lines below a property, and the line given.
fn cut(line: Range<usize>, found: &Found) -> impl Iterator<Item = Splice> {
    let lines = std::iter::once(line).chain(found.more.iter().cloned());
    lines.filter(|lines| !lines.is_empty()).map(|lines| Splice {
        lines,
        with: Vec::new(),
    })
}

/// The line of a property with another value.
fn replaced(text: &[u8], found: &Found, value: &str) -> Vec<u8> {
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let before = part(found.line.start..found.place.start);
    // Behind a bare `=` there is no blank yet, where others have one on both sides.
    let bare = found.place.is_empty();
    let spaced = bare && !value.is_empty() && matches!(before, [.., b' ' | b'\t', b'=']);
    let blank: &[u8] = if spaced { b" " } else { b"" };
    let after = part(found.place.end..found.line.end);
    // White space that is no blank is a part of the old value, also before a comment.
    let apart: &[u8] = if after.starts_with(b"#") || after.starts_with(b";") {
        b" "
    } else {
        b""
    };
    [before, blank, value.as_bytes(), apart, after].concat()
}

/// What a section takes along: its properties, what stands between them, the comment directly
/// below them unless it is as near to the next header, and the blank lines behind.
fn without(text: &[u8], part: &Part) -> Range<usize> {
    let rest = text.get(part.filled..part.end).unwrap_or_default();
    let lines: Vec<_> = Lines::from_number(rest, 1, LONGEST)
        .map(|line| (line.class, line.span.end))
        .collect();
    let comments = lines
        .iter()
        .take_while(|(class, _)| *class == Class::Comment)
        .count();
    let of_next = comments == lines.len() && part.end < text.len();
    let from = if of_next { 0 } else { comments };
    let blanks = lines
        .iter()
        .skip(from)
        .take_while(|(class, _)| *class == Class::Blank)
        .count();
    let last = (from + blanks).checked_sub(1).and_then(|at| lines.get(at));
    part.start..part.filled + last.map_or(0, |(_, end)| *end)
}

/// The sections that go, joined where they touch. What stood before the last one stood apart
/// from it by a blank line, which has no use at the end.
fn cuts(text: &[u8], mut gone: Vec<Range<usize>>) -> Vec<Splice> {
    order::sort(&mut gone, |a, b| a.start.cmp(&b.start));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in gone {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => joined.push(range),
        }
    }
    if let Some(last) = joined.last_mut().filter(|last| last.end == text.len()) {
        let mark = byte_order_mark(text);
        let before = text.get(mark..last.start).unwrap_or_default();
        let start = line_start(before, before.len().saturating_sub(1));
        if !before.is_empty() && is_blank(before.get(start..).unwrap_or_default()) {
            last.start = mark + start;
        }
    }
    let splices = joined.into_iter().map(|lines| Splice {
        lines,
        with: Vec::new(),
    });
    splices.collect()
}

/// Whether the reader passes over the line, to which a carriage return in its middle is content.
fn is_blank(line: &[u8]) -> bool {
    Lines::from_number(line, 1, LONGEST).all(|line| line.class == Class::Blank)
}

fn write(text: &[u8], splices: &[Splice], new: &[&Wish<'_>], ending: &str) -> Edited {
    let mark = byte_order_mark(text);
    let more: usize = splices.iter().map(|splice| splice.with.len()).sum();
    let more = more + new.iter().map(|wish| wish.most(ending)).sum::<usize>();
    let mut out = Out {
        bytes: Vec::with_capacity(text.len() + more),
        steps: Vec::new(),
        mark,
        ending,
    };
    out.bytes
        .extend_from_slice(text.get(..mark).unwrap_or_default());
    let mut at = mark;
    for splice in splices {
        out.keep(text, at..splice.lines.start);
        out.cut(splice.lines.clone());
        out.add(&splice.with);
        at = splice.lines.end;
    }
    out.keep(text, at..text.len());
    for wish in new {
        out.section(wish);
    }
    // A text whose last line had no end keeps it so; a new one is a text of whole lines.
    if text.len() > mark && !text.ends_with(b"\n") && out.bytes.ends_with(b"\n") {
        out.bytes.pop();
        if out.bytes.ends_with(b"\r") {
            out.bytes.pop();
        }
    }
    Edited {
        bytes: out.bytes,
        steps: out.steps,
    }
}

struct Out<'a> {
    bytes: Vec<u8>,
    steps: Vec<Step>,
    /// The length of the byte order mark.
    mark: usize,
    ending: &'a str,
}

impl Out<'_> {
    fn keep(&mut self, text: &[u8], range: Range<usize>) {
        if !range.is_empty() {
            self.bytes
                .extend_from_slice(text.get(range.clone()).unwrap_or_default());
            self.steps.push(Step::Keep(range));
        }
    }

    fn cut(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.steps.push(Step::Cut(range));
        }
    }

    fn add(&mut self, lines: &[u8]) {
        if !lines.is_empty() {
            self.end_line();
            let start = self.bytes.len();
            self.bytes.extend_from_slice(lines);
            self.steps.push(Step::Add(start..self.bytes.len()));
        }
    }

    /// A new section, set apart by a blank line.
    fn section(&mut self, wish: &Wish<'_>) {
        self.end_line();
        let so_far = self.bytes.get(self.mark..).unwrap_or_default();
        let last = line_start(so_far, so_far.len().saturating_sub(1));
        let apart = so_far.is_empty() || is_blank(so_far.get(last..).unwrap_or_default());
        let start = self.bytes.len();
        if !apart {
            self.bytes.extend_from_slice(self.ending.as_bytes());
        }
        self.line(&[&wish.header()]);
        for (key, value) in &wish.keys {
            match value {
                Some("") => self.line(&[key, " ="]),
                Some(value) => self.line(&[key, " = ", value]),
                None => {}
            }
        }
        self.steps.push(Step::Add(start..self.bytes.len()));
    }

    fn line(&mut self, parts: &[&str]) {
        for part in parts.iter().chain(&[self.ending]) {
            self.bytes.extend_from_slice(part.as_bytes());
        }
    }

    /// Nothing is appended to a line that has no end yet. A carriage return at its end belongs
    /// to the line, and must not become a part of the end.
    fn end_line(&mut self) {
        if self.bytes.len() > self.mark && !self.bytes.ends_with(b"\n") {
            let ending = if self.bytes.ends_with(b"\r") {
                "\r\n"
            } else {
                self.ending
            };
            self.bytes.extend_from_slice(ending.as_bytes());
        }
    }
}
