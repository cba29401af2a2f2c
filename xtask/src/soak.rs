//! `cargo xtask soak`: the tests that roll dice, with far more rounds than `ci` gives them.
//!
//! They are the same tests: `SSO_SOAK` tells them how often. What they have done and with
//! which seed they print themselves, and `SSO_SEED` repeats it.

use crate::run::{cargo, duration, watch};
use crate::workspace::Workspace;
use std::time::{Duration, Instant};

struct Kind {
    name: &'static str,
    /// Which tests, as the test harness selects them.
    filters: &'static [&'static str],
    /// How many rounds without a wish, which keeps a small computer for up to an hour. There
    /// are some hundred single failures; more rounds than that are all of them.
    count: u32,
    /// How many rounds at a time while there are minutes left.
    portion: u32,
}

const KINDS: [Kind; 5] = [
    Kind {
        name: "kills",
        filters: &["crash_safety::killed::"],
        count: 1000,
        portion: 20,
    },
    Kind {
        name: "failures",
        filters: &["crash_safety::failing_steps::", "crash_safety::full_disk::"],
        count: 1000,
        portion: 20,
    },
    Kind {
        name: "storms",
        filters: &["concurrency::parallel_callers::"],
        count: 20,
        portion: 1,
    },
    Kind {
        name: "mixtures",
        filters: &["concurrency::mixed_operations::"],
        count: 100,
        portion: 5,
    },
    Kind {
        name: "answers",
        filters: &["server_responses::"],
        count: 10_000,
        portion: 500,
    },
];

#[derive(Debug, PartialEq)]
enum Length {
    Usual,
    Count(u32),
    Minutes(u64),
}

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    let (length, kinds) = wishes(words)?;
    let begun = Instant::now();
    let mut failed = Vec::new();
    match length {
        Length::Minutes(minutes) => {
            let limit = Duration::from_secs(minutes * 60);
            let mut rounds = kinds.iter().cycle();
            while begun.elapsed() < limit && failed.is_empty() {
                if let Some(kind) = rounds.next() {
                    soak(workspace, kind, kind.portion, &mut failed);
                }
            }
        }
        Length::Usual => {
            for kind in kinds {
                soak(workspace, kind, kind.count, &mut failed);
            }
        }
        Length::Count(count) => {
            for kind in kinds {
                soak(workspace, kind, count, &mut failed);
            }
        }
    }
    let took = duration(begun.elapsed());
    if failed.is_empty() {
        println!("\nsoak passed in {took}");
        Ok(())
    } else {
        Err(format!("soak failed in {took}: {}", failed.join(", ")))
    }
}

/// One run of one kind. A failure does not stop the others.
fn soak(workspace: &Workspace, kind: &Kind, count: u32, failed: &mut Vec<&str>) {
    println!("\n==> {} with SSO_SOAK={count}", kind.name);
    let begun = Instant::now();
    let mut test = cargo(&workspace.root);
    test.args(["test", "--locked", "--test", "it", "--"])
        .args(kind.filters)
        // One test at a time: what is random here is their own doing, not their neighbours'.
        .args(["--nocapture", "--test-threads=1"])
        .env("SSO_SOAK", count.to_string())
        .env("SSO_REQUIRE_CLIENTS", "1");
    let done = watch(&mut test, |_| {});
    let took = duration(begun.elapsed());
    match done {
        Ok(()) => println!("<== {} passed ({took})", kind.name),
        Err(why) => {
            println!("<== {} FAILED ({took})\n{why}", kind.name);
            failed.push(kind.name);
        }
    }
}

fn wishes(words: &[&str]) -> Result<(Length, Vec<&'static Kind>), String> {
    let (length, names) = match words {
        ["--minutes", number, names @ ..] => (Length::Minutes(read(number)?), names),
        ["--count", number, names @ ..] => (Length::Count(read(number)?), names),
        names => (Length::Usual, names),
    };
    let find = |name: &&str| {
        let kind = KINDS.iter().find(|kind| kind.name == *name);
        kind.ok_or_else(|| {
            let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
            format!("cannot soak {name:?}; there are: {}", known.join(" "))
        })
    };
    let kinds: Result<Vec<&Kind>, String> = names.iter().map(find).collect();
    Ok((
        length,
        match names {
            [] => KINDS.iter().collect(),
            _ => kinds?,
        },
    ))
}

fn read<T: std::str::FromStr>(number: &str) -> Result<T, String> {
    number
        .parse()
        .map_err(|_| format!("{number:?} is no number"))
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Length, wishes};

    fn names(words: &[&str]) -> (Length, Vec<&'static str>) {
        let Ok((length, kinds)) = wishes(words) else {
            return (Length::Usual, vec![]);
        };
        (length, kinds.iter().map(|kind| kind.name).collect())
    }

    #[test]
    fn a_length_comes_first_and_names_choose() {
        let (length, all) = names(&[]);
        assert_eq!((length, all.len()), (Length::Usual, KINDS.len()));
        assert_eq!(
            names(&["--minutes", "30", "storms"]),
            (Length::Minutes(30), vec!["storms"])
        );
        assert_eq!(
            names(&["--count", "7", "kills", "answers"]),
            (Length::Count(7), vec!["kills", "answers"])
        );
    }

    #[test]
    fn what_is_unknown_is_named() {
        let refused = |words: &[&str]| wishes(words).err().unwrap_or_default();
        assert!(refused(&["kill"]).contains("\"kill\""));
        assert!(refused(&["--count", "many"]).contains("\"many\""));
    }
}
