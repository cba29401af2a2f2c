//! From what a shell has and what it should have to the changes that make it so.
//!
//! [`look`] says what the environment would be without us; [`plan`] puts what is wanted on
//! top of that. Moving from one project to another is therefore the same as leaving one and
//! entering the other, and no stack of them is kept.

use super::state::{State, mark};
use super::{KEYS, OLD_TOKEN, PROFILES, touched};
use crate::domain::role::variables::Change;
use crate::domain::secret::Secret;
use crate::domain::vars::Vars;

/// The environment as it would be without us.
#[derive(Clone, Debug, Default)]
pub struct Base {
    values: Vec<(&'static str, String)>,
    /// What does not have the value that we gave it, or is there though we hid it.
    changed: Vec<&'static str>,
}

impl Base {
    /// A variable.
    pub fn value(&self, name: &str) -> Option<&str> {
        let entry = self.values.iter().find(|(known, _)| *known == name);
        entry.map(|(_, value)| value.as_str())
    }

    /// Whether the user has changed it since we set or hid it.
    fn is_changed(&self, name: &str) -> bool {
        self.changed.contains(&name)
    }

    /// A key that is not ours: nothing is loaded over it.
    pub fn foreign_key(&self) -> Option<&'static str> {
        let names = KEYS.into_iter().chain([OLD_TOKEN]);
        names.into_iter().find(|name| self.value(name).is_some())
    }

    /// Whether a key that we had set was taken away.
    pub fn lost_key(&self) -> bool {
        let gone = |name: &&str| self.is_changed(name) && self.value(name).is_none();
        KEYS.iter().any(gone)
    }

    /// A variable that chooses a profile and was not there when we loaded. One that has the
    /// value that we hid is a start-up file's doing, and is hidden again.
    pub fn new_profile(&self, state: &State) -> Option<&'static str> {
        PROFILES.into_iter().find(|name| {
            let now = self.value(name);
            now.is_some() && now != state.before(name)
        })
    }

    /// A variable that chooses a profile.
    pub fn any_profile(&self) -> Option<&'static str> {
        PROFILES.into_iter().find(|name| self.value(name).is_some())
    }
}

/// What the environment would be without us.
pub fn look(state: Option<&State>, env: Vars) -> Base {
    let mut base = Base::default();
    for name in touched().chain([OLD_TOKEN]) {
        let now = env(name);
        let before = || {
            state
                .and_then(|state| state.before(name))
                .map(str::to_owned)
        };
        let marked = state.is_some_and(|state| state.mark(name).is_some());
        let hidden = !marked && before().is_some();
        let left = state.is_some_and(|state| state.left.contains(&name));
        let ours = match &now {
            Some(value) if marked => state.is_some_and(|state| state.is_ours(name, value)),
            Some(value) => hidden && before().as_ref() == Some(value),
            None => hidden,
        };
        let value = if ours && !left { before() } else { now };
        if left || (marked || hidden) && !ours {
            base.changed.push(name);
        }
        base.values.extend(value.map(|value| (name, value)));
    }
    base
}

/// What should be in the environment.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Set these.
    pub set: Vec<(&'static str, Secret)>,
    /// Have these out of the way.
    pub hide: &'static [&'static str],
}

