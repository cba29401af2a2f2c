//! The HTML pages, and their common layout.
//!
//! Element ids are an interface: `#user_code`, `#next`, `#approve`, `#deny`, `#result`. Pages
//! contain no scripts and no external resources; all inserted text is escaped.

pub(crate) mod authorize;
pub(crate) mod device;

use crate::http::Response;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;\
place-items:center;background:#f2f3f3;color:#16191f}\
main{background:#fff;padding:2rem 2.5rem;border-radius:12px;max-width:28rem;width:85%;\
box-shadow:0 2px 12px #0002}\
h1{font-size:1.25rem;margin:0 0 1rem}\
.code{font:600 1.6rem/1.6 ui-monospace,monospace;letter-spacing:.12em;text-align:center;\
background:#f2f3f3;border-radius:8px;margin:1rem 0}\
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dd{margin:0;overflow-wrap:anywhere}\
dt{color:#5f6b7a}\
input[type=text]{font:inherit;padding:.5rem .75rem;width:100%;box-sizing:border-box;\
border:1px solid #8d99a8;border-radius:8px;margin:.5rem 0 1rem}\
button{font:inherit;font-weight:600;padding:.5rem 1.25rem;border-radius:999px;\
border:2px solid #0972d3;background:#fff;color:#0972d3;cursor:pointer;margin-right:.5rem}\
button.main{background:#0972d3;color:#fff}\
footer{margin-top:1.5rem;font-size:.8rem;color:#5f6b7a}\
@media(prefers-color-scheme:dark){body{background:#0f1b2a;color:#e9ebed}main{background:#192534}\
.code{background:#0f1b2a}button{background:none}}";

/// Escapes text for use in an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Returns a complete page; `title` is plain text and `content` is HTML.
fn html_page(status: u16, title: &str, content: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{content}\n\
         <footer>Test emulator of IAM Identity Center. It grants no access to AWS.</footer>\n\
         </main>\n</body>\n</html>\n"
    );
    Response::html(status, html)
}

/// Returns a page with a result message.
fn message_page(status: u16, title: &str, text: &str) -> Response {
    html_page(
        status,
        title,
        &format!("<p id=\"result\">{}</p>", escape(text)),
    )
}

/// Returns a form with both buttons that posts `hidden` and `decision`.
fn decision_form(action: &str, hidden: (&str, &str)) -> String {
    let (name, value) = (escape(hidden.0), escape(hidden.1));
    format!(
        "<form method=\"post\" action=\"{}\">\n\
         <input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n\
         <button class=\"main\" id=\"approve\" name=\"decision\" value=\"approve\">Approve</button>\n\
         <button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button>\n</form>",
        escape(action)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inserted_text_is_escaped() {
        let page = message_page(200, "<t>", "<script>\"'&");
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.contains("&lt;script&gt;&quot;&#39;&amp;"));
        assert!(text.contains("<title>&lt;t&gt;</title>"));
        assert!(!text.contains("<script"));
    }
}
