//! What a shell's hook remembers, which is only environment: an input is the variable's text
//! and, behind an empty line, the environment that it meets. Only the closed list of names
//! is ever touched, what is not ours stays, and the second prompt finds nothing to do.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::directory::hook::decide::{Wanted, look, plan};
use sso::internals::domain::directory::hook::state::State;
use sso::internals::domain::directory::hook::{HIDDEN, touched};
use sso::internals::domain::role::variables::Change;
use sso::internals::domain::secret::Secret;

/// It begins with what no escape ends in, or an escape before the rest of it would look like it.
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
    let state = State::parse(text);
    if let Some(state) = &state {
        assert_eq!(State::parse(&state.to_text()).as_ref(), Some(state));
    }
    let set = |name, value: &str| (name, Secret::new(value));
    let loaded = Wanted {
        set: vec![
            set("AWS_ACCESS_KEY_ID", "ASIAFUZZ"),
            set("AWS_SECRET_ACCESS_KEY", SECRET),
            set("AWS_REGION", "eu-west-1"),
        ],
        hide: &HIDDEN,
    };
    // Leaving what the text claims to be loaded, then entering and leaving for real.
    let mut state = prompt(&mut before, state.as_ref(), &Wanted::default(), false);
    let outside = before.clone();
    for same in [false, true] {
        state = prompt(&mut before, Some(&state), &loaded, same);
        assert_eq!(
            before.get("AWS_REGION").map(String::as_str),
            Some("eu-west-1")
        );
        assert!(!before.contains_key("AWS_PROFILE"));
    }
    prompt(&mut before, Some(&state), &Wanted::default(), false);
    assert_eq!(before, outside, "leaving gives back what was there");
});

/// One prompt; what it changes is looked at, and what the shell remembers comes back from
/// its text.
fn prompt(now: &mut Environment, state: Option<&State>, wanted: &Wanted, same: bool) -> State {
    let was = now.clone();
    let env = |name: &str| was.get(name).cloned();
    let base = look(state, &env);
    let mut next = State::default();
    for change in plan(&base, wanted, same, &env, &mut next) {
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
        assert!(touched().any(|known| known == name), "{name}");
    }
    let text = next.to_text();
    // What was there before is not ours, whatever it says.
    let known = was.values().any(|value| value.contains(SECRET));
    assert!(known || !text.contains(SECRET), "{text}");
    State::parse(&text).expect("what we write, we read")
}
