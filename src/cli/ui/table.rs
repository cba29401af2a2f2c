//! Renders rows of names as a table for people, and as CSV, TSV and JSON for programs.
//!
//! Names come from the portal and may hold anything. No format passes a control character on:
//! the table and CSV replace it, TSV and JSON escape it.

use serde_json::Value;

use super::text::{padded, width};
use crate::domain::json::{minified, spaced};
use crate::domain::listing::role_selection::RoleRow;
use crate::domain::text::{is_hostile, sanitize};

/// An output format of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// Aligned columns.
    Table,
    /// One array of objects.
    Json,
    /// One object on each line.
    JsonLines,
    /// RFC 4180.
    Csv,
    /// Tab-separated, with backslash escapes.
    Tsv,
}

/// A column of an account or role listing. `Name`, `Id` and `Email` are those of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Id,
    Role,
    Email,
}

impl RowFormat {
    /// Returns `true` if a row can be printed before the others are known.
    pub fn is_line_by_line(self) -> bool {
        matches!(self, RowFormat::JsonLines | RowFormat::Csv | RowFormat::Tsv)
    }
}

impl Column {
    /// Heading in the table.
    fn title(self) -> &'static str {
        match self {
            Column::Name => "Account name",
            Column::Id => "Account id",
            Column::Role => "Role",
            Column::Email => "Email",
        }
    }

    /// Heading in CSV and TSV, and member name in JSON.
    fn key(self) -> &'static str {
        match self {
            Column::Name => "account_name",
            Column::Id => "account",
            Column::Role => "role",
            Column::Email => "email",
        }
    }

    fn value(self, row: RoleRow<'_>) -> Option<&str> {
        match self {
            Column::Name => row.account.name.as_deref(),
            Column::Id => Some(&row.account.id),
            Column::Role => Some(row.role),
            Column::Email => row.account.email.as_deref(),
        }
    }
}

/// Renders the header line of CSV and TSV; empty for the other formats.
pub fn header(format: RowFormat, columns: &[Column]) -> String {
    let keys = columns.iter().map(|column| column.key().to_owned());
    match format {
        RowFormat::Csv => join(keys, ",", "\r\n"),
        RowFormat::Tsv => join(keys, "\t", "\n"),
        RowFormat::Table | RowFormat::Json | RowFormat::JsonLines => String::new(),
    }
}

/// Renders one row in a format that is printed line by line.
pub fn line(format: RowFormat, columns: &[Column], row: RoleRow) -> String {
    let texts = columns.iter();
    let texts = texts.map(|column| column.value(row).unwrap_or_default());
    match format {
        RowFormat::Csv => join(texts.map(to_csv), ",", "\r\n"),
        RowFormat::Tsv => join(texts.map(to_tsv), "\t", "\n"),
        RowFormat::Table | RowFormat::Json | RowFormat::JsonLines => {
            minified(&to_object(columns, row)) + "\n"
        }
    }
}

/// Renders all rows.
pub fn render(format: RowFormat, columns: &[Column], rows: &[RoleRow], has_header: bool) -> String {
    match format {
        RowFormat::Table => to_table(columns, rows, has_header),
        RowFormat::Json if rows.is_empty() => "[]\n".to_owned(),
        RowFormat::Json => {
            let objects = rows.iter().map(|row| spaced(&to_object(columns, *row)));
            format!("[\n  {}\n]\n", join(objects, ",\n  ", ""))
        }
        RowFormat::JsonLines | RowFormat::Csv | RowFormat::Tsv => {
            let header = has_header.then(|| header(format, columns));
            let lines = rows.iter().map(|row| line(format, columns, *row));
            header.into_iter().chain(lines).collect()
        }
    }
}

fn join(texts: impl Iterator<Item = String>, separator: &str, end: &str) -> String {
    texts.collect::<Vec<String>>().join(separator) + end
}

