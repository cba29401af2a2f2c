//! `cargo xtask bench`: measures calls of the release build beside an empty program.
//!
//! Times are ratios to a Rust program that does nothing, built with cargo's default release
//! profile. All programs take turns in one loop, so that a slow moment affects all of them.
//! Times of calls are printed without a limit, because they depend on the computer. Sizes,
//! requests, system calls and a few ratios must stay within `limits`.

mod cold_calls;
pub(crate) mod command_line;
mod figures;
pub(crate) mod home;
mod limits;
mod listing;
mod memory;
mod parallel_callers;
mod picker;
mod populate;
mod programs;
mod prompt;
mod system_calls;
mod warm_calls;

use crate::workspace::Workspace;
use figures::Figures;
use listing::ListingRun;
use programs::Programs;

/// Arguments of the command.
struct BenchOptions {
    rounds: usize,
    /// Whether to run few rounds and no second optimised build, for `ci`.
    check: bool,
    /// Measures only this part and checks no limits.
    only: Option<String>,
}

/// Parts, in the order in which they are measured.
const PARTS: [&str; 9] = [
    "memory", "calls", "warm", "prompt", "storm", "cold", "picker", "populate", "listing",
];

pub(crate) fn main(workspace: &Workspace, args: &[&str]) -> Result<(), String> {
    let options = parse_args(args)?;
    let programs = Programs::build(workspace, options.needs_bare_request())?;
    let mut figures = Figures::default();
    programs.measure(&mut figures)?;
    let mut listing = None;
    if options.includes("listing") {
        listing = Some(ListingRun::start(&programs)?);
    }
    for part in PARTS {
        if !options.includes(part) {
            continue;
        }
        match part {
            "memory" => memory::measure(&programs, &mut figures)?,
            "calls" => system_calls::measure(workspace, &programs, &mut figures)?,
            "warm" => warm_calls::measure(workspace, &programs, options.rounds, &mut figures)?,
            "prompt" => prompt::measure(workspace, &programs, options.rounds, &mut figures)?,
            "storm" => parallel_callers::measure(&programs, &mut figures)?,
            "populate" => populate::measure(&programs, options.rounds, &mut figures)?,
            "cold" => cold_calls::measure(&programs, options.rounds, &mut figures)?,
            "picker" => picker::measure(workspace, &programs, options.rounds, &mut figures)?,
            _ => {
                if let Some(listing) = listing.take() {
                    listing.finish(&mut figures)?;
                }
            }
        }
    }
    println!("{}", figures.table());
    if options.only.is_some() {
        return Ok(());
    }
    let file = workspace.root.join("target/bench/figures.json");
    crate::write_files::write(&file, &figures.json())?;
    println!("JSON: target/bench/figures.json");
    limits::check(&figures)
}

impl BenchOptions {
    fn includes(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }

    /// Returns `true` if the bare request is measured, which needs a second optimised build.
    fn needs_bare_request(&self) -> bool {
        !self.check && self.only.as_deref().is_none_or(|only| only == "cold")
    }
}

/// Parses `[--rounds N] [--only PART] [--check]`.
fn parse_args(args: &[&str]) -> Result<BenchOptions, String> {
    let mut options = BenchOptions {
        rounds: 300,
        check: false,
        only: None,
    };
    let mut args = args.iter();
    while let Some(&arg) = args.next() {
        match arg {
            "--check" => {
                options.check = true;
                options.rounds = 30;
            }
            "--rounds" => {
                let number = args.next().and_then(|arg| arg.parse().ok());
                options.rounds = number
                    .filter(|&rounds| rounds > 0)
                    .ok_or("--rounds needs a number")?;
            }
            "--only" => match args.next() {
                Some(part) if PARTS.contains(part) => options.only = Some((*part).to_owned()),
                _ => return Err(format!("--only needs one of {}", PARTS.join(", "))),
            },
            other => {
                let known = "--rounds N, --only PART or --check";
                return Err(format!("unexpected argument {other:?}; try {known}"));
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::parse_args;

    #[test]
    fn arguments_are_parsed() {
        assert_eq!(parse_args(&[]).map(|options| options.rounds), Ok(300));
        assert_eq!(
            parse_args(&["--rounds", "7"]).map(|options| options.rounds),
            Ok(7)
        );
        for args in [
            ["--rounds", "0"],
            ["--rounds", "many"],
            ["--round", "7"],
            ["--only", "x"],
        ] {
            assert!(parse_args(&args).is_err(), "{args:?}");
        }
    }
}
