//! Completion scripts and man pages, from the command line as `sso::internals::cli::args` defines it.
//!
//! bash, zsh and fish get scripts of our own: those that clap_complete writes insert names
//! unquoted in bash, offer nothing at the first Tab of zsh, and know no names but those of
//! options. The other shells get what clap_complete writes.

mod bash;
mod entries;
mod fish;
mod line;
mod man;
mod manual;
mod zsh;

use clap::{Command, CommandFactory};
use clap_complete::{Generator, Shell, generate};
use clap_complete_nushell::Nushell;

use line::Place;

/// Every generated file: its path from the root, and its text.
pub fn files() -> Vec<(String, String)> {
    let command = visible(&sso::internals::cli::args::Cli::command());
    let places = Place::all(&command);
    let mut files: Vec<(String, String)> = [
        ("sso.bash", bash::script(&places)),
        ("_sso", zsh::script(&places)),
        ("sso.fish", fish::script(&places)),
        ("sso.elv", by_clap(Shell::Elvish, &command)),
        ("sso.ps1", by_clap(Shell::PowerShell, &command)),
        ("sso.nu", by_clap(Nushell, &command)),
    ]
    .map(|(name, text)| (format!("completions/{name}"), text))
    .into();
    let pages = man::pages(&command).into_iter();
    files.extend(pages.map(|(name, text)| (format!("man/{name}"), text)));
    files
}

/// The command without what is hidden, which no generator leaves out by itself.
fn visible(command: &Command) -> Command {
    let commands = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let mut copy = Command::new(lasting(command.get_name()))
        .args(command.get_arguments())
        .subcommands(commands.map(visible))
        .visible_aliases(command.get_visible_aliases().map(lasting));
    if let Some(version) = command.get_version() {
        copy = copy.version(lasting(version));
    }
    if let Some(about) = command.get_about() {
        copy = copy.about(about.clone());
    }
    if let Some(about) = command.get_long_about() {
        copy = copy.long_about(about.clone());
    }
    if let Some(after) = command.get_after_help() {
        copy = copy.after_help(after.clone());
    }
    copy.subcommand_required(command.is_subcommand_required_set())
}

/// clap keeps names only when they last as long as the program, which here is not long.
fn lasting(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn by_clap(shell: impl Generator, command: &Command) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command.clone(), "sso", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