/// Builds an object whose members have the same order whatever the rows are sorted by.
fn to_object(columns: &[Column], row: RoleRow) -> Value {
    let ordered = [Column::Id, Column::Name, Column::Role, Column::Email].into_iter();
    let shown = ordered.filter(|column| columns.contains(column));
    let members = shown.map(|column| (column.key().to_owned(), column.value(row).into()));
    Value::Object(members.collect())
}

/// Quotes a field by RFC 4180. A line break is replaced although quotes may hold one:
/// spreadsheets take it for the end of the row all the same.
fn to_csv(text: &str) -> String {
    let replace = |c: char| if is_hostile(c) { '\u{fffd}' } else { c };
    let text: String = text.chars().map(replace).collect();
    if text.contains(['"', ',']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn to_tsv(text: &str) -> String {
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

fn to_table(columns: &[Column], rows: &[RoleRow], has_header: bool) -> String {
    let titles = columns.iter().map(|column| column.title().to_owned());
    let titles = has_header.then(|| titles.collect());
    let cells = rows.iter().map(|row| {
        let cells = columns.iter().map(|column| column.value(*row));
        cells
            .map(|cell| cell.map_or_else(|| "-".to_owned(), sanitize))
            .collect()
    });
    let lines: Vec<Vec<String>> = titles.into_iter().chain(cells).collect();
    let max_width = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.get(at));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(max_width).collect();
    let mut out = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| padded(cell, *width));
        out += join(cells, "  ", "").trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::inventory::Account;

    const COLUMNS: [Column; 3] = [Column::Name, Column::Id, Column::Role];
    const HOSTILE: &str = "a\"b,c\n\t\\\u{1b}[31m$(id)\u{202e}\u{e9}";

    fn account(id: &str, name: Option<&str>) -> Account {
        Account {
            id: id.to_owned(),
            name: name.map(str::to_owned),
            ..Account::default()
        }
    }

    #[test]
    fn control_characters_are_replaced_or_escaped_in_every_format() {
        let account = account("111122223333", None);
        let row = RoleRow {
            account: &account,
            role: HOSTILE,
        };
        let expected = [
            (
                RowFormat::Csv,
                ",111122223333,\"a\"\"b,c\u{fffd}\u{fffd}\\\u{fffd}[31m$(id)\u{fffd}\u{e9}\"\r\n",
            ),
            (
                RowFormat::Tsv,
                "\t111122223333\ta\"b,c\\n\\t\\\\\\u001b[31m$(id)\\u202e\u{e9}\n",
            ),
            (
                RowFormat::JsonLines,
                "{\"account\":\"111122223333\",\"account_name\":null,\"role\":\"a\\\"b,c\\n\\t\\\\\\u001b[31m$(id)\\u202e\\u00e9\"}\n",
            ),
        ];
        for (format, text) in expected {
            assert_eq!(line(format, &COLUMNS, row), text);
        }
        for format in [
            RowFormat::Table,
            RowFormat::Json,
            RowFormat::Csv,
            RowFormat::Tsv,
            RowFormat::JsonLines,
        ] {
            let text = render(format, &COLUMNS, &[row], true);
            let is_allowed = |c: char| matches!(c, '\n' | '\r' | '\t');
            assert!(
                !text.chars().any(|c| is_hostile(c) && !is_allowed(c)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn table_columns_are_aligned_without_trailing_spaces() {
        let named = account("111122223333", Some("Prod EU"));
        let unnamed = account("000000000333", None);
        let rows = [(&named, "A"), (&unnamed, "ReadOnly")];
        let rows = rows.map(|(account, role)| RoleRow { account, role });
        let text = "\
Account name  Account id    Role
Prod EU       111122223333  A
-             000000000333  ReadOnly
";
        assert_eq!(to_table(&COLUMNS, &rows, true), text);
        assert_eq!(render(RowFormat::Json, &COLUMNS, &[], true), "[]\n");
        let json = render(RowFormat::Json, &COLUMNS, &rows, true);
        let parsed: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(parsed[0]["account_name"], "Prod EU");
        assert_eq!(parsed[1]["account_name"], Value::Null);
    }
}
