//! Choosing one of many rows by typing: what was typed, which rows fit, which is marked.
//!
//! Keys come in, what is to be seen comes out. Nothing here reads a terminal or draws.

use crate::os::key_decoder::Key;

/// What a key has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is something else to see.
    Shows,
    /// This row was chosen.
    Chosen(usize),
    /// None was.
    Left,
}

/// The state of a choice.
#[derive(Clone, Debug)]
pub struct Picker<'a> {
    rows: &'a [String],
    lower: Vec<String>,
    query: String,
    /// The rows that fit, the best first.
    found: Vec<usize>,
    /// Which of them is marked,
    marked: usize,
    /// and which is the first to be seen.
    top: usize,
    height: usize,
}

impl<'a> Picker<'a> {
    /// All rows, of which so many are to be seen at once.
    pub fn new(rows: &'a [String], height: usize) -> Picker<'a> {
        Picker {
            rows,
            lower: rows.iter().map(|row| row.to_lowercase()).collect(),
            query: String::new(),
            found: (0..rows.len()).collect(),
            marked: 0,
            top: 0,
            height: height.max(1),
        }
    }

    /// What was typed.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// How many rows fit.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// The rows to be seen, and whether each is the marked one.
    pub fn window(&self) -> impl Iterator<Item = (usize, &'a str, bool)> {
        let all = self.found.iter().enumerate();
        let seen = all.skip(self.top).take(self.height);
        seen.filter_map(|(at, &row)| Some((row, self.rows.get(row)?.as_str(), at == self.marked)))
    }

    /// Another number of rows to be seen at once.
    pub fn resize(&mut self, height: usize) {
        self.height = height.max(1);
        self.scroll();
    }

    /// Looks for something else.
    pub fn look_for(&mut self, query: &str) {
        query.clone_into(&mut self.query);
        let lower = query.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let rows = self.lower.iter().enumerate();
        let mut scored: Vec<(usize, usize)> = rows
            .filter_map(|(at, row)| Some((score(&words, row)?, at)))
            .collect();
        scored.sort_unstable();
        self.found = scored.into_iter().map(|(_, at)| at).collect();
        (self.marked, self.top) = (0, 0);
    }

    /// Does what the key says.
    pub fn press(&mut self, key: Key) -> Step {
        let last = self.found.len().saturating_sub(1);
        match key {
            Key::Char(c) => self.look_for(&format!("{}{c}", self.query)),
            Key::Backspace => {
                let mut query = self.query.clone();
                query.pop();
                self.look_for(&query);
            }
            Key::Word => {
                let query = self.query.trim_end();
                let end = query.rfind(' ').map_or(0, |at| at + 1);
                let query = query.get(..end).unwrap_or_default().to_owned();
                self.look_for(&query);
            }
            Key::Clear => self.look_for(""),
            Key::Up => self.marked = self.marked.checked_sub(1).unwrap_or(last),
            Key::Down => {
                self.marked = if self.marked < last {
                    self.marked + 1
                } else {
                    0
                }
            }
            Key::PageUp => self.marked = self.marked.saturating_sub(self.height),
            Key::PageDown => self.marked = (self.marked + self.height).min(last),
            Key::Home => self.marked = 0,
            Key::End => self.marked = last,
            Key::Enter => {
                if let Some(&row) = self.found.get(self.marked) {
                    return Step::Chosen(row);
                }
            }
            Key::Escape => return Step::Left,
            Key::Other => {}
        }
        self.scroll();
        Step::Shows
    }

    fn scroll(&mut self) {
        self.top = self.top.min(self.marked);
        if self.marked >= self.top + self.height {
            self.top = self.marked + 1 - self.height;
        }
    }
}

/// How badly a row fits; `None` where one of the words is not in it.
fn score(words: &[&str], row: &str) -> Option<usize> {
    words.iter().map(|word| score_word(word, row)).sum()
}

fn score_word(word: &str, row: &str) -> Option<usize> {
    const INSIDE: usize = 10;
    const SCATTERED: usize = 100;
    let starts_word = |at: usize| {
        let before = row.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    };
    if let Some(first) = row.find(word) {
        let any = row.match_indices(word).any(|(at, _)| starts_word(at));
        return Some(if any || starts_word(first) { 0 } else { INSIDE });
    }
    // Letters that follow each other with others in between, in as little space as can be:
    // far apart they are found in every long row.
    let first = word.chars().next()?;
    let starts = row.match_indices(first).map(|(at, _)| at);
    let spans = starts.filter_map(|at| span(word, row.get(at..)?));
    let shortest = spans.min()?;
    let length = word.chars().count();
    (shortest <= 2 * length + 8).then_some(SCATTERED + shortest - length)
}

/// The number of characters from the first letter of the word to its last.
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

    fn found(query: &str) -> Vec<usize> {
        let rows = rows();
        let mut picker = Picker::new(&rows, 10);
        picker.look_for(query);
        picker.found
    }

    #[test]
    fn words_are_found_in_any_order_and_the_best_come_first() {
        assert_eq!(found(""), [0, 1, 2, 3]);
        assert_eq!(found("admin"), [0, 2, 3]);
        assert_eq!(found("admin prod"), [0]);
        assert_eq!(found("PRDUS"), [1]);
        assert_eq!(found("ÜN"), [3]);
        assert_eq!(found("nothing"), Vec::<usize>::new());
    }

    #[test]
    fn the_window_follows_the_mark() {
        let rows = rows();
        let mut picker = Picker::new(&rows, 2);
        let seen = |picker: &Picker| -> Vec<(usize, bool)> {
            picker
                .window()
                .map(|(row, _, marked)| (row, marked))
                .collect()
        };
        assert_eq!(seen(&picker), [(0, true), (1, false)]);
        picker.press(Key::Up);
        assert_eq!(seen(&picker), [(2, false), (3, true)]);
        picker.press(Key::Down);
        picker.press(Key::PageDown);
        assert_eq!(seen(&picker), [(1, false), (2, true)]);
        picker.resize(1);
        assert_eq!(seen(&picker), [(2, true)]);
        assert_eq!(picker.press(Key::Enter), Step::Chosen(2));
        for key in "nothing"
            .chars()
            .map(Key::Char)
            .chain([Key::Up, Key::End, Key::PageUp])
        {
            assert_eq!(picker.press(key), Step::Shows);
        }
        assert_eq!((picker.press(Key::Enter), picker.count()), (Step::Shows, 0));
        picker.press(Key::Word);
        assert_eq!((picker.query(), picker.count()), ("", 4));
        assert_eq!(picker.press(Key::Escape), Step::Left);
    }
}
