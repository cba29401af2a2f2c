//! Single cases of the editor: changed text, unchanged text and errors.

mod properties;

use crate::domain::config::{SectionEdit, SectionKind, edit};

fn edited(text: &str, edits: &[SectionEdit]) -> String {
    String::from_utf8(edit(text.as_bytes(), edits).unwrap().bytes).unwrap()
}

/// Checks texts before and after the edits. In both, `[a]` stands for `[profile a]`, and so on.
fn check(edits: &[SectionEdit], cases: &[(&str, &str)]) {
    let expand = |text: &str| {
        let names = ["a", "b", "c"].into_iter();
        names.fold(text.to_owned(), |text, name| {
            text.replace(&format!("[{name}]"), &format!("[profile {name}]"))
        })
    };
    for (text, expected) in cases {
        assert_eq!(edited(&expand(text), edits), expand(expected), "{text}");
    }
}

fn set(name: &str, keys: &[(&str, &str)]) -> SectionEdit {
    SectionEdit::set(SectionKind::Profile, name, keys.iter().copied())
}

fn unset(name: &str, keys: &[&str]) -> SectionEdit {
    SectionEdit::unset(SectionKind::Profile, name, keys.iter().copied())
}

fn remove(name: &str) -> SectionEdit {
    SectionEdit::remove(SectionKind::Profile, name)
}

#[test]
fn setting_a_key_replaces_only_its_value() {
    let cases = [
        ("[a]\nx = 1\n", "[a]\nx = 9\n"),
        ("[a]\r\nx=1 \r\n", "[a]\r\nx=9 \r\n"),
        ("[a]\nX\t=  1 # c\ny = 2", "[a]\nX\t=  9 # c\ny = 2"),
        ("[a]\nx = # c\n", "[a]\nx = 9 # c\n"),
        (
            "[a]\nx =\n  a = 1\n# c\n\tb = 2\ny = 2\n",
            "[a]\nx = 9\n# c\ny = 2\n",
        ),
        ("[a]\nx=\n", "[a]\nx=9\n"),
        ("[a]\nx = 1\n  2\n  3", "[a]\nx = 9"),
        ("[a]\nx = 1\r# c\n", "[a]\nx = 9 # c\n"),
        // The last section of the name counts.
        (
            "[a]\nx = 1\n[b]\n[a]\nx = 2\n",
            "[a]\nx = 1\n[b]\n[a]\nx = 9\n",
        ),
        ("\u{feff}[a] # c\nx = 1", "\u{feff}[a] # c\nx = 9"),
    ];
    check(&[set("a", &[("x", "9")])], &cases);
}

#[test]
fn edits_without_effect_keep_all_bytes() {
    for text in [
        "[profile a]\nx = 9",
        "[profile a]\r\nX  =9 ;c\r\n\r\n",
        "[profile a]\nx = 1\nx = 9\n\n\n",
        "[profile a]\n[profile a]\nx=9\ny: 1\n  2\n",
    ] {
        let edits = [
            set("a", &[("x", "9")]),
            unset("a", &["z"]),
            remove("b"),
            unset("c", &["x"]),
        ];
        let edited = edit(text.as_bytes(), &edits).unwrap();
        assert_eq!(edited.bytes, text.as_bytes());
        assert!(!edited.is_changed());
        assert_eq!(edited.diff(text.as_bytes()), "");
    }
}

#[test]
fn new_key_follows_the_last_property() {
    let cases = [
        ("[a]\n\n# b\n[b]\n", "[a]\nx = 1\ny = 2\n\n# b\n[b]\n"),
        (
            "[a]\r\nz=3\r\n# c\r\n\r\n[b]\r\n",
            "[a]\r\nz=3\r\nx = 1\r\ny = 2\r\n# c\r\n\r\n[b]\r\n",
        ),
        (
            "[a]\ns3 =\n\n  q = 1\n\n",
            "[a]\ns3 =\n\n  q = 1\nx = 1\ny = 2\n\n",
        ),
        ("[a]", "[a]\nx = 1\ny = 2"),
        ("[a]\nz = 1\r", "[a]\nz = 1\r\r\nx = 1\ny = 2"),
    ];
    check(&[set("a", &[("x", "1"), ("y", "2")])], &cases);
}

