//! Warnings about the line of the hook in the shell's start-up file.

use crate::domain::directory::rc_file::{HookLine, HookObstacle};

use super::finding::Finding;

/// Returns a warning if another line of the start-up file keeps the hook from working.
pub fn hook_line(hook: &HookLine) -> Option<Finding> {
    let HookLine { path, number, .. } = hook;
    let to_the_end = || format!("move line {number} to the end of {path}");
    let (code, what, fix) = match hook.obstacle? {
        HookObstacle::Return(line) => (
            "hook_not_reached",
            format!("the file returns in line {line}, before the hook"),
            format!("move line {number} of {path} above line {line}"),
        ),
        HookObstacle::EnvironmentManager(line) => (
            "hook_order",
            format!("the environment manager in line {line} may undo what the hook loads"),
            to_the_end(),
        ),
        HookObstacle::PromptTheme(line) => (
            "hook_order",
            format!("the prompt theme in line {line} may show the previous directory's profile"),
            to_the_end(),
        ),
    };
    let location = format!("{path}:{number}");
    Some(Finding::warning(code, what).at(location).fix(fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_obstacle_has_a_location_and_a_fix() {
        for (obstacle, code, fix) in [
            (
                HookObstacle::Return(2),
                "hook_not_reached",
                "move line 5 of ~/.bashrc above line 2",
            ),
            (
                HookObstacle::EnvironmentManager(9),
                "hook_order",
                "move line 5 to the end of ~/.bashrc",
            ),
            (
                HookObstacle::PromptTheme(9),
                "hook_order",
                "move line 5 to the end of ~/.bashrc",
            ),
        ] {
            let mut hook = HookLine {
                path: "~/.bashrc".to_owned(),
                number: 5,
                obstacle: Some(obstacle),
            };
            let finding = hook_line(&hook).unwrap();
            assert_eq!(finding.code, code);
            assert_eq!(finding.location.as_deref(), Some("~/.bashrc:5"));
            assert_eq!(finding.fix, Some(fix.into()));
            hook.obstacle = None;
            assert_eq!(hook_line(&hook), None);
        }
    }
}
