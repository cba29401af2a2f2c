//! `cargo xtask bench`: what a call of the built binary costs, beside an empty program.
//!
//! Times are ratios to a Rust program that does nothing, built with cargo's own release
//! profile and run in turn with the others in one loop, so that whatever slows this computer
//! slows all of them. They are printed and never judged: a time says as much about the
//! computer as about the program. Sizes, requests and system calls do not move by
//! themselves, and are held to `limits`.

mod calls;
mod cold;
mod figures;
pub(crate) mod home;
mod limits;
mod listing;
mod memory;
mod picker;
mod populate;
mod programs;
mod prompt;
pub(crate) mod spawn;
mod storm;
mod warm;

use crate::workspace::Workspace;
use figures::Figures;
use listing::Listing;
use programs::Programs;

/// What a person asks for by options.
struct Wish {
    rounds: usize,
    check: bool,
    /// One part alone, while somebody works on it; no limit is judged then.
    only: Option<String>,
}

/// What can be measured alone.
const PARTS: [&str; 9] = [
    "memory", "calls", "warm", "prompt", "storm", "cold", "picker", "populate", "listing",
];

pub(crate) fn main(workspace: &Workspace, words: &[&str]) -> Result<(), String> {
    let wish = wish(words)?;
    let programs = Programs::build(workspace, wish.builds_all())?;
    let mut figures = Figures::default();
    programs.measure(&mut figures)?;
    let mut listing = None;
    if wish.wants("listing") {
        listing = Some(Listing::start(&programs)?);
    }
    for part in PARTS {
        if !wish.wants(part) {
            continue;
        }
        match part {
            "memory" => memory::measure(&programs, &mut figures)?,
            "calls" => calls::measure(workspace, &programs, &mut figures)?,
            "warm" => warm::measure(workspace, &programs, wish.rounds, &mut figures)?,
            "prompt" => prompt::measure(workspace, &programs, wish.rounds, &mut figures)?,
            "storm" => storm::measure(&programs, &mut figures)?,
            "populate" => populate::measure(&programs, wish.rounds, &mut figures)?,
            "cold" => cold::measure(&programs, wish.rounds, &mut figures)?,
            "picker" => picker::measure(workspace, &programs, wish.rounds, &mut figures)?,
            _ => {
                if let Some(listing) = listing.take() {
                    listing.finish(&mut figures)?;
                }
            }
        }
    }
    println!("{}", figures.table());
    if wish.only.is_some() {
        return Ok(());
    }
    let file = workspace.root.join("target/bench/figures.json");
    crate::write_files::write(&file, &figures.json())?;
    println!("the same as JSON: target/bench/figures.json");
    limits::check(&figures)
}

impl Wish {
    fn wants(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }

    /// Whether a second optimised build is worth its time.
    fn builds_all(&self) -> bool {
        !self.check && self.only.as_deref().is_none_or(|only| only == "cold")
    }
}

fn wish(words: &[&str]) -> Result<Wish, String> {
    let mut wish = Wish {
        rounds: 300,
        check: false,
        only: None,
    };
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        match word {
            // What continuous integration runs: few rounds, and nothing that needs a
            // second optimised build.
            "--check" => {
                wish.check = true;
                wish.rounds = 30;
            }
            "--rounds" => {
                let number = words.next().and_then(|word| word.parse().ok());
                wish.rounds = number
                    .filter(|&rounds| rounds > 0)
                    .ok_or("--rounds needs a number")?;
            }
            "--only" => match words.next() {
                Some(part) if PARTS.contains(part) => wish.only = Some((*part).to_owned()),
                _ => return Err(format!("--only needs one of {}", PARTS.join(", "))),
            },
            other => {
                let options = "--rounds N, --only PART or --check";
                return Err(format!("cannot use {other:?}; try {options}"));
            }
        }
    }
    Ok(wish)
}

#[cfg(test)]
mod tests {
    use super::wish;

    #[test]
    fn the_number_of_rounds_is_chosen_or_known() {
        assert_eq!(wish(&[]).map(|wish| wish.rounds), Ok(300));
        assert_eq!(wish(&["--rounds", "7"]).map(|wish| wish.rounds), Ok(7));
        for words in [
            ["--rounds", "0"],
            ["--rounds", "many"],
            ["--round", "7"],
            ["--only", "x"],
        ] {
            assert!(wish(&words).is_err(), "{words:?}");
        }
    }
}
