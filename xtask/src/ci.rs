//! `cargo xtask ci`: runs every check.
//!
//! A failed step does not stop the others, so that one run reports everything. This file selects
//! and times the steps and prints a summary; `steps` says what each does.

mod dynamic_build;
mod steps;
mod test_totals;

use crate::process::format_duration;
use crate::workspace::Workspace;
use std::time::Instant;
use test_totals::TestTotals;

/// Result of a step.
pub(crate) enum StepOutcome {
    Passed,
    /// Nothing failed, but something could not be checked on this computer.
    Incomplete(String),
    Failed(String),
}

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let selected = selected_steps(args)?;
    let started = Instant::now();
    let mut totals = TestTotals::default();
    let mut results = Vec::new();
    for name in selected {
        println!("\n==> {name}");
        let begun = Instant::now();
        let outcome = steps::run(name, workspace, &mut totals);
        let took = format_duration(begun.elapsed());
        match &outcome {
            StepOutcome::Passed => println!("<== {name} passed ({took})"),
            StepOutcome::Incomplete(why) => println!("<== {name} is incomplete ({took})\n{why}"),
            StepOutcome::Failed(why) => println!("<== {name} FAILED ({took})\n{why}"),
        }
        results.push((name, outcome, took));
    }
    print_summary(&results, &totals, &format_duration(started.elapsed()))
}

/// Returns the steps to run, always in the order of [`steps::NAMES`].
fn selected_steps(args: &[&str]) -> Result<Vec<&'static str>, String> {
    let only: Vec<&str> = match args {
        [] => return Ok(steps::NAMES.to_vec()),
        ["--only", list] => list.split(',').collect(),
        other => {
            return Err(format!(
                "unexpected arguments {:?}; try --only STEP,STEP",
                other.join(" ")
            ));
        }
    };
    if let Some(unknown) = only.iter().find(|name| !steps::NAMES.contains(name)) {
        let known = steps::NAMES.join(" ");
        return Err(format!(
            "unknown step {unknown:?}; expected one of: {known}"
        ));
    }
    Ok(steps::NAMES
        .into_iter()
        .filter(|name| only.contains(name))
        .collect())
}

/// Prints which steps failed and how many tests ran, at the end of the log where readers look.
fn print_summary(
    results: &[(&str, StepOutcome, String)],
    totals: &TestTotals,
    took: &str,
) -> Result<(), String> {
    println!("\n==> summary");
    let mut failed = Vec::new();
    for (name, outcome, took) in results {
        let word = match outcome {
            StepOutcome::Passed => "passed",
            StepOutcome::Incomplete(_) => "incomplete",
            StepOutcome::Failed(_) => "FAILED",
        };
        println!("{name:<8} {word:<12} {took}");
        if let StepOutcome::Incomplete(why) | StepOutcome::Failed(why) = outcome {
            println!("{}", indent(why));
        }
        if matches!(outcome, StepOutcome::Failed(_)) {
            failed.push(*name);
        }
    }
    let is_incomplete = |outcome: &StepOutcome| matches!(outcome, StepOutcome::Incomplete(_));
    match results.iter().any(|(_, outcome, _)| is_incomplete(outcome)) {
        _ if !failed.is_empty() => {}
        true => println!("ci passed in {took}, but could not check everything here (see above)"),
        false => println!("ci passed in {took}"),
    }
    if let Some(line) = totals.summary() {
        println!("{line}");
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("ci failed in {took}: {}", failed.join(", ")))
    }
}

fn indent(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| format!("         {line}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{selected_steps, steps};

    #[test]
    fn all_steps_run_by_default() {
        assert_eq!(selected_steps(&[]), Ok(steps::NAMES.to_vec()));
    }

    #[test]
    fn selected_steps_run_in_the_listed_order() {
        assert_eq!(
            selected_steps(&["--only", "test,fmt"]),
            Ok(vec!["fmt", "test"])
        );
    }

    #[test]
    fn an_unknown_step_is_an_error() {
        let result = selected_steps(&["--only", "fmt,lint"]);
        assert!(result.is_err_and(|message| message.contains("\"lint\"")));
    }
}
