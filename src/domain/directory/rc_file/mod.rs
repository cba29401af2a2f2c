//! A shell's start-up file with the lines of sso in it: where they go, and what of them is
//! there already. Text in, text out; nothing of what was there is changed.

mod blocks;

pub use blocks::Dialect;

use blocks::{Block, blocks};

/// What makes environments: sso goes behind it.
const MANAGERS: [&str; 3] = ["direnv hook", "mise activate", "rtx activate"];

/// What draws the prompt: sso goes before it.
const THEMES: [&str; 10] = [
    "starship init",
    "oh-my-posh init",
    "oh-my-posh prompt init",
    "powerlevel10k",
    "p10k.zsh",
    "powerline",
    "_update_ps1",
    "liquidprompt",
    "promptinit",
    "spaceship",
];

/// A line that a start-up file is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The word behind `sso` by which it is recognised, however it is written.
    pub command: &'a str,
    /// The line.
    pub text: &'a str,
    /// What it is for.
    pub remark: &'a str,
}

/// What became of a line. Lines are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is there.
    Present(usize),
    /// It was put there.
    Added(usize),
}

/// What there is to say about the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    Fine,
    /// The hook stands before a theme, which is in this line.
    BeforeTheme(usize),
    /// The hook stands behind what manages environments, which is in this line.
    BehindManager(usize),
    /// What manages environments stands behind the theme: the hook cannot satisfy both, and
    /// stands behind the first.
    Torn {
        /// The line of what manages environments.
        manager: usize,
        /// The line of the theme.
        theme: usize,
    },
    /// The hook was there, and stands behind the theme.
    TooLate(usize),
    /// The hook was there, and stands before what manages environments.
    TooEarly(usize),
    /// The file's outline could not be made out; the lines are at its end.
    Unclear,
}

/// A start-up file, edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What it is to hold.
    pub bytes: Vec<u8>,
    /// What became of each line.
    pub steps: Vec<Step>,
    /// About the order of the first.
    pub order: Order,
}

/// A line to be written, and which of the wanted lines it is.
type Written = (String, Option<usize>);

/// Puts the lines in: the first, which is the hook, where its order is right, and the others
/// at the end.
pub fn edit(bytes: &[u8], shell: &str, dialect: Dialect, lines: &[Line]) -> Edit {
    // Each byte as a character: whatever the encoding is, it comes back as it was.
    let text = wide(bytes);
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let outline = blocks(&text, dialect);
    let found = outline.clone().unwrap_or_else(|| by_lines(&old));
    let present = |line: &Line| {
        let has = |block: &Block| runs(&block.code, line.command, shell);
        found.iter().position(has)
    };
    let here: Vec<Option<usize>> = lines.iter().map(present).collect();
    let (place, order) = match here.first().copied().flatten() {
        _ if outline.is_none() => (None, Order::Unclear),
        Some(hook) => (None, judged(&found, hook)),
        None => place(&found, &old, dialect),
    };
    let mut insertions: Vec<(usize, Vec<Written>)> = Vec::new();
    let mut at_the_end: Vec<Written> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if here[number].is_some() {
            continue;
        }
        let remark = (format!("# {}", line.remark), None);
        let line = (wide(line.text.as_bytes()), Some(number));
        match place {
            Some(Place::Before(index)) if number == 0 => {
                insertions.push((index, vec![remark, line, (String::new(), None)]));
            }
            Some(Place::Behind(index)) if number == 0 => {
                insertions.push((index, vec![(String::new(), None), remark, line]));
            }
            _ => at_the_end.extend([remark, line]),
        }
    }
    if !at_the_end.is_empty() {
        if old.last().is_some_and(|line| !line.trim().is_empty()) {
            at_the_end.insert(0, (String::new(), None));
        }
        insertions.push((old.len(), at_the_end));
    }
    let mut steps: Vec<Step> = here
        .iter()
        .map(|block| Step::Present(block.map_or(0, |block| found[block].first)))
        .collect();
    let mut out = String::new();
    let mut count = 0;
    let mut moved = Vec::new();
    for index in 0..=old.len() {
        for (_, lines) in insertions.iter().filter(|(at, _)| *at == index) {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            for (line, number) in lines {
                count += 1;
                out.push_str(line);
                out.push('\n');
                if let Some(number) = number {
                    steps[*number] = Step::Added(count);
                }
            }
        }
        if let Some(line) = old.get(index) {
            count += 1;
            moved.push(count);
            out.push_str(line);
        }
    }
    for step in &mut steps {
        if let Step::Present(line) = step {
            *line = moved.get(*line).copied().unwrap_or(0);
        }
    }
    Edit {
        bytes: out.chars().map(|c| c as u8).collect(),
        steps,
        order: order.moved(&moved),
    }
}

