//! The command line as the scripts need it: what can stand at each place.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command, ValueHint};

/// A command, the program itself being the first.
pub struct Place {
    /// `sso`, `sso exec`, `sso trust list`; then the same with other names of the command.
    pub paths: Vec<String>,
    pub commands: Vec<Word>,
    pub options: Vec<Opt>,
    pub operands: Vec<Operand>,
}

/// A word that can be typed, and what it means.
#[derive(Clone)]
pub struct Word {
    pub name: String,
    pub about: String,
}

pub struct Opt {
    pub short: Option<char>,
    /// The first is offered; the others are understood.
    pub longs: Vec<String>,
    pub about: String,
    /// The name of its value, and what can be one; nothing for a flag.
    pub value: Option<(String, Value)>,
    /// It ends the program whatever else is there.
    pub alone: bool,
}

pub struct Operand {
    pub name: String,
    pub value: Value,
    pub many: bool,
}

/// What a value can be.
pub enum Value {
    /// Names that only the program knows: the word for `sso complete`.
    Asked(&'static str),
    /// One of these.
    Words(Vec<Word>),
    /// A file or directory.
    Path,
    /// Another command with its arguments.
    Command,
    /// Anything.
    Free,
}

impl Place {
    /// Every place, from the program down.
    pub fn all(program: &Command) -> Vec<Place> {
        let mut program = program.clone();
        program.build();
        let mut found = Vec::new();
        collect(&program, &[program.get_name().to_owned()], &mut found);
        found
    }

    /// The first of its paths.
    pub fn path(&self) -> &str {
        &self.paths[0]
    }
}

impl Opt {
    /// `-p`, `--profile`; the form that is offered first for each.
    pub fn offered(&self) -> Vec<String> {
        let short = self.short.map(|short| format!("-{short}"));
        let long = self.longs.first().map(|long| format!("--{long}"));
        short.into_iter().chain(long).collect()
    }

    /// Every form that is understood.
    pub fn forms(&self) -> Vec<String> {
        let short = self.short.map(|short| format!("-{short}"));
        let longs = self.longs.iter().map(|long| format!("--{long}"));
        short.into_iter().chain(longs).collect()
    }
}

fn collect(command: &Command, paths: &[String], found: &mut Vec<Place>) {
    let subs = || command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let commands: Vec<Word> = subs()
        .map(|sub| Word {
            name: sub.get_name().to_owned(),
            about: text(sub.get_about()),
        })
        .collect();
    let options = command.get_opts().chain(flags(command));
    let options = options.filter(|arg| !arg.is_hide_set()).map(option);
    let mut place = Place {
        paths: paths.to_vec(),
        commands,
        options: options.collect(),
        operands: command.get_positionals().map(operand).collect(),
    };
    // `help` has the whole tree below it once more; one level says enough.
    if command.get_name() == "help" {
        place.operands = vec![Operand {
            name: "COMMAND".to_owned(),
            value: Value::Words(std::mem::take(&mut place.commands)),
            many: false,
        }];
        found.push(place);
        return;
    }
    found.push(place);
    for sub in subs() {
        let names = std::iter::once(sub.get_name()).chain(sub.get_visible_aliases());
        let paths: Vec<String> = names
            .flat_map(|name| paths.iter().map(move |path| format!("{path} {name}")))
            .collect();
        collect(sub, &paths, found);
    }
}

fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_positional() && !arg.get_action().takes_values())
}

fn option(arg: &Arg) -> Opt {
    let aliases = arg.get_visible_aliases().unwrap_or_default();
    let longs = arg.get_long().into_iter().chain(aliases);
    let takes = arg.get_action().takes_values();
    Opt {
        short: arg.get_short(),
        longs: longs.map(str::to_owned).collect(),
        about: text(arg.get_help()),
        value: takes.then(|| (value_name(arg), value(arg))),
        alone: matches!(
            arg.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        ),
    }
}

fn operand(arg: &Arg) -> Operand {
    Operand {
        name: value_name(arg),
        value: value(arg),
        many: matches!(arg.get_action(), ArgAction::Append),
    }
}

fn value_name(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names
        .first()
        .map_or("VALUE", |name| name.as_str())
        .to_owned()
}

fn value(arg: &Arg) -> Value {
    let possible: Vec<Word> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| Word {
            name: value.get_name().to_owned(),
            about: text(value.get_help()),
        })
        .collect();
    if !possible.is_empty() {
        return Value::Words(possible);
    }
    if arg.is_trailing_var_arg_set() {
        return Value::Command;
    }
    if arg.get_value_hint() == ValueHint::AnyPath {
        return Value::Path;
    }
    match (arg.get_id().as_str(), value_name(arg).as_str()) {
        ("profile" | "profiles", _) => Value::Asked("profiles"),
        ("account", _) => Value::Asked("accounts"),
        ("role", _) => Value::Asked("roles"),
        ("session", _) | (_, "SESSION") => Value::Asked("sessions"),
        _ => Value::Free,
    }
}

/// A help text in one line.
fn text(text: Option<&StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}
