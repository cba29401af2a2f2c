//! The terminal: whether there is one, questions that a line answers, and long pasted lines.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

use nix::sys::termios::LocalFlags;
use nix::unistd::read;

use super::terminal_mode::TerminalMode;

/// Length in bytes at which a line of input is cut.
const MAX_LINE: usize = 64 * 1024;

/// Returns `true` if stdin and stderr are terminals, so that the user can be asked. Stdout may
/// be a pipe, as in `sso exec terraform plan | tee`.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question on stderr; only `y` and `yes` are consent.
pub fn confirm(question: &str) -> bool {
    let answer = read_line(&format!("{question} [y/N] "));
    answer.is_some_and(|answer| is_consent(&answer))
}

/// Asks a question on the controlling terminal, whatever stdin and stderr are. Returns `None` if
/// there is no such terminal.
pub fn confirm_on_terminal(question: &str) -> Option<bool> {
    let mut terminal = File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .ok()?;
    write!(terminal, "{question} [y/N] ").ok()?;
    let mut line = String::new();
    let mut input = BufReader::new(terminal.take(MAX_LINE as u64));
    // A process in an orphaned background group gets an error and no answer.
    input.read_line(&mut line).ok()?;
    Some(is_consent(line.trim()))
}

fn is_consent(answer: &str) -> bool {
    matches!(answer, "y" | "Y" | "yes" | "Yes")
}

/// Writes a prompt to stderr and reads a line from stdin, which need not be a terminal. Returns
/// the line without surrounding blanks, or `None` at the end of stdin.
pub fn read_line(prompt: &str) -> Option<String> {
    let _ = write!(io::stderr(), "{prompt}");
    let mut line = Vec::new();
    let mut stdin = io::stdin().lock().take(MAX_LINE as u64);
    let is_read = matches!(stdin.read_until(b'\n', &mut line), Ok(length) if length > 0);
    if !is_read || !io::stdin().is_terminal() {
        // Ends the line of the prompt, which otherwise the user's Enter does.
        let _ = writeln!(io::stderr());
    }
    is_read.then(|| String::from_utf8_lossy(&line).trim().to_owned())
}

/// Reads pasted lines without waiting. Line editing is off: with it, the kernel cuts a line at
/// 4,096 bytes, and a redirect address with an authorization code may be longer.
#[derive(Debug)]
pub struct PasteReader {
    mode: TerminalMode,
    line: Vec<u8>,
    /// Bytes that are read and not yet part of `line`.
    input: VecDeque<u8>,
}

impl PasteReader {
    /// Switches line editing off; `None` if stdin is no terminal.
    pub fn start() -> Option<PasteReader> {
        // ECHO and ISIG stay on: the user sees the pasted text, and Ctrl-C sends a signal.
        let mode = TerminalMode::enter(LocalFlags::ICANON, 0)?;
        Some(PasteReader {
            mode,
            line: Vec::new(),
            input: VecDeque::new(),
        })
    }

    /// Lets a pending signal take effect; reading goes on after a stop.
    pub fn deliver_signals(&mut self) {
        self.mode.deliver_signals(|| ());
    }

    /// Reads what has arrived, without waiting. Returns the first complete line; further ones
    /// are returned by the next calls.
    pub fn next_line(&mut self) -> Option<String> {
        // Unbuffered: poll(2) does not see bytes in the buffer of `io::stdin`.
        let mut bytes = [0; 4096];
        let length = read(io::stdin(), &mut bytes).unwrap_or(0);
        self.input.extend(&bytes[..length]);
        while let Some(byte) = self.input.pop_front() {
            match byte {
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.line);
                    return Some(String::from_utf8_lossy(&line).trim().to_owned());
                }
                // Backspace, which the terminal handles only with line editing.
                0x08 | 0x7f => {
                    self.line.pop();
                }
                _ if self.line.len() < MAX_LINE => self.line.push(byte),
                _ => {}
            }
        }
        None
    }
}
