//! Single cases of the dialect: values, problems and quirks.

use crate::domain::config::document::Diagnostic;
use crate::domain::config::lines::Lines;
use crate::domain::config::read::read_with_limit;
use crate::domain::config::{Dialect, Document, read};

fn config(text: &str) -> Document {
    read(text.as_bytes(), Dialect::Config)
}

fn value(text: &str, profile: &str, key: &str) -> Option<String> {
    let document = config(text);
    Some(document.profile(profile)?.value(key)?.to_owned())
}

fn names(document: &Document) -> Vec<&str> {
    let names = document.sections.iter();
    names.map(|section| section.name.as_str()).collect()
}

fn lines(diagnostics: &[Diagnostic]) -> Vec<u32> {
    diagnostics.iter().map(|it| it.line).collect()
}

#[test]
fn sections_of_every_kind_are_read() {
    let document = config(
        "[default]\nregion=a\n[profile x]\nregion = b\n[sso-session s]\nsso_region = c\n[services v]\nsso =\n  endpoint_url = http://localhost:1\n[plugins]\na = b\n",
    );
    assert_eq!(names(&document), ["default", "x", "s", "v"]);
    assert_eq!(document.profiles().count(), 2);
    assert_eq!(document.sessions().count(), 1);
    let session = document.session("s").unwrap();
    assert_eq!(session.value("SSO_Region"), Some("c"));
    let block = document.services("v").unwrap().get("sso").unwrap();
    assert_eq!(block.nested[0].key, "endpoint_url");
    assert_eq!(block.nested[0].value, "http://localhost:1");
    assert_eq!(block.nested[0].line, 9);
    assert_eq!(document.problems, []);
    assert_eq!(document.quirks, []);
}

#[test]
fn comment_after_value_needs_a_blank() {
    let text = "[default]\nurl = https://x/start#/ # note\nb = c;d\t;e\n";
    assert_eq!(value(text, "default", "url").unwrap(), "https://x/start#/");
    assert_eq!(value(text, "default", "b").unwrap(), "c;d");
    assert_eq!(lines(&config(text).quirks), [2, 3]);
}

#[test]
fn repeated_sections_merge_and_the_last_value_counts() {
    let text = "[profile a]\nx = 1\nx = 2\ny = 1\n[profile b]\n[profile a]\ny = 2\nz = 3\n";
    let document = config(text);
    assert_eq!(names(&document), ["a", "b"]);
    let section = document.profile("a").unwrap();
    assert_eq!(section.line, 1);
    let all = section.properties.iter();
    let all: Vec<_> = all.map(|p| (&*p.key, &*p.value, p.line)).collect();
    assert_eq!(all, [("x", "2", 3), ("y", "2", 7), ("z", "3", 8)]);
    assert_eq!(lines(&document.quirks), [3, 6]);
}

#[test]
fn profile_default_replaces_default_in_any_order() {
    for text in [
        "[default]\na = 1\nb = 1\n[profile default]\na = 2\n",
        "[profile default]\na = 2\n[default]\na = 1\nb = 1\n",
    ] {
        assert_eq!(value(text, "default", "a").unwrap(), "2");
        assert_eq!(value(text, "default", "b"), None);
        assert_eq!(config(text).quirks.len(), 1);
    }
}

#[test]
fn quoted_names_follow_shell_rules() {
    for (header, name) in [
        ("[profile \"sp ace\"]", "sp ace"),
        ("[profile 'a b' ] # note", "a b"),
        ("[profile sp\\ ace]", "sp ace"),
        ("[profile 'it'\"'\"'s']", "it's"),
        ("[profile \"a#]b\"]", "a#]b"),
        ("[profile \"a\\\"\\b\"]", "a\"\\b"),
        ("[\tprofile\t x\t]", "x"),
        ("[profile ünï]", "ünï"),
        ("[profile '()']", "()"),
    ] {
        assert_eq!(names(&config(header)), [name], "{header}");
    }
}

