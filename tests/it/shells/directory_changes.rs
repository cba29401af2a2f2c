//! Changes of the directory that are not followed by a prompt.

use std::path::Path;

use super::{
    Shell, ShellKind, assert_loaded, assert_unloaded, create_directory, sandbox_with_projects,
};
use crate::fixture::{ACCOUNT, Sandbox};

/// Shells that report every change of the directory.
fn with_directory_events() -> impl Iterator<Item = ShellKind> {
    ShellKind::installed().filter(|kind| *kind != ShellKind::Bash)
}

/// Returns a file's environment, which a line has written.
fn written(file: &Path) -> std::collections::BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).unwrap();
    let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn command_in_the_same_line_has_the_credentials_of_its_directory() {
    for kind in with_directory_events() {
        let sandbox = sandbox_with_projects();
        let mut shell = Shell::start_with(&sandbox, kind, &kind.hook(), &[], |run| {
            run.env("AWS_PROFILE", "base")
        });
        shell.send("cd p && command env -0 >~/first; cd inner; command env -0 >~/second");
        assert_loaded(&shell.environment(), &format!("ReadOnlyAccess@{ACCOUNT}"));
        assert_loaded(&written(&sandbox.home().join("first")), "dev");
        let second = written(&sandbox.home().join("second"));
        assert_loaded(&second, &format!("ReadOnlyAccess@{ACCOUNT}"));
        shell.send("cd ..; command env -0 >~/third; cd; command env -0 >~/fourth");
        shell.environment();
        assert_loaded(&written(&sandbox.home().join("third")), "dev");
        let fourth = written(&sandbox.home().join("fourth"));
        assert_unloaded(&fourth);
        assert_eq!(fourth["AWS_PROFILE"], "base", "{kind:?}");
        let dev = "sso: dev (111122223333 AdministratorAccess, eu-central-1)".to_owned();
        let inner = format!("sso: ReadOnlyAccess@{ACCOUNT} (corp, eu-north-1)");
        let expected = [dev.clone(), inner, dev, "sso: unloaded".to_owned()];
        assert_eq!(shell.hook_messages(), expected, "{kind:?}");
        assert_eq!(shell.error_lines(), [""; 0], "{kind:?}");
    }
}

#[test]
fn key_that_changes_the_directory_changes_the_credentials() {
    for kind in with_directory_events() {
        let sandbox = sandbox_with_projects();
        let (widget, key) = match kind {
            ShellKind::Fish => ("", "\u{1b}[1;3D"),
            _ => (
                "back() { builtin cd ~; zle reset-prompt }\nzle -N back\nbindkey '^B' back\n",
                "\u{2}",
            ),
        };
        let startup = format!("{widget}{}", kind.hook());
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        assert_loaded(&shell.enter(&sandbox.home().join("p")), "dev");
        std::thread::sleep(std::time::Duration::from_millis(300));
        shell.terminal.type_text(key);
        std::thread::sleep(std::time::Duration::from_millis(300));
        let env = shell.run("true && command env -0 >~/read");
        assert_unloaded(&written(&sandbox.home().join("read")));
        assert_unloaded(&env);
        assert_eq!(env["PWD"], sandbox.home().to_str().unwrap(), "{kind:?}");
    }
}

#[test]
fn subshells_use_the_cache_only_and_say_nothing() {
    for kind in with_directory_events() {
        let sandbox = Sandbox::new();
        sandbox.store_token(7200);
        let p = sandbox.trusted_project("p", "dev\n");
        create_directory(&sandbox, "q");
        let mut shell = Shell::start(&sandbox, kind);
        let substitution = match kind {
            ShellKind::Fish => "echo (cd ~/p; and pwd; and count $AWS_ACCESS_KEY_ID; cd ~/q)",
            _ => "echo $(cd ~/p && pwd; echo ${#AWS_ACCESS_KEY_ID})",
        };
        let expected = format!("{} 0\n", p.display());
        assert_eq!(shell.output_of(substitution), expected, "{kind:?}");
        shell.environment();
        assert_eq!(shell.hook_messages(), [""; 0], "{kind:?}");
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 0, "{kind:?}");
        // The prompt fetches and shows what the subshell did not.
        assert_loaded(&shell.enter(&p), "dev");
        assert_eq!(shell.hook_messages().len(), 1, "{kind:?}");
        shell.run("cd ~/q");
        shell.hook_messages();
        let substitution = match kind {
            ShellKind::Fish => "echo (cd ~/p; and echo $AWS_SSO_PROFILE; cd ~/q)",
            _ => "echo $(cd ~/p && echo $AWS_SSO_PROFILE)",
        };
        assert_eq!(shell.output_of(substitution), "dev\n", "{kind:?}");
        assert_unloaded(&shell.environment());
        assert_eq!(shell.hook_messages(), [""; 0], "{kind:?}");
    }
}

#[test]
fn start_up_file_may_change_the_directory() {
    for kind in with_directory_events() {
        let sandbox = sandbox_with_projects();
        let startup = format!("{}cd ~/p\necho started\n", kind.hook());
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| run);
        assert_loaded(&shell.environment(), "dev");
        let shown = shell.terminal.shown();
        assert!(shown.find("started") < shown.find("sso: dev"), "{shown}");
    }
}