/// The changes, and what to remember of them in `next`. `same` says that the file that
/// decides has decided already: then what the user has changed since stays.
pub fn plan(base: &Base, wanted: &Wanted, same: bool, env: Vars, next: &mut State) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in touched() {
        let wish = wanted.set.iter().find(|(known, _)| *known == name);
        let wish = wish.map(|(_, value)| value);
        let hide = wanted.hide.contains(&name);
        let keep = same && base.is_changed(name) && (wish.is_some() || hide);
        let before = base.value(name);
        let after = match wish {
            _ if keep => {
                next.left.push(name);
                before.map(Secret::new)
            }
            Some(value) => {
                next.set.push((name, mark(name, value.expose())));
                Some(value.clone())
            }
            None if hide => None,
            None => before.map(Secret::new),
        };
        if !keep && (wish.is_some() || hide) {
            next.before
                .extend(before.map(|value| (name, value.to_owned())));
        }
        if after.as_ref().map(Secret::expose) != env(name).as_deref() {
            changes.push(match after {
                Some(value) => Change::Set(name, value),
                None => Change::Remove(name.to_owned()),
            });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::hook::{HIDDEN, HIDDEN_BESIDE_PROFILE};
    use std::collections::BTreeMap;

    /// A shell: its environment and what the hook remembers there.
    #[derive(Clone, Default)]
    struct Shell {
        env: BTreeMap<String, String>,
        state: Option<State>,
    }

    impl Shell {
        fn with(pairs: &[(&str, &str)]) -> Shell {
            let mut shell = Shell::default();
            for (name, value) in pairs {
                shell.put(name, value);
            }
            shell
        }

        fn put(&mut self, name: &str, value: &str) {
            self.env.insert(name.to_owned(), value.to_owned());
        }

        fn get(&self, name: &str) -> Option<&str> {
            self.env.get(name).map(String::as_str)
        }

        fn base(&self) -> Base {
            look(self.state.as_ref(), &|name| self.env.get(name).cloned())
        }

        /// A prompt at which this is wanted.
        fn prompt(&mut self, file: &str, wanted: &Wanted) -> usize {
            let base = self.base();
            let same = self.state.as_ref().is_some_and(|state| state.file == file);
            let mut next = State {
                file: file.to_owned(),
                ..State::default()
            };
            let env = self.env.clone();
            let changes = plan(
                &base,
                wanted,
                same,
                &|name| env.get(name).cloned(),
                &mut next,
            );
            for change in &changes {
                match change {
                    Change::Set(name, value) => self.put(name, value.expose()),
                    Change::Remove(name) => {
                        self.env.remove(name);
                    }
                }
            }
            // As it comes back from the shell.
            self.state = (!file.is_empty()).then(|| State::parse(&next.to_text()).unwrap());
            changes.len()
        }
    }

    fn keys(name: &str, region: &str) -> Wanted {
        let set = |name, value: &str| (name, Secret::new(value));
        Wanted {
            set: vec![
                set("AWS_ACCESS_KEY_ID", &format!("ASIA{name}")),
                set("AWS_SECRET_ACCESS_KEY", &format!("secret-{name}")),
                set("AWS_SESSION_TOKEN", &format!("token-{name}")),
                set("AWS_SSO_PROFILE", name),
                set("AWS_REGION", region),
            ],
            hide: &HIDDEN,
        }
    }

    fn profile(name: &str) -> Wanted {
        Wanted {
            set: vec![("AWS_PROFILE", Secret::new(name))],
            hide: &HIDDEN_BESIDE_PROFILE,
        }
    }

    #[test]
    fn leaving_gives_back_what_was_there() {
        let before = [
            ("AWS_PROFILE", "base"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ROLE_ARN", "arn"),
        ];
        for wanted in [keys("dev", "eu-west-1"), profile("dev")] {
            let mut shell = Shell::with(&before);
            shell.prompt("a", &wanted);
            assert_ne!(shell.get("AWS_PROFILE"), Some("base"));
            assert_eq!(shell.prompt("a", &wanted), 0, "nothing changes twice");
            shell.prompt("", &Wanted::default());
            assert_eq!(shell.env, Shell::with(&before).env);
        }
    }

    #[test]
    fn moving_between_projects_keeps_what_was_there_before_the_first() {
        let mut shell =
            Shell::with(&[("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_PROFILE", "base")]);
        let before = shell.env.clone();
        shell.prompt("a", &keys("outer", "eu-west-1"));
        shell.prompt("a/b", &profile("inner"));
        assert_eq!(shell.get("AWS_PROFILE"), Some("inner"));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), None);
        shell.prompt("a", &keys("outer", "eu-west-1"));
        assert_eq!(shell.get("AWS_SSO_PROFILE"), Some("outer"));
        shell.prompt("", &Wanted::default());
        assert_eq!(shell.env, before);
    }

    #[test]
    fn what_the_user_changes_meanwhile_stays() {
        let mut shell = Shell::with(&[("AWS_REGION", "us-east-1")]);
        let wanted = keys("dev", "eu-west-1");
        shell.prompt("a", &wanted);
        shell.put("AWS_REGION", "ap-south-1");
        for _ in 0..2 {
            assert_eq!(shell.prompt("a", &wanted), 0);
            assert_eq!(shell.get("AWS_REGION"), Some("ap-south-1"));
        }
        // Another project has a region of its own, and gives the user's back.
        shell.prompt("b", &keys("other", "eu-north-1"));
        assert_eq!(shell.get("AWS_REGION"), Some("eu-north-1"));
        shell.prompt("", &Wanted::default());
        assert_eq!(shell.get("AWS_REGION"), Some("ap-south-1"));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), None);
    }

    #[test]
    fn renewed_keys_replace_ours_and_the_users_are_seen() {
        let mut shell = Shell::default();
        shell.prompt("a", &keys("one", "eu-west-1"));
        shell.prompt("a", &keys("two", "eu-west-1"));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAtwo"));
        assert_eq!(shell.base().foreign_key(), None);
        let mut other = shell.clone();
        shell.put("AWS_ACCESS_KEY_ID", "AKIAMINE");
        assert_eq!(shell.base().foreign_key(), Some("AWS_ACCESS_KEY_ID"));
        assert!(!shell.base().lost_key());
        other.env.remove("AWS_SECRET_ACCESS_KEY");
        assert!(other.base().lost_key());
        other.prompt("", &Wanted::default());
        assert_eq!(other.env, Shell::default().env);
        shell.prompt("", &Wanted::default());
        assert_eq!(
            shell.env,
            Shell::with(&[("AWS_ACCESS_KEY_ID", "AKIAMINE")]).env
        );
        let old = Shell::with(&[("AWS_SECURITY_TOKEN", "x")]);
        assert_eq!(old.base().foreign_key(), Some("AWS_SECURITY_TOKEN"));
    }

    #[test]
    fn a_profile_that_appears_is_told_from_one_that_we_hid() {
        let mut shell = Shell::with(&[("AWS_PROFILE", "base")]);
        shell.prompt("a", &keys("dev", "eu-west-1"));
        let appeared = |shell: &Shell| shell.base().new_profile(shell.state.as_ref().unwrap());
        assert_eq!(appeared(&shell), None);
        // A start-up file of a subshell sets it again.
        shell.put("AWS_PROFILE", "base");
        assert_eq!(appeared(&shell), None);
        shell.prompt("a", &keys("dev", "eu-west-1"));
        assert_eq!(shell.get("AWS_PROFILE"), None);
        shell.put("AWS_PROFILE", "mine");
        assert_eq!(appeared(&shell), Some("AWS_PROFILE"));
        shell.prompt("a", &Wanted::default());
        assert_eq!(shell.env, Shell::with(&[("AWS_PROFILE", "mine")]).env);
    }
}
