//! `sso complete`: prints the names that a completion script offers, one per line, each with a
//! tab and a description where it has one.
//!
//! It reads files only: a key press in a shell must never wait for the network.

use std::ffi::OsString;

use crate::cli::args::{CompleteArgs, CompletionKind};
use crate::cli::ui::output;
use crate::context::Context;
use crate::domain::completion::{CompletionSources, NameKind, complete};
use crate::domain::target::request::Request;
use crate::domain::target::sessions;
use crate::error::Result;

pub fn run(ctx: &Context, args: CompleteArgs) -> Result<u8> {
    let kind = match args.names {
        CompletionKind::Profiles => NameKind::Profiles,
        CompletionKind::Sessions => NameKind::Sessions,
        CompletionKind::Accounts => NameKind::Accounts,
        CompletionKind::Roles => NameKind::Roles,
    };
    let view = ctx.view()?;
    let sources = match kind {
        NameKind::Profiles | NameKind::Sessions => CompletionSources::default(),
        // Without a readable index, the names of the configuration remain.
        NameKind::Accounts | NameKind::Roles => CompletionSources {
            cached: ctx.store().role_index().unwrap_or_default(),
            listed: sessions::all(&view)
                .into_iter()
                .flatten()
                .filter_map(|session| Some((session.key(), ctx.store().inventory(&session)?)))
                .collect(),
        },
    };
    let mut text = String::new();
    for completion in complete(kind, &target_options(&args.words), &view, &sources) {
        text += &completion.name;
        if !completion.description.is_empty() {
            text.push('\t');
            text += &completion.description;
        }
        text.push('\n');
    }
    output::print(&text)?;
    Ok(0)
}

/// Reads the target options of an unfinished command line, and skips everything else.
fn target_options(words: &[OsString]) -> Request {
    let mut request = Request::default();
    let mut words = words
        .iter()
        .map(|word| word.to_str().unwrap_or_default())
        .take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        match word.split_at_checked(2) {
            Some((option @ ("-p" | "-a" | "-r" | "-s"), value)) if !value.is_empty() => {
                let value = value.strip_prefix('=').unwrap_or(value);
                request.parse_argument(option, &mut std::iter::once(value));
            }
            _ => drop(request.parse_argument(word, &mut words)),
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::target_options;

    #[test]
    fn target_options_are_read_in_every_form_and_others_are_skipped() {
        let line = "exec -v --profile=dev -scorp --nonsense -r= -a 111122223333 -- -r Other";
        let words: Vec<_> = line.split(' ').map(Into::into).collect();
        let request = target_options(&words);
        assert_eq!(request.profile.as_deref(), Some("dev"));
        assert_eq!(request.session.as_deref(), Some("corp"));
        assert_eq!(request.account.as_deref(), Some("111122223333"));
        assert_eq!(request.role, None);
    }
}
