//! The script for fish: `complete` for everything that can be typed, and the functions of
//! `sso.fish`, which say where on the line that is.

use super::line::{Operand, Opt, Place, Value, Word};

pub fn script(places: &[Place]) -> String {
    let mut entries = String::new();
    for place in places {
        entries += &format!("\n# {}\n", place.path());
        entries += &of_place(place);
    }
    include_str!("sso.fish")
        .replace("@VALUED@", &valued(places))
        .replace("@COMMANDS@", &commands(places))
        .replace("@FOREIGN@", &foreign(places))
        .replace("@ENTRIES@\n", &entries)
}

/// The options that take a value, with the commands to which they belong.
fn valued(places: &[Place]) -> String {
    let mut words = Vec::new();
    for place in places {
        let options = place.options.iter().filter(|option| option.value.is_some());
        for form in options.flat_map(Opt::forms) {
            words.extend(
                place
                    .paths
                    .iter()
                    .map(|path| quoted(&format!("{path} {form}"))),
            );
        }
    }
    words.join(" ")
}

/// The commands, each with those above it.
fn commands(places: &[Place]) -> String {
    let words = places.iter().flat_map(|place| &place.paths);
    words.map(|path| quoted(path)).collect::<Vec<_>>().join(" ")
}

/// Those whose operands are another command.
fn foreign(places: &[Place]) -> String {
    let runs = |operand: &Operand| matches!(operand.value, Value::Command);
    let places = places
        .iter()
        .filter(|place| place.operands.iter().any(runs));
    let words = places.flat_map(|place| &place.paths);
    words.map(|path| quoted(path)).collect::<Vec<_>>().join(" ")
}

fn of_place(place: &Place) -> String {
    let paths: Vec<String> = place.paths.iter().map(|path| quoted(path)).collect();
    let paths = paths.join(" ");
    let mut text = String::new();
    for Word { name, about } in &place.commands {
        let (at, about) = (quoted(&format!("__sso_at {paths}")), quoted(about));
        text += &format!("complete -c sso -n {at} -a {name} -d {about}\n");
    }
    for option in &place.options {
        let at = quoted(&format!("__sso_at {paths}"));
        text += &format!("complete -c sso -n {at}");
        if let Some(short) = option.short {
            text += &format!(" -s {short}");
        }
        if let Some(long) = option.longs.first() {
            text += &format!(" -l {long}");
        }
        if let Some((_, value)) = &option.value {
            text += &arguments(value, place);
        }
        text += &format!(" -d {}\n", quoted(&option.about));
    }
    for (index, operand) in place.operands.iter().enumerate() {
        let last = if operand.many { 999 } else { index };
        let at = match operand.value {
            Value::Command => {
                let beyond = place.paths.iter();
                let beyond = beyond.map(|path| quoted(&format!("{path} command")));
                let beyond: Vec<String> = beyond.collect();
                format!("__sso_at {paths} {}", beyond.join(" "))
            }
            _ => format!("__sso_operand {index} {last} {paths}"),
        };
        let at = quoted(&at);
        text += &format!(
            "complete -c sso -n {at}{}\n",
            arguments(&operand.value, place)
        );
    }
    text
}

fn arguments(value: &Value, place: &Place) -> String {
    match value {
        Value::Asked(names) => format!(" -x -a '(__sso_ask {names})'"),
        Value::Words(words) => {
            let line = |word: &Word| match word.about.as_str() {
                "" => word.name.clone(),
                about => format!("{}\\t{}", word.name, quoted(about)),
            };
            let words: Vec<String> = words.iter().map(line).collect();
            format!(" -x -a {}", quoted(&words.join("\n")))
        }
        Value::Path => " -r -F".to_owned(),
        // The options with values, so that fish finds where the command begins.
        Value::Command => {
            let options = place.options.iter().filter(|option| option.value.is_some());
            let options: Vec<String> = options.flat_map(Opt::forms).collect();
            let options = options.join(" ");
            format!(" -x -a '(__fish_complete_subcommand --fcs-skip=2 {options})'")
        }
        Value::Free => " -x".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
