//! Formats and parses COMPATIBILITY.md.

use super::directions::{self, DIRECTIONS};
use super::observations::{Observations, TestedClient};

const HEAD: &str = "\
# Compatibility

Programs that are tested with `sso`, their versions, and what was tested. The tests run the real
programs in the same home as `sso`, against an emulator of IAM Identity Center. `cargo xtask compat`
writes this page from the records of passing tests, and `cargo xtask ci` compares it with its own
run. Do not edit it.

";

const VERSION: &str = "version";

/// Formats the document.
pub(super) fn format(observations: &Observations) -> String {
    let mut text = HEAD.to_string();
    let in_table = |client: &TestedClient| !client.directions.is_empty();
    let columns = observations
        .clients
        .iter()
        .filter(|(_, client)| in_table(client));
    let columns: Vec<(&str, &TestedClient)> =
        columns.map(|(name, client)| (&name[..], client)).collect();
    let names = columns.iter().map(|(name, _)| (*name).to_string());
    text += &row("", names);
    text += &row("---", columns.iter().map(|_| "---".to_string()));
    text += &row(VERSION, columns.iter().map(|(_, c)| c.version.clone()));
    let mut reasons: Vec<usize> = Vec::new();
    for (direction, row_text) in DIRECTIONS {
        let cells: Vec<String> = columns
            .iter()
            .map(|(name, client)| {
                if client.directions.contains(direction) {
                    return "yes".to_string();
                }
                let Some(reason) = directions::reason_for(name, direction) else {
                    return "not tested".to_string();
                };
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
                let index = reasons.iter().position(|known| *known == reason);
                format!("({})", index.unwrap_or_default() + 1)
            })
            .collect();
        text += &row(row_text, cells.into_iter());
    }
    text += "\nCells with a number cannot be tested:\n\n";
    for (index, reason) in reasons.iter().enumerate() {
        let why = directions::reason_text(*reason);
        text += &format!("{}. {why}\n", index + 1);
    }
    text += "\nOther observations of the tests:\n\n";
    for (name, client) in &observations.clients {
        for note in &client.notes {
            text += &format!("- **{name}** {} {note}\n", client.version);
        }
    }
    text
}

/// Formats a row of a Markdown table.
fn row(first: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {first} | {} |\n", cells.join(" | "))
}

/// Parses the document. Text in another format yields no observations.
pub(super) fn parse(text: &str) -> Observations {
    let mut observations = Observations::default();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").map(str::trim).collect())
        .collect();
    let names = rows.first().cloned().unwrap_or_default();
    for row in &rows {
        for (name, cell) in names.iter().zip(row).skip(1) {
            let client = observations.clients.entry((*name).to_string()).or_default();
            if row[0] == VERSION {
                client.version = (*cell).to_string();
            } else if let (Some(direction), "yes") = (directions::name_of(row[0]), *cell) {
                client.directions.insert(direction.to_string());
            }
        }
    }
    for line in text.lines() {
        if let Some((name, rest)) = bullet(line)
            && let Some((version, note)) = rest.split_once(' ')
        {
            let client = observations.clients.entry(name.to_string()).or_default();
            client.version = version.to_string();
            client.notes.insert(note.to_string());
        }
    }
    observations
}

/// Splits a list item into the bold name and the rest.
fn bullet(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("- **")?.split_once("** ")
}

#[cfg(test)]
mod tests {
    use super::super::observations::Observations;
    use super::{format, parse};

    #[test]
    fn a_formatted_document_parses_to_the_same_observations() {
        let mut observations = Observations::default();
        for record in [
            r#"{"client":"AWS CLI","version":"2.1.0","direction":"Exec"}"#,
            r#"{"client":"AWS CLI","version":"2.1.0","direction":"SignsIn"}"#,
            r#"{"client":"boto3","version":"1.2","direction":"Exec"}"#,
            r#"{"client":"boto3","version":"1.2","also":"likes `sso`"}"#,
            r#"{"client":"moto","version":"5","also":"is | only here"}"#,
        ] {
            observations.add(record).unwrap();
        }
        let text = format(&observations);
        assert_eq!(parse(&text), observations, "{text}");
        assert!(
            text.contains("| `sso` uses its sign-in | yes | (1) |"),
            "{text}"
        );
        assert!(text.contains("1. The SDKs neither"), "{text}");
    }

    #[test]
    fn other_text_yields_no_observations() {
        assert_eq!(
            parse("# Something else\n- a list\n"),
            Observations::default()
        );
    }
}
