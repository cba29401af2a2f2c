//! The state of a shell's hook, which anybody can have written: an input is the text of its
//! variable and, after an empty line, the environment. Only the closed list of names is ever
//! changed, foreign values stay, and leaving restores the environment.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::directory::hook::environment::{ExportMode, Exports, baseline, changes};
use sso::internals::domain::directory::hook::state::HookState;
use sso::internals::domain::role::variables::{Change, changed_by_hook};
use sso::internals::domain::secret::Secret;

/// Begins with a character that ends no escape, or an escape before the rest would match.
const SECRET: &str = "our-0wn-s3cret";

type Environment = BTreeMap<String, String>;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (text, environment) = text.split_once("\n\n").unwrap_or((text, ""));
    let pairs = environment.lines().filter_map(|line| line.split_once('='));
    let pairs = pairs.filter(|(_, value)| !value.is_empty() && !value.contains('\0'));
    let mut before: Environment = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let state = HookState::parse(text);
    if let Some(state) = &state {
        assert_eq!(HookState::parse(&state.to_text()).as_ref(), Some(state));
    }
    let set = |name, value: &str| (name, Secret::new(value));
    let loaded = Exports {
        set: vec![
            set("AWS_ACCESS_KEY_ID", "ASIAFUZZ"),
            set("AWS_SECRET_ACCESS_KEY", SECRET),
            set("AWS_REGION", "eu-west-1"),
        ],
        mode: ExportMode::Credentials,
    };
    // Leave what the text claims to be loaded, then enter and leave for real.
    let mut state = prompt(&mut before, state.as_ref(), &Exports::default(), false);
    let outside = before.clone();
    for same in [false, true] {
        state = prompt(&mut before, Some(&state), &loaded, same);
        assert_eq!(
            before.get("AWS_REGION").map(String::as_str),
            Some("eu-west-1")
        );
        assert!(!before.contains_key("AWS_PROFILE"));
    }
    prompt(&mut before, Some(&state), &Exports::default(), false);
    assert_eq!(before, outside, "leaving gives back what was there");
});

/// Applies one prompt to the environment, and returns the state as its text parses.
fn prompt(
    now: &mut Environment,
    state: Option<&HookState>,
    exports: &Exports,
    is_same_file: bool,
) -> HookState {
    let was = now.clone();
    let env = |name: &str| was.get(name).cloned();
    let baseline = baseline(state, &env);
    let mut next = HookState::default();
    for change in changes(&baseline, exports, is_same_file, &env, &mut next) {
        let name = match change {
            Change::Set(name, value) => {
                now.insert(name.to_owned(), value.expose().to_owned());
                name.to_owned()
            }
            Change::Remove(name) => {
                now.remove(&name);
                name
            }
        };
        assert!(changed_by_hook().any(|known| known == name), "{name}");
    }
    let text = next.to_text();
    // An environment that holds the secret already may bring it into the state.
    let known = was.values().any(|value| value.contains(SECRET));
    assert!(known || !text.contains(SECRET), "{text}");
    HookState::parse(&text).expect("what we write, we read")
}
