//! The terminal: whether there is one, and reading a long line from it.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use nix::unistd::read;

use super::signals::Held;

/// A terminal is there when stdin and stderr are terminals: `terraform | tee` counts.
pub fn is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question on the terminal; only a clear yes is one.
pub fn asks(question: &str) -> bool {
    let _ = write!(io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes")
}

/// Asks for a line; `None` at the end of the input. It need not be a terminal that answers.
pub fn line(question: &str) -> Option<String> {
    const MOST: u64 = 64 * 1024;
    let _ = write!(io::stderr(), "{question}");
    let mut answer = Vec::new();
    let read = io::stdin().lock().take(MOST).read_until(b'\n', &mut answer);
    let answered = matches!(read, Ok(length) if length > 0);
    if !answered || !io::stdin().is_terminal() {
        // What nobody has typed does not end the line on the terminal.
        let _ = writeln!(io::stderr());
    }
    answered.then(|| String::from_utf8_lossy(&answer).trim().to_owned())
}

/// Whether stdout is a terminal.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether stderr is a terminal.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Pasting into the terminal with line editing off: in canonical mode the kernel cuts a
/// line at 4,096 bytes, and an address with a code in it may be longer. The old mode
/// comes back when this is dropped, and no signal has its effect before that: a Ctrl-C
/// would leave the terminal as it is.
#[derive(Debug)]
pub struct Paste {
    held: Option<Held>,
    old: Termios,
    line: Vec<u8>,
    /// Typed and not looked at yet.
    typed: VecDeque<u8>,
}

/// Nothing that can be pasted here is longer.
const MOST: usize = 64 * 1024;

impl Paste {
    /// Switches line editing off; `None` where stdin is no terminal.
    pub fn start() -> Option<Paste> {
        let old = tcgetattr(io::stdin()).ok()?;
        let paste = Paste {
            held: Some(Held::new()),
            old,
            line: Vec::new(),
            typed: VecDeque::new(),
        };
        paste.resume().then_some(paste)
    }

    /// Lets a signal that waits have its effect, with the old mode; after a stop, pasting
    /// goes on.
    pub fn let_signals_pass(&mut self) {
        if self.held.as_ref().is_some_and(Held::any) {
            self.pause();
            self.held = None;
            self.held = Some(Held::new());
            self.resume();
        }
    }

    fn resume(&self) -> bool {
        let mut raw = self.old.clone();
        // Signals and echo stay: Ctrl-C works, and the user sees what was pasted.
        raw.local_flags.remove(LocalFlags::ICANON);
        raw.control_chars[SpecialCharacterIndices::VMIN as usize] = 0;
        raw.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(io::stdin(), SetArg::TCSANOW, &raw).is_ok()
    }

    fn pause(&self) {
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.old);
    }

    /// Takes what has arrived; a whole line when its end is among it, and the next one when
    /// it is asked again. Never waits.
    pub fn take(&mut self) -> Option<String> {
        // Not through the buffer of `io::stdin`, into which poll(2) cannot look.
        let mut bytes = [0; 4096];
        let read = read(io::stdin(), &mut bytes).unwrap_or(0);
        self.typed.extend(&bytes[..read]);
        while let Some(byte) = self.typed.pop_front() {
            match byte {
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.line);
                    return Some(String::from_utf8_lossy(&line).trim().to_owned());
                }
                // Backspace: line editing is off, so this much is ours to do.
                0x08 | 0x7f => {
                    self.line.pop();
                }
                _ if self.line.len() < MOST => self.line.push(byte),
                _ => {}
            }
        }
        None
    }
}

impl Drop for Paste {
    fn drop(&mut self) {
        self.pause();
    }
}

/// Stdin as a descriptor to wait for.
pub fn with_stdin<T>(use_it: impl FnOnce(BorrowedFd) -> T) -> T {
    use_it(io::stdin().as_fd())
}
