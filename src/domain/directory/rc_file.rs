//! The lines that `sso setup` appends to a shell's start-up file, and the lines of that file
//! that keep the hook from working.
//!
//! Bytes in, bytes out: whatever the encoding, everything already in the file stays as it is.
//! The file is read line by line and never parsed as a shell would.

/// Lines that start an environment manager.
///
/// It restores variables without comparing them, so the hook has to run after it. In fish,
/// handlers run in the order of the start-up file; in zsh, mise appends to `precmd_functions`.
const ENVIRONMENT_MANAGERS: [&str; 3] = ["direnv hook", "mise activate", "rtx activate"];

/// Lines that start a prompt theme which puts itself in front of everything that
/// PROMPT_COMMAND holds so far, or replaces it.
///
/// A hook installed before them runs after the prompt is drawn, or not at all. starship runs
/// what it finds there before it draws, and zsh and fish themes cannot come first.
const BASH_THEMES: [&str; 4] = ["oh-my-posh", "powerline", "_update_ps1", "liquidprompt"];

/// A line of a start-up file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RcLine<'a> {
    /// Subcommand of `sso` by which an existing line is recognised, whatever its path and quotes.
    pub command: &'a str,
    /// The line to append, without its newline.
    pub text: &'a str,
    /// Comment for the line above it.
    pub comment: &'a str,
}

/// An [`RcLine`] in the file after [`append`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RcLineState {
    /// Number of the line, from 1.
    pub number: usize,
    /// Whether the file lacked the line.
    pub is_appended: bool,
}

/// A line that keeps the hook of a start-up file from working. Lines are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookObstacle {
    /// The file returns in this line, before the hook.
    Return(usize),
    /// This line, after the hook, starts an environment manager.
    EnvironmentManager(usize),
    /// This line, after the hook, starts a prompt theme.
    PromptTheme(usize),
}

/// The line of a start-up file that installs the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookLine {
    /// Path of the file, shortened for people.
    pub path: String,
    /// Number of the line, from 1.
    pub number: usize,
    /// The line that keeps it from working.
    pub obstacle: Option<HookObstacle>,
}

/// Appends the lines that the file does not have yet. Returns the new content and the state of each
/// line.
pub fn append(bytes: &[u8], shell: &str, lines: &[RcLine]) -> (Vec<u8>, Vec<RcLineState>) {
    let old = split(bytes);
    let mut edited = bytes.to_vec();
    let mut count = old.len();
    let states = lines.iter().map(|line| {
        if let Some(index) = old.iter().position(|old| runs(old, line.command, shell)) {
            return RcLineState {
                number: index + 1,
                is_appended: false,
            };
        }
        if count == old.len() {
            if !edited.is_empty() && !edited.ends_with(b"\n") {
                edited.push(b'\n');
            }
            // An empty line also ends a command that a backslash continues.
            if old.last().is_some_and(|line| !line.trim().is_empty()) {
                edited.push(b'\n');
                count += 1;
            }
        }
        edited.extend(format!("# {}\n{}\n", line.comment, line.text).into_bytes());
        count += 2;
        RcLineState {
            number: count,
            is_appended: true,
        }
    });
    let states = states.collect();
    (edited, states)
}

/// Returns the line that keeps the hook in line `hook` (from 1) from working.
pub fn hook_obstacle(bytes: &[u8], shell: &str, hook: usize) -> Option<HookObstacle> {
    let lines = split(bytes);
    let (before, after) = lines.split_at(hook.min(lines.len()));
    let last_with = |words: &[&str]| {
        let found = after.iter().rposition(|line| has_any(line, words));
        found.map(|index| hook + index + 1)
    };
    if let Some(index) = before.iter().position(|line| is_return(line)) {
        return Some(HookObstacle::Return(index + 1));
    }
    if let Some(number) = last_with(&ENVIRONMENT_MANAGERS) {
        return Some(HookObstacle::EnvironmentManager(number));
    }
    if shell != "bash" {
        return None;
    }
    last_with(&BASH_THEMES).map(HookObstacle::PromptTheme)
}

/// Splits into lines without their ends.
fn split(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.split_terminator('\n').map(str::to_owned).collect()
}

