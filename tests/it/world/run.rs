//! One run of the binary, and what it printed.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::World;

/// A run that is being prepared.
pub struct Run<'a> {
    world: &'a World,
    pub(super) command: Command,
    input: Option<Vec<u8>>,
    /// Stdout may hold role credentials.
    delivers: bool,
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; 128 and the signal's number for one that a signal ended.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The built binary.
pub fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_sso"))
}

/// The emulator's program, whose `browse` plays the user. It is built beside our binary,
/// on demand, because cargo builds only libraries of a dependency.
pub fn emulator_binary() -> PathBuf {
    static BUILT: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    BUILT
        .get_or_init(|| {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut build = Command::new(cargo);
            build
                .args(["build", "--quiet", "--locked"])
                .args(["--package", "emulator", "--bins"])
                .current_dir(env!("CARGO_MANIFEST_DIR"));
            // What cargo sets for a test makes build scripts that watch these variables run
            // anew, and everything above them be built again, each time.
            for (name, _) in std::env::vars_os() {
                let name = name.to_str().unwrap_or_default();
                if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                    build.env_remove(name);
                }
            }
            let status = build.status().unwrap();
            assert!(status.success(), "the emulator's program does not build");
            binary().with_file_name("sso-emulator")
        })
        .clone()
}

impl<'a> Run<'a> {
    pub fn new<I: AsRef<OsStr>>(
        world: &'a World,
        arguments: impl IntoIterator<Item = I>,
    ) -> Run<'a> {
        let arguments: Vec<OsString> = arguments
            .into_iter()
            .map(|a| a.as_ref().to_owned())
            .collect();
        let is = |name: &str| arguments.iter().any(|argument| argument == name);
        let delivers = is("credential-process")
            || is("credential_process")
            || is("env")
            || is("exec")
            || is("hook-env");
        let mut run = Run {
            world,
            command: Command::new(binary()),
            input: None,
            delivers,
        };
        run.command.args(&arguments);
        run.clean();
        run
    }

    /// Another program in the same environment.
    pub fn other(world: &'a World, program: impl AsRef<OsStr>) -> Run<'a> {
        let mut run = Run {
            world,
            command: Command::new(program),
            input: None,
            delivers: true,
        };
        run.clean();
        run
    }

    fn clean(&mut self) {
        let url = self.world.emulator().url();
        self.command
            .env_clear()
            .env("HOME", self.world.home())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL_SSO", &url)
            .env("AWS_ENDPOINT_URL_SSO_OIDC", &url)
            .env("AWS_ENDPOINT_URL_STS", &url)
            .current_dir(self.world.home());
    }

    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.command.args(arguments);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Puts it into a process group of its own, so that a signal can go to all of it.
    pub fn own_group(mut self) -> Self {
        use std::os::unix::process::CommandExt;
        self.command.process_group(0);
        self
    }

    /// Where it runs, instead of the home.
    pub fn within(mut self, directory: &std::path::Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// What it reads on stdin.
    pub fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = Some(text.as_ref().to_vec());
        self
    }

    /// A browser whose user approves everything.
    pub fn approving_browser(self) -> Self {
        self.browser("approve")
    }

    /// A browser whose user does this: approve, deny or open.
    pub fn browser(self, what: &str) -> Self {
        let program = emulator_binary();
        self.env("BROWSER", format!("{} browse {what} %s", program.display()))
    }

    /// Starts it, with its output collected.
    pub fn start(mut self) -> Running<'a> {
        self.command.stdin(if self.input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self
            .command
            .spawn()
            .unwrap_or_else(|error| panic!("{:?}: {error}", self.command));
        if let Some(input) = &self.input {
            // A program that does not read all of it is within its rights.
            let _ = child.stdin.take().unwrap().write_all(input);
        }
        Running {
            world: self.world,
            _watchdog: Watchdog::over(child.id()),
            child,
            said: Vec::new(),
            delivers: self.delivers,
            description: format!("{:?}", self.command),
        }
    }

    /// Runs it to its end.
    pub fn run(self) -> Outcome {
        self.start().finish()
    }
}

