//! A run on a terminal of its own, which a test types on and looks at.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;

use super::run::{Outcome, Run, Watchdog, exit_code};

/// A run under way on a terminal.
pub struct Terminal {
    child: Child,
    screen: File,
    shown: Vec<u8>,
    /// So far the test has looked at what is shown.
    seen: usize,
    _watchdog: Watchdog,
}

impl Run<'_> {
    /// Starts it on a terminal, as the leader of a session: Ctrl-C reaches it.
    pub fn on_terminal(self) -> Terminal {
        let pair = openpty(None, None).unwrap();
        let mut command = std::process::Command::new("setsid");
        command.arg("--ctty").arg(self.command.get_program());
        command.args(self.command.get_args()).env_clear();
        for (name, value) in self.command.get_envs() {
            command.envs(value.map(|value| (name, value)));
        }
        let side = |fd: &OwnedFd| Stdio::from(fd.try_clone().unwrap());
        let child = command
            .current_dir(self.command.get_current_dir().unwrap())
            .stdin(side(&pair.slave))
            .stdout(side(&pair.slave))
            .stderr(side(&pair.slave))
            .spawn()
            .unwrap();
        // Our copies of the other side end here, so that the end of the run is seen.
        drop(command);
        Terminal {
            _watchdog: Watchdog::over(child.id()),
            child,
            screen: File::from(pair.master),
            shown: Vec::new(),
            seen: 0,
        }
    }
}

impl Terminal {
    /// Types.
    pub fn type_in(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }

    /// Waits until this is shown, behind what was waited for before.
    #[track_caller]
    pub fn wait_until_it_shows(&mut self, text: &str) {
        loop {
            let unseen = &self.shown[self.seen..];
            let found = unseen
                .windows(text.len())
                .position(|window| window == text.as_bytes());
            if let Some(at) = found {
                self.seen += at + text.len();
                return;
            }
            let shown = self.all_shown();
            assert!(
                self.read_more(),
                "it ended and never showed {text:?}: {shown}"
            );
        }
    }

    /// The rest of the line, behind what was waited for.
    #[track_caller]
    pub fn rest_of_line(&mut self) -> String {
        let from = self.seen;
        self.wait_until_it_shows("\n");
        let line = &self.shown[from..self.seen];
        String::from_utf8_lossy(line).trim().to_owned()
    }

    /// Whether the terminal edits lines and shows what is typed.
    pub fn edits_lines(&self) -> bool {
        let flags = tcgetattr(&self.screen).unwrap().local_flags;
        flags.contains(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG)
    }

    /// Waits until the terminal edits lines, or does not.
    pub fn wait_until_it_edits_lines(&self, wanted: bool) {
        while self.edits_lines() != wanted {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Waits for its end; stdout holds what the terminal showed.
    pub fn finish(mut self) -> Outcome {
        while self.read_more() {}
        Outcome {
            code: exit_code(self.child.wait().unwrap()),
            stdout: self.all_shown(),
            stderr: String::new(),
        }
    }

    fn all_shown(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }

    /// Reads what is shown next; false when nobody has the other side any more.
    fn read_more(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.screen.read(&mut bytes) {
            Ok(0) => false,
            Ok(read) => {
                self.shown.extend_from_slice(&bytes[..read]);
                true
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => true,
            Err(_) => false,
        }
    }
}

/// A terminal that is read all the time, for programs that draw on it.
pub struct Watched {
    child: Child,
    screen: File,
    shown: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    /// Reads it all the time from now on.
    pub fn watched(self) -> Watched {
        let shown = Arc::new(Mutex::new(self.shown));
        let mut screen = self.screen.try_clone().unwrap();
        let all = shown.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                match screen.read(&mut bytes) {
                    Ok(read) if read > 0 => all.lock().unwrap().extend_from_slice(&bytes[..read]),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    _ => return,
                }
            }
        });
        Watched {
            child: self.child,
            screen: self.screen,
            shown,
        }
    }
}

impl Watched {
    /// Types.
    pub fn type_in(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }

    /// All that was shown.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    /// Whether it goes on.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