/// Where a line is put: the number of the old line that then follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Before(usize),
    Behind(usize),
}

fn place(found: &[Block], old: &[&str], dialect: Dialect) -> (Option<Place>, Order) {
    let manager = found.iter().rfind(|block| is_one_of(block, &MANAGERS));
    let theme = found.iter().find(|block| is_theme(block));
    let guard = found.iter().rfind(|block| is_guard(block, dialect));
    let behind = [manager, guard]
        .into_iter()
        .flatten()
        .max_by_key(|block| block.last);
    match (theme, behind) {
        (Some(theme), Some(behind)) if behind.last > theme.first => {
            let order = match manager {
                Some(manager) if manager.last > theme.first => Order::Torn {
                    manager: manager.first,
                    theme: theme.first,
                },
                _ => Order::TooLate(theme.first),
            };
            (Some(Place::Behind(behind.last + 1)), order)
        }
        (Some(theme), _) => {
            // What is said above the theme stays with it.
            let said = |line: &&&str| line.trim_start().starts_with('#');
            let above = old[..theme.first].iter().rev().take_while(said).count();
            let first = theme.first - above;
            let first = behind.map_or(first, |behind| first.max(behind.last + 1));
            (Some(Place::Before(first)), Order::BeforeTheme(theme.first))
        }
        (None, _) => (
            None,
            manager.map_or(Order::Fine, |it| Order::BehindManager(it.first)),
        ),
    }
}

/// The order of a hook that is there already.
fn judged(found: &[Block], hook: usize) -> Order {
    let theme = found[..hook].iter().find(|block| is_theme(block));
    let manager = found[hook + 1..]
        .iter()
        .rfind(|block| is_one_of(block, &MANAGERS));
    match (theme, manager) {
        (_, Some(manager)) => Order::TooEarly(manager.first),
        // Behind a manager that is itself behind the theme there is no better place.
        (Some(theme), None)
            if !found[..hook]
                .iter()
                .any(|it| is_one_of(it, &MANAGERS) && it.first > theme.first) =>
        {
            Order::TooLate(theme.first)
        }
        _ => Order::Fine,
    }
}

impl Order {
    /// With the lines where they are now, counted from 1.
    fn moved(self, to: &[usize]) -> Order {
        let at = |line: usize| to.get(line).copied().unwrap_or(0);
        match self {
            Order::Fine | Order::Unclear => self,
            Order::BeforeTheme(line) => Order::BeforeTheme(at(line)),
            Order::BehindManager(line) => Order::BehindManager(at(line)),
            Order::TooLate(line) => Order::TooLate(at(line)),
            Order::TooEarly(line) => Order::TooEarly(at(line)),
            Order::Torn { manager, theme } => Order::Torn {
                manager: at(manager),
                theme: at(theme),
            },
        }
    }
}

/// Each line that is no comment as a statement, where no more is known.
fn by_lines(old: &[&str]) -> Vec<Block> {
    let lines = old.iter().enumerate();
    lines
        .filter(|(_, line)| !line.trim_start().starts_with('#'))
        .map(|(number, line)| Block {
            first: number,
            last: number,
            code: (*line).to_owned(),
        })
        .collect()
}

fn is_one_of(block: &Block, words: &[&str]) -> bool {
    words.iter().any(|word| block.code.contains(word))
}

fn is_theme(block: &Block) -> bool {
    // Naming a theme for oh-my-zsh draws nothing yet.
    is_one_of(block, &THEMES) && !block.code.trim_start().starts_with("ZSH_THEME=")
}

/// What ends the file early in a shell that nobody types in: nothing before it is for prompts.
fn is_guard(block: &Block, dialect: Dialect) -> bool {
    let ends = is_one_of(block, &["return", "exit"]);
    let asks: &[&str] = match dialect {
        Dialect::Posix => &["$-", "PS1", "-t 0", "-t 1", "interactive"],
        Dialect::Fish => &["is-interactive", "--interactive"],
    };
    ends && is_one_of(block, asks)
}

/// Whether a statement runs this command of sso for this shell, by whatever path.
fn runs(code: &str, command: &str, shell: &str) -> bool {
    let blank: &[char] = &[' ', '\t', '"', '\''];
    code.match_indices(command).any(|(at, _)| {
        let program = code[..at].trim_end_matches(blank);
        let before = program
            .strip_suffix("sso")
            .map(|before| before.chars().last());
        let is_ours =
            before.is_some_and(|c| c.is_none_or(|c| !c.is_alphanumeric() && !"-_.".contains(c)));
        let after = code[at + command.len()..].trim_start_matches(blank);
        is_ours && after.starts_with(shell)
    })
}

fn wide(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod outlines;
#[cfg(test)]
mod tests;
