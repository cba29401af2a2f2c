//! Powerlevel10k's instant prompt, which warns about everything that zsh prints between the line
//! that shows it and the end of the first `precmd`.

use super::{Shell, ShellKind, assert_loaded, assert_unloaded, warm_sandbox};
use crate::fixture::{binary, programs};

/// Redirections of the instant prompt: output goes to a file until the last function of the first
/// `precmd` restores it.
const INSTANT_PROMPT: &str = "\
exec {out}>&1 {err}>&2 1>$HOME/startup-output 2>&1
theme_precmd() {
    (( $+out )) && exec 1>&$out 2>&$err {out}>&- {err}>&-
    unset out err
}
";

#[test]
fn a_line_before_the_instant_prompt_keeps_the_first_prompt_silent() {
    if !programs::has_required("zsh") {
        return;
    }
    let kind = ShellKind::Zsh;
    let program = kind.quote(binary().to_str().unwrap());
    // The line of the README, with the path of this program.
    let line = "emulate zsh -c \"$(sso hook-env zsh)\"\n";
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(line), "README.md lacks {line}");
    let line = line.replace("$(sso ", &format!("$({program} "));
    for (line, is_silent) in [(line.as_str(), true), ("", false)] {
        let sandbox = warm_sandbox();
        let project = sandbox.trusted_project("p", "dev\n");
        let hook = kind.hook();
        let startup = format!("{line}{INSTANT_PROMPT}{hook}precmd_functions+=(theme_precmd)\n");
        let mut shell = Shell::start_with(&sandbox, kind, &startup, &[], |run| {
            run.current_dir(&project)
        });
        let during_startup = std::fs::read_to_string(sandbox.home().join("startup-output"));
        let during_startup = during_startup.unwrap();
        assert_eq!(during_startup.is_empty(), is_silent, "{during_startup:?}");
        assert_loaded(&shell.environment(), "dev");
        let messages = shell.hook_messages();
        let once = usize::from(is_silent);
        assert_eq!(messages.len(), once, "{messages:?}");
        assert!(
            messages
                .iter()
                .all(|message| message.starts_with("sso: dev ("))
        );
        assert_unloaded(&shell.enter(sandbox.home()));
        assert_eq!(shell.hook_messages(), ["sso: unloaded"]);
    }
}
