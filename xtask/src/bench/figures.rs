//! Collected figures, formatted as a table and as JSON.

use std::fmt::Write;

/// A measured time, count or size.
pub(super) struct Figure {
    pub(super) group: &'static str,
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: &'static str,
    /// Ratio to the base of its group, which is usually the empty program of the same run.
    pub(super) ratio: Option<f64>,
}

/// All figures of a run.
#[derive(Default)]
pub(super) struct Figures {
    all: Vec<Figure>,
}

impl Figures {
    /// Adds a count or size.
    pub(super) fn count(
        &mut self,
        group: &'static str,
        name: impl Into<String>,
        value: u64,
        unit: &'static str,
    ) {
        self.all.push(Figure {
            group,
            name: name.into(),
            // Exact below 2^53.
            value: value as f64,
            unit,
            ratio: None,
        });
    }

    /// Adds a time in microseconds.
    pub(super) fn time(
        &mut self,
        group: &'static str,
        name: impl Into<String>,
        microseconds: f64,
        ratio: Option<f64>,
    ) {
        self.all.push(Figure {
            group,
            name: name.into(),
            value: microseconds,
            unit: "us",
            ratio,
        });
    }

    /// Returns the value of the figure with this name.
    pub(super) fn value(&self, name: &str) -> Option<f64> {
        let found = self.all.iter().find(|figure| figure.name == name);
        found.map(|figure| figure.value)
    }

    /// Formats the figures as a table, by group.
    pub(super) fn table(&self) -> String {
        let longest = |figure: &Figure| figure.name.chars().count();
        let width = self.all.iter().map(longest).max().unwrap_or_default();
        let mut text = String::new();
        let mut group = "";
        for figure in &self.all {
            if figure.group != group {
                group = figure.group;
                let _ = writeln!(text, "\n{group}");
            }
            let ratio = figure
                .ratio
                .map_or(String::new(), |ratio| format!("{ratio:>8.2} x"));
            let (name, value, unit) = (&figure.name, figure.value, figure.unit);
            let line = format!("  {name:<width$}  {value:>10.0} {unit:<8}{ratio}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    /// Formats the figures as a JSON array.
    pub(super) fn json(&self) -> String {
        let rows: Vec<serde_json::Value> = self
            .all
            .iter()
            .map(|figure| {
                serde_json::json!({
                    "group": figure.group,
                    "name": figure.name,
                    "value": figure.value,
                    "unit": figure.unit,
                    "ratio": figure.ratio,
                })
            })
            .collect();
        format!("{:#}\n", serde_json::Value::from(rows))
    }
}

/// Returns the median: for an even number of values, the lower of the middle two.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values
        .get(values.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Figures, median};

    #[test]
    fn median_of_odd_and_even_numbers_of_values() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 2.0);
        assert_eq!(median(&mut []), 0.0);
    }

    #[test]
    fn table_and_json_contain_every_figure() {
        let mut figures = Figures::default();
        figures.count("sizes", "binary", 12, "bytes");
        figures.time("warm", "empty", 1000.4, Some(1.0));
        assert_eq!(
            figures.table(),
            "\nsizes\n  binary          12 bytes\n\nwarm\n  empty         1000 us          1.00 x\n"
        );
        assert!(figures.json().contains("\"ratio\": 1.0"));
        assert_eq!(figures.value("binary"), Some(12.0));
    }
}
