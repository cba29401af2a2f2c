//! Generates the zsh script: arguments of zsh's `_arguments` for each command, used by the
//! functions of `sso.zsh`.

use super::command_spec::{Candidate, CommandSpec, OptionSpec, ValueType};

/// Returns the script for all commands.
pub fn script(commands: &[CommandSpec]) -> String {
    let branches: String = commands.iter().map(branch).collect();
    include_str!("sso.zsh").replace("@COMMANDS@\n", &branches)
}

/// Formats the branch of a `case` for one command.
fn branch(command: &CommandSpec) -> String {
    let paths: Vec<String> = command.paths.iter().map(|path| quote(path)).collect();
    let mut text = format!("        ({})\n", paths.join("|"));
    let mut specs: Vec<String> = command.options.iter().flat_map(option_specs).collect();
    if command.subcommands.is_empty() {
        for (at, operand) in command.operands.iter().enumerate() {
            let action = value_action(&operand.value);
            let name = escape_spec(&operand.name);
            match operand.value {
                ValueType::Command => {
                    specs.push(format!("(-)1: :{action}"));
                    specs.push("(-)*:: :_normal".to_owned());
                }
                _ if operand.is_repeated => specs.push(format!("*:{name}:{action}")),
                _ => specs.push(format!("{}:{name}:{action}", at + 1)),
            }
        }
    } else {
        let words: Vec<String> = command.subcommands.iter().map(describe_item).collect();
        text += &format!("            subcommands=(\n{})\n", array_elements(&words));
        specs.push("(-): :__sso_commands".to_owned());
        specs.push("(-)*:: :->below".to_owned());
    }
    text += &format!(
        "            specs=(\n{})\n            ;;\n",
        array_elements(&specs)
    );
    text
}

fn array_elements(words: &[String]) -> String {
    let line = |word: &String| format!("                {}\n", quote(word));
    words.iter().map(line).collect::<String>() + "            "
}

/// Formats one specification per form of the option, each excluding the others.
fn option_specs(option: &OptionSpec) -> Vec<String> {
    let forms = option.completed_forms();
    let excluded = if option.is_exclusive {
        "- *".to_owned()
    } else {
        option.forms().join(" ")
    };
    let help = escape_spec(&option.help);
    let value = option.value.as_ref();
    let value =
        value.map(|(name, value)| format!(":{}:{}", escape_spec(name), value_action(value)));
    forms
        .into_iter()
        .map(|form| {
            let joined = match &value {
                None => "",
                Some(_) if form.starts_with("--") => "=",
                Some(_) => "+",
            };
            let value = value.as_deref().unwrap_or_default();
            format!("({excluded}){form}{joined}[{help}]{value}")
        })
        .collect()
}

/// Formats the action of a specification for a value of this type.
fn value_action(value: &ValueType) -> String {
    match value {
        ValueType::Names(names) => format!("__sso_{names}"),
        ValueType::Words(words) if words.iter().any(|word| !word.help.is_empty()) => {
            let words: Vec<String> = words
                .iter()
                .map(|word| format!("{}\\:{}", word.name, escape_list_word(&word.help)))
                .collect();
            format!("(({}))", words.join(" "))
        }
        ValueType::Words(words) => {
            let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
            format!("({})", names.join(" "))
        }
        ValueType::Path => "_files".to_owned(),
        ValueType::Command => "_command_names -e".to_owned(),
        ValueType::Any => " ".to_owned(),
    }
}

/// Formats `name:help`, an argument of `_describe`.
fn describe_item(word: &Candidate) -> String {
    format!("{}:{}", word.name, word.help.replace(':', "\\:"))
}

/// Escapes a text in a specification, where brackets and colons are special.
fn escape_spec(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "\\[]:".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Escapes a text in a `((…))` list, which zsh evaluates.
fn escape_list_word(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c == ':' {
            out += "\\\\";
        } else if !c.is_alphanumeric() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
