//! Specification of the command line for completion scripts: subcommands, options and operands of
//! each command.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command, ValueHint};

/// A command or subcommand.
pub struct CommandSpec {
    /// Full names such as `sso`, `sso exec` or `sso trust list`; those with aliases follow.
    pub paths: Vec<String>,
    pub subcommands: Vec<Candidate>,
    pub options: Vec<OptionSpec>,
    pub operands: Vec<OperandSpec>,
}

/// A word that can be typed, with its help text.
#[derive(Clone)]
pub struct Candidate {
    pub name: String,
    pub help: String,
}

/// An option or a flag.
pub struct OptionSpec {
    pub short: Option<char>,
    /// Long forms without dashes. Only the first is completed; the others are understood.
    pub longs: Vec<String>,
    pub help: String,
    /// Name and type of its value; `None` for a flag.
    pub value: Option<(String, ValueType)>,
    /// Whether it ends the program whatever else is on the line, such as `--help`.
    pub is_exclusive: bool,
}

/// A positional argument.
pub struct OperandSpec {
    pub name: String,
    pub value: ValueType,
    pub is_repeated: bool,
}

/// Type of a value, which decides how it is completed.
pub enum ValueType {
    /// Names that only the program knows; the argument of `sso complete`.
    Names(&'static str),
    /// One of these words.
    Words(Vec<Candidate>),
    /// A file or directory.
    Path,
    /// Another command with its arguments.
    Command,
    /// Any text.
    Any,
}

impl CommandSpec {
    /// Returns the specification of the program and of all its subcommands.
    pub fn all(program: &Command) -> Vec<CommandSpec> {
        let mut program = program.clone();
        program.build();
        let mut found = Vec::new();
        collect(&program, &[program.get_name().to_owned()], &mut found);
        found
    }

    /// Returns the full name without aliases.
    pub fn path(&self) -> &str {
        &self.paths[0]
    }
}

impl OptionSpec {
    /// Returns the forms to complete, such as `-p` and `--profile`.
    pub fn completed_forms(&self) -> Vec<String> {
        let short = self.short.map(|short| format!("-{short}"));
        let long = self.longs.first().map(|long| format!("--{long}"));
        short.into_iter().chain(long).collect()
    }

    /// Returns all forms.
    pub fn forms(&self) -> Vec<String> {
        let short = self.short.map(|short| format!("-{short}"));
        let longs = self.longs.iter().map(|long| format!("--{long}"));
        short.into_iter().chain(longs).collect()
    }
}

fn collect(command: &Command, paths: &[String], found: &mut Vec<CommandSpec>) {
    let visible = || command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let subcommands: Vec<Candidate> = visible()
        .map(|sub| Candidate {
            name: sub.get_name().to_owned(),
            help: one_line(sub.get_about()),
        })
        .collect();
    let options = command.get_opts().chain(flags(command));
    let options = options.filter(|arg| !arg.is_hide_set()).map(option_spec);
    let mut spec = CommandSpec {
        paths: paths.to_vec(),
        subcommands,
        options: options.collect(),
        operands: command.get_positionals().map(operand_spec).collect(),
    };
    // `help` repeats the whole tree of commands; one level is enough.
    if command.get_name() == "help" {
        spec.operands = vec![OperandSpec {
            name: "COMMAND".to_owned(),
            value: ValueType::Words(std::mem::take(&mut spec.subcommands)),
            is_repeated: false,
        }];
        found.push(spec);
        return;
    }
    found.push(spec);
    for sub in visible() {
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

fn option_spec(arg: &Arg) -> OptionSpec {
    let aliases = arg.get_visible_aliases().unwrap_or_default();
    let longs = arg.get_long().into_iter().chain(aliases);
    let takes_value = arg.get_action().takes_values();
    OptionSpec {
        short: arg.get_short(),
        longs: longs.map(str::to_owned).collect(),
        help: one_line(arg.get_help()),
        value: takes_value.then(|| (value_name(arg), value_type(arg))),
        is_exclusive: matches!(
            arg.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        ),
    }
}

fn operand_spec(arg: &Arg) -> OperandSpec {
    OperandSpec {
        name: value_name(arg),
        value: value_type(arg),
        is_repeated: matches!(arg.get_action(), ArgAction::Append),
    }
}

fn value_name(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names
        .first()
        .map_or("VALUE", |name| name.as_str())
        .to_owned()
}

fn value_type(arg: &Arg) -> ValueType {
    let possible: Vec<Candidate> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| Candidate {
            name: value.get_name().to_owned(),
            help: one_line(value.get_help()),
        })
        .collect();
    if !possible.is_empty() {
        return ValueType::Words(possible);
    }
    if arg.is_trailing_var_arg_set() {
        return ValueType::Command;
    }
    if arg.get_value_hint() == ValueHint::AnyPath {
        return ValueType::Path;
    }
    match (arg.get_id().as_str(), value_name(arg).as_str()) {
        ("profile" | "profiles", _) => ValueType::Names("profiles"),
        ("account", _) => ValueType::Names("accounts"),
        ("role", _) => ValueType::Names("roles"),
        ("session", _) | (_, "SESSION") => ValueType::Names("sessions"),
        _ => ValueType::Any,
    }
}

/// Joins the lines of a help text.
fn one_line(text: Option<&StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}
