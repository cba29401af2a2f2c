//! Generates the man pages: clap_mangen's sections, and further ones from the help of the command
//! and from `man_tables`.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use super::man_entries::Entry;
use super::man_tables::{self, PageTable};

/// Returns the file name and text of every page.
pub fn pages(program: &Command) -> Vec<(String, String)> {
    let mut program = program.clone();
    program.build();
    let all = command_names(&program, &[]);
    let mut pages = Vec::new();
    add_pages(&program, &[], &all, &mut pages);
    pages
}

/// Returns the full names of all commands with a page, without `sso`.
fn command_names(command: &Command, above: &[&str]) -> Vec<String> {
    let mut found = vec![above.join(" ")];
    for sub in documented(command) {
        found.extend(command_names(sub, &[above, &[sub.get_name()]].concat()));
    }
    found
}

/// Returns the subcommands with a page: all but hidden ones and `help`.
fn documented(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
}

fn add_pages(command: &Command, above: &[&str], all: &[String], pages: &mut Vec<(String, String)>) {
    let name = above.join(" ");
    pages.push((
        format!("{}.1", page_name(&name)),
        render_page(command, &name, all),
    ));
    for sub in documented(command) {
        add_pages(sub, &[above, &[sub.get_name()]].concat(), all, pages);
    }
}

/// Returns the name of the page, such as `sso` or `sso-trust-list`.
fn page_name(name: &str) -> String {
    format!("sso {name}").trim_end().replace(' ', "-")
}

fn render_page(command: &Command, name: &str, all: &[String]) -> String {
    let title = page_name(name);
    let help = AfterHelp::parse(command);
    let table = man_tables::find(name);
    let (version, date) = man_tables::RELEASE;
    let man = Man::new(with_title(command, &title))
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
        add_paragraph(&mut page, paragraph);
    }
    for paragraph in &help.prose {
        add_paragraph(&mut page, paragraph);
    }
    let description = page.to_roff();

    let mut page = Roff::new();
    let subcommands: Vec<&Command> = documented(command).collect();
    if !subcommands.is_empty() {
        page.control("SH", ["COMMANDS"]);
        for sub in subcommands {
            page.control("TP", []);
            let full = page_name(format!("{name} {}", sub.get_name()).trim_start());
            page.text([bold(full), roman("(1)")]);
            page.text(bold_code(
                &sub.get_about().map(ToString::to_string).unwrap_or_default(),
            ));
        }
    }
    if let Some(table) = table {
        add_definitions(&mut page, "ENVIRONMENT", table.variables);
        add_definitions(&mut page, "FILES", table.files);
        add_definitions(&mut page, "EXIT STATUS", table.exits);
    }
    add_examples(&mut page, &help, table);
    add_see_also(&mut page, name, all);
    let rest = page.to_roff();

    let mut text = Vec::new();
    // Writing to memory does not fail, and a test would notice a missing section.
    let _ = man.render_title(&mut text);
    let _ = man.render_name_section(&mut text);
    let _ = man.render_synopsis_section(&mut text);
    text.extend_from_slice(description.as_bytes());
    let _ = man.render_options_section(&mut text);
    text.extend_from_slice(rest.as_bytes());
    remove_idle_requests(&String::from_utf8_lossy(&text))
}

/// Removes requests without effect, of which `mandoc` warns: clap_mangen breaks lines next to
/// empty ones, and begins a paragraph after a heading, which does so itself.
fn remove_idle_requests(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let has_request = |at: Option<usize>, request: &str| {
        let line = at.and_then(|at| lines.get(at));
        line.is_some_and(|line| line.split(' ').next() == Some(request))
    };
    let mut kept = String::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1);
        let is_idle = match *line {
            ".br" => has_request(before, "") || has_request(Some(at + 1), ""),
            ".PP" => has_request(before, ".SH"),
            _ => false,
        };
        if !is_idle {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

/// Copies the command with the page as its name, and with the usage line of its help, which says
/// more than clap_mangen's list of options.
fn with_title(command: &Command, title: &str) -> Command {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let title: &'static str = title.to_owned().leak();
    command.clone().display_name(title).override_usage(usage)
}

/// Adds a section of names with descriptions.
fn add_definitions(page: &mut Roff, heading: &str, groups: &[&[Entry]]) {
    page.control("SH", [heading]);
    for (name, text) in groups.iter().copied().flatten() {
        page.control("TP", []);
        let names = name.split(", ").enumerate().flat_map(|(at, name)| {
            let separator = if at == 0 { "" } else { ", " };
            [roman(separator), bold(name)]
        });
        page.text(names.collect::<Vec<Inline>>());
        page.text(bold_code(text));
    }
}

fn add_examples(page: &mut Roff, help: &AfterHelp, table: Option<&PageTable>) {
    let own = table.map_or(&[][..], |table| table.examples);
    page.control("SH", ["EXAMPLES"]);
    for (intro, lines) in &help.examples {
        if !intro.is_empty() {
            add_paragraph(page, intro);
        }
        add_verbatim(page, lines.iter().map(String::as_str));
    }
    if !own.is_empty() {
        add_verbatim(page, own.iter().copied());
    }
}

fn add_verbatim<'a>(page: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    page.control("PP", []);
    page.control("RS", ["4"]);
    page.control("nf", []);
    for line in lines {
        page.text([roman(line)]);
    }
    page.control("fi", []);
    page.control("RE", []);
}

/// Adds the section that refers to the pages above and below. The page of the program lists its
/// subcommands already.
fn add_see_also(page: &mut Roff, name: &str, all: &[String]) {
    let is_related = |other: &&String| {
        let (is_above, is_below) = (
            name.starts_with(&format!("{other} ")),
            other.starts_with(&format!("{name} ")),
        );
        *other != name && !name.is_empty() && (other.is_empty() || is_above || is_below)
    };
    let mut pages: Vec<String> = all
        .iter()
        .filter(is_related)
        .map(|other| page_name(other))
        .collect();
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

fn add_paragraph(page: &mut Roff, text: &str) {
    page.control("PP", []);
    page.text(bold_code(
        &text.split_whitespace().collect::<Vec<&str>>().join(" "),
    ));
}

/// Makes text in backquotes bold.
fn bold_code(text: &str) -> Vec<Inline> {
    let part = |(at, part): (usize, &str)| if at % 2 == 0 { roman(part) } else { bold(part) };
    text.split('`').enumerate().map(part).collect()
}

/// The text after the options in a command's help.
#[derive(Default)]
struct AfterHelp {
    prose: Vec<String>,
    /// An introducing sentence, or nothing, with the lines of the examples.
    examples: Vec<(String, Vec<String>)>,
}

impl AfterHelp {
    /// Splits the text: indented lines are examples, and a paragraph that ends in a colon
    /// introduces them.
    fn parse(command: &Command) -> AfterHelp {
        let text = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let mut help = AfterHelp::default();
        let mut intro = String::new();
        for block in split_blocks(&text) {
            let first = block.first().map_or("", |line| line.as_str());
            if first.starts_with("  ") {
                let lines = block.iter().map(|line| line.trim_start().to_owned());
                let intro = std::mem::take(&mut intro);
                help.examples.push((intro, lines.collect()));
                continue;
            }
            let paragraph = block.join(" ");
            // The page has more detailed sections of these names.
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

/// Splits a text at empty lines and where the indentation begins or ends.
fn split_blocks(text: &str) -> Vec<Vec<String>> {
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
