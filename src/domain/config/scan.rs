//! Reads one profile and the sso-sessions from a stream of any length, for the hot path.
//!
//! The result equals that of [`super::read`] for these sections, except for line numbers, which
//! only keep their order. Counting the skipped lines would be a third pass over the file, and an
//! error report reads the whole file anyway. Quirks are not collected, and problems only inside
//! these sections and in headers that may belong to them.

use super::document::{Dialect, Document};
use super::document_builder::DocumentBuilder;
use super::header_search::HeaderSearch;
use super::lines::{Lines, MAX_LINE_LENGTH, byte_order_mark_length, line_length, line_start};
use super::section_filter::SectionFilter;
use std::io::{self, ErrorKind, Read};

/// Reads all sections of the profile, merged, and every sso-session. Line numbers only give the
/// order. Malformed lines become problems.
pub fn scan(
    source: &mut impl Read,
    dialect: Dialect,
    profile: Option<&str>,
) -> io::Result<Document> {
    scan_with_sizes(source, dialect, profile, &BufferSizes::DEFAULT)
}

/// Buffer sizes in bytes. Tests use smaller ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct BufferSizes {
    /// Size of the first read. Most files fit.
    pub first: usize,
    /// Largest file that is read from header to header, without preparing a substring search.
    pub small_file: usize,
    /// Buffer for longer files: large enough to make reads few, small enough to stay in the
    /// processor's cache.
    pub piece: usize,
    pub max_line_length: usize,
}

impl BufferSizes {
    const DEFAULT: BufferSizes = BufferSizes {
        first: 8 << 10,
        small_file: 32 << 10,
        piece: 64 << 10,
        max_line_length: MAX_LINE_LENGTH,
    };
}

pub(super) fn scan_with_sizes(
    source: &mut impl Read,
    dialect: Dialect,
    profile: Option<&str>,
    sizes: &BufferSizes,
) -> io::Result<Document> {
    let mut buffer = ReadBuffer::new(source, sizes.first);
    buffer.fill()?;
    if !buffer.ended {
        buffer.grow(sizes.small_file);
        buffer.fill()?;
    }
    let search = if buffer.ended {
        HeaderSearch::in_small_file(dialect, profile)
    } else {
        buffer.grow(sizes.piece);
        HeaderSearch::in_large_file(dialect, profile)
    };
    buffer.consume(byte_order_mark_length(buffer.bytes()));
    Scanner {
        builder: DocumentBuilder::new(dialect, SectionFilter::Profile(profile)),
        search,
        next_line: 1,
        max_line_length: sizes.max_line_length,
    }
    .run(buffer)
}

struct Scanner<'a> {
    builder: DocumentBuilder<'a>,
    search: HeaderSearch<'a>,
    /// Number of the next line that the builder gets.
    next_line: u32,
    max_line_length: usize,
}

impl Scanner<'_> {
    fn run<R: Read>(mut self, mut buffer: ReadBuffer<'_, R>) -> io::Result<Document> {
        loop {
            buffer.fill()?;
            let bytes = buffer.bytes();
            let whole_lines = if buffer.ended {
                bytes.len()
            } else {
                line_start(bytes, bytes.len())
            };
            if whole_lines > 0 {
                self.scan_piece(bytes.get(..whole_lines).unwrap_or_default());
                buffer.consume(whole_lines);
            } else if buffer.ended {
                return Ok(self.builder.finish());
            } else if bytes.len() <= self.max_line_length {
                let limit = self.max_line_length.saturating_add(1);
                buffer.grow(limit.min(bytes.len() * 2));
            } else {
                for line in Lines::from_number(bytes, self.next_line, self.max_line_length) {
                    self.builder.add_line(&line);
                }
                self.next_line = self.next_line.saturating_add(1);
                buffer.skip_line()?;
            }
        }
    }

    /// Adds the lines of matching sections in a piece made of whole lines.
    fn scan_piece(&mut self, bytes: &[u8]) {
        self.search.start_piece();
        let mut at = 0;
        loop {
            if self.builder.is_skipping() {
                match self.search.find(bytes, at) {
                    Some(start) => at = start,
                    None => break,
                }
            }
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            for line in Lines::from_number(rest, self.next_line, self.max_line_length) {
                self.builder.add_line(&line);
                self.next_line = self.next_line.saturating_add(1);
                at += line.span.len();
                if self.builder.is_skipping() {
                    break;
                }
            }
        }
    }
}

/// The part of a stream that has been read and not yet consumed. It is reused and grows only on
/// request.
struct ReadBuffer<'a, R> {
    source: &'a mut R,
    /// Fully initialised; only the first `filled` bytes are content. A fresh page costs more than
    /// copying a kilobyte, so the buffer starts small and grows for files that need it.
    buffer: Vec<u8>,
    filled: usize,
    /// Whether the stream has no more than [`Self::bytes`].
    ended: bool,
}

impl<'a, R: Read> ReadBuffer<'a, R> {
    fn new(source: &'a mut R, size: usize) -> Self {
        ReadBuffer {
            source,
            buffer: vec![0; size],
            filled: 0,
            ended: false,
        }
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Grows the buffer to `size` bytes, if it is smaller.
    fn grow(&mut self, size: usize) {
        self.buffer.resize(size.max(self.buffer.len()), 0);
    }

    /// Reads until the buffer is full or the stream ends.
    fn fill(&mut self) -> io::Result<()> {
        while !self.ended && self.filled < self.buffer.len() {
            let free = self.buffer.get_mut(self.filled..).unwrap_or_default();
            match self.source.read(free) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled = self.buffer.len().min(self.filled + count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Removes the first `count` bytes.
    fn consume(&mut self, count: usize) {
        let count = count.min(self.filled);
        self.buffer.copy_within(count..self.filled, 0);
        self.filled -= count;
    }

    /// Skips the rest of a line that is too long.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let length = line_length(self.bytes());
            let line = self.bytes().get(..length).unwrap_or_default();
            let has_end = line.ends_with(b"\n");
            self.consume(length);
            if has_end || self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }
}
