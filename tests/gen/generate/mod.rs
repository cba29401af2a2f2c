//! Generates completion scripts and man pages from the command line in
//! `sso::internals::cli::args`.
//!
//! bash, zsh and fish get their own scripts: those of clap_complete insert names unquoted in bash,
//! complete nothing at the first Tab in zsh, and know no names but those of options. The scripts
//! for other shells come from clap_complete.

mod bash;
mod command_spec;
mod fish;
mod man_entries;
mod man_pages;
mod man_tables;
mod zsh;

use clap::{Command, CommandFactory};
use clap_complete::{Generator, Shell, generate};
use clap_complete_nushell::Nushell;

use command_spec::CommandSpec;

/// Returns the path from the root of the repository, and the text, of every generated file.
pub fn files() -> Vec<(String, String)> {
    let command = without_hidden(&sso::internals::cli::args::Cli::command());
    let commands = CommandSpec::all(&command);
    let mut files: Vec<(String, String)> = [
        ("sso.bash", bash::script(&commands)),
        ("_sso", zsh::script(&commands)),
        ("sso.fish", fish::script(&commands)),
        ("sso.elv", clap_script(Shell::Elvish, &command)),
        ("sso.ps1", clap_script(Shell::PowerShell, &command)),
        ("sso.nu", clap_script(Nushell, &command)),
    ]
    .map(|(name, text)| (format!("completions/{name}"), text))
    .into();
    let pages = man_pages::pages(&command).into_iter();
    files.extend(pages.map(|(name, text)| (format!("man/{name}"), text)));
    files
}

/// Copies the command without hidden subcommands, which clap's generators would include.
fn without_hidden(command: &Command) -> Command {
    let commands = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let mut copy = Command::new(leak(command.get_name()))
        .args(command.get_arguments())
        .subcommands(commands.map(without_hidden))
        .visible_aliases(command.get_visible_aliases().map(leak));
    if let Some(version) = command.get_version() {
        copy = copy.version(leak(version));
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

/// Makes a static string, as clap needs. The program is short-lived.
fn leak(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn clap_script(shell: impl Generator, command: &Command) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command.clone(), "sso", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
