//! No proxy, no bundle, no endpoint: names from the resolver, port 443, the system's
//! certificates. And past a proxy, where NO_PROXY says so.

use std::io;
use std::net::{TcpListener, TcpStream};

use super::{FETCHING, OIDC, PORTAL, company, tunnels};
use crate::fixture::mounts::run_with_mounts;
use crate::fixture::programs::skip_required;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, Sandbox, binary};

/// An address of this computer that stands for AWS. Every test has one of its own, for
/// what listens there ends with the tests only.
struct Aws {
    sandbox: Sandbox,
}

impl Aws {
    /// Leads port 443 of this address to the emulator's TLS.
    fn at(address: &str) -> Option<Aws> {
        let Ok(listener) = TcpListener::bind((address, 443)) else {
            skip_required("the port of https");
            return None;
        };
        let sandbox = company(&[OIDC, PORTAL]);
        let url = sandbox.emulator().tls_url();
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        std::thread::spawn(move || {
            for from in listener.incoming() {
                let from = from.unwrap();
                // The emulator of a test that is over takes nobody any more.
                if let Ok(to) = TcpStream::connect(("127.0.0.1", port)) {
                    pass_on(&from, &to);
                }
            }
        });
        let hosts = format!("127.0.0.1 localhost\n{address} {OIDC} {PORTAL}\n");
        sandbox.write_file(&sandbox.home().join("hosts"), hosts.as_bytes());
        let store = sandbox.home().join("certs/ca-certificates.crt");
        sandbox.write_file(&store, sandbox.emulator().ca_pem().as_bytes());
        Some(Aws { sandbox })
    }

    /// A run on a computer that knows these hosts and trusts this authority.
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

/// Copies both ways until both have ended.
fn pass_on(one: &TcpStream, other: &TcpStream) {
    for (from, to) in [(one, other), (other, one)] {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        std::thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        });
    }
}

#[test]
fn a_computer_with_nothing_set_reaches_aws() {
    let Some(aws) = Aws::at("127.0.0.81") else {
        return;
    };
    aws.sandbox.store_token(-60);
    let Some(run) = aws.run(&FETCHING) else {
        return;
    };
    run.run().expect(0);
    let asked: Vec<_> = aws.sandbox.server().log();
    let hosts: Vec<_> = asked.iter().map(|entry| entry.header("host")).collect();
    assert_eq!(hosts, [Some(OIDC), Some(PORTAL)]);
    // A sign-in by device code needs no browser that could reach these hosts.
    aws.sandbox
        .server()
        .configure(|options| options.auto_approve = true);
    let run = aws.run(&["login", "--force", "--device-code", "--no-browser"]);
    run.unwrap().run().expect(0);
}

#[test]
fn no_proxy_leads_past_the_proxy_and_nothing_else_does() {
    let Some(aws) = Aws::at("127.0.0.82") else {
        return;
    };
    let fetch = |name: &str, value: &str, proxy: &str| {
        aws.sandbox.store_token(-60);
        let _ = std::fs::remove_file(aws.sandbox.role_path("corp", ACCOUNT, ROLE));
        aws.sandbox.server().clear_log();
        let run = aws.run(&FETCHING)?;
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
    // The one host is named, the other is not.
    let outcome = fetch("NO_PROXY", OIDC, CLOSED_URL).unwrap().expect(1);
    outcome.stderr_contains("127.0.0.1:1, set by HTTPS_PROXY");
    assert_eq!(aws.sandbox.server().count("CreateToken"), 1);
    let proxy = aws.sandbox.emulator().url();
    for value in ["", "example.com", "zonaws.com", "10.0.0.0/8"] {
        let outcome = fetch("NO_PROXY", value, &proxy).unwrap();
        assert_eq!(outcome.code, 0, "{value}: {outcome:#?}");
        assert_eq!(tunnels(&aws.sandbox).len(), 2, "{value}");
    }
}
