//! `cargo xtask demo`: shows the main commands, without an account or a network.
//!
//! The emulator runs in this process, and the commands run in a temporary HOME. Each is printed
//! as it can be typed in the shell at the end. With `--yes` the demo runs unattended. A step with
//! an unexpected exit code is an error.

pub(crate) mod build;
mod home;
mod shell;

use crate::workspace::Workspace;
use emulator::{Account, Emulator, Handle, Options};
use home::DemoHome;
use shell::DemoShell;
use std::io::IsTerminal;

#[derive(Debug, Default, PartialEq)]
struct DemoOptions {
    /// Whether the sign-in is approved automatically.
    yes: bool,
    /// Whether to omit the interactive shell at the end.
    no_shell: bool,
}

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let options = parse_args(args)?;
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !options.yes && !terminal {
        return Err(
            "approving the sign-in needs a terminal; add --yes to approve it automatically"
                .to_string(),
        );
    }
    let programs = build::build_programs(workspace)?;
    let emulator = Emulator::start(Options::default()).map_err(|e| e.to_string())?;
    let server = emulator.handle();
    create_accounts(&server);
    let home = DemoHome::create()?;
    let shell = DemoShell::new(&home, &programs, &emulator.url(), options.yes);
    println!(
        "This is sso with an emulated IAM Identity Center:\n  {}\n\
         HOME is {} until the demo ends.",
        emulator.url(),
        home.path().display()
    );
    run_commands(&shell, &server, &options)?;
    if !options.no_shell && terminal {
        run_interactive(&shell)?;
    }
    home.remove()
}

/// Parses `[--yes] [--no-shell]`.
fn parse_args(args: &[&str]) -> Result<DemoOptions, String> {
    let mut options = DemoOptions::default();
    for arg in args {
        match *arg {
            "--yes" => options.yes = true,
            "--no-shell" => options.no_shell = true,
            other => {
                return Err(format!(
                    "unexpected argument {other:?}; try --yes or --no-shell"
                ));
            }
        }
    }
    Ok(options)
}

/// Creates the accounts that the profiles of the demo name.
fn create_accounts(server: &Handle) {
    server.clear_accounts();
    for (id, name, roles) in [
        ("111122223333", "Staging", &["Developer", "ReadOnly"][..]),
        ("012345678901", "Production", &["ReadOnly", "Operator"]),
        ("444455556666", "Data Science", &["Analyst"]),
    ] {
        server.put_account(Account::new(id, name, roles));
    }
}

/// Runs the commands of the demo.
fn run_commands(shell: &DemoShell, server: &Handle, options: &DemoOptions) -> Result<(), String> {
    shell.print("sso reads the configuration of the AWS CLI.");
    shell.run("cat ~/.aws/config", 0)?;
    shell.print("There is no sign-in yet. For scripts, the exit code is 4.");
    shell.run("sso status", 4)?;

    shell.print("Sign in once for all profiles of the session.");
    if options.yes {
        shell.print("(With --yes, an emulated browser approves the sign-in.)");
    } else {
        shell.print(
            "Press Approve on the page that opens. If no browser can open, sso prints a URL\n\
             on this computer and a code. To skip this step, press Ctrl-C and run\n\
             `cargo xtask demo --yes`.",
        );
    }
    shell.run("sso login", 0)?;
    shell.run("sso status", 0)?;

    shell.print("`sso exec` runs a command with the credentials of a role in its environment.");
    shell.run("sso exec -p dev -- env | grep ^AWS_ | grep -v ENDPOINT", 0)?;
    shell.print("AWS tools call `sso credential-process`. The demo truncates secrets.");
    shell.run("sso credential-process -p 'prod: look only'", 0)?;

    let before = server.count("");
    shell.print("The next call reads the cache, which is shared with the AWS CLI.");
    shell.run("sso credential-process -p 'prod: look only'", 0)?;
    match server.count("") - before {
        0 => shell.print("It made no request."),
        made => return Err(format!("a warm call made {made} requests")),
    }
    Ok(())
}

/// Starts an interactive shell with hints.
fn run_interactive(shell: &DemoShell) -> Result<(), String> {
    shell.print(
        "This shell uses the same HOME and emulator. For example, try\n\n  \
         sso exec -p research -- env\n  sso status --json\n  sso logout\n\n\
         `exit` ends the shell and the emulator and removes the temporary HOME.",
    );
    shell.run_interactive()
}

#[cfg(test)]
mod tests {
    use super::{DemoOptions, parse_args};

    #[test]
    fn arguments_are_parsed() {
        let all = DemoOptions {
            yes: true,
            no_shell: true,
        };
        assert_eq!(parse_args(&["--no-shell", "--yes"]), Ok(all));
        assert_eq!(parse_args(&[]), Ok(DemoOptions::default()));
        assert!(parse_args(&["-y"]).is_err_and(|message| message.contains("\"-y\"")));
    }
}
