//! Lists a large organization at the documented rate limit of the portal, and compares the time
//! with the minimum at that rate.
//!
//! It takes most of a minute but little CPU, so it runs in parallel with the other parts.

use super::command_line::CommandLine;
use super::figures::Figures;
use super::home::BenchHome;
use super::programs::Programs;
use emulator::{LoggedRequest, Options};
use std::thread::JoinHandle;
use std::time::Instant;

const GROUP: &str = "listing 1,000 accounts with 5 roles each, 20 requests a second";
const ACCOUNTS: usize = 1000;
const ROLES: usize = 5;
/// Requests per second that the portal accepts. Its bucket holds one request, so a request that
/// comes too early is rejected.
const RATE: f64 = 20.0;

/// A running listing.
pub(super) struct ListingRun {
    home: BenchHome,
    worker: JoinHandle<Result<(f64, String), String>>,
}

impl ListingRun {
    /// Signs in and starts the listing in a thread.
    pub(super) fn start(programs: &Programs) -> Result<ListingRun, String> {
        let home = BenchHome::create("listing", Options::default())?;
        let server = home.server.handle();
        server.fill_accounts(ACCOUNTS, ROLES);
        home.sign_in(&programs.sso, "p4")?;
        server.clear_log();
        server.set_rate(RATE, 1.0);
        let args = ["roles", "-s", "corp", "--jsonl"];
        let line = CommandLine::new(&programs.sso, &args).environment(&home.online_environment());
        let worker = std::thread::spawn(move || {
            let begun = Instant::now();
            let printed = line.output()?;
            Ok((begun.elapsed().as_secs_f64(), printed))
        });
        Ok(ListingRun { home, worker })
    }

    /// Waits for the listing and records its figures.
    pub(super) fn finish(self, figures: &mut Figures) -> Result<(), String> {
        let (seconds, printed) = self.worker.join().map_err(|_| "the listing panicked")??;
        let log = self.home.server.handle().log();
        let count = |is_counted: fn(&LoggedRequest) -> bool| {
            log.iter().filter(|entry| is_counted(entry)).count()
        };
        let accepted = count(|entry| entry.status == 200);
        let missing = (ACCOUNTS * ROLES).abs_diff(printed.lines().count());
        let minimum = accepted as f64 / RATE;
        figures.time(
            GROUP,
            "roles (ratio: to accepted requests / rate)",
            seconds * 1e6,
            Some(seconds / minimum),
        );
        let mut figure = |name: &str, value: usize| {
            figures.count(GROUP, format!("listing: {name}"), value as u64, "");
        };
        figure(
            "percent of the minimum time",
            (seconds / minimum * 100.0).ceil() as usize,
        );
        figure("accepted requests", accepted);
        figure("rejected requests", count(|entry| entry.status == 429));
        figure("missing rows", missing);
        figure(
            "max_result outside 1..100",
            count(|entry| !has_valid_max_result(entry)),
        );
        Ok(())
    }
}

/// Returns `true` unless the request has a `max_result` outside 1..100.
fn has_valid_max_result(entry: &LoggedRequest) -> bool {
    let mut pairs = entry.query.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix("max_result="));
    value.is_none_or(|value| value.parse().is_ok_and(|value| (1..=100).contains(&value)))
}
