//! `sso complete`: the names that a completion script offers, one a line, each with a tab
//! and a few words about it where there are any.
//!
//! Reads files only: a key that is pressed in a shell must never wait for a network.

use std::ffi::OsString;

use crate::cli::args::{CompleteArgs, CompletionKind};
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::completion::{Seen, Wanted, offers};
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::error::Result;
use crate::flow::listing;

/// Runs it.
pub fn run(ctx: &Context, args: CompleteArgs) -> Result<u8> {
    let wanted = match args.names {
        CompletionKind::Profiles => Wanted::Profiles,
        CompletionKind::Sessions => Wanted::Sessions,
        CompletionKind::Accounts => Wanted::Accounts,
        CompletionKind::Roles => Wanted::Roles,
    };
    let view = ctx.view()?;
    let seen = match wanted {
        Wanted::Profiles | Wanted::Sessions => Seen::default(),
        // A list that cannot be read leaves the names of the configuration.
        Wanted::Accounts | Wanted::Roles => Seen {
            cached: ctx.store().index().unwrap_or_default(),
            listed: sessions::all(&view)
                .into_iter()
                .flatten()
                .filter_map(|session| Some((session.key(), listing::cached(ctx, &session)?)))
                .collect(),
        },
    };
    let mut text = String::new();
    for offer in offers(wanted, &on_the_line(&args.words), &view, &seen) {
        text += &offer.name;
        if !offer.about.is_empty() {
            text.push('\t');
            text += &offer.about;
        }
        text.push('\n');
    }
    output::print(&text)?;
    Ok(0)
}

/// The target options among the words of a line that is not finished, and may be wrong.
fn on_the_line(words: &[OsString]) -> Request {
    let mut line = Request::default();
    let mut words = words
        .iter()
        .map(|word| word.to_str().unwrap_or_default())
        .take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        match word.split_at_checked(2) {
            Some((option @ ("-p" | "-a" | "-r" | "-s"), value)) if !value.is_empty() => {
                let value = value.strip_prefix('=').unwrap_or(value);
                line.take(option, &mut std::iter::once(value));
            }
            _ => drop(line.take(word, &mut words)),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::on_the_line;

    #[test]
    fn options_are_found_in_every_form_and_the_rest_is_passed_over() {
        let line = "exec -v --profile=dev -scorp --nonsense -r= -a 111122223333 -- -r Other";
        let words: Vec<_> = line.split(' ').map(Into::into).collect();
        let line = on_the_line(&words);
        assert_eq!(line.profile.as_deref(), Some("dev"));
        assert_eq!(line.session.as_deref(), Some("corp"));
        assert_eq!(line.account.as_deref(), Some("111122223333"));
        assert_eq!(line.role, None);
    }
}
