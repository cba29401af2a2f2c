//! Concurrent clients.

use std::sync::Barrier;
use std::thread;

use serde_json::json;

use crate::http_client::*;

#[test]
fn one_of_many_concurrent_refreshes_with_one_token_succeeds() {
    const CLIENTS: usize = 120;
    let emulator = start();
    let (url, minted) = (emulator.url(), emulator.handle().mint_session());
    let client = json!({ "clientId": minted.client_id, "clientSecret": minted.client_secret });
    let barrier = Barrier::new(CLIENTS);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let one = || {
            barrier.wait();
            refresh(&url, &client, &json!(minted.refresh_token)).status
        };
        let threads: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(one)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let won = statuses.iter().filter(|status| **status == 200).count();
    let lost = statuses.iter().filter(|status| **status == 400).count();
    assert_eq!((won, lost), (1, CLIENTS - 1));
    assert_eq!(
        emulator.handle().count("CreateToken:refresh_token"),
        CLIENTS as u64
    );
}

#[test]
fn idle_connections_do_not_block_a_request() {
    let emulator = start();
    let url = emulator.url();
    let idle: Vec<_> = (0..150).map(|_| connect(&url)).collect();
    // The client gives up after 10 s and idle connections live for 60 s, so a request that had to
    // wait for one would fail.
    assert_eq!(request(&url, "GET", "/device", "", "").status, 200);
    drop(idle);
}