#[test]
fn malformed_header_is_a_problem_and_its_lines_are_skipped() {
    for header in [
        "[profile x",
        "[profile x # ]",
        "[profile x] y",
        "[profile x#y]",
        "[profile two words]",
        "[profile \"x]",
        "[profile d\"e\"v]",
        "[profile \"\"]",
        "[profile \"a\u{7}\"]",
        "[foo]",
        "[]",
        "[",
    ] {
        let text = format!("[profile a]\nx = 1\n{header}\nx = 2\n  broken\n");
        let document = config(&text);
        assert_eq!(lines(&document.problems), [3], "{header}");
        assert_eq!(names(&document), ["a"], "{header}");
        assert_eq!(value(&text, "a", "x").unwrap(), "1", "{header}");
    }
}

#[test]
fn malformed_lines_are_problems_and_the_rest_is_read() {
    let text = "stray = 1\n[profile a]\n  indented = 1\nregion: x\n  more\n= x\nb = 1\ns3 =\n  a = 1\n  # b\n  c\n  d = 2\n[plugins]\nx\n";
    let document = config(text);
    assert_eq!(lines(&document.problems), [1, 14]);
    let section = document.profile("a").unwrap();
    assert_eq!(lines(&section.problems), [3, 4, 6, 10, 11]);
    let nested = &section.get("s3").unwrap().nested;
    assert_eq!(nested.len(), 2);
    assert_eq!(section.value("s3"), Some("\na = 1\nd = 2"));
    assert_eq!(section.value("b"), Some("1"));
}

#[test]
fn indented_bracket_or_comment_is_a_continuation() {
    let text = "[profile a]\nx = 1\n [profile b]\n  # note\ny = 2\n";
    assert_eq!(value(text, "a", "x").unwrap(), "1\n[profile b]\n# note");
    assert_eq!(names(&config(text)), ["a"]);
    assert_eq!(lines(&config(text).quirks), [4]);
}

#[test]
fn crlf_byte_order_mark_and_invalid_utf8_are_accepted() {
    let bytes = b"\xef\xbb\xbf[default]\r\n# \xff\r\nregion = a\xffb\r\n\r\n  c\r\noutput = json";
    let document = read(bytes, Dialect::Config);
    let section = document.profile("default").unwrap();
    assert_eq!(section.value("region"), Some("a\u{fffd}b\nc"));
    assert_eq!(section.value("output"), Some("json"));
    assert_eq!(section.get("output").unwrap().line, 6);
    assert_eq!(document.problems, []);
    assert_eq!(lines(&document.quirks), [1, 2]);
}

#[test]
fn every_section_of_the_credentials_file_is_a_profile() {
    let text = "[default]\na=1\n[x]\n[sp ace]\n['q']\n[profile p]\na=2\n[sso-session s]\n[]\n";
    let document = read(text.as_bytes(), Dialect::Credentials);
    assert_eq!(names(&document), ["default", "x", "sp ace", "'q'"]);
    assert_eq!(lines(&document.problems), [6, 8, 9]);
    assert_eq!(lines(&document.quirks), [4, 5]);
}

#[test]
fn too_long_line_is_a_problem_in_its_section() {
    let long = "x".repeat(20);
    let text = format!("[profile a]\nk = {long}\n  c\n#{long}\ny = 1\n[profile {long}]\ny = 2\n");
    let document = read_with_limit(text.as_bytes(), Dialect::Config, 16);
    let section = document.profile("a").unwrap();
    assert_eq!(lines(&section.problems), [2]);
    assert_eq!(section.properties.len(), 1);
    assert_eq!(lines(&document.problems), [6]);
}

#[test]
fn debug_output_hides_values_that_may_be_secret() {
    let text = "[profile a]\nregion = shown-1\nsso_session = shown-2\naws_secret_access_key = KEEP\naws_session_token = KEEP\ncredential_process = KEEP\noutput =\n  aws_secret_access_key = KEEP\nfoo : KEEP\n";
    let shown = format!("{:?}", config(text));
    assert!(shown.contains("shown-1") && shown.contains("shown-2"));
    assert!(!shown.contains("KEEP"), "{shown}");
}

#[test]
fn line_spans_cover_the_file_without_gaps() {
    let text = b"[a]\r\n\n# c\nk = v\n  w\nlast";
    let mut at = 0;
    for line in Lines::of_file(text, 100) {
        assert_eq!(line.span.start, at);
        at = line.span.end;
    }
    assert_eq!(at, text.len());
}
