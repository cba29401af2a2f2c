//! Generates the fish script: one `complete` command per word, with conditions on the functions of
//! `sso.fish`.

use super::command_spec::{Candidate, CommandSpec, OperandSpec, OptionSpec, ValueType};

/// Returns the script for all commands.
pub fn script(commands: &[CommandSpec]) -> String {
    let mut entries = String::new();
    for command in commands {
        entries += &format!("\n# {}\n", command.path());
        entries += &completions(command);
    }
    include_str!("sso.fish")
        .replace("@VALUED@", &options_with_value(commands))
        .replace("@COMMANDS@", &command_paths(commands))
        .replace("@FOREIGN@", &wrapper_paths(commands))
        .replace("@ENTRIES@\n", &entries)
}

/// Lists the options that take a value, each after the full name of its command.
fn options_with_value(commands: &[CommandSpec]) -> String {
    let mut words = Vec::new();
    for command in commands {
        let options = command.options.iter();
        let options = options.filter(|option| option.value.is_some());
        for form in options.flat_map(OptionSpec::forms) {
            let paths = command.paths.iter();
            words.extend(paths.map(|path| quote(&format!("{path} {form}"))));
        }
    }
    words.join(" ")
}

/// Lists the full names of all commands.
fn command_paths(commands: &[CommandSpec]) -> String {
    let words = commands.iter().flat_map(|command| &command.paths);
    words.map(|path| quote(path)).collect::<Vec<_>>().join(" ")
}

/// Lists the full names of the commands that run another command.
fn wrapper_paths(commands: &[CommandSpec]) -> String {
    let is_command = |operand: &OperandSpec| matches!(operand.value, ValueType::Command);
    let wrappers = commands
        .iter()
        .filter(|command| command.operands.iter().any(is_command));
    let words = wrappers.flat_map(|command| &command.paths);
    words.map(|path| quote(path)).collect::<Vec<_>>().join(" ")
}

/// Formats the `complete` commands for one command.
fn completions(command: &CommandSpec) -> String {
    let paths: Vec<String> = command.paths.iter().map(|path| quote(path)).collect();
    let paths = paths.join(" ");
    let at_command = quote(&format!("__sso_at {paths}"));
    let mut text = String::new();
    for Candidate { name, help } in &command.subcommands {
        let help = quote(help);
        text += &format!("complete -c sso -n {at_command} -a {name} -d {help}\n");
    }
    for option in &command.options {
        text += &format!("complete -c sso -n {at_command}");
        if let Some(short) = option.short {
            text += &format!(" -s {short}");
        }
        if let Some(long) = option.longs.first() {
            text += &format!(" -l {long}");
        }
        if let Some((_, value)) = &option.value {
            text += &value_arguments(value, command);
        }
        text += &format!(" -d {}\n", quote(&option.help));
    }
    for (index, operand) in command.operands.iter().enumerate() {
        let last = if operand.is_repeated { 999 } else { index };
        let condition = match operand.value {
            ValueType::Command => {
                let inner = command.paths.iter();
                let inner = inner.map(|path| quote(&format!("{path} command")));
                let inner: Vec<String> = inner.collect();
                format!("__sso_at {paths} {}", inner.join(" "))
            }
            _ => format!("__sso_operand {index} {last} {paths}"),
        };
        text += &format!(
            "complete -c sso -n {}{}\n",
            quote(&condition),
            value_arguments(&operand.value, command)
        );
    }
    text
}

/// Formats the arguments of `complete` for a value of this type.
fn value_arguments(value: &ValueType, command: &CommandSpec) -> String {
    match value {
        ValueType::Names(names) => format!(" -x -a '(__sso_ask {names})'"),
        ValueType::Words(words) => {
            let line = |word: &Candidate| match word.help.as_str() {
                "" => word.name.clone(),
                help => format!("{}\\t{}", word.name, quote(help)),
            };
            let words: Vec<String> = words.iter().map(line).collect();
            format!(" -x -a {}", quote(&words.join("\n")))
        }
        ValueType::Path => " -r -F".to_owned(),
        // The options with a value let fish find the start of the inner command.
        ValueType::Command => {
            let options = command.options.iter();
            let options = options.filter(|option| option.value.is_some());
            let options: Vec<String> = options.flat_map(OptionSpec::forms).collect();
            let options = options.join(" ");
            format!(" -x -a '(__fish_complete_subcommand --fcs-skip=2 {options})'")
        }
        ValueType::Any => " -x".to_owned(),
    }
}

fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