#[test]
fn new_key_replaces_a_removed_one() {
    let text = "[profile a]\nx = 1\ny =\n  b = 1\n# c\n  b = 2\nz = 3\nq = 4\n";
    let edits = [
        unset("a", &["y", "q"]),
        set("a", &[("new", "1"), ("z", "5")]),
    ];
    let edited_text = edited(text, &edits);
    assert_eq!(edited_text, "[profile a]\nx = 1\nnew = 1\n# c\nz = 5\n");
    let diff = edit(text.as_bytes(), &edits).unwrap().diff(text.as_bytes());
    let body =
        " [profile a]\n x = 1\n-y =\n-  b = 1\n+new = 1\n # c\n-  b = 2\n-z = 3\n-q = 4\n+z = 5\n";
    assert_eq!(diff, format!("@@ -1,8 +1,5 @@\n{body}"));
}

#[test]
fn new_section_is_appended_after_a_blank_line() {
    let session = SectionEdit::set(SectionKind::SsoSession, "s", [("y", "2")]);
    let new = "[profile n]\nx = 1\n\n[sso-session s]\ny = 2";
    let cases = [
        ("", &*format!("{new}\n")),
        ("# c\n", &format!("# c\n\n{new}\n")),
        ("# c\n \n", &format!("# c\n \n{new}\n")),
        ("# c", &format!("# c\n\n{new}")),
        ("\u{feff}", &format!("\u{feff}{new}\n")),
    ];
    check(&[set("n", &[("x", "1")]), session], &cases);
    let crlf = [("# c\r\n", "# c\r\n\r\n[default]\r\nx = 1\r\n")];
    check(&[set("default", &[("x", "1")])], &crlf);
}

#[test]
fn removing_a_section_removes_its_lines_and_comments() {
    let cases = [
        ("[a]\nx = 1\n", ""),
        (
            "# top\n\n[a]\nx = 1\n\n# b\n[b]\ny = 1\n",
            "# top\n\n# b\n[b]\ny = 1\n",
        ),
        (
            "[b]\n\n[a]\n# in\nx =\n  y = 1\n# x = 2\n\n[c]\n",
            "[b]\n\n[c]\n",
        ),
        ("[b]\n\n[a]\nx = 1\n# c\n[c]\n", "[b]\n\n# c\n[c]\n"),
        ("[b]\n\n[a]\nx = 1\n", "[b]\n"),
        ("[b]\n\n[a]\nx = 1", "[b]"),
        ("[b]\n\n[a]\nx = 1\n\n# vim\n", "[b]\n\n# vim\n"),
        ("[a]\nx = 1\n[b]\n[a]\n", "[b]\n"),
    ];
    check(&[remove("a")], &cases);
}

#[test]
fn default_profile_is_edited_in_the_section_that_counts() {
    let text = "[default]\nx = 1\n[profile default]\nx = 2\n";
    for (edit, expected) in [
        (
            set("default", &[("x", "3")]),
            "[default]\nx = 1\n[profile default]\nx = 3\n",
        ),
        (
            unset("default", &["x"]),
            "[default]\nx = 1\n[profile default]\n",
        ),
        (remove("default"), ""),
    ] {
        assert_eq!(edited(text, &[edit]), expected);
    }
}

#[test]
fn edits_apply_in_order() {
    let text = "[profile a]\nx = 1\n\n[profile b]\n";
    let edits = [
        set("a", &[("x", "2")]),
        remove("a"),
        set("a", &[("y", "3")]),
        set("a", &[("Y", "4")]),
    ];
    assert_eq!(edited(text, &edits), "[profile b]\n\n[profile a]\nY = 4\n");
    assert_eq!(edited(text, &[set("c", &[("x", "1")]), remove("c")]), text);
}

