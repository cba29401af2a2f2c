//! A listing of a large organization from a portal that lets as much through as is
//! documented: how long it takes beside what the rate alone needs, and what it asks for.
//!
//! It takes most of a minute and next to no work, so it runs beside the other parts.

use super::figures::Figures;
use super::home::Home;
use super::programs::Programs;
use super::spawn::Line;
use emulator::{LoggedRequest, Options};
use std::thread::JoinHandle;
use std::time::Instant;

const GROUP: &str = "listing 1,000 accounts with 5 roles each, 20 requests a second";
const ACCOUNTS: usize = 1000;
const ROLES: usize = 5;
/// What the portal lets through in a second. Its bucket holds one request: whoever comes a
/// moment early is refused.
const RATE: f64 = 20.0;

/// A listing under way.
pub(super) struct Listing {
    home: Home,
    worker: JoinHandle<Result<(f64, String), String>>,
}

impl Listing {
    pub(super) fn start(programs: &Programs) -> Result<Listing, String> {
        let home = Home::create("listing", Options::default())?;
        let server = home.server.handle();
        server.fill_accounts(ACCOUNTS, ROLES);
        home.sign_in(&programs.sso, "p4")?;
        server.clear_log();
        server.set_rate(RATE, 1.0);
        let words = ["roles", "-s", "corp", "--jsonl"];
        let line = Line::new(&programs.sso, &words).environment(&home.online());
        let worker = std::thread::spawn(move || {
            let begun = Instant::now();
            let printed = line.output()?;
            Ok((begun.elapsed().as_secs_f64(), printed))
        });
        Ok(Listing { home, worker })
    }

    pub(super) fn finish(self, figures: &mut Figures) -> Result<(), String> {
        let (took, printed) = self
            .worker
            .join()
            .map_err(|_| "the listing has panicked")??;
        let log = self.home.server.handle().log();
        let count =
            |meant: fn(&LoggedRequest) -> bool| log.iter().filter(|entry| meant(entry)).count();
        let passed = count(|entry| entry.status == 200);
        let lost = (ACCOUNTS * ROLES).abs_diff(printed.lines().count());
        let ideal = passed as f64 / RATE;
        figures.time(
            GROUP,
            "roles (ratio: to the requests that passed ÷ rate)",
            took * 1e6,
            Some(took / ideal),
        );
        let mut figure = |name: &str, value: usize| {
            figures.count(GROUP, format!("listing: {name}"), value as u64, "");
        };
        figure(
            "per cent of that time",
            (took / ideal * 100.0).ceil() as usize,
        );
        figure("requests that passed", passed);
        figure(
            "requests that were refused",
            count(|entry| entry.status == 429),
        );
        figure("rows that are missing", lost);
        figure("max_result outside 1..100", count(|it| !asks_within(it)));
        Ok(())
    }
}

fn asks_within(entry: &LoggedRequest) -> bool {
    let mut pairs = entry.query.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix("max_result="));
    value.is_none_or(|value| value.parse().is_ok_and(|value| (1..=100).contains(&value)))
}
