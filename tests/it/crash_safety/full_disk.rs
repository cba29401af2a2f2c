//! A full disk in each of the directories that are written: with no free page, with one, with
//! two, and so on until there are enough.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Harness;
use super::scenarios::{
    DEVICE_SIGN_IN, FORCED_SIGN_IN, REJECTED_TOKEN_REMOVAL, ROLE_FETCH, SIGN_OUT, Scenario,
    TOKEN_REFRESH,
};
use crate::fixture::mounts::Tmpfs;
use crate::fixture::random::{is_soak, report_progress};

const PAGE: u64 = 4096;

/// Fills a file system except for this many pages. Returns the path of the filler file.
fn fill(directory: &Path, pages: u64) -> PathBuf {
    let path = directory.join("filler");
    let mut file = File::create(&path).unwrap();
    let page = [0; PAGE as usize];
    let mut length = 0;
    while let Ok(written) = file.write(&page) {
        length += written as u64;
    }
    file.set_len(length.saturating_sub(pages * PAGE)).unwrap();
    path
}

/// Runs each scenario with each number of free pages in each directory.
fn run_with_free_pages(scenarios: &[Scenario], pages: &[u64]) {
    let harness = Harness::new();
    let mut mounts = Vec::new();
    for directory in [".aws/sso/cache", ".aws/cli/cache", ".local/state"] {
        let path = harness.sandbox.home().join(directory);
        let original = path.with_extension("original");
        if path.exists() {
            std::fs::rename(&path, &original).unwrap();
        }
        let Some(mount) = Tmpfs::mount(&path, "size=128k,mode=700") else {
            return;
        };
        if original.exists() {
            let copied = std::process::Command::new("cp")
                .arg("-a")
                .arg(original.join("."))
                .arg(&path)
                .status();
            assert!(copied.unwrap().success());
        }
        mounts.push((path, mount));
    }
    let mut failed = 0;
    for scenario in scenarios {
        for (directory, _) in &mounts {
            for pages in pages {
                let before = harness.prepare(*scenario);
                let filler = fill(directory, *pages);
                let outcome = harness.run(*scenario).run();
                std::fs::remove_file(filler).unwrap();
                let directory = directory.display();
                let what = format!("{}, {pages} pages free in {directory}", scenario.name);
                assert!([0, 1, 4].contains(&outcome.code), "{what}: {outcome:#?}");
                failed += u32::from(outcome.code == 1);
                let checked = match harness.check(*scenario, &before) {
                    Ok(false) => harness.repair(*scenario),
                    Ok(true) => Err("the session was lost".to_owned()),
                    Err(why) => Err(why),
                };
                if let Err(why) = checked {
                    panic!("{what}: {why}\nafter {outcome:#?}");
                }
            }
        }
    }
    report_progress(&format!(
        "{} scenarios on full disks, {failed} runs failed, no session lost",
        scenarios.len()
    ));
}

#[test]
fn a_full_disk_loses_no_session_and_no_file() {
    let pages: Vec<u64> = if is_soak() {
        (0..16).collect()
    } else {
        vec![0, 1, 2, 5]
    };
    let scenarios = [
        TOKEN_REFRESH,
        ROLE_FETCH,
        DEVICE_SIGN_IN,
        FORCED_SIGN_IN,
        SIGN_OUT,
        REJECTED_TOKEN_REMOVAL,
    ];
    run_with_free_pages(&scenarios, &pages);
}
