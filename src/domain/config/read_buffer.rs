//! Reads a stream through one buffer that is reused and grows only on request.

use std::io::{self, ErrorKind, Read};

/// The part of a stream that has been read and not yet consumed.
pub(super) struct ReadBuffer<'a, R> {
    source: &'a mut R,
    /// Fully initialised; only the first `filled` bytes are content. A fresh page costs more than
    /// copying a kilobyte, so the buffer starts small and grows for files that need it.
    buffer: Vec<u8>,
    filled: usize,
    ended: bool,
}

impl<'a, R: Read> ReadBuffer<'a, R> {
    /// Creates an empty buffer of `size` bytes.
    pub fn new(source: &'a mut R, size: usize) -> Self {
        ReadBuffer {
            source,
            buffer: vec![0; size],
            filled: 0,
            ended: false,
        }
    }

    /// Returns the bytes read and not yet consumed.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Returns `true` if the stream has no more than [`Self::bytes`].
    pub fn is_last(&self) -> bool {
        self.ended
    }

    /// Grows the buffer to `size` bytes, if it is smaller.
    pub fn grow(&mut self, size: usize) {
        if size > self.buffer.len() {
            self.buffer.resize(size, 0);
        }
    }

    /// Reads until the buffer is full or the stream ends.
    ///
    /// # Errors
    /// Returns the error of the stream, except `Interrupted`, which is retried.
    pub fn fill(&mut self) -> io::Result<()> {
        while !self.ended {
            let Some(free) = self.buffer.get_mut(self.filled..) else {
                break;
            };
            if free.is_empty() {
                break;
            }
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
    pub fn consume(&mut self, count: usize) {
        let count = count.min(self.filled);
        self.buffer.copy_within(count..self.filled, 0);
        self.filled -= count;
    }
}
