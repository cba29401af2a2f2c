//! The man pages: what clap_mangen makes of a command, and the sections that it has no idea
//! of, from the help of the command and the table in `manual`.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use super::manual::{self, Entry, Page};

/// Every page: the name of its file, and its text.
pub fn pages(program: &Command) -> Vec<(String, String)> {
    let mut program = program.clone();
    program.build();
    let all = names(&program, &[]);
    let mut pages = Vec::new();
    collect(&program, &[], &all, &mut pages);
    pages
}

/// The commands that have pages, each with those above it: `help` is in none.
fn names(command: &Command, above: &[&str]) -> Vec<String> {
    let mut found = vec![above.join(" ")];
    for sub in subs(command) {
        found.extend(names(sub, &[above, &[sub.get_name()]].concat()));
    }
    found
}

fn subs(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
}

fn collect(command: &Command, above: &[&str], all: &[String], pages: &mut Vec<(String, String)>) {
    let name = above.join(" ");
    pages.push((format!("{}.1", dashed(&name)), page(command, &name, all)));
    for sub in subs(command) {
        collect(sub, &[above, &[sub.get_name()]].concat(), all, pages);
    }
}

/// `sso`, `sso-trust-list`.
fn dashed(name: &str) -> String {
    format!("sso {name}").trim_end().replace(' ', "-")
}

fn page(command: &Command, name: &str, all: &[String]) -> String {
    let title = dashed(name);
    let help = Help::of(command);
    let table = manual::of(name);
    let (version, date) = manual::RELEASE;
    let man = Man::new(sanitize(command, &title))
        .title(title.to_uppercase())
        .section("1")
        .date(date)
        .source(format!("sso {version}"))
        .manual("sso manual");

    let mut page = Roff::new();
    page.control("SH", ["DESCRIPTION"]);
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    for paragraph in about.split("\n\n") {
        paragraph_of(&mut page, paragraph);
    }
    for paragraph in &help.prose {
        paragraph_of(&mut page, paragraph);
    }
    let description = page.to_roff();

    let mut page = Roff::new();
    let below: Vec<&Command> = subs(command).collect();
    if !below.is_empty() {
        page.control("SH", ["COMMANDS"]);
        for sub in below {
            page.control("TP", []);
            let full = dashed(format!("{name} {}", sub.get_name()).trim_start());
            page.text([bold(full), roman("(1)")]);
            page.text(words(
                &sub.get_about().map(ToString::to_string).unwrap_or_default(),
            ));
        }
    }
    if let Some(table) = table {
        listed(&mut page, "ENVIRONMENT", table.variables);
        listed(&mut page, "FILES", table.files);
        listed(&mut page, "EXIT STATUS", table.exits);
    }
    examples(&mut page, &help, table);
    see_also(&mut page, name, all);
    let rest = page.to_roff();

    let mut text = Vec::new();
    // Writing to memory does not fail; a page without a part would be found by the tests.
    let _ = man.render_title(&mut text);
    let _ = man.render_name_section(&mut text);
    let _ = man.render_synopsis_section(&mut text);
    text.extend_from_slice(description.as_bytes());
    let _ = man.render_options_section(&mut text);
    text.extend_from_slice(rest.as_bytes());
    mended(&String::from_utf8_lossy(&text))
}