fn has_any(line: &str, words: &[&str]) -> bool {
    !is_comment(line) && words.iter().any(|word| line.contains(word))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Returns `true` if the line ends the file for every shell: a `return` or `exit` that is
/// neither indented nor behind a condition.
fn is_return(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let is_indented = line.starts_with([' ', '\t']);
    let ends = !is_indented && matches!(words.next(), Some("return" | "exit"));
    let is_status = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    ends && words
        .next()
        .is_none_or(|word| word.starts_with('#') || is_status(word))
}

/// Returns `true` if the line runs this command of `sso` for this shell, by whatever path.
fn runs(line: &str, command: &str, shell: &str) -> bool {
    let blank: &[char] = &[' ', '\t', '"', '\''];
    let is_call = |at: usize| {
        let program = line[..at].trim_end_matches(blank);
        let before = program
            .strip_suffix("sso")
            .map(|before| before.chars().last());
        let is_sso =
            before.is_some_and(|c| c.is_none_or(|c| !c.is_alphanumeric() && !"-_.".contains(c)));
        let after = line[at + command.len()..].trim_start_matches(blank);
        is_sso && after.starts_with(shell)
    };
    !is_comment(line) && line.match_indices(command).any(|(at, _)| is_call(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOOK: RcLine = RcLine {
        command: "hook",
        text: "eval \"$(sso hook bash)\"",
        comment: "sso",
    };
    const NAMES: RcLine = RcLine {
        command: "completions",
        text: "eval \"$(sso completions bash)\"",
        comment: "names",
    };
    const fn state(number: usize, is_appended: bool) -> RcLineState {
        RcLineState {
            number,
            is_appended,
        }
    }

    const APPENDED: &str = "# sso\neval \"$(sso hook bash)\"\n";

    fn append_hook(text: &str) -> (String, RcLineState) {
        let (bytes, states) = append(text.as_bytes(), "bash", &[HOOK]);
        (String::from_utf8(bytes).unwrap(), states[0])
    }

    #[test]
    fn a_missing_line_is_appended_after_an_empty_line() {
        for (before, separator, number) in [
            ("", "", 2),
            ("a", "\n\n", 4),
            ("a\n", "\n", 4),
            ("a\n\n", "", 4),
            ("a \\", "\n\n", 4),
            ("[ -z \"$PS1\" ] && return\n", "\n", 4),
            ("# eval \"$(sso hook bash)\"\n", "\n", 4),
            ("my-sso hook bash\n", "\n", 4),
            ("sso hook zsh\n", "\n", 4),
        ] {
            let (after, line) = append_hook(before);
            assert_eq!(after, format!("{before}{separator}{APPENDED}"), "{before}");
            assert_eq!(line, state(number, true), "{before}");
        }
    }

    #[test]
    fn an_existing_line_is_left_where_it_is() {
        for (before, number) in [
            ("a\neval \"$(sso hook bash)\"\n", 2),
            ("eval \"$('/opt/a b/sso' hook bash)\"\n", 1),
            ("a\nif b; then\n . <(\"sso\" hook bash)\nfi\n", 3),
            ("if\neval \"$(sso hook bash)\"", 2),
        ] {
            let (after, line) = append_hook(before);
            assert_eq!(after, before);
            assert_eq!(line, state(number, false), "{before}");
        }
    }

    #[test]
    fn several_lines_are_appended_once_each() {
        let lines = [HOOK, NAMES];
        let (bytes, states) = append(b"compinit", "bash", &lines);
        let added = "# names\neval \"$(sso completions bash)\"\n";
        let expected = format!("compinit\n\n{APPENDED}{added}");
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
        assert_eq!(states, [state(4, true), state(6, true)]);
        let present = vec![state(4, false), state(6, false)];
        assert_eq!(append(&bytes, "bash", &lines), (bytes, present));
    }

    #[test]
    fn lines_that_defeat_the_hook_are_found() {
        let hook = "eval \"$(sso hook bash)\"";
        let manager = |line| Some(HookObstacle::EnvironmentManager(line));
        let theme = |line| Some(HookObstacle::PromptTheme(line));
        let returns = |line| Some(HookObstacle::Return(line));
        let condition = "[ -z \"$PS1\" ] && return\ncase $- in\n  *i*) ;;\n  *) return ;;\nesac\n";
        let commands = "return_code=1\nexit() {\nreturn || true\n";
        let mise = "# mise activate\nb\n mise activate zsh\n";
        for (before, after, shell, expected) in [
            ("direnv hook bash\nstarship init bash\n", "", "bash", None),
            ("a\n", mise, "zsh", manager(5)),
            ("", "direnv hook\n_update_ps1\n", "bash", manager(2)),
            ("", "_update_ps1\n", "bash", theme(2)),
            ("", "_update_ps1\n", "zsh", None),
            ("", "starship init bash\n", "bash", None),
            ("a\nreturn # b\n", "", "bash", returns(2)),
            ("exit 0\n", "", "fish", returns(1)),
            (condition, "return\n", "bash", None),
            (commands, "", "bash", None),
        ] {
            let text = format!("{before}{hook}\n{after}");
            let number = before.lines().count() + 1;
            let obstacle = hook_obstacle(text.as_bytes(), shell, number);
            assert_eq!(obstacle, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn old_content_stays_and_a_second_run_changes_nothing(
            parts in prop::collection::vec(prop::sample::select(vec![
                "a\n", "if a; then\n", "'", "\"", "\n", "# c\n", "(", "\\", "<<E\n", "\u{e9}",
                " ", "eval \"$(sso hook bash)\"\n", "\r\n", "return\n", "direnv hook bash\n",
            ]), 0..12),
            bytes in prop::collection::vec(any::<u8>(), 0..4),
        ) {
            let mut before = parts.concat().into_bytes();
            before.extend(bytes);
            let (once, first) = append(&before, "bash", &[HOOK, NAMES]);
            prop_assert!(once.starts_with(&before));
            let (twice, second) = append(&once, "bash", &[HOOK, NAMES]);
            prop_assert_eq!(&twice, &once);
            for (first, second) in first.iter().zip(&second) {
                prop_assert_eq!(*second, state(first.number, false));
                hook_obstacle(&once, "bash", first.number);
            }
        }
    }
}
