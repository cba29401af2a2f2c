//! Finds the form of a button in a page.
//!
//! It parses the HTML of this server's own pages only.

use crate::http::form;

/// A form as submitted by one of its buttons.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: String,
    /// Encoded as a form body.
    pub(super) fields: String,
}

/// Returns the form whose button has this id.
pub(super) fn find_form(html: &str, button: &str) -> Option<Form> {
    html.split("<form").skip(1).find_map(|rest| {
        let inside = rest.split("</form>").next()?;
        let (opening, inside) = inside.split_once('>')?;
        let mut fields = Vec::new();
        let mut pressed = false;
        for tag in inside
            .split('<')
            .filter_map(|piece| piece.split_once('>'))
            .map(|p| p.0)
        {
            let hidden = tag.starts_with("input")
                && attribute_value(tag, "type").is_some_and(|kind| kind == "hidden");
            let is_button = tag.starts_with("button")
                && attribute_value(tag, "id").is_some_and(|id| id == button);
            pressed |= is_button;
            if hidden || is_button {
                fields.push((
                    attribute_value(tag, "name")?,
                    attribute_value(tag, "value")?,
                ));
            }
        }
        let pairs: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let action = attribute_value(opening, "action")?;
        pressed.then(|| Form {
            action,
            fields: form::encode_pairs(&pairs),
        })
    })
}

fn attribute_value(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let plain = value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_and_the_hidden_fields_are_sent() {
        let html = "<form method=\"get\" action=\"/no\"><input type=\"text\" name=\"t\"></form>\
            <form method=\"post\" action=\"/yes?a=1&amp;b=2\">\
            <input type=\"hidden\" name=\"n\" value=\"a &quot;b&quot;\">\
            <button id=\"approve\" name=\"d\" value=\"y\">Go</button>\
            <button id=\"deny\" name=\"d\" value=\"n\">Stop</button></form>";
        let form = find_form(html, "deny").unwrap();
        assert_eq!(form.action, "/yes?a=1&b=2");
        assert_eq!(form.fields, "n=a%20%22b%22&d=n");
        assert_eq!(find_form(html, "other"), None);
    }
}