/// Without the requests that change nothing where they stand, and of which `mandoc` warns:
/// clap_mangen breaks lines beside empty ones, and a section begins with a paragraph anyway.
fn mended(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is = |at: Option<usize>, request: &str| {
        let line = at.and_then(|at| lines.get(at));
        line.is_some_and(|line| line.split(' ').next() == Some(request))
    };
    let mut kept = String::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1);
        let idle = match *line {
            ".br" => is(before, "") || is(Some(at + 1), ""),
            ".PP" => is(before, ".SH"),
            _ => false,
        };
        if !idle {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

/// The command as clap_mangen shall see it: under the name of its page, and with the usage
/// line of its help, which says more than a list of options.
fn sanitize(command: &Command, title: &str) -> Command {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let title: &'static str = title.to_owned().leak();
    command.clone().display_name(title).override_usage(usage)
}

fn listed(page: &mut Roff, heading: &str, groups: &[&[Entry]]) {
    page.control("SH", [heading]);
    for (name, text) in groups.iter().copied().flatten() {
        page.control("TP", []);
        let names = name.split(", ").enumerate().flat_map(|(at, name)| {
            let separator = if at == 0 { "" } else { ", " };
            [roman(separator), bold(name)]
        });
        page.text(names.collect::<Vec<Inline>>());
        page.text(words(text));
    }
}

fn examples(page: &mut Roff, help: &Help, table: Option<&Page>) {
    let own = table.map_or(&[][..], |table| table.examples);
    page.control("SH", ["EXAMPLES"]);
    for (intro, lines) in &help.examples {
        if !intro.is_empty() {
            paragraph_of(page, intro);
        }
        verbatim(page, lines.iter().map(String::as_str));
    }
    if !own.is_empty() {
        verbatim(page, own.iter().copied());
    }
}

fn verbatim<'a>(page: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    page.control("PP", []);
    page.control("RS", ["4"]);
    page.control("nf", []);
    for line in lines {
        page.text([roman(line)]);
    }
    page.control("fi", []);
    page.control("RE", []);
}

/// The pages beside this one: those above and below it, and for the program none, since it
/// lists them.
fn see_also(page: &mut Roff, name: &str, all: &[String]) {
    let near = |other: &&String| {
        let (above, below) = (
            name.starts_with(&format!("{other} ")),
            other.starts_with(&format!("{name} ")),
        );
        *other != name && !name.is_empty() && (other.is_empty() || above || below)
    };
    let mut pages: Vec<String> = all.iter().filter(near).map(|other| dashed(other)).collect();
    if name.is_empty() {
        pages = vec!["aws".to_owned()];
    }
    page.control("SH", ["SEE ALSO"]);
    let last = pages.len().saturating_sub(1);
    for (at, name) in pages.iter().enumerate() {
        let comma = if at == last { "(1)" } else { "(1)," };
        page.text([bold(name.as_str()), roman(comma)]);
    }
}

fn paragraph_of(page: &mut Roff, text: &str) {
    page.control("PP", []);
    page.text(words(
        &text.split_whitespace().collect::<Vec<&str>>().join(" "),
    ));
}

/// A text in which what stands between backquotes is bold.
fn words(text: &str) -> Vec<Inline> {
    let part = |(at, part): (usize, &str)| if at % 2 == 0 { roman(part) } else { bold(part) };
    text.split('`').enumerate().map(part).collect()
}

/// What stands behind the options in a command's help.
#[derive(Default)]
struct Help {
    prose: Vec<String>,
    /// A sentence before them, or nothing, and lines.
    examples: Vec<(String, Vec<String>)>,
}

impl Help {
    /// Indented lines are examples, and a paragraph that ends in a colon leads to them.
    fn of(command: &Command) -> Help {
        let text = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let mut help = Help::default();
        let mut intro = String::new();
        for block in blocks(&text) {
            let first = block.first().map_or("", |line| line.as_str());
            if first.starts_with("  ") {
                let lines = block.iter().map(|line| line.trim_start().to_owned());
                let intro = std::mem::take(&mut intro);
                help.examples.push((intro, lines.collect()));
                continue;
            }
            let paragraph = block.join(" ");
            // The page has sections of these names, which say more.
            let is_heading = ["Examples:", "Start here:"].contains(&first);
            let is_section = ["Environment:", "Exit codes:"]
                .iter()
                .any(|word| first.starts_with(word));
            if paragraph.ends_with(':') && !is_heading {
                intro = paragraph;
            } else if !is_heading && !is_section {
                help.prose.push(paragraph);
            }
        }
        help
    }
}

/// Lines that belong together: all indented, or none, and no empty line between them.
fn blocks(text: &str) -> Vec<Vec<String>> {
    let mut blocks: Vec<Vec<String>> = vec![Vec::new()];
    let mut indented = None;
    for line in text.lines() {
        let is_indented = line.starts_with("  ");
        if line.is_empty() || indented.is_some_and(|before| before != is_indented) {
            blocks.push(Vec::new());
        }
        if line.is_empty() {
            indented = None;
            continue;
        }
        indented = Some(is_indented);
        if let Some(block) = blocks.last_mut() {
            block.push(line.to_owned());
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}
