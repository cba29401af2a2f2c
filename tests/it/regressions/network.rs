//! Proxies, certificates, name resolution and invalid `services` settings.

use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use emulator::Options;
use nix::sys::stat::Mode;

use crate::fixture::mounts::run_with_mounts;
use crate::fixture::parallel::timed;
use crate::fixture::programs::{self, skip_required};
use crate::fixture::{ACCOUNT, ROLE, Run, START_URL, Sandbox, binary};

const PROXIES: [&str; 5] = [
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "https_proxy",
];

#[test]
fn loopback_requests_never_use_a_proxy() {
    for variable in PROXIES {
        // Connections stay in the listen queue, where the test finds them.
        let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
        proxy.set_nonblocking(true).unwrap();
        let address = format!("http://{}", proxy.local_addr().unwrap());
        let sandbox = Sandbox::new();
        // Calls both services: OIDC for the refresh, the portal for the credentials.
        sandbox.store_token(-10);
        let run = sandbox.credential_process().env(variable, &address);
        run.env("SSO_TIMEOUT", "20").run().expect(0);
        let run = sandbox.sso(["logout"]).env(variable, &address);
        run.env("SSO_TIMEOUT", "20").run().expect(0);
        for operation in ["CreateToken", "GetRoleCredentials", "Logout"] {
            assert_eq!(sandbox.server().count(operation), 1, "{variable}");
        }
        assert!(proxy.accept().is_err(), "{variable} was used");
    }
}

/// Creates a sandbox whose services use TLS with a CA that is only known from a bundle.
fn sandbox_with_tls() -> Sandbox {
    let sandbox = Sandbox::with(Options {
        tls: true,
        ..Options::default()
    });
    sandbox.store_token(3600);
    sandbox
}

fn over_tls<'a>(sandbox: &'a Sandbox, arguments: &[&str], bundle: &Path) -> Run<'a> {
    let url = sandbox.emulator().tls_url();
    sandbox
        .sso(arguments)
        .env("AWS_ENDPOINT_URL_SSO", &url)
        .env("AWS_ENDPOINT_URL_SSO_OIDC", &url)
        .env("AWS_CA_BUNDLE", bundle)
}

const FETCH_DEV: [&str; 3] = ["credential-process", "-p", "dev"];

