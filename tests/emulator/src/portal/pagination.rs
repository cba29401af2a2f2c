//! Pagination: `max_result` from 1 to 100, and `next_token` for the next page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{PortalException, error_response};
use crate::http::{Response, form};

/// Returns the page selected by the query as `{name: […], "nextToken": …}`.
///
/// `list` identifies the list, so that a token of another list is rejected.
pub(super) fn paginate(
    name: &str,
    list: &str,
    items: Vec<Value>,
    query: &[(String, String)],
    default_size: usize,
    nulls: bool,
) -> Result<Response, Response> {
    let invalid = |text: &str| error_response(PortalException::InvalidRequest, text);
    let size = match form::first_value(query, "max_result") {
        None => default_size.clamp(1, 100),
        Some(text) => match text.parse::<usize>() {
            Ok(size) if (1..=100).contains(&size) => size,
            _ => return Err(invalid("max_result must be a number from 1 to 100")),
        },
    };
    let start = match form::first_value(query, "next_token") {
        None => 0,
        Some(token) => parse_token(token, list).ok_or_else(|| invalid("Invalid next_token"))?,
    };
    let end = start.saturating_add(size);
    let more = end < items.len();
    let part: Vec<Value> = items.into_iter().skip(start).take(size).collect();
    let mut reply = json!({ name: part });
    if more {
        // Standard base64, whose `+`, `/` and `=` a client must encode in a query.
        reply["nextToken"] = json!(STANDARD.encode(format!("~?>{list}~?>{end}")));
    } else if nulls {
        reply["nextToken"] = json!(null);
    }
    Ok(Response::json(200, &reply))
}

fn parse_token(token: &str, list: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    text.strip_prefix("~?>")?
        .strip_prefix(list)?
        .strip_prefix("~?>")?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(response: &Response) -> Value {
        serde_json::from_slice(&response.body).unwrap()
    }

    #[test]
    fn following_tokens_returns_all_items() {
        let items: Vec<Value> = (0..45).map(|number| json!(number)).collect();
        let (mut query, mut seen, mut pages) = (Vec::new(), Vec::new(), 0);
        loop {
            let reply = parsed(&paginate("n", "x", items.clone(), &query, 20, false).unwrap());
            seen.extend(reply["n"].as_array().unwrap().iter().cloned());
            pages += 1;
            let Some(token) = reply["nextToken"].as_str() else {
                break;
            };
            query = vec![("next_token".to_owned(), token.to_owned())];
        }
        assert_eq!((pages, seen), (3, items));
    }

    #[test]
    fn invalid_sizes_and_tokens_are_rejected() {
        let first = parsed(&paginate("n", "x", vec![json!(1), json!(2)], &[], 1, false).unwrap());
        let token = first["nextToken"].as_str().unwrap();
        for (name, value) in [
            ("max_result", "0"),
            ("max_result", "101"),
            ("max_result", "x"),
            ("max_result", ""),
            ("next_token", "x"),
            ("next_token", ""),
        ] {
            let query = [(name.to_owned(), value.to_owned())];
            assert_eq!(
                paginate("n", "x", vec![], &query, 20, false)
                    .unwrap_err()
                    .status,
                400
            );
        }
        let query = [("next_token".to_owned(), token.to_owned())];
        assert_eq!(
            paginate("n", "y", vec![], &query, 20, false)
                .unwrap_err()
                .status,
            400
        );
    }
}
