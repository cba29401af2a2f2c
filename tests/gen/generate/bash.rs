//! The script for bash: a table of what can stand where, and the functions of `sso.bash`
//! that read it.

use super::line::{Place, Value};

pub fn script(places: &[Place]) -> String {
    include_str!("sso.bash").replace("@PLACES@\n", &table(places))
}

fn table(places: &[Place]) -> String {
    let mut table = String::new();
    for place in places {
        let paths: Vec<String> = place.paths.iter().map(|path| quoted(path)).collect();
        table += &format!("        {})\n", paths.join(" | "));
        let mut set = |name: &str, words: Vec<String>| {
            if !words.is_empty() {
                table += &format!("            {name}={}\n", quoted(&words.join(" ")));
            }
        };
        let commands = place.commands.iter().map(|word| word.name.clone());
        set("commands", commands.collect());
        let options = place.options.iter().flat_map(|option| option.offered());
        set("options", options.collect());
        let values = place.options.iter().filter_map(|option| {
            let (_, value) = option.value.as_ref()?;
            let forms = option.forms().into_iter();
            Some(forms.map(|form| format!("{form}={}", kind(value))))
        });
        set("values", values.flatten().collect());
        let operands = place.operands.iter().map(|operand| {
            let more = if operand.many { "*" } else { "" };
            kind(&operand.value) + more
        });
        set("operands", operands.collect());
        table += "            ;;\n";
    }
    table
}

fn kind(value: &Value) -> String {
    match value {
        Value::Asked(names) => format!("ask:{names}"),
        Value::Words(words) => {
            let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
            format!("words:{}", names.join(","))
        }
        Value::Path => "path".to_owned(),
        Value::Command => "command".to_owned(),
        Value::Free => "free".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