#[test]
fn bytes_that_are_not_utf8_are_kept() {
    let text = b"[profile a]\nx = 1\xff2 # \xfe\xc3\ny = \xff\n".as_slice();
    let after = edit(text, &[set("a", &[("x", "9")])]).unwrap().bytes;
    assert_eq!(after, b"[profile a]\nx = 9 # \xfe\xc3\ny = \xff\n");
}

#[test]
fn line_with_a_carriage_return_is_not_removed_as_blank() {
    // The carriage return continues the value above.
    let left = "[default]\nx = 1\n\t\r\t\n";
    let text = format!("{left}[sso-session s]\ny = 2\n");
    let gone = SectionEdit::remove(SectionKind::SsoSession, "s");
    assert_eq!(edited(&text, std::slice::from_ref(&gone)), left);
    let added = edited(&text, &[set("default", &[("z", "3")]), gone]);
    assert_eq!(added, format!("{left}z = 3\n"));
}

#[test]
fn value_may_be_empty() {
    let cases = [
        ("", "[a]\nx =\n"),
        ("[a]\ny = 1\n", "[a]\ny = 1\nx =\n"),
        ("[a]\nx = 1 # c\n", "[a]\nx =  # c\n"),
        ("[a]\nx =\n  y = 1\nz = 2\n", "[a]\nx =\nz = 2\n"),
        ("[a]\nx=\n", "[a]\nx=\n"),
    ];
    check(&[set("a", &[("x", "")])], &cases);
}

#[test]
fn names_keys_and_values_that_a_tool_misreads_are_refused() {
    let values = [
        " a",
        "a ",
        "a\nb",
        "a\u{7}",
        "a # b",
        "a\u{a0};b",
        "#a",
        "a\t#b",
        "\u{3000}a",
    ];
    let keys = ["", "a b", "a=b", "[a", "#a", "ü", "a:b"];
    let names = ["", "a b", "a;b", "a#b", "a]", "a\nb", "ü", "it's"];
    let refused = values.map(|value| ("a", "x", value)).into_iter();
    let refused = refused.chain(keys.map(|key| ("a", key, "1")));
    for (name, key, value) in refused.chain(names.map(|name| (name, "x", "1"))) {
        let refused = edit(b"", &[set(name, &[(key, value)])]);
        assert!(refused.is_err(), "{name:?}, {key:?}, {value:?}");
    }
    let trimmed = "\"q # q\"x".trim_start_matches("\"q # ");
    for value in ["https://x/start#/", "a;b", "a = b", trimmed] {
        assert!(edit(b"", &[set("a", &[("x", value)])]).is_ok(), "{value:?}");
    }
    // An existing section is edited whatever its name.
    let existing = edited("[profile 'it is']\n", &[set("it is", &[("x", "1")])]);
    assert_eq!(existing, "[profile 'it is']\nx = 1\n");
}

#[test]
fn diff_equals_gnu_diff_and_hides_secrets() {
    let text = "# c\n[profile a]\nx = 1\n\n[profile b]\ny = 1\nz = 1\n\n[profile c]\nq = 1\n\n[profile d]\nr = 1\n";
    let edits = [
        set("a", &[("x", "2")]),
        remove("d"),
        set("e", &[("s", "\u{202e}1")]),
    ];
    let edited = edit(text.as_bytes(), &edits).unwrap();
    assert_eq!(
        edited.diff(text.as_bytes()),
        "@@ -1,6 +1,6 @@\n # c\n [profile a]\n-x = 1\n+x = 2\n \n [profile b]\n y = 1\n\
         @@ -8,6 +8,6 @@\n \n [profile c]\n q = 1\n-\n-[profile d]\n-r = 1\n+\n+[profile e]\n+s = \u{fffd}1\n"
    );
    let secret = b"[profile a]\naws_secret_access_key = KEEP\n".as_slice();
    let edited = edit(secret, &[set("a", &[("x", "2")])]).unwrap();
    assert!(!edited.diff(secret).contains("KEEP"));
    let new = edit(b"", &[set("a", &[("x", "2")])]).unwrap();
    assert_eq!(new.diff(b""), "@@ -0,0 +1,2 @@\n+[profile a]\n+x = 2\n");
}