/// The exit code; 128 and the signal's number for a run that a signal ended.
pub(super) fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// A run under way.
pub struct Running<'a> {
    world: &'a World,
    pub(super) child: Child,
    /// What has been read of stderr already.
    said: Vec<u8>,
    delivers: bool,
    description: String,
    _watchdog: Watchdog,
}

/// Ends a run that never ends by itself: a sign-in that nobody answers would keep the whole
/// suite for ten minutes. No test needs half of this time on a loaded machine.
pub(super) struct Watchdog {
    _called_off: Sender<()>,
}

impl Watchdog {
    pub(super) fn over(pid: u32) -> Watchdog {
        let (called_off, waiting) = channel();
        std::thread::spawn(move || {
            let waited = waiting.recv_timeout(Duration::from_secs(180));
            if waited == Err(RecvTimeoutError::Timeout) {
                let kill = Command::new("kill").args(["-9", &pid.to_string()]).status();
                drop(kill);
            }
        });
        Watchdog {
            _called_off: called_off,
        }
    }
}

impl Running<'_> {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to it, or to its whole group.
    pub fn signal(&self, signal: Signal, group: bool) {
        let id = i32::try_from(self.id()).unwrap();
        kill(Pid::from_raw(if group { -id } else { id }), signal).unwrap();
    }

    /// Waits until it says something on stderr.
    #[track_caller]
    pub fn wait_until_it_says(&mut self, text: &str) {
        while !self.said.ends_with(text.as_bytes()) {
            self.hear(text);
        }
    }

    /// Reads one more byte of stderr, on the way to this text.
    #[track_caller]
    fn hear(&mut self, text: &str) {
        let mut byte = [0];
        let read = self.child.stderr.as_mut().unwrap().read(&mut byte).unwrap();
        let said = String::from_utf8_lossy(&self.said);
        assert_eq!(read, 1, "it ended and never said {text:?}: {said}");
        self.said.push(byte[0]);
    }

    /// The rest of the line that it is saying on stderr.
    pub fn rest_of_line(&mut self) -> String {
        let from = self.said.len();
        self.hear("a line");
        self.wait_until_it_says("\n");
        String::from_utf8_lossy(&self.said[from..])
            .trim()
            .to_owned()
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Outcome {
        let (stdout, stderr) = self.read_all();
        let status = self.child.wait().unwrap();
        self.outcome(status, &stdout, stderr)
    }

    /// Reads what it prints, to the end.
    pub(super) fn read_all(&mut self) -> (Vec<u8>, Vec<u8>) {
        let mut stderr = self.child.stderr.take().unwrap();
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).unwrap();
            bytes
        });
        let mut stdout = Vec::new();
        let mut pipe = self.child.stdout.take().unwrap();
        pipe.read_to_end(&mut stdout).unwrap();
        (stdout, reading.join().unwrap())
    }

    /// What it came to, with everything it has said.
    pub(super) fn outcome(self, status: ExitStatus, stdout: &[u8], mut stderr: Vec<u8>) -> Outcome {
        stderr.splice(0..0, self.said);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let outcome = Outcome {
            code: exit_code(status),
            stdout: text(stdout),
            stderr: text(&stderr),
        };
        self.world
            .assert_no_secret(&outcome.stderr, &self.description);
        if !self.delivers {
            self.world
                .assert_no_secret(&outcome.stdout, &self.description);
        }
        outcome
    }
}

impl Outcome {
    /// Demands an exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Outcome {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Demands a text on stderr.
    #[track_caller]
    pub fn says(self, text: &str) -> Outcome {
        assert!(self.stderr.contains(text), "no {text:?} in {self:#?}");
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }
}
