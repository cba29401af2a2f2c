//! A stream seen through one buffer that is used again and again.
//!
//! It grows only for a line that does not fit, and knows nothing of lines otherwise.

use std::io::{self, ErrorKind, Read};

pub(super) struct Window<'a, R> {
    source: &'a mut R,
    /// Fully initialised; only the first `filled` bytes count. A fresh page costs more than a
    /// kilobyte of copying, so the buffer starts small and grows for files that need it.
    buffer: Vec<u8>,
    filled: usize,
    ended: bool,
}

impl<'a, R: Read> Window<'a, R> {
    pub fn new(source: &'a mut R, size: usize) -> Self {
        Window {
            source,
            buffer: vec![0; size],
            filled: 0,
            ended: false,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// The stream has no more than [`Self::bytes`].
    pub fn is_last(&self) -> bool {
        self.ended
    }

    /// Makes room for `size` bytes in all.
    pub fn grow(&mut self, size: usize) {
        if size > self.buffer.len() {
            self.buffer.resize(size, 0);
        }
    }

    /// Reads until the buffer is full or the stream ends.
    pub fn fill(&mut self) -> io::Result<()> {
        while !self.ended {
            let Some(room) = self.buffer.get_mut(self.filled..) else {
                break;
            };
            if room.is_empty() {
                break;
            }
            match self.source.read(room) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled = self.buffer.len().min(self.filled + count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Forgets the first `count` bytes.
    pub fn consume(&mut self, count: usize) {
        let count = count.min(self.filled);
        self.buffer.copy_within(count..self.filled, 0);
        self.filled -= count;
    }
}
