//! Start-up files before and after.

use super::{Dialect, Edit, Line, Order, Step, edit};
use proptest::prelude::*;

const HOOK: Line = Line {
    command: "hook",
    text: "eval \"$(sso hook bash)\"",
    remark: "sso",
};
const NAMES: Line = Line {
    command: "completions",
    text: "eval \"$(sso completions bash)\"",
    remark: "names",
};

fn hook(text: &str) -> Edit {
    edit(text.as_bytes(), "bash", Dialect::Posix, &[HOOK])
}

fn text(edit: &Edit) -> &str {
    std::str::from_utf8(&edit.bytes).unwrap()
}

const H: &str = "# sso\neval \"$(sso hook bash)\"\n";

#[test]
fn the_hook_goes_where_its_order_is_right() {
    let direnv = "eval \"$(direnv hook bash)\"\n";
    let theme = "# the prompt\neval \"$(starship init bash)\"\n";
    let guard = "case $- in\n  *i*) ;;\n    *) return;;\nesac\n";
    let wrapped = "if command -v starship >/dev/null; then\n  eval \"$(starship init bash)\"\nfi\n";
    for (before, after, line, order) in [
        (String::new(), H.to_owned(), 2, Order::Fine),
        ("a".to_owned(), format!("a\n\n{H}"), 4, Order::Fine),
        ("a\n\n".to_owned(), format!("a\n\n{H}"), 4, Order::Fine),
        (
            format!("{direnv}b\n"),
            format!("{direnv}b\n\n{H}"),
            5,
            Order::BehindManager(1),
        ),
        (
            format!("a\n{theme}b"),
            format!("a\n{H}\n{theme}b"),
            3,
            Order::BeforeTheme(6),
        ),
        (
            format!("{direnv}{theme}"),
            format!("{direnv}{H}\n{theme}"),
            3,
            Order::BeforeTheme(6),
        ),
        (
            format!("{theme}{direnv}c\n"),
            format!("{theme}{direnv}\n{H}c\n"),
            6,
            Order::Torn {
                manager: 3,
                theme: 2,
            },
        ),
        (
            format!("{guard}a\n{wrapped}b\n"),
            format!("{guard}a\n{H}\n{wrapped}b\n"),
            7,
            Order::BeforeTheme(9),
        ),
        // Nothing before the guard is read by a shell with a prompt alone.
        (
            format!("{theme}{guard}c\n"),
            format!("{theme}{guard}\n{H}c\n"),
            9,
            Order::TooLate(2),
        ),
        (
            "[ -z \"$PS1\" ] && return\n".to_owned(),
            format!("[ -z \"$PS1\" ] && return\n\n{H}"),
            4,
            Order::Fine,
        ),
        (
            "if broken\nstarship init\n".to_owned(),
            format!("if broken\nstarship init\n\n{H}"),
            5,
            Order::Unclear,
        ),
        // Words in comments and in texts are no commands.
        (
            "# direnv hook bash, starship init, sso hook bash\n".to_owned(),
            format!("# direnv hook bash, starship init, sso hook bash\n\n{H}"),
            4,
            Order::Fine,
        ),
        (
            "ZSH_THEME=powerlevel10k/powerlevel10k\nb\n. ~/.p10k.zsh\n".to_owned(),
            format!("ZSH_THEME=powerlevel10k/powerlevel10k\nb\n{H}\n. ~/.p10k.zsh\n"),
            4,
            Order::BeforeTheme(6),
        ),
    ] {
        let edit = hook(&before);
        assert_eq!(text(&edit), after, "{before}");
        assert_eq!(edit.steps, [Step::Added(line)], "{before}");
        assert_eq!(edit.order, order, "{before}");
    }
}

#[test]
fn a_hook_that_is_there_stays_as_it_is() {
    for (before, line, order) in [
        ("a\neval \"$(sso hook bash)\"\n", 2, Order::Fine),
        ("eval \"$('/opt/a b/sso' hook bash)\"\n", 1, Order::Fine),
        (
            "a\nif b; then\n . <(\"sso\" hook bash)\nfi\n",
            2,
            Order::Fine,
        ),
        (
            "eval \"$(sso hook bash)\"\neval \"$(direnv hook bash)\"",
            1,
            Order::TooEarly(2),
        ),
        (
            "eval \"$(starship init bash)\"\nb\neval \"$(sso hook bash)\"",
            3,
            Order::TooLate(1),
        ),
        ("if\neval \"$(sso hook bash)\"", 2, Order::Unclear),
    ] {
        let edit = hook(before);
        assert_eq!(text(&edit), before);
        assert_eq!(edit.steps, [Step::Present(line)], "{before}");
        assert_eq!(edit.order, order, "{before}");
    }
    for other in [
        "# eval \"$(sso hook bash)\"\n",
        "my-sso hook bash\n",
        "sso hook zsh\n",
    ] {
        assert_eq!(hook(other).steps, [Step::Added(4)], "{other}");
    }
}

#[test]
fn completions_go_to_the_end_and_are_put_there_once() {
    let lines = [HOOK, NAMES];
    let both = |text: &[u8]| edit(text, "bash", Dialect::Posix, &lines);
    let first = both(b"starship init bash\ncompinit");
    assert_eq!(
        text(&first),
        format!("{H}\nstarship init bash\ncompinit\n\n# names\neval \"$(sso completions bash)\"\n")
    );
    assert_eq!(first.steps, [Step::Added(2), Step::Added(8)]);
    let again = both(&first.bytes);
    assert_eq!(again.bytes, first.bytes);
    assert_eq!(again.steps, [Step::Present(2), Step::Present(8)]);
    let plain = both(b"");
    assert_eq!(
        text(&plain),
        format!("{H}# names\neval \"$(sso completions bash)\"\n")
    );
}

proptest! {
    #[test]
    fn nothing_is_lost_and_once_is_enough(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a\n", "starship init bash\n", "direnv hook bash\n", "if a; then\n", "fi\n", "'", "\"",
            "\n", "# c\n", "[[ $- == *i* ]] || return\n", "(", ")", "\\", "<<E\n", "E\n", "\u{e9}", " ",
            "eval \"$(sso hook bash)\"\n", "\r\n", "{", "}\n", "case a in\n", "esac\n", "$(", "`",
        ]), 0..12),
        bytes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut before = parts.concat().into_bytes();
        before.extend(bytes);
        for (shell, dialect) in [("bash", Dialect::Posix), ("fish", Dialect::Fish)] {
            let hook = Line { text: "eval \"$(sso hook bash)\" # and sso hook fish", ..HOOK };
            let lines = [hook, NAMES];
            let after = edit(&before, shell, dialect, &lines);
            let mut rest = after.bytes.iter();
            // What was there is still there, in its order.
            prop_assert!(before.iter().all(|byte| rest.any(|other| other == byte)));
            prop_assert!(after.bytes.len() >= before.len());
        }
        let once = edit(&before, "bash", Dialect::Posix, &[HOOK]);
        let twice = edit(&once.bytes, "bash", Dialect::Posix, &[HOOK]);
        let hooks = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches("sso hook bash").count();
        // An outline that was lost may be swallowed by what was open at the end.
        if once.order != Order::Unclear {
            prop_assert_eq!(&twice.bytes, &once.bytes);
            prop_assert!(matches!(twice.steps[..], [Step::Present(_)]));
        }
        prop_assert!(hooks(&once.bytes) <= hooks(&before) + 1);
    }
}
