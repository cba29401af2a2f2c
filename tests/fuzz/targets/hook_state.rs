//! The state of the shell hook, an environment variable that anybody can set.
//!
//! For any value of the variable, only the variables on a fixed list are changed, values that the
//! user set are kept, and leaving a directory restores the environment. A state that was parsed or
//! created is the same after formatting and parsing, and contains no secret.
//!
//! The input is the value of the variable and, after an empty line, the environment as `NAME=VALUE`
//! lines.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::directory::hook::environment::{
    ExportMode, Exports, baseline, changes,
};
use sso::internals::domain::directory::hook::state::HookState;
use sso::internals::domain::role::environment_variables::{Change, changed_by_hook};
use sso::internals::domain::secret::Secret;

/// A secret to search for. Its first character cannot be part of an escape sequence, so that an
/// escape before the rest of the text does not match.
const SECRET: &str = "our-0wn-s3cret";

type Environment = BTreeMap<String, String>;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (text, environment) = text.split_once("\n\n").unwrap_or((text, ""));
    let pairs = environment.lines().filter_map(|line| line.split_once('='));
    let pairs = pairs.filter(|(_, value)| !value.is_empty() && !value.contains('\0'));
    let mut environment: Environment = pairs
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
    // Leave the directory that the input claims to have entered, then enter and leave a real one.
    let mut state = run_hook(&mut environment, state.as_ref(), &Exports::default(), false);
    let outside = environment.clone();
    for is_same_file in [false, true] {
        state = run_hook(&mut environment, Some(&state), &loaded, is_same_file);
        assert_eq!(
            environment.get("AWS_REGION").map(String::as_str),
            Some("eu-west-1")
        );
        assert!(!environment.contains_key("AWS_PROFILE"));
    }
    run_hook(&mut environment, Some(&state), &Exports::default(), false);
    assert_eq!(
        environment, outside,
        "leaving does not restore the environment"
    );
});

/// Applies the changes of the hook at one prompt to the environment, and returns the new state
/// after formatting and parsing it.
fn run_hook(
    environment: &mut Environment,
    state: Option<&HookState>,
    exports: &Exports,
    is_same_file: bool,
) -> HookState {
    let before = environment.clone();
    let env = |name: &str| before.get(name).cloned();
    let baseline = baseline(state, &env);
    let mut next = HookState::default();
    let steps = changes(&baseline, exports, is_same_file, &env, &mut next);
    for change in [steps.undo, steps.redo].concat() {
        let name = match change {
            Change::Set(name, value) => {
                environment.insert(name.to_owned(), value.expose().to_owned());
                name.to_owned()
            }
            Change::Remove(name) => {
                environment.remove(&name);
                name
            }
        };
        assert!(changed_by_hook().any(|known| known == name), "{name}");
    }
    let text = next.to_text();
    // The state saves values of the environment, so the secret is allowed in it if the input
    // contains it.
    let is_in_input = before.values().any(|value| value.contains(SECRET));
    assert!(is_in_input || !text.contains(SECRET), "{text}");
    HookState::parse(&text).expect("a formatted state can be parsed")
}
