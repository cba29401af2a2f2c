//! Outlines that are made out, and that are not.

use super::blocks::{Dialect, blocks};

fn outline(text: &str, dialect: Dialect) -> Option<Vec<(usize, usize)>> {
    let found = blocks(text, dialect)?;
    Some(
        found
            .iter()
            .map(|block| (block.first, block.last))
            .collect(),
    )
}

#[test]
fn statements_of_posix_shells_are_told_apart() {
    for (text, wanted) in [
        ("", vec![]),
        ("# a\n\n# b", vec![]),
        ("a\nb # if\nc", vec![(0, 0), (1, 1), (2, 2)]),
        ("a \\\n b\nc\n", vec![(0, 1), (2, 2)]),
        ("a &&\n b |\n c\nd\n", vec![(0, 2), (3, 3)]),
        ("a='x\ny # if\n'\nb\n", vec![(0, 2), (3, 3)]),
        ("a=\"x\n'$(b \"c\"\n)\"\nd\n", vec![(0, 2), (3, 3)]),
        (
            "if a; then\n  b\nelif c; then d\nelse\n e\nfi\nf\n",
            vec![(0, 5), (6, 6)],
        ),
        (
            "case $- in\n*i*) ;;\n(x|y) if a; then b; fi;;\n*) return ;;\nesac\na\n",
            vec![(0, 4), (5, 5)],
        ),
        ("for a in b if\ndo\n c\ndone\nd", vec![(0, 3), (4, 4)]),
        ("f() {\n  a\n}\nfunction g {\n b; }\n", vec![(0, 2), (3, 4)]),
        ("cat <<EOF\nif ' \" (\nEOF\na\n", vec![(0, 2), (3, 3)]),
        ("cat <<-'E' <<F\n\tx\n\tE\nF\na\n", vec![(0, 3), (4, 4)]),
        ("a <<< 'b'\nc\n", vec![(0, 0), (1, 1)]),
        (
            "(( a << 2 ))\nb=$(( (1 << 2) # 3\n))\nc",
            vec![(0, 0), (1, 2), (3, 3)],
        ),
        ("a=(\n  if case\n  b # c\n)\nd", vec![(0, 3), (4, 4)]),
        ("a=${b#'x}'} c=${#d} e=$# # f\nb", vec![(0, 0), (1, 1)]),
        (
            "echo if fi done\n[[ a == *(b|c) ]] && d\n",
            vec![(0, 0), (1, 1)],
        ),
        ("a=$'it\\'s'\nb=`c \\` '`\nd", vec![(0, 0), (1, 1), (2, 2)]),
        ("a &>b & \nc\r\nd", vec![(0, 0), (1, 1), (2, 2)]),
    ] {
        assert_eq!(outline(text, Dialect::Posix), Some(wanted), "{text}");
    }
}

#[test]
fn statements_of_fish_are_told_apart() {
    for (text, wanted) in [
        ("a\nb # if\n", vec![(0, 0), (1, 1)]),
        (
            "if a\n b\nelse if c\n d\nelse\n e\nend\nf\n",
            vec![(0, 6), (7, 7)],
        ),
        (
            "function f --on-event x\n begin; a; end\nend\nb",
            vec![(0, 2), (3, 3)],
        ),
        (
            "a 'it\\'s if\n'\nb (c\n d)\ne",
            vec![(0, 1), (2, 3), (4, 4)],
        ),
        (
            "status is-interactive; or exit\nswitch a\ncase b\n c\nend\n",
            vec![(0, 0), (1, 4)],
        ),
        ("a; and if b\n c\nend\n", vec![(0, 2)]),
        ("set a (b | c)\n\necho end # end\n", vec![(0, 0), (2, 2)]),
    ] {
        assert_eq!(outline(text, Dialect::Fish), Some(wanted), "{text}");
    }
}

#[test]
fn an_outline_that_is_lost_is_no_outline() {
    for text in [
        "if a\n",
        "fi\n",
        "a 'b\n",
        "a)\n",
        "cat <<E\nb\n",
        "a |\n",
        "a \"b\n",
        "if a; then\ndone\n",
    ] {
        assert_eq!(outline(text, Dialect::Posix), None, "{text}");
    }
    for text in ["if a\n", "end\n", "a 'b\n"] {
        assert_eq!(outline(text, Dialect::Fish), None, "{text}");
    }
}
