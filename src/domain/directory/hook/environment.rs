//! The environment of a shell: as it would be without the hook, and the changes to it.
//!
//! [`baseline`] undoes what the hook did at the last prompt; [`changes`] applies on top of it
//! what is to be exported now. Moving from one project to another is therefore the same as
//! leaving one and entering the other, without a stack of projects.

use super::env_managers::value_before;
use super::state::{HookState, mark};
use crate::domain::role::environment_variables::{
    Change, LEGACY_SESSION_TOKEN, PROFILE_VARIABLES, changed_by_hook, hidden_by_hook, keys,
};
use crate::domain::secret::Secret;
use crate::domain::vars::Vars;

/// The environment as it would be without the hook.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    values: Vec<(&'static str, String)>,
    /// Variables that no longer have the value that the hook set, or that are set although
    /// the hook hid them.
    changed: Vec<&'static str>,
    /// Hidden variables that direnv or mise had set, with the values before.
    given: Vec<(&'static str, String)>,
}

impl Baseline {
    /// Returns the value of a variable.
    pub fn value(&self, name: &str) -> Option<&str> {
        let entry = self.values.iter().find(|(known, _)| *known == name);
        entry.map(|(_, value)| value.as_str())
    }

    /// Returns `true` if the variable was changed since the hook set or hid it.
    pub fn is_changed(&self, name: &str) -> bool {
        self.changed.contains(&name)
    }

    /// Returns a signing key that the hook did not set. Nothing is loaded over it.
    pub fn foreign_key(&self) -> Option<&'static str> {
        keys()
            .chain([LEGACY_SESSION_TOKEN])
            .find(|name| self.value(name).is_some())
    }

    /// Returns `true` if a key that the hook had set was removed from the shell.
    pub fn has_lost_key(&self) -> bool {
        keys().any(|name| self.is_changed(name) && self.value(name).is_none())
    }

    /// Returns a variable that chooses a profile and was set or changed since the hook
    /// loaded. One with the value that the hook hid does not count: a start-up file of a
    /// subshell sets it again, and it is hidden again.
    pub fn new_profile(&self, state: &HookState) -> Option<&'static str> {
        PROFILE_VARIABLES.into_iter().find(|name| {
            let now = self.value(name);
            now.is_some() && now != state.before(name)
        })
    }

    /// Returns a variable that chooses a profile.
    pub fn any_profile(&self) -> Option<&'static str> {
        PROFILE_VARIABLES
            .into_iter()
            .find(|name| self.value(name).is_some())
    }
}

/// Returns the environment as it would be without the hook.
pub fn baseline(state: Option<&HookState>, env: Vars) -> Baseline {
    let mut baseline = Baseline::default();
    for name in changed_by_hook().chain([LEGACY_SESSION_TOKEN]) {
        let now = env(name);
        let before = state.and_then(|state| state.before(name));
        let is_marked = state.is_some_and(|state| state.mark(name).is_some());
        let is_hidden = !is_marked && before.is_some();
        let is_kept = state.is_some_and(|state| state.kept.contains(&name));
        let is_ours = match &now {
            Some(value) if is_marked => state.is_some_and(|state| state.is_ours(name, value)),
            Some(value) => is_hidden && before == Some(value),
            None => is_hidden,
        };
        // Once direnv or mise has taken its value back, the one before that counts.
        let given = state.and_then(|state| state.given.iter().find(|(given, _)| *given == name));
        baseline.given.extend(given.cloned());
        let is_theirs = |value: &str| value_before(name, value, env).is_some();
        let value = match given {
            _ if !is_ours || is_kept => now,
            Some((_, earlier)) if now.is_none() && !before.is_some_and(is_theirs) => {
                Some(earlier.clone()).filter(|earlier| !earlier.is_empty())
            }
            _ => before.map(str::to_owned),
        };
        if is_kept || (is_marked || is_hidden) && !is_ours {
            baseline.changed.push(name);
        }
        baseline.values.extend(value.map(|value| (name, value)));
    }
    baseline
}

/// Form of the export, which decides the variables that are hidden beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportMode {
    /// Nothing is exported, so nothing is hidden.
    #[default]
    Nothing,
    /// Credentials, over which every variable that `exec` removes would take precedence.
    Credentials,
    /// The profile's name in `AWS_PROFILE`.
    Profile,
}

impl ExportMode {
    fn hides(self, name: &str) -> bool {
        match self {
            ExportMode::Nothing => false,
            ExportMode::Credentials => hidden_by_hook().any(|hidden| hidden == name),
            ExportMode::Profile => name == "AWS_DEFAULT_PROFILE",
        }
    }
}

/// Variables that the hook exports at a prompt.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// Variables to set, with their values.
    pub set: Vec<(&'static str, Secret)>,
    /// Decides the variables to hide.
    pub mode: ExportMode,
}

