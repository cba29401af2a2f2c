//! COMPATIBILITY.md: written from what was seen, and read again to compare.

use super::lines::{self, LINES};
use super::seen::{Client, Seen};

const HEAD: &str = "\
# Compatibility

Who was tested with `sso`, in which version, and in which direction: real programs on one
home with it, against the emulator of Identity Center. `cargo xtask compat` writes this page
from what the tests record when they pass, and `cargo xtask ci` compares it with its own run.
Do not edit it.

";

const VERSION: &str = "version";

pub(super) fn text(seen: &Seen) -> String {
    let mut text = HEAD.to_string();
    let in_table = |client: &Client| !client.directions.is_empty();
    let columns = seen.clients.iter().filter(|(_, client)| in_table(client));
    let columns: Vec<(&str, &Client)> = columns.map(|(name, client)| (&name[..], client)).collect();
    let names = columns.iter().map(|(name, _)| (*name).to_string());
    text += &row("", names);
    text += &row("---", columns.iter().map(|_| "---".to_string()));
    text += &row(VERSION, columns.iter().map(|(_, c)| c.version.clone()));
    let mut numbers: Vec<usize> = Vec::new();
    for (direction, words) in LINES {
        let cells: Vec<String> = columns
            .iter()
            .map(|(name, client)| {
                if client.directions.contains(direction) {
                    return "yes".to_string();
                }
                let Some(reason) = lines::reason(name, direction) else {
                    return "not tested".to_string();
                };
                if !numbers.contains(&reason) {
                    numbers.push(reason);
                }
                let place = numbers.iter().position(|known| *known == reason);
                format!("({})", place.unwrap_or_default() + 1)
            })
            .collect();
        text += &row(words, cells.into_iter());
    }
    text += "\nA number stands where there is nothing to test:\n\n";
    for (place, number) in numbers.iter().enumerate() {
        text += &format!("{}. {}\n", place + 1, lines::why(*number));
    }
    text += "\nThe tests have seen besides:\n\n";
    for (name, client) in &seen.clients {
        for words in &client.also {
            text += &format!("- **{name}** {} {words}\n", client.version);
        }
    }
    text
}

fn row(first: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {first} | {} |\n", cells.join(" | "))
}

/// What a table says was seen; nothing, when it is none of ours.
pub(super) fn parse(text: &str) -> Seen {
    let mut seen = Seen::default();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").map(str::trim).collect())
        .collect();
    let names = rows.first().cloned().unwrap_or_default();
    for row in &rows {
        for (name, cell) in names.iter().zip(row).skip(1) {
            let client = seen.clients.entry((*name).to_string()).or_default();
            if row[0] == VERSION {
                client.version = (*cell).to_string();
            } else if let (Some(direction), "yes") = (lines::direction(row[0]), *cell) {
                client.directions.insert(direction.to_string());
            }
        }
    }
    for line in text.lines() {
        if let Some((name, rest)) = bullet(line)
            && let Some((version, words)) = rest.split_once(' ')
        {
            let client = seen.clients.entry(name.to_string()).or_default();
            client.version = version.to_string();
            client.also.insert(words.to_string());
        }
    }
    seen
}

fn bullet(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("- **")?.split_once("** ")
}

#[cfg(test)]
mod tests {
    use super::super::seen::Seen;
    use super::{parse, text};

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let mut seen = Seen::default();
        for record in [
            r#"{"client":"AWS CLI","version":"2.1.0","direction":"Exec"}"#,
            r#"{"client":"AWS CLI","version":"2.1.0","direction":"SignsIn"}"#,
            r#"{"client":"boto3","version":"1.2","direction":"Exec"}"#,
            r#"{"client":"boto3","version":"1.2","also":"likes `sso`"}"#,
            r#"{"client":"moto","version":"5","also":"is | only here"}"#,
        ] {
            seen.add(record).unwrap();
        }
        let text = text(&seen);
        assert_eq!(parse(&text), seen, "{text}");
        assert!(
            text.contains("| its own sign-in serves `sso` | yes | (1) |"),
            "{text}"
        );
        assert!(text.contains("1. The SDKs neither"), "{text}");
    }

    #[test]
    fn no_table_says_nothing() {
        assert_eq!(parse("# Something else\n- a list\n"), Seen::default());
    }
}
