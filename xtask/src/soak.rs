//! `cargo xtask soak`: runs the randomised tests with many more rounds than `ci`.
//!
//! The tests are the same: `SSO_SOAK` sets the number of rounds. They print their seed, and
//! `SSO_SEED` repeats a run.

use crate::process::{cargo, format_duration, run_with_lines};
use crate::workspace::Workspace;
use std::time::{Duration, Instant};

/// Randomised tests of one kind.
struct TestGroup {
    name: &'static str,
    /// Filters of the test harness.
    filters: &'static [&'static str],
    /// Rounds by default; on a small computer the whole takes up to an hour. There are a few
    /// hundred single failures, and a run with more rounds covers all of them.
    count: u32,
    /// Rounds per run with `--minutes`.
    rounds_per_run: u32,
}

const GROUPS: [TestGroup; 5] = [
    TestGroup {
        name: "kills",
        filters: &["crash_safety::killed::"],
        count: 1000,
        rounds_per_run: 20,
    },
    TestGroup {
        name: "failures",
        filters: &["crash_safety::failing_steps::", "crash_safety::full_disk::"],
        count: 1000,
        rounds_per_run: 20,
    },
    TestGroup {
        name: "storms",
        filters: &["concurrency::parallel_callers::"],
        count: 20,
        rounds_per_run: 1,
    },
    TestGroup {
        name: "mixtures",
        filters: &["concurrency::mixed_operations::"],
        count: 100,
        rounds_per_run: 5,
    },
    TestGroup {
        name: "answers",
        filters: &["server_responses::"],
        count: 10_000,
        rounds_per_run: 500,
    },
];

#[derive(Debug, PartialEq)]
enum SoakLength {
    Default,
    Count(u32),
    Minutes(u64),
}

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let (length, groups) = parse_args(args)?;
    let begun = Instant::now();
    let mut failed = Vec::new();
    match length {
        SoakLength::Minutes(minutes) => {
            let limit = Duration::from_secs(minutes * 60);
            let mut turns = groups.iter().cycle();
            while begun.elapsed() < limit && failed.is_empty() {
                if let Some(group) = turns.next() {
                    soak(workspace, group, group.rounds_per_run, &mut failed);
                }
            }
        }
        SoakLength::Default => {
            for group in groups {
                soak(workspace, group, group.count, &mut failed);
            }
        }
        SoakLength::Count(count) => {
            for group in groups {
                soak(workspace, group, count, &mut failed);
            }
        }
    }
    let took = format_duration(begun.elapsed());
    if failed.is_empty() {
        println!("\nsoak passed in {took}");
        Ok(())
    } else {
        Err(format!("soak failed in {took}: {}", failed.join(", ")))
    }
}

/// Runs one group. A failure is recorded and does not stop the others.
fn soak(workspace: &Workspace, group: &TestGroup, count: u32, failed: &mut Vec<&str>) {
    println!("\n==> {} with SSO_SOAK={count}", group.name);
    let begun = Instant::now();
    let mut test = cargo(&workspace.root);
    test.args(["test", "--locked", "--test", "it", "--"])
        .args(group.filters)
        // One test at a time, so that only the test's own random choices matter.
        .args(["--nocapture", "--test-threads=1"])
        .env("SSO_SOAK", count.to_string())
        .env("SSO_REQUIRE_CLIENTS", "1");
    let done = run_with_lines(&mut test, |_| {});
    let took = format_duration(begun.elapsed());
    match done {
        Ok(()) => println!("<== {} passed ({took})", group.name),
        Err(why) => {
            println!("<== {} FAILED ({took})\n{why}", group.name);
            failed.push(group.name);
        }
    }
}

/// Parses `[--minutes M | --count N] [NAME…]`.
fn parse_args(args: &[&str]) -> Result<(SoakLength, Vec<&'static TestGroup>), String> {
    let (length, names) = match args {
        ["--minutes", number, names @ ..] => (SoakLength::Minutes(parse_number(number)?), names),
        ["--count", number, names @ ..] => (SoakLength::Count(parse_number(number)?), names),
        names => (SoakLength::Default, names),
    };
    let find = |name: &&str| {
        let group = GROUPS.iter().find(|group| group.name == *name);
        group.ok_or_else(|| {
            let known: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
            format!(
                "unknown test group {name:?}; expected one of: {}",
                known.join(" ")
            )
        })
    };
    let groups: Result<Vec<&TestGroup>, String> = names.iter().map(find).collect();
    Ok((
        length,
        match names {
            [] => GROUPS.iter().collect(),
            _ => groups?,
        },
    ))
}

fn parse_number<T: std::str::FromStr>(number: &str) -> Result<T, String> {
    number
        .parse()
        .map_err(|_| format!("invalid number {number:?}"))
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, SoakLength, parse_args};

    fn names(args: &[&str]) -> (SoakLength, Vec<&'static str>) {
        let Ok((length, groups)) = parse_args(args) else {
            return (SoakLength::Default, vec![]);
        };
        (length, groups.iter().map(|group| group.name).collect())
    }

    #[test]
    fn length_and_group_names_are_parsed() {
        let (length, all) = names(&[]);
        assert_eq!((length, all.len()), (SoakLength::Default, GROUPS.len()));
        assert_eq!(
            names(&["--minutes", "30", "storms"]),
            (SoakLength::Minutes(30), vec!["storms"])
        );
        assert_eq!(
            names(&["--count", "7", "kills", "answers"]),
            (SoakLength::Count(7), vec!["kills", "answers"])
        );
    }

    #[test]
    fn unknown_arguments_are_named_in_the_error() {
        let error = |args: &[&str]| parse_args(args).err().unwrap_or_default();
        assert!(error(&["kill"]).contains("\"kill\""));
        assert!(error(&["--count", "many"]).contains("\"many\""));
    }
}
