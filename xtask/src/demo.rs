//! `cargo xtask demo`: the main job in front of a person, without an account or a network.
//!
//! The emulator runs in this process, everything else in a temporary HOME. Each command is
//! printed as it is and run by a shell, so that whoever watches can type it again in the
//! shell at the end. With `--yes` nobody is needed, and any step that does not come out as
//! it should is a failure.

pub(crate) mod build;
mod home;
mod stage;

use crate::workspace::Workspace;
use emulator::{Account, Emulator, Handle, Options};
use home::Home;
use stage::Stage;
use std::io::IsTerminal;

#[derive(Debug, Default, PartialEq)]
struct Wishes {
    /// Approve the sign-in without asking anybody.
    yes: bool,
    no_shell: bool,
}

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    let wishes = wishes(words)?;
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !wishes.yes && !terminal {
        return Err("without a terminal nobody can approve the sign-in; add --yes".to_string());
    }
    let programs = build::programs(workspace)?;
    let emulator = Emulator::start(Options::default()).map_err(|e| e.to_string())?;
    let server = emulator.handle();
    furnish(&server);
    let home = Home::create()?;
    let stage = Stage::new(&home, &programs, &emulator.url(), wishes.yes);
    println!(
        "This is sso, on an IAM Identity Center that exists only while this runs:\n  \
         {}\nHOME is {} until the end.",
        emulator.url(),
        home.path().display()
    );
    walk(&stage, &server, &wishes)?;
    if !wishes.no_shell && terminal {
        shell(&stage)?;
    }
    home.remove()
}

fn wishes(words: &[&str]) -> Result<Wishes, String> {
    let mut wishes = Wishes::default();
    for word in words {
        match *word {
            "--yes" => wishes.yes = true,
            "--no-shell" => wishes.no_shell = true,
            other => return Err(format!("cannot use {other:?}; try --yes or --no-shell")),
        }
    }
    Ok(wishes)
}

/// Gives the emulator the accounts that the profiles of the demo name.
fn furnish(server: &Handle) {
    server.clear_accounts();
    for (id, name, roles) in [
        ("111122223333", "Staging", &["Developer", "ReadOnly"][..]),
        ("012345678901", "Production", &["ReadOnly", "Operator"]),
        ("444455556666", "Data Science", &["Analyst"]),
    ] {
        server.put_account(Account::new(id, name, roles));
    }
}

/// The main job, a command at a time.
fn walk(stage: &Stage, server: &Handle, wishes: &Wishes) -> Result<(), String> {
    stage.tell("The configuration is that of the AWS CLI; sso has none of its own.");
    stage.run("cat ~/.aws/config", 0)?;
    stage.tell("Nobody is signed in. Scripts see that by the exit code, which is 4.");
    stage.run("sso status", 4)?;

    stage.tell("Sign in, once for every profile of the session.");
    if wishes.yes {
        stage.tell("(A browser that says yes to everything stands in for you.)");
    } else {
        stage.tell(
            "Press Approve on the page that opens. Where none can open, sso prints an\n\
             address and a code: the address leads to this computer only. In a hurry?\n\
             Ctrl-C, then `cargo xtask demo --yes`.",
        );
    }
    stage.run("sso login", 0)?;
    stage.run("sso status", 0)?;

    stage.tell("Any command gets the credentials of a role in its environment.");
    stage.run("sso exec -p dev -- env | grep ^AWS_ | grep -v ENDPOINT", 0)?;
    stage.tell("AWS tools get them by `credential_process`. Secrets are shortened here.");
    stage.run("sso credential-process -p 'prod: look only'", 0)?;

    let before = server.count("");
    stage.tell("From now on they come out of the cache that the AWS CLI uses too.");
    stage.run("sso credential-process -p 'prod: look only'", 0)?;
    match server.count("") - before {
        0 => stage.tell("That took no request at all."),
        made => return Err(format!("a warm call made {made} requests")),
    }
    Ok(())
}

fn shell(stage: &Stage) -> Result<(), String> {
    stage.tell(
        "Your turn: a shell in which all of this goes on. Try for instance\n\n  \
         sso exec -p research -- env\n  sso status --json\n  sso logout\n\n\
         `exit` ends it, and with it this Identity Center and the temporary HOME.",
    );
    stage.shell()
}

#[cfg(test)]
mod tests {
    use super::{Wishes, wishes};

    #[test]
    fn both_wishes_are_understood_and_others_are_named() {
        let all = Wishes {
            yes: true,
            no_shell: true,
        };
        assert_eq!(wishes(&["--no-shell", "--yes"]), Ok(all));
        assert_eq!(wishes(&[]), Ok(Wishes::default()));
        assert!(wishes(&["-y"]).is_err_and(|message| message.contains("\"-y\"")));
    }
}
