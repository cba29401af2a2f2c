//! State of a list from which the user picks a row by typing: the query, the matching rows, the
//! marked row.
//!
//! It reads no keys and draws nothing: keys come in, visible rows come out. The rows are texts of
//! the caller, such as `cmd/configure/role_picker.rs`.

use crate::os::key_decoder::KeyCode;

/// State of the list after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerState {
    /// Open; the visible rows may have changed.
    Open,
    /// The user picked the row with this index.
    Picked(usize),
    /// The user left the list.
    Cancelled,
}

/// The list.
#[derive(Clone, Debug)]
pub struct Picker<'a> {
    pub rows: &'a [String],
    /// The rows in lower case, for a search that ignores case.
    lower: Vec<String>,
    /// The query as typed.
    pub query: String,
    /// Indices of the matching rows, the best match first.
    pub matches: Vec<usize>,
    /// Position of the marked row in `matches`.
    marked: usize,
    /// Position of the first visible row in `matches`.
    top: usize,
    /// Number of visible rows.
    height: usize,
}

impl<'a> Picker<'a> {
    /// Opens a list of which `height` rows are visible.
    pub fn new(rows: &'a [String], height: usize) -> Picker<'a> {
        Picker {
            rows,
            lower: rows.iter().map(|row| row.to_lowercase()).collect(),
            query: String::new(),
            matches: (0..rows.len()).collect(),
            marked: 0,
            top: 0,
            height: height.max(1),
        }
    }

    /// Iterates over the visible rows: index, text, and whether the row is marked.
    pub fn visible_rows(&self) -> impl Iterator<Item = (usize, &'a str, bool)> {
        let matches = self.matches.iter().enumerate();
        let visible = matches.skip(self.top).take(self.height);
        visible
            .filter_map(|(at, &row)| Some((row, self.rows.get(row)?.as_str(), at == self.marked)))
    }

    /// Changes the number of visible rows.
    pub fn resize(&mut self, height: usize) {
        self.height = height.max(1);
        self.scroll();
    }

    /// Replaces the query.
    pub fn search(&mut self, query: &str) {
        query.clone_into(&mut self.query);
        let lower = query.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let rows = self.lower.iter().enumerate();
        let mut scored: Vec<(usize, usize)> = rows
            .filter_map(|(at, row)| Some((score(&words, row)?, at)))
            .collect();
        scored.sort_unstable();
        self.matches = scored.into_iter().map(|(_, at)| at).collect();
        (self.marked, self.top) = (0, 0);
    }

    /// Applies a key.
    pub fn press(&mut self, key: KeyCode) -> PickerState {
        let last = self.matches.len().saturating_sub(1);
        match key {
            KeyCode::Char(c) => self.search(&format!("{}{c}", self.query)),
            KeyCode::Backspace => {
                let mut query = self.query.clone();
                query.pop();
                self.search(&query);
            }
            KeyCode::DeleteWord => {
                let query = self.query.trim_end();
                let end = query.rfind(' ').map_or(0, |at| at + 1);
                let query = query.get(..end).unwrap_or_default().to_owned();
                self.search(&query);
            }
            KeyCode::DeleteLine => self.search(""),
            KeyCode::Up => self.marked = self.marked.checked_sub(1).unwrap_or(last),
            KeyCode::Down => {
                let next = self.marked + 1;
                self.marked = if next > last { 0 } else { next };
            }
            KeyCode::PageUp => self.marked = self.marked.saturating_sub(self.height),
            KeyCode::PageDown => self.marked = (self.marked + self.height).min(last),
            KeyCode::Home => self.marked = 0,
            KeyCode::End => self.marked = last,
            KeyCode::Enter => {
                if let Some(&row) = self.matches.get(self.marked) {
                    return PickerState::Picked(row);
                }
            }
            KeyCode::Cancel => return PickerState::Cancelled,
            KeyCode::Unknown => {}
        }
        self.scroll();
        PickerState::Open
    }

    /// Moves the visible rows so that they include the marked one.
    fn scroll(&mut self) {
        self.top = self.top.min(self.marked);
        if self.marked >= self.top + self.height {
            self.top = self.marked + 1 - self.height;
        }
    }
}

/// Rates how well a row matches all words: the lower, the better. `None` if a word is missing.
fn score(words: &[&str], row: &str) -> Option<usize> {
    words.iter().map(|word| score_word(word, row)).sum()
}

fn score_word(word: &str, row: &str) -> Option<usize> {
    const WITHIN_WORD: usize = 10;
    const SCATTERED: usize = 100;
    let starts_word = |at: usize| {
        let before = row.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    };
    if row.contains(word) {
        let any = row.match_indices(word).any(|(at, _)| starts_word(at));
        return Some(if any { 0 } else { WITHIN_WORD });
    }
    // The letters in order with others between them, in a short span: every long row has them
    // somewhere.
    let first = word.chars().next()?;
    let starts = row.match_indices(first).map(|(at, _)| at);
    let spans = starts.filter_map(|at| span(word, row.get(at..)?));
    let shortest = spans.min()?;
    let length = word.chars().count();
    (shortest <= 2 * length + 8).then_some(SCATTERED + shortest - length)
}

/// Returns the number of characters of the row up to the last letter of the word, whose letters
/// occur in this order.
fn span(word: &str, row: &str) -> Option<usize> {
    let mut chars = row.chars().enumerate();
    let mut end = 0;
    for letter in word.chars() {
        end = chars.find(|(_, c)| *c == letter)?.0;
    }
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<String> {
        [
            "Prod EU  1111  Admin",
            "Prod US  2222  ReadOnly",
            "dev  3333  Admin",
            "ünï  4444  ReadAdmin",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn matches(query: &str) -> Vec<usize> {
        let rows = rows();
        let mut picker = Picker::new(&rows, 10);
        picker.search(query);
        picker.matches
    }

    #[test]
    fn rows_match_words_in_any_order_and_the_best_come_first() {
        assert_eq!(matches(""), [0, 1, 2, 3]);
        assert_eq!(matches("admin"), [0, 2, 3]);
        assert_eq!(matches("admin prod"), [0]);
        assert_eq!(matches("PRDUS"), [1]);
        assert_eq!(matches("ÜN"), [3]);
        assert_eq!(matches("nothing"), Vec::<usize>::new());
    }

    #[test]
    fn visible_rows_follow_the_marked_one() {
        let rows = rows();
        let mut picker = Picker::new(&rows, 2);
        let visible = |picker: &Picker| -> Vec<(usize, bool)> {
            picker
                .visible_rows()
                .map(|(row, _, is_marked)| (row, is_marked))
                .collect()
        };
        assert_eq!(visible(&picker), [(0, true), (1, false)]);
        picker.press(KeyCode::Up);
        assert_eq!(visible(&picker), [(2, false), (3, true)]);
        picker.press(KeyCode::Down);
        picker.press(KeyCode::PageDown);
        assert_eq!(visible(&picker), [(1, false), (2, true)]);
        picker.resize(1);
        assert_eq!(visible(&picker), [(2, true)]);
        assert_eq!(picker.press(KeyCode::Enter), PickerState::Picked(2));
        for key in
            "nothing"
                .chars()
                .map(KeyCode::Char)
                .chain([KeyCode::Up, KeyCode::End, KeyCode::PageUp])
        {
            assert_eq!(picker.press(key), PickerState::Open);
        }
        assert_eq!(
            (picker.press(KeyCode::Enter), picker.matches.len()),
            (PickerState::Open, 0)
        );
        picker.press(KeyCode::DeleteWord);
        assert_eq!((picker.query.as_str(), picker.matches.len()), ("", 4));
        assert_eq!(picker.press(KeyCode::Cancel), PickerState::Cancelled);
    }
}
