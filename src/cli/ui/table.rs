//! Rows of names as a table for people, and as CSV, TSV and JSON for programs.
//!
//! The names are foreign input. No form lets a control character through as such: the table
//! and CSV show a mark in its place, TSV and JSON write it as an escape.

use serde_json::{Map, Value};

use crate::cli::ui::columns::{self, width};
use crate::domain::json::{minified, spaced};
use crate::domain::text::{is_hostile, sanitize};

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Table,
    Json,
    JsonLines,
    Csv,
    Tsv,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Id,
    Role,
    Email,
}

/// The value of a column; not everything has one.
pub type Cell<'a> = Option<&'a str>;

impl Form {
    /// Whether a row can be printed before the others are known.
    pub fn is_by_line(self) -> bool {
        matches!(self, Form::JsonLines | Form::Csv | Form::Tsv)
    }
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Column::Name => "Account name",
            Column::Id => "Account id",
            Column::Role => "Role",
            Column::Email => "Email",
        }
    }

    /// Its name for programs.
    fn key(self) -> &'static str {
        match self {
            Column::Name => "account_name",
            Column::Id => "account",
            Column::Role => "role",
            Column::Email => "email",
        }
    }
}

/// The line above all others, for a form that is printed by line.
pub fn header(form: Form, columns: &[Column]) -> String {
    let keys = columns.iter().map(|column| column.key().to_owned());
    match form {
        Form::Csv => joined(keys, ",", "\r\n"),
        Form::Tsv => joined(keys, "\t", "\n"),
        Form::Table | Form::Json | Form::JsonLines => String::new(),
    }
}

/// One line, for a form that is printed by line.
pub fn line(form: Form, columns: &[Column], cells: &[Cell]) -> String {
    let texts = cells.iter().map(|cell| cell.unwrap_or_default());
    match form {
        Form::Csv => joined(texts.map(for_csv), ",", "\r\n"),
        Form::Tsv => joined(texts.map(for_tsv), "\t", "\n"),
        Form::Table | Form::Json | Form::JsonLines => {
            format!("{}\n", minified(&object(columns, cells)))
        }
    }
}

/// All rows.
pub fn whole(form: Form, columns: &[Column], rows: &[Vec<Cell>], with_header: bool) -> String {
    match form {
        Form::Table => table(columns, rows, with_header),
        Form::Json => {
            let objects = rows.iter().map(|row| spaced(&object(columns, row)));
            let objects: Vec<String> = objects.collect();
            if objects.is_empty() {
                return "[]\n".to_owned();
            }
            format!("[\n  {}\n]\n", objects.join(",\n  "))
        }
        Form::JsonLines | Form::Csv | Form::Tsv => {
            let head = if with_header {
                header(form, columns)
            } else {
                String::new()
            };
            let lines = rows.iter().map(|row| line(form, columns, row));
            std::iter::once(head).chain(lines).collect()
        }
    }
}

fn joined(texts: impl Iterator<Item = String>, separator: &str, end: &str) -> String {
    texts.collect::<Vec<String>>().join(separator) + end
}

/// Always the same members in the same order, whatever the rows are sorted by.
fn object(columns: &[Column], cells: &[Cell]) -> Value {
    let mut map = Map::new();
    for column in [Column::Id, Column::Name, Column::Role, Column::Email] {
        let Some(at) = columns.iter().position(|it| *it == column) else {
            continue;
        };
        let cell = cells.get(at).copied().flatten();
        map.insert(
            column.key().to_owned(),
            cell.map_or(Value::Null, Value::from),
        );
    }
    Value::Object(map)
}

/// RFC 4180. A line break could stand in quotes there, and a spreadsheet would take it for a
/// row all the same.
fn for_csv(text: &str) -> String {
    let mark = |c: char| if is_hostile(c) { '\u{fffd}' } else { c };
    let text: String = text.chars().map(mark).collect();
    if text.contains(['"', ',']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn for_tsv(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out += "\\\\",
            '\t' => out += "\\t",
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            c if is_hostile(c) => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

fn table(columns: &[Column], rows: &[Vec<Cell>], with_header: bool) -> String {
    let titles = with_header.then(|| {
        let titles = columns.iter().map(|column| column.title().to_owned());
        titles.collect::<Vec<String>>()
    });
    let cells = rows.iter().map(|row| {
        let cells = row
            .iter()
            .map(|cell| cell.map_or_else(|| "-".to_owned(), sanitize));
        cells.collect::<Vec<String>>()
    });
    let lines: Vec<Vec<String>> = titles.into_iter().chain(cells).collect();
    let widest = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.get(at));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(widest).collect();
    let mut out = String::new();
    for line in &lines {
        let padded = line.iter().zip(&widths);
        let padded = padded.map(|(cell, columns)| columns::padded(cell, *columns));
        out += joined(padded, "  ", "").trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [Column::Name, Column::Id, Column::Role];
    const HOSTILE: &str = "a\"b,c\n\t\\\u{1b}[31m$(id)\u{202e}\u{e9}";

    #[test]
    fn no_form_lets_a_control_character_through() {
        let row: Vec<Cell> = vec![None, Some("111122223333"), Some(HOSTILE)];
        let expected = [
            (
                Form::Csv,
                ",111122223333,\"a\"\"b,c\u{fffd}\u{fffd}\\\u{fffd}[31m$(id)\u{fffd}\u{e9}\"\r\n",
            ),
            (
                Form::Tsv,
                "\t111122223333\ta\"b,c\\n\\t\\\\\\u001b[31m$(id)\\u202e\u{e9}\n",
            ),
            (
                Form::JsonLines,
                "{\"account\":\"111122223333\",\"account_name\":null,\"role\":\"a\\\"b,c\\n\\t\\\\\\u001b[31m$(id)\\u202e\\u00e9\"}\n",
            ),
        ];
        for (form, text) in expected {
            assert_eq!(line(form, &COLUMNS, &row), text);
        }
        for form in [
            Form::Table,
            Form::Json,
            Form::Csv,
            Form::Tsv,
            Form::JsonLines,
        ] {
            let text = whole(form, &COLUMNS, std::slice::from_ref(&row), true);
            let own = |c: char| matches!(c, '\n' | '\r' | '\t');
            assert!(!text.chars().any(|c| is_hostile(c) && !own(c)), "{text:?}");
        }
    }

    #[test]
    fn a_table_lines_up_and_ends_without_blanks() {
        let rows: Vec<Vec<Cell>> = vec![
            vec![Some("Prod EU"), Some("111122223333"), Some("A")],
            vec![None, Some("000000000333"), Some("ReadOnly")],
        ];
        let text = "\
Account name  Account id    Role
Prod EU       111122223333  A
-             000000000333  ReadOnly
";
        assert_eq!(table(&COLUMNS, &rows, true), text);
        assert_eq!(whole(Form::Json, &COLUMNS, &[], true), "[]\n");
        let json = whole(Form::Json, &COLUMNS, &rows, true);
        let parsed: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(parsed[0]["account_name"], "Prod EU");
        assert_eq!(parsed[1]["account_name"], Value::Null);
    }
}
