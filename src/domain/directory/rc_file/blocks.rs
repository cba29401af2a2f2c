//! The statements at the top of a start-up file, by lines: where one ends, something may be
//! put in. A reader of the outline alone; where it loses track it says so.

/// What the file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// bash and zsh.
    Posix,
    /// fish.
    Fish,
}

/// One statement: its first and last line, counted from 0, and what it says without comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first line.
    pub first: usize,
    /// The last line.
    pub last: usize,
    /// Its text.
    pub code: String,
}

/// What an opened thing is closed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Double,
    Tick,
    Paren,
    List,
    Sum,
    Brace,
    Word(&'static str),
}

struct Reader<'a> {
    dialect: Dialect,
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    open: Vec<Open>,
    /// Ends of here-documents that begin at the next line.
    documents: Vec<(String, bool)>,
    word: String,
    /// The next word is a command.
    command: bool,
    /// The line goes on behind the end of it.
    goes_on: bool,
    after_else: bool,
    code: String,
    lost: bool,
}

/// The statements; `None` where the outline cannot be made out.
pub fn blocks(text: &str, dialect: Dialect) -> Option<Vec<Block>> {
    let mut reader = Reader {
        dialect,
        rest: text.chars().peekable(),
        open: Vec::new(),
        documents: Vec::new(),
        word: String::new(),
        command: true,
        goes_on: false,
        after_else: false,
        code: String::new(),
        lost: false,
    };
    let (mut found, mut line, mut first) = (Vec::new(), 0, 0);
    loop {
        let more = reader.line(&mut line);
        if reader.lost {
            return None;
        }
        let inside = !reader.open.is_empty() || reader.goes_on;
        if !more && inside {
            return None;
        }
        if !inside {
            let code = std::mem::take(&mut reader.code);
            if !code.trim().is_empty() {
                let last = line;
                found.push(Block { first, last, code });
            }
            first = line + 1;
        }
        if !more {
            return Some(found);
        }
        line += 1;
    }
}