/// Facts that the environment of a program does not tell about the variables of its shell.
#[derive(Clone, Debug, Default)]
pub struct ShellVariables {
    /// Variables that the shell has and does not export.
    pub local: Vec<String>,
    /// Variables that cannot be changed: read-only ones, and universal ones of fish.
    pub fixed: Vec<String>,
}

impl ShellVariables {
    pub fn has_local(&self, name: &str) -> bool {
        self.local.iter().any(|local| local == name)
    }

    pub fn is_fixed(&self, name: &str) -> bool {
        self.fixed.iter().any(|fixed| fixed == name)
    }

    /// Returns a variable of the changes that cannot be changed.
    pub fn fixed_of(&self, changes: &[Change]) -> Option<&'static str> {
        let is_among = |name: &&str| changes.iter().any(|change| change.name() == *name);
        changed_by_hook().find(|name| self.is_fixed(name) && is_among(name))
    }
}

/// Changes at a prompt, before and after the new state is recorded: a shell that is interrupted
/// then knows of everything that is set.
#[derive(Debug, Default)]
pub struct Steps {
    /// Changes that end what the last prompt has set or hidden.
    pub undo: Vec<Change>,
    /// Changes that set and hide what is to be exported now.
    pub redo: Vec<Change>,
}

/// Returns the changes that bring the environment from the present one to the baseline with
/// `exports` applied, and records them in `next`.
///
/// With `is_same_file`, the file that decides has decided at the last prompt already:
/// variables that the user has changed since then stay.
pub fn changes(
    baseline: &Baseline,
    exports: &Exports,
    is_same_file: bool,
    env: Vars,
    next: &mut HookState,
) -> Steps {
    let change = |name: &'static str, value: Option<Secret>| match value {
        Some(value) => Change::Set(name, value),
        None => Change::Remove(name.to_owned()),
    };
    let mut steps = Steps::default();
    for name in changed_by_hook() {
        let exported = exports.set.iter().find(|(known, _)| *known == name);
        let exported = exported.map(|(_, value)| value);
        let is_hidden = exports.mode.hides(name);
        let is_affected = exported.is_some() || is_hidden;
        let is_kept = is_same_file && baseline.is_changed(name) && is_affected;
        let before = baseline.value(name);
        let after = match exported {
            _ if is_kept => {
                next.kept.push(name);
                before.map(Secret::new)
            }
            Some(value) => {
                next.set.push((name, mark(name, value.expose())));
                Some(value.clone())
            }
            None if is_hidden => None,
            None => before.map(Secret::new),
        };
        if let Some(before) = before.filter(|_| !is_kept && is_affected) {
            next.before.push((name, before.to_owned()));
            if let Some(earlier) = value_before(name, before, env).filter(|_| is_hidden) {
                // mise forgets it while its own value is hidden.
                let first = baseline.given.iter().find(|(given, _)| *given == name);
                next.given.push(first.cloned().unwrap_or((name, earlier)));
            }
        }
        let now = env(name);
        let target = after.as_ref().map(Secret::expose);
        if target == now.as_deref() {
            continue;
        }
        if now.as_deref() != before {
            steps.undo.push(change(name, before.map(Secret::new)));
        }
        if target != before {
            steps.redo.push(change(name, after));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A shell: its environment and the state of its hook.
    #[derive(Clone, Default)]
    struct ShellModel {
        env: BTreeMap<String, String>,
        state: Option<HookState>,
    }

    impl ShellModel {
        fn with(pairs: &[(&str, &str)]) -> ShellModel {
            let mut shell = ShellModel::default();
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

        fn baseline(&self) -> Baseline {
            baseline(self.state.as_ref(), &|name| self.env.get(name).cloned())
        }

        /// Applies the changes of one prompt, and returns their number.
        fn prompt(&mut self, file: &str, exports: &Exports) -> usize {
            let baseline = self.baseline();
            let is_same_file = self.state.as_ref().is_some_and(|state| state.file == file);
            let mut next = HookState {
                file: file.to_owned(),
                ..HookState::default()
            };
            let env = self.env.clone();
            let env = |name: &str| env.get(name).cloned();
            let steps = changes(&baseline, exports, is_same_file, &env, &mut next);
            let changes = [steps.undo, steps.redo].concat();
            for change in &changes {
                match change {
                    Change::Set(name, value) => self.put(name, value.expose()),
                    Change::Remove(name) => {
                        self.env.remove(name);
                    }
                }
            }
            // The state makes the trip through the variable's text.
            self.state = (!file.is_empty()).then(|| HookState::parse(&next.to_text()).unwrap());
            changes.len()
        }
    }

    fn keys(name: &str, region: &str) -> Exports {
        let set = |name, value: &str| (name, Secret::new(value));
        Exports {
            set: vec![
                set("AWS_ACCESS_KEY_ID", &format!("ASIA{name}")),
                set("AWS_SECRET_ACCESS_KEY", &format!("secret-{name}")),
                set("AWS_SESSION_TOKEN", &format!("token-{name}")),
                set("AWS_SSO_PROFILE", name),
                set("AWS_REGION", region),
            ],
            mode: ExportMode::Credentials,
        }
    }

    fn profile(name: &str) -> Exports {
        Exports {
            set: vec![("AWS_PROFILE", Secret::new(name))],
            mode: ExportMode::Profile,
        }
    }

    #[test]
    fn leaving_restores_the_environment() {
        let before = [
            ("AWS_PROFILE", "base"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ROLE_ARN", "arn"),
        ];
        for exports in [keys("dev", "eu-west-1"), profile("dev")] {
            let mut shell = ShellModel::with(&before);
            shell.prompt("a", &exports);
            assert_ne!(shell.get("AWS_PROFILE"), Some("base"));
            assert_eq!(shell.prompt("a", &exports), 0, "nothing changes twice");
            shell.prompt("", &Exports::default());
            assert_eq!(shell.env, ShellModel::with(&before).env);
        }
    }

    #[test]
    fn moving_between_projects_keeps_the_first_baseline() {
        let mut shell =
            ShellModel::with(&[("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_PROFILE", "base")]);
        let before = shell.env.clone();
        shell.prompt("a", &keys("outer", "eu-west-1"));
        shell.prompt("a/b", &profile("inner"));
        assert_eq!(shell.get("AWS_PROFILE"), Some("inner"));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), None);
        shell.prompt("a", &keys("outer", "eu-west-1"));
        assert_eq!(shell.get("AWS_SSO_PROFILE"), Some("outer"));
        shell.prompt("", &Exports::default());
        assert_eq!(shell.env, before);
    }

    #[test]
    fn a_variable_that_the_user_changes_is_kept() {
        let mut shell = ShellModel::with(&[("AWS_REGION", "us-east-1")]);
        let exports = keys("dev", "eu-west-1");
        shell.prompt("a", &exports);
        shell.put("AWS_REGION", "ap-south-1");
        for _ in 0..2 {
            assert_eq!(shell.prompt("a", &exports), 0);
            assert_eq!(shell.get("AWS_REGION"), Some("ap-south-1"));
        }
        // Another project sets its own region, and restores the user's.
        shell.prompt("b", &keys("other", "eu-north-1"));
        assert_eq!(shell.get("AWS_REGION"), Some("eu-north-1"));
        shell.prompt("", &Exports::default());
        assert_eq!(shell.get("AWS_REGION"), Some("ap-south-1"));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), None);
    }

    #[test]
    fn renewed_keys_replace_ours_and_foreign_keys_are_reported() {
        let mut shell = ShellModel::default();
        shell.prompt("a", &keys("one", "eu-west-1"));
        shell.prompt("a", &keys("two", "eu-west-1"));
        assert_eq!(shell.get("AWS_ACCESS_KEY_ID"), Some("ASIAtwo"));
        assert_eq!(shell.baseline().foreign_key(), None);
        let mut other = shell.clone();
        shell.put("AWS_ACCESS_KEY_ID", "AKIAMINE");
        assert_eq!(shell.baseline().foreign_key(), Some("AWS_ACCESS_KEY_ID"));
        assert!(!shell.baseline().has_lost_key());
        other.env.remove("AWS_SECRET_ACCESS_KEY");
        assert!(other.baseline().has_lost_key());
        other.prompt("", &Exports::default());
        assert_eq!(other.env, ShellModel::default().env);
        shell.prompt("", &Exports::default());
        let own = ShellModel::with(&[("AWS_ACCESS_KEY_ID", "AKIAMINE")]);
        assert_eq!(shell.env, own.env);
        let old = ShellModel::with(&[("AWS_SECURITY_TOKEN", "x")]);
        assert_eq!(old.baseline().foreign_key(), Some("AWS_SECURITY_TOKEN"));
    }

    #[test]
    fn a_new_profile_is_told_apart_from_the_hidden_one() {
        let mut shell = ShellModel::with(&[("AWS_PROFILE", "base")]);
        shell.prompt("a", &keys("dev", "eu-west-1"));
        let appeared =
            |shell: &ShellModel| shell.baseline().new_profile(shell.state.as_ref().unwrap());
        assert_eq!(appeared(&shell), None);
        // As the start-up file of a subshell does.
        shell.put("AWS_PROFILE", "base");
        assert_eq!(appeared(&shell), None);
        shell.prompt("a", &keys("dev", "eu-west-1"));
        assert_eq!(shell.get("AWS_PROFILE"), None);
        shell.put("AWS_PROFILE", "mine");
        assert_eq!(appeared(&shell), Some("AWS_PROFILE"));
        shell.prompt("a", &Exports::default());
        assert_eq!(shell.env, ShellModel::with(&[("AWS_PROFILE", "mine")]).env);
    }
}
