//! Reads and writes the files of golden cases.

use std::fmt::Write as _;

/// One parsed case.
#[derive(Default)]
pub(super) struct Case {
    pub(super) title: String,
    pub(super) command: String,
    /// Input sections in order: the text of the `---` line and the lines below it.
    pub(super) given: Vec<(String, String)>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// Content of `~/.aws/config` after the run, or empty if unchanged.
    pub(super) config_after: String,
    pub(super) exit: i32,
}

/// Returns the lines before the first case and the parsed cases.
pub(super) fn parse(text: &str) -> (String, Vec<Case>) {
    let mut head = String::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut section = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            section.clear();
            cases.push(Case {
                title: title.to_owned(),
                ..Case::default()
            });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            head += &format!("{line}\n");
            continue;
        };
        if let Some(command) = line.strip_prefix("$ ") {
            command.clone_into(&mut case.command);
        } else if let Some(name) = section_name(line) {
            name.clone_into(&mut section);
            match name.strip_prefix("exit ") {
                Some(code) => {
                    case.exit = code.parse().unwrap();
                    section.clear();
                }
                None if matches!(name, "stdout" | "stderr" | "config after") => {}
                None => case.given.push((name.to_owned(), String::new())),
            }
        } else {
            let target = match section.as_str() {
                "stdout" => &mut case.stdout,
                "stderr" => &mut case.stderr,
                "config after" => &mut case.config_after,
                "" => {
                    assert!(line.is_empty(), "{}: {line:?} is nowhere", case.title);
                    continue;
                }
                _ => &mut case.given.last_mut().unwrap().1,
            };
            *target += &format!("{line}\n");
        }
    }
    // Drops the blank line before the next case.
    for case in &mut cases {
        let given = case.given.iter_mut().map(|(_, text)| text);
        for text in given.chain([&mut case.stdout, &mut case.stderr, &mut case.config_after]) {
            let length = text.trim_end_matches('\n').len();
            text.truncate(length);
            if length > 0 {
                text.push('\n');
            }
        }
    }
    (head, cases)
}

/// Returns the name of the section that begins here. The first line of a diff (`--- ~/…`) does
/// not begin one.
fn section_name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("--- ")?;
    (!name.starts_with("~/")).then_some(name)
}

/// Formats a case as in the file.
pub(super) fn format_case(case: &Case) -> String {
    let mut text = format!("=== {}\n$ {}\n", case.title, case.command);
    for (name, content) in &case.given {
        let _ = write!(text, "--- {name}\n{content}");
    }
    let printed = [
        ("stdout", &case.stdout),
        ("stderr", &case.stderr),
        ("config after", &case.config_after),
    ];
    for (name, content) in printed {
        if !content.is_empty() {
            let _ = write!(text, "--- {name}\n{content}");
        }
    }
    if case.exit != 0 {
        let _ = writeln!(text, "--- exit {}", case.exit);
    }
    text + "\n"
}