impl Reader<'_> {
    /// Reads to the end of a line, and of the here-documents that it began. Whether there
    /// is another.
    fn line(&mut self, line: &mut usize) -> bool {
        while let Some(c) = self.rest.next() {
            if c == '\n' {
                self.end_of_line();
                for (end, stripped) in std::mem::take(&mut self.documents) {
                    if !self.document(&end, stripped, line) {
                        self.lost = true;
                    }
                }
                return true;
            }
            self.code.push(c);
            self.take(c, line);
        }
        self.end_of_line();
        false
    }

    fn end_of_line(&mut self) {
        self.code.push('\n');
        if matches!(self.open.last(), Some(Open::Double | Open::Tick)) {
            return;
        }
        self.end_of_word();
        self.command = true;
        self.after_else = false;
    }

    fn take(&mut self, c: char, line: &mut usize) {
        match (self.open.last(), c) {
            (_, '\\') => {
                let escaped = self.rest.next();
                if escaped == Some('\n') {
                    *line += 1;
                } else {
                    self.plain('\\');
                }
                self.code.extend(escaped);
            }
            (Some(Open::Double), '"') | (Some(Open::Tick), '`') | (Some(Open::Brace), '}') => {
                self.open.pop();
            }
            (Some(Open::Tick), _) => {}
            (_, '$') if self.rest.peek() == Some(&'(') => {
                self.next_too();
                self.paren(Open::Paren);
            }
            (_, '$') if self.rest.peek() == Some(&'{') && self.dialect == Dialect::Posix => {
                self.plain('$');
                self.next_too();
                self.open.push(Open::Brace);
            }
            (Some(Open::Double), _) => {}
            (_, '"') => {
                self.plain(c);
                self.open.push(Open::Double);
            }
            (_, '`') if self.dialect == Dialect::Posix => {
                self.plain(c);
                self.open.push(Open::Tick);
            }
            (Some(Open::Sum), '(') => self.open.push(Open::Sum),
            (Some(Open::Sum), ')') => {
                self.open.pop();
            }
            (Some(Open::Brace | Open::Sum), '\'') | (_, '\'') => self.single(line),
            (Some(Open::Brace | Open::Sum), _) => {}
            _ => self.code_character(c),
        }
    }

    fn code_character(&mut self, c: char) {
        match c {
            '#' if self.word.is_empty() => {
                self.code.pop();
                while self.rest.peek().is_some_and(|c| *c != '\n') {
                    self.rest.next();
                }
            }
            '(' if self.word.ends_with('=') => self.paren(Open::List),
            '(' => self.paren(Open::Paren),
            ')' => {
                self.end_of_word();
                match self.open.last() {
                    Some(Open::Paren | Open::List) => {
                        self.open.pop();
                    }
                    // The end of a pattern.
                    Some(Open::Word("esac")) => {}
                    _ => self.lost = true,
                }
                self.command = true;
            }
            '<' if self.dialect == Dialect::Posix && self.rest.peek() == Some(&'<') => {
                self.end_of_word();
                self.next_too();
                self.begin_document();
            }
            ';' | '&' | '|' => {
                self.end_of_word();
                self.command = true;
                self.after_else = false;
                // `&>` redirects, `&` alone ends; `|`, `||` and `&&` want more.
                let double = self.rest.peek() == Some(&c);
                if double {
                    self.next_too();
                }
                self.goes_on = c == '|' || c == '&' && double;
            }
            c if c.is_whitespace() => self.end_of_word(),
            c => self.plain(c),
        }
    }

    fn plain(&mut self, c: char) {
        self.goes_on = false;
        self.word.push(c);
    }

    fn next_too(&mut self) {
        self.code.extend(self.rest.next());
    }

    fn paren(&mut self, open: Open) {
        let sum =
            self.dialect == Dialect::Posix && self.rest.peek() == Some(&'(') && open == Open::Paren;
        self.word.clear();
        self.goes_on = false;
        self.command = true;
        self.open.push(if sum { Open::Sum } else { open });
    }

    /// To the end of a text in single quotes.
    fn single(&mut self, line: &mut usize) {
        let escapes = self.dialect == Dialect::Fish || self.word.ends_with('$');
        self.plain('\'');
        while let Some(c) = self.rest.next() {
            self.code.push(c);
            *line += usize::from(c == '\n');
            if c == '\'' {
                return;
            }
            if escapes && c == '\\' {
                *line += usize::from(self.rest.peek() == Some(&'\n'));
                self.next_too();
            }
        }
        self.lost = true;
    }

    fn begin_document(&mut self) {
        // A here-string has no end to look for.
        if self.rest.peek() == Some(&'<') {
            return self.next_too();
        }
        let stripped = self.rest.peek() == Some(&'-');
        if stripped {
            self.next_too();
        }
        while matches!(self.rest.peek(), Some(' ' | '\t')) {
            self.next_too();
        }
        let mut end = String::new();
        while let Some(c) = self.rest.peek()
            && !c.is_whitespace()
            && !";&|()<>".contains(*c)
        {
            end.push(*c);
            self.next_too();
        }
        end.retain(|c| !"'\"\\".contains(c));
        self.documents.push((end, stripped));
    }

    /// Passes over a here-document.
    fn document(&mut self, end: &str, stripped: bool, line: &mut usize) -> bool {
        loop {
            let mut text = String::new();
            let mut ended = true;
            for c in self.rest.by_ref() {
                ended = false;
                if c == '\n' {
                    break;
                }
                text.push(c);
            }
            *line += 1;
            let text = text.trim_end_matches('\r');
            let text = match stripped {
                true => text.trim_start_matches('\t'),
                false => text,
            };
            if text == end {
                return true;
            }
            if ended {
                return false;
            }
        }
    }

    fn end_of_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word.is_empty() || matches!(self.open.last(), Some(Open::List)) {
            return;
        }
        let command = std::mem::take(&mut self.command);
        let else_if = std::mem::take(&mut self.after_else);
        match self.dialect {
            Dialect::Posix => self.posix(&word, command),
            Dialect::Fish => self.fish(&word, command, else_if),
        }
    }

    fn posix(&mut self, word: &str, command: bool) {
        match word {
            "{" => {
                self.open.push(Open::Word("}"));
                self.command = true;
            }
            _ if !command => {}
            "if" => {
                self.open.push(Open::Word("fi"));
                self.command = true;
            }
            "while" | "until" => {
                self.open.push(Open::Word("done"));
                self.command = true;
            }
            "for" | "select" => self.open.push(Open::Word("done")),
            "case" => self.open.push(Open::Word("esac")),
            "then" | "else" | "elif" | "do" | "!" | "time" => self.command = true,
            "fi" | "done" | "esac" | "}" => self.close(word),
            _ => {}
        }
    }

    fn fish(&mut self, word: &str, command: bool, else_if: bool) {
        if !command {
            return;
        }
        match word {
            "if" if else_if => self.command = true,
            "if" | "while" | "begin" => {
                self.open.push(Open::Word("end"));
                self.command = true;
            }
            "for" | "function" | "switch" => self.open.push(Open::Word("end")),
            "else" => (self.command, self.after_else) = (true, true),
            "and" | "or" | "not" | "!" | "time" => self.command = true,
            "end" => self.close(word),
            _ => {}
        }
    }

    fn close(&mut self, word: &str) {
        match self.open.pop() {
            Some(Open::Word(wanted)) if wanted == word => {}
            _ => self.lost = true,
        }
    }
}
