//! A disk that is full: with no room at all, with room for one more page, for two, and so
//! on until there is enough, in each of the places where something is written.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{
    DISCARDING, FETCHED, FORCING, REFRESHING, SIGNING_IN_BY_DEVICE, SIGNING_OUT, Scene, Way,
};
use crate::fixture::mounts::Tmpfs;
use crate::fixture::random::{is_soak, report_progress};

const PAGE: u64 = 4096;

/// Fills a file system and leaves so many pages of it.
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

fn with_room_for(ways: &[Way], pages: &[u64]) {
    let scene = Scene::new();
    let mut mounts = Vec::new();
    for directory in [".aws/sso/cache", ".aws/cli/cache", ".local/state"] {
        let path = scene.sandbox.home().join(directory);
        let aside = path.with_extension("aside");
        if path.exists() {
            std::fs::rename(&path, &aside).unwrap();
        }
        let Some(mount) = Tmpfs::mount(&path, "size=128k,mode=700") else {
            return;
        };
        if aside.exists() {
            let copied = std::process::Command::new("cp")
                .arg("-a")
                .arg(aside.join("."))
                .arg(&path)
                .status();
            assert!(copied.unwrap().success());
        }
        mounts.push((path, mount));
    }
    let mut failed = 0;
    for way in ways {
        for (directory, _) in &mounts {
            for pages in pages {
                let before = scene.prepare(*way);
                let filler = fill(directory, *pages);
                let outcome = scene.run(*way).run();
                std::fs::remove_file(filler).unwrap();
                let place = directory.display();
                let what = format!("{}, {pages} pages left in {place}", way.name);
                assert!([0, 1, 4].contains(&outcome.code), "{what}: {outcome:#?}");
                failed += u32::from(outcome.code == 1);
                let judged = match scene.judge(*way, &before) {
                    Ok(false) => scene.repair(*way),
                    Ok(true) => Err("the session was lost".to_owned()),
                    Err(what) => Err(what),
                };
                if let Err(why) = judged {
                    panic!("{what}: {why}\nafter {outcome:#?}");
                }
            }
        }
    }
    report_progress(&format!(
        "{} ways on full disks, {failed} runs failed for them, no session lost",
        ways.len()
    ));
}

#[test]
fn a_disk_that_fills_up_costs_no_session_and_no_file() {
    let pages: Vec<u64> = if is_soak() {
        (0..16).collect()
    } else {
        vec![0, 1, 2, 5]
    };
    let ways = [
        REFRESHING,
        FETCHED,
        SIGNING_IN_BY_DEVICE,
        FORCING,
        SIGNING_OUT,
        DISCARDING,
    ];
    with_room_for(&ways, &pages);
}
