//! The `.aws-sso` file of a directory, which anybody may have written.
//!
//! An accepted file is not too long, names a profile or a role with its account, contains only
//! plain names, and reads back as the same value. It sets no start URL and no region of a session.
//! An error names a line of the file, and its text is short printable ASCII.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::directory::dotfile::{MAX_BYTES, parse};

fuzz_target!(|data: &[u8]| {
    match parse(data) {
        Ok(file) => {
            assert!(data.len() <= MAX_BYTES);
            let text = file.to_text();
            assert_eq!(parse(text.as_bytes()).as_ref(), Ok(&file), "{text:?}");
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@+=,:/-".contains(&byte);
            let request = file.to_request();
            let values = [
                &request.profile,
                &request.session,
                &request.account,
                &request.role,
                &request.region,
            ];
            for value in values.into_iter().flatten() {
                assert!(!value.starts_with('-') || Some(value) == request.role.as_ref());
                assert!(
                    !value.is_empty() && value.bytes().all(is_plain),
                    "{value:?}"
                );
            }
            assert!(request.start_url.is_none() && request.sso_region.is_none());
            assert!(request.profile.is_some() != request.role.is_some());
            assert_eq!(request.account.is_some(), request.role.is_some());
        }
        Err(error) => {
            let (line, reason) = match error.strip_prefix("line ") {
                Some(rest) => rest.split_once(": ").expect("a number and a reason"),
                None => ("0", error.as_str()),
            };
            assert!(line.parse::<usize>().expect("a number") <= data.len() + 1);
            let is_printable = |c: char| c.is_ascii_graphic() || c == ' ';
            assert!(
                reason.len() < 120 && reason.chars().all(is_printable),
                "{error:?}"
            );
        }
    }
});
