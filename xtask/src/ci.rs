//! `cargo xtask ci`: every check there is, in one command.
//!
//! The steps do not depend on each other, so a failed one does not stop the rest: one run
//! reports everything. What a step does is in `steps`; this file only orders, times and
//! sums up.

mod dynamic;
mod steps;
mod totals;

use crate::run::duration;
use crate::workspace::Workspace;
use std::time::Instant;
use totals::Totals;

pub(crate) enum Outcome {
    Passed,
    /// Nothing is wrong, but something could not be checked on this computer.
    Incomplete(String),
    Failed(String),
}

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    let wanted = wanted(words)?;
    let started = Instant::now();
    let mut totals = Totals::default();
    let mut results = Vec::new();
    for name in wanted {
        println!("\n==> {name}");
        let begun = Instant::now();
        let outcome = steps::run(name, workspace, &mut totals);
        let took = duration(begun.elapsed());
        match &outcome {
            Outcome::Passed => println!("<== {name} passed ({took})"),
            Outcome::Incomplete(why) => println!("<== {name} is incomplete ({took})\n{why}"),
            Outcome::Failed(why) => println!("<== {name} FAILED ({took})\n{why}"),
        }
        results.push((name, outcome, took));
    }
    summary(&results, &totals, &duration(started.elapsed()))
}

/// The steps to run, in the order in which they are listed, whatever the order asked for.
fn wanted(words: &[&str]) -> Result<Vec<&'static str>, String> {
    let only: Vec<&str> = match words {
        [] => return Ok(steps::NAMES.to_vec()),
        ["--only", list] => list.split(',').collect(),
        other => {
            return Err(format!(
                "cannot use {:?}; try --only STEP,STEP",
                other.join(" ")
            ));
        }
    };
    if let Some(unknown) = only.iter().find(|name| !steps::NAMES.contains(name)) {
        let known = steps::NAMES.join(" ");
        return Err(format!(
            "there is no step {unknown:?}; the steps are: {known}"
        ));
    }
    Ok(steps::NAMES
        .into_iter()
        .filter(|name| only.contains(name))
        .collect())
}

/// Says at the very end what a reader of a long log looks for there: which steps failed,
/// and how many tests ran.
fn summary(results: &[(&str, Outcome, String)], totals: &Totals, took: &str) -> Result<(), String> {
    println!("\n==> summary");
    let mut failed = Vec::new();
    for (name, outcome, took) in results {
        let word = match outcome {
            Outcome::Passed => "passed",
            Outcome::Incomplete(_) => "incomplete",
            Outcome::Failed(_) => "FAILED",
        };
        println!("{name:<8} {word:<12} {took}");
        if let Outcome::Incomplete(why) | Outcome::Failed(why) = outcome {
            println!("{}", indented(why));
        }
        if matches!(outcome, Outcome::Failed(_)) {
            failed.push(*name);
        }
    }
    let is_incomplete = |outcome: &Outcome| matches!(outcome, Outcome::Incomplete(_));
    match results.iter().any(|(_, outcome, _)| is_incomplete(outcome)) {
        _ if !failed.is_empty() => {}
        true => println!("ci passed in {took}, but could not check everything here (see above)"),
        false => println!("ci passed in {took}"),
    }
    if let Some(line) = totals.line() {
        println!("{line}");
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("ci failed in {took}: {}", failed.join(", ")))
    }
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| format!("         {line}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{steps, wanted};

    #[test]
    fn without_a_choice_every_step_runs() {
        assert_eq!(wanted(&[]), Ok(steps::NAMES.to_vec()));
    }

    #[test]
    fn a_choice_keeps_the_listed_order() {
        assert_eq!(wanted(&["--only", "test,fmt"]), Ok(vec!["fmt", "test"]));
    }

    #[test]
    fn an_unknown_step_is_named() {
        let refused = wanted(&["--only", "fmt,lint"]);
        assert!(refused.is_err_and(|message| message.contains("\"lint\"")));
    }
}
