//! The script for zsh: `_arguments` of zsh's own completion system for each command, and
//! the functions of `sso.zsh`.

use super::line::{Opt, Place, Value, Word};

pub fn script(places: &[Place]) -> String {
    let mut branches = String::new();
    for place in places {
        branches += &branch(place);
    }
    include_str!("sso.zsh").replace("@PLACES@\n", &branches)
}

/// One branch of the function that knows all commands.
fn branch(place: &Place) -> String {
    let paths: Vec<String> = place.paths.iter().map(|path| quoted(path)).collect();
    let mut text = format!("        ({})\n", paths.join("|"));
    let mut specs: Vec<String> = place.options.iter().flat_map(option).collect();
    if place.commands.is_empty() {
        for (at, operand) in place.operands.iter().enumerate() {
            let action = action(&operand.value);
            let name = escaped(&operand.name);
            match operand.value {
                Value::Command => {
                    specs.push(format!("(-)1: :{action}"));
                    specs.push("(-)*:: :_normal".to_owned());
                }
                _ if operand.many => specs.push(format!("*:{name}:{action}")),
                _ => specs.push(format!("{}:{name}:{action}", at + 1)),
            }
        }
    } else {
        let words: Vec<String> = place.commands.iter().map(described).collect();
        text += &format!("            subcommands=(\n{})\n", listed(&words));
        specs.push("(-): :__sso_commands".to_owned());
        specs.push("(-)*:: :->below".to_owned());
    }
    text += &format!("            specs=(\n{})\n            ;;\n", listed(&specs));
    text
}

fn listed(words: &[String]) -> String {
    let line = |word: &String| format!("                {}\n", quoted(word));
    words.iter().map(line).collect::<String>() + "            "
}

fn option(option: &Opt) -> Vec<String> {
    let forms = option.offered();
    let excluded = if option.alone {
        "- *".to_owned()
    } else {
        option.forms().join(" ")
    };
    let about = escaped(&option.about);
    let value = option.value.as_ref();
    let value = value.map(|(name, value)| format!(":{}:{}", escaped(name), action(value)));
    forms
        .into_iter()
        .map(|form| {
            let joined = match &value {
                None => "",
                Some(_) if form.starts_with("--") => "=",
                Some(_) => "+",
            };
            let value = value.as_deref().unwrap_or_default();
            format!("({excluded}){form}{joined}[{about}]{value}")
        })
        .collect()
}

fn action(value: &Value) -> String {
    match value {
        Value::Asked(names) => format!("__sso_{names}"),
        Value::Words(words) if words.iter().any(|word| !word.about.is_empty()) => {
            let words: Vec<String> = words
                .iter()
                .map(|word| format!("{}\\:{}", word.name, in_list(&word.about)))
                .collect();
            format!("(({}))", words.join(" "))
        }
        Value::Words(words) => {
            let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
            format!("({})", names.join(" "))
        }
        Value::Path => "_files".to_owned(),
        Value::Command => "_command_names -e".to_owned(),
        Value::Free => " ".to_owned(),
    }
}

/// `name:about`, as `_describe` takes it.
fn described(word: &Word) -> String {
    format!("{}:{}", word.name, word.about.replace(':', "\\:"))
}

/// A text in the brackets of a specification.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "\\[]:".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text among the words of a list, which zsh evaluates.
fn in_list(text: &str) -> String {
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

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