/// Returns a PEM certificate with this text, which should be base64.
fn pem_certificate(text: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

#[test]
fn invalid_ca_bundles_are_errors() {
    let sandbox = sandbox_with_tls();
    let good = sandbox.emulator().ca_pem();
    let (first_line, _) = good.trim_end().rsplit_once('\n').unwrap();
    let texts = [
        ("bad DER", pem_certificate("AAAA")),
        (
            "DER that ends early",
            pem_certificate("MIIBszCCAVmgAwIBAgIUQg=="),
        ),
        ("bad base64", pem_certificate("!!!!")),
        ("no END line", first_line.to_owned()),
        ("empty", String::new()),
        ("no PEM", "hello\n".to_owned()),
        (
            "a key only",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_owned(),
        ),
    ];
    let mut bundles: Vec<(&str, PathBuf)> = Vec::new();
    for (name, text) in texts {
        let path = sandbox.home().join(name.replace(' ', "-") + ".pem");
        sandbox.write_file(&path, text.as_bytes());
        bundles.push((name, path));
    }
    let fifo = sandbox.home().join("fifo.pem");
    nix::unistd::mkfifo(&fifo, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
    bundles.push(("a FIFO", fifo));
    bundles.push(("a directory", sandbox.home().to_owned()));
    bundles.push(("missing", sandbox.home().join("missing.pem")));
    for (name, path) in bundles {
        for arguments in [FETCH_DEV.as_slice(), &["env", "--shell", "sh", "-p", "dev"]] {
            let (outcome, wall) = timed(|| over_tls(&sandbox, arguments, &path).run());
            assert_eq!(outcome.code, 1, "{name}: {outcome:#?}");
            let outcome = outcome
                .stderr_contains("error: ")
                .stderr_contains("AWS_CA_BUNDLE");
            assert!(!outcome.stderr.contains("panicked"), "{name}: {outcome:#?}");
            // `false` stops a shell that evaluates the output.
            let expected = if arguments[0] == "env" { "false\n" } else { "" };
            assert_eq!(outcome.stdout, expected, "{name}");
            assert!(wall < Duration::from_secs(20), "{name}: {wall:?}");
        }
    }
    assert_eq!(sandbox.server().count("GetRoleCredentials"), 0);
    // The session is still valid.
    sandbox.credential_process().run().expect(0);
}

#[test]
fn invalid_certificates_in_a_bundle_are_skipped() {
    let sandbox = sandbox_with_tls();
    let good = sandbox.emulator().ca_pem();
    let bad = pem_certificate("AAAA");
    for (name, text) in [
        ("the bad one first", format!("{bad}{good}")),
        ("the good one first", format!("{good}{bad}")),
        (
            "among remarks",
            format!("# bad\n{bad}\n# good\n{good}\n# end\n"),
        ),
        ("with CR LF", format!("{bad}{good}").replace('\n', "\r\n")),
    ] {
        let path = sandbox.home().join("bundle.pem");
        sandbox.write_file(&path, text.as_bytes());
        let outcome = over_tls(&sandbox, &FETCH_DEV, &path).run();
        assert_eq!(outcome.code, 0, "{name}: {outcome:#?}");
        std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    }
}

#[test]
fn hanging_name_resolution_ends_at_the_timeout() {
    // The only DNS server of the run, which never answers.
    let Ok(_silent) = UdpSocket::bind("127.0.0.77:53") else {
        return programs::skip_required("the port of a resolver");
    };
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let settings = sandbox.home().join("resolv.conf");
    sandbox.write_file(&settings, b"nameserver 127.0.0.77\n");
    let Some(run) = run_with_mounts(&sandbox, &[(&settings, "/etc/resolv.conf")], binary()) else {
        return;
    };
    let run = run
        .args(FETCH_DEV)
        .env("AWS_ENDPOINT_URL_SSO", "https://portal.nobody.example")
        .env("SSO_TIMEOUT", "2");
    let (outcome, wall) = timed(|| run.run());
    outcome.expect(1).stderr_contains("no answer within 2 s");
    // The system's resolver would continue for ten seconds or more.
    assert!(wall < Duration::from_secs(5), "{wall:?}");
}

/// Returns the line of the text in the configuration, in the format of error messages.
fn config_location(config: &str, text: &str) -> String {
    let before = config.lines().position(|line| line.contains(text)).unwrap();
    format!("~/.aws/config:{}", before + 1)
}

#[test]
fn invalid_services_sections_are_errors() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let base = format!(
        "[sso-session corp]\n\
         sso_start_url = {START_URL}\n\
         sso_region = eu-west-1\n\
         \n\
         [profile dev]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    );
    let missing = format!("{base}services = nope\n");
    let broken = format!("{base}services = local\n\n[services local]\nsso\n");
    let indented = format!(
        "{base}services = local\n\n[services local]\nsso =\n  endpoint_url = http://127.0.0.1:1\n  what\n"
    );
    let cases = [
        (&missing, "services = nope", "[services nope]"),
        (&broken, "\nsso\n", "[services local]"),
        (&indented, "  what", "[services local]"),
    ];
    for (config, text, section) in cases {
        sandbox.write_config(config);
        let at = match text.trim() {
            "sso" => format!("~/.aws/config:{}", config.lines().count()),
            _ => config_location(config, text),
        };
        for arguments in [FETCH_DEV.as_slice(), &["login", "--force", "-p", "dev"]] {
            // The proxy would log a connection to a public endpoint.
            let run = sandbox
                .sso(arguments)
                .env_remove("AWS_ENDPOINT_URL_SSO")
                .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
                .env("HTTPS_PROXY", sandbox.emulator().url())
                .env("BROWSER", "true");
            run.run()
                .expect(1)
                .stderr_contains("services")
                .stderr_contains(section)
                .stderr_contains(&at);
        }
        // An endpoint variable does not make the section valid.
        sandbox
            .credential_process()
            .run()
            .expect(1)
            .stderr_contains(&at);
    }
    assert_eq!(
        sandbox.server().count(""),
        0,
        "{:?}",
        sandbox.server().log()
    );
}

/// Returns an address of this computer that is not loopback, if it has one.
fn own_address() -> Option<std::net::IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // No packet is sent: this only selects the interface.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().unwrap().ip())
}

#[test]
fn localhost_is_this_computer_only_if_it_is_a_loopback_address() {
    let Some(address) = own_address() else {
        return skip_required("a network interface besides loopback");
    };
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let listener = TcpListener::bind((address, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let hosts = sandbox.home().join("hosts");
    sandbox.write_file(&hosts, format!("{address} localhost\n").as_bytes());
    let Some(run) = run_with_mounts(&sandbox, &[(&hosts, "/etc/hosts")], binary()) else {
        return;
    };
    let received = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        let _ = std::io::Read::read_to_end(&mut stream, &mut bytes);
        bytes
    });
    let url = format!("http://localhost:{port}");
    let outcome = run.args(FETCH_DEV).env("AWS_ENDPOINT_URL_SSO", url).run();
    outcome
        .expect(1)
        .stderr_contains("http is only for this computer, and the address is not");
    assert_eq!(received.join().unwrap(), b"");
}
