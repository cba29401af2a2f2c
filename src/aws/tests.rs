//! Calls against a loopback server, from threads with and without a runtime.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use tokio::runtime;

use crate::domain::net::endpoint::{ConfiguredEndpoint, Endpoint};
use crate::domain::net::failure::FailureKind;
use crate::domain::net::proxy::Proxies;
use crate::domain::secret::Secret;
use crate::domain::target::network::Network;

use super::Aws;

const LIMIT: Duration = Duration::from_secs(30);

/// Starts a server that responds to every request with role credentials. Returns its URL.
fn start_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                    request.push(byte[0]);
                }
                let body = r#"{"roleCredentials":{"accessKeyId":"AKIA","secretAccessKey":"s","sessionToken":"t","expiration":4102444800000}}"#;
                let length = body.len();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
                let response = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
                stream.write_all(response.as_bytes()).unwrap();
            });
        }
    });
    url
}

fn aws(url: &str) -> Aws {
    let endpoint = || {
        Endpoint::Configured(ConfiguredEndpoint {
            url: url.to_owned(),
            set_by: "test".to_owned(),
        })
    };
    let network = Network {
        region: "eu-west-1".to_owned(),
        sso: endpoint(),
        oidc: endpoint(),
        fips: false,
        dual_stack: false,
        ca_bundle: None,
        store: None,
        proxies: Proxies::default(),
        connect: LIMIT,
        total: LIMIT,
    };
    Aws::new(network, None, || ()).unwrap()
}

fn get_role_credentials(url: &str) {
    let token = Secret::new("token");
    let aws = aws(url);
    // More calls than the cooperative budget of one task (128 operations) lasts for.
    for _ in 0..50 {
        let credentials = aws.get_role_credentials(&token, "111122223333", "Admin", LIMIT);
        assert_eq!(credentials.unwrap().access_key_id, "AKIA");
    }
}

#[test]
fn calls_work_inside_a_current_thread_runtime() {
    let url = start_server();
    let outer = runtime::Builder::new_current_thread().build().unwrap();
    outer.block_on(async { get_role_credentials(&url) });
    get_role_credentials(&url);
}

#[test]
fn calls_work_inside_a_multi_thread_runtime() {
    let url = start_server();
    let outer = runtime::Builder::new_multi_thread().build().unwrap();
    outer.block_on(async {
        let tasks = [url.clone(), url.clone()];
        let tasks = tasks.map(|url| tokio::spawn(async move { get_role_credentials(&url) }));
        for task in tasks {
            task.await.unwrap();
        }
        let blocking = tokio::task::spawn_blocking(move || get_role_credentials(&url));
        blocking.await.unwrap();
    });
}

#[test]
fn time_limits_hold_inside_another_runtime() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let outer = runtime::Builder::new_current_thread().build().unwrap();
    outer.block_on(async {
        let token = Secret::new("token");
        let failure = aws(&url).logout(&token, Duration::from_millis(300));
        assert_eq!(failure.unwrap_err().kind, FailureKind::Timeout);
    });
}
