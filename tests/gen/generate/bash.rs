//! Generates the bash script: a table of all commands, read by the functions of `sso.bash`.

use super::command_spec::{CommandSpec, ValueType};

/// Returns the script for all commands.
pub fn script(commands: &[CommandSpec]) -> String {
    include_str!("sso.bash").replace("@COMMANDS@\n", &command_table(commands))
}

/// Formats the branches of a `case` over the full names of commands.
fn command_table(commands: &[CommandSpec]) -> String {
    let mut table = String::new();
    for command in commands {
        let paths: Vec<String> = command.paths.iter().map(|path| quote(path)).collect();
        table += &format!("        {})\n", paths.join(" | "));
        let mut set = |name: &str, words: Vec<String>| {
            if !words.is_empty() {
                table += &format!("            {name}={}\n", quote(&words.join(" ")));
            }
        };
        let subcommands = command.subcommands.iter().map(|word| word.name.clone());
        set("commands", subcommands.collect());
        let options = command.options.iter();
        let options = options.flat_map(|option| option.completed_forms());
        set("options", options.collect());
        let values = command.options.iter().filter_map(|option| {
            let (_, value) = option.value.as_ref()?;
            let forms = option.forms().into_iter();
            Some(forms.map(|form| format!("{form}={}", value_entry(value))))
        });
        set("values", values.flatten().collect());
        let operands = command.operands.iter().map(|operand| {
            let repeated = if operand.is_repeated { "*" } else { "" };
            value_entry(&operand.value) + repeated
        });
        set("operands", operands.collect());
        table += "            ;;\n";
    }
    table
}

fn value_entry(value: &ValueType) -> String {
    match value {
        ValueType::Names(names) => format!("ask:{names}"),
        ValueType::Words(words) => {
            let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
            format!("words:{}", names.join(","))
        }
        ValueType::Path => "path".to_owned(),
        ValueType::Command => "command".to_owned(),
        ValueType::Any => "free".to_owned(),
    }
}

fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
