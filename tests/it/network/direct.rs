//! Direct connections without proxy, CA bundle or endpoint settings: names from the resolver,
//! port 443, the system's certificates. Also connections that bypass a proxy with NO_PROXY.

use std::io;
use std::net::{TcpListener, TcpStream};

use super::{FETCH_DEV, OIDC, PORTAL, proxied_sandbox, tunnel_targets};
use crate::fixture::mounts::run_with_mounts;
use crate::fixture::programs::skip_required;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, Sandbox, binary};

/// A loopback address that replaces AWS. Each test uses its own address, since the listener
/// stays open until the test process exits.
struct LocalAws {
    sandbox: Sandbox,
}

impl LocalAws {
    /// Forwards port 443 of this address to the emulator's TLS listener.
    fn at(address: &str) -> Option<LocalAws> {
        let Ok(listener) = TcpListener::bind((address, 443)) else {
            skip_required("the port of https");
            return None;
        };
        let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
        let url = sandbox.emulator().tls_url();
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        std::thread::spawn(move || {
            for from in listener.incoming() {
                let from = from.unwrap();
                // Fails once the test has ended and its emulator has stopped.
                if let Ok(to) = TcpStream::connect(("127.0.0.1", port)) {
                    forward(&from, &to);
                }
            }
        });
        let hosts = format!("127.0.0.1 localhost\n{address} {OIDC} {PORTAL}\n");
        sandbox.write_file(&sandbox.home().join("hosts"), hosts.as_bytes());
        let store = sandbox.home().join("certs/ca-certificates.crt");
        sandbox.write_file(&store, sandbox.emulator().ca_pem().as_bytes());
        Some(LocalAws { sandbox })
    }

    /// Prepares a run for which /etc/hosts resolves these hosts and /etc/ssl/certs contains the CA.
    fn run(&self, arguments: &[&str]) -> Option<Run<'_>> {
        let home = self.sandbox.home();
        let (hosts, store) = (home.join("hosts"), home.join("certs"));
        let files = [
            (hosts.as_path(), "/etc/hosts"),
            (store.as_path(), "/etc/ssl/certs"),
        ];
        let run = run_with_mounts(&self.sandbox, &files, binary())?;
        Some(
            run.args(arguments)
                .env_remove("AWS_ENDPOINT_URL_SSO")
                .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
                .env("SSO_TIMEOUT", "20"),
        )
    }
}

/// Copies in both directions until both are closed.
fn forward(one: &TcpStream, other: &TcpStream) {
    for (from, to) in [(one, other), (other, one)] {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        std::thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        });
    }
}

#[test]
fn aws_is_reached_without_any_network_settings() {
    let Some(aws) = LocalAws::at("127.0.0.81") else {
        return;
    };
    aws.sandbox.store_token(-60);
    let Some(run) = aws.run(&FETCH_DEV) else {
        return;
    };
    run.run().expect(0);
    let asked: Vec<_> = aws.sandbox.server().log();
    let hosts: Vec<_> = asked.iter().map(|entry| entry.header("host")).collect();
    assert_eq!(hosts, [Some(OIDC), Some(PORTAL)]);
    // Device code, because no browser of this computer can reach these hosts.
    aws.sandbox
        .server()
        .configure(|options| options.auto_approve = true);
    let run = aws.run(&["login", "--force", "--device-code", "--no-browser"]);
    run.unwrap().run().expect(0);
}

#[test]
fn only_no_proxy_bypasses_the_proxy() {
    let Some(aws) = LocalAws::at("127.0.0.82") else {
        return;
    };
    let fetch = |name: &str, value: &str, proxy: &str| {
        aws.sandbox.store_token(-60);
        let _ = std::fs::remove_file(aws.sandbox.role_path("corp", ACCOUNT, ROLE));
        aws.sandbox.server().clear_log();
        let run = aws.run(&FETCH_DEV)?;
        Some(run.env("HTTPS_PROXY", proxy).env(name, value).run())
    };
    for (name, value) in [
        ("NO_PROXY", "*"),
        ("no_proxy", "*"),
        ("NO_PROXY", ".amazonaws.com"),
        ("NO_PROXY", "amazonaws.com"),
        ("NO_PROXY", "localhost, *.amazonaws.com"),
        (
            "NO_PROXY",
            "oidc.eu-west-1.amazonaws.com,portal.sso.eu-west-1.amazonaws.com",
        ),
    ] {
        let Some(outcome) = fetch(name, value, CLOSED_URL) else {
            return;
        };
        assert_eq!(outcome.code, 0, "{name}={value}: {outcome:#?}");
    }
    // Only one of the two hosts bypasses the proxy.
    let outcome = fetch("NO_PROXY", OIDC, CLOSED_URL).unwrap().expect(1);
    outcome.stderr_contains("127.0.0.1:1, set by HTTPS_PROXY");
    assert_eq!(aws.sandbox.server().count("CreateToken"), 1);
    let proxy = aws.sandbox.emulator().url();
    for value in ["", "example.com", "zonaws.com", "10.0.0.0/8"] {
        let outcome = fetch("NO_PROXY", value, &proxy).unwrap();
        assert_eq!(outcome.code, 0, "{value}: {outcome:#?}");
        assert_eq!(tunnel_targets(&aws.sandbox).len(), 2, "{value}");
    }
}
