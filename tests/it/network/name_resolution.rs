//! Name resolution of the static binary: /etc/hosts and DNS, whatever nsswitch.conf says, whose
//! plugins belong to another C library.

use std::net::UdpSocket;
use std::path::PathBuf;

use super::{FETCH_DEV, OIDC, PORTAL, ca_path, proxied_sandbox, tunnel_targets};
use crate::fixture::mounts::run_with_mounts;
use crate::fixture::programs::{has_required, skip_required};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// Lines of nsswitch.conf that distributions and administrators write.
const HOSTS_LINES: [&str; 6] = [
    "hosts: files mymachines resolve [!UNAVAIL=return] myhostname dns\n",
    "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n",
    "hosts: files mdns4_minimal [NOTFOUND=return] dns mdns4\n",
    "hosts: sss files wins\n",
    "hosts: hesiod db\n",
    "",
];

/// Host name of the proxy.
const PROXY: &str = "proxy.corp.test";

/// A signed-in sandbox with replacements for files of /etc.
struct ResolverSetup {
    sandbox: Sandbox,
}

impl ResolverSetup {
    fn new() -> ResolverSetup {
        let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
        let setup = ResolverSetup { sandbox };
        for (name, text) in [
            ("hosts", format!("127.0.0.1 localhost {PROXY}\n")),
            ("no-hosts", "127.0.0.1 localhost\n".to_owned()),
            (
                "resolv.conf",
                "nameserver 127.0.0.78\noptions timeout:1\n".to_owned(),
            ),
        ] {
            setup.sandbox.write_file(&setup.file(name), text.as_bytes());
        }
        setup
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.home().join(name)
    }

    /// Prepares a fetch under strace through the proxy's host name, without cached credentials.
    fn fetch(&self, hosts_line: &str, hosts: &str) -> Option<Run<'_>> {
        self.sandbox.store_token(-60);
        let _ = std::fs::remove_file(self.sandbox.role_path("corp", ACCOUNT, ROLE));
        self.sandbox.server().clear_log();
        let switch = self.file("nsswitch.conf");
        self.sandbox.write_file(&switch, hosts_line.as_bytes());
        let files = [
            (switch.as_path(), "/etc/nsswitch.conf"),
            (&self.file(hosts), "/etc/hosts"),
            (&self.file("resolv.conf"), "/etc/resolv.conf"),
        ];
        let url = self.sandbox.emulator().url();
        let run = run_with_mounts(&self.sandbox, &files, "strace")?;
        Some(
            run.args(["-f", "-e", "trace=open,openat,openat2,connect", "-o"])
                .arg(self.file("trace"))
                .arg(binary())
                .args(FETCH_DEV)
                .env_remove("AWS_ENDPOINT_URL_SSO")
                .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
                .env("AWS_CA_BUNDLE", ca_path(&self.sandbox))
                .env("HTTPS_PROXY", url.replace("127.0.0.1", PROXY)),
        )
    }

    /// Asserts that the run opened no shared library and connected to no name service daemon.
    #[track_caller]
    fn assert_no_plugin_loaded(&self, hosts_line: &str) {
        let trace = std::fs::read_to_string(self.file("trace")).unwrap();
        assert!(trace.contains("\"/etc/hosts\""), "{trace}");
        for foreign in ["libnss", "libc.so", ".so\"", ".so.", "/nscd/", "io.systemd"] {
            let line = trace.lines().find(|line| line.contains(foreign));
            assert_eq!(line, None, "{hosts_line:?}");
        }
    }
}

/// Returns `true` if the binary is static and strace is installed.
fn can_trace_static_binary() -> bool {
    let is_static = cfg!(target_feature = "crt-static");
    if !is_static {
        skip_required("a static binary");
    }
    is_static && has_required("strace")
}

#[test]
fn hosts_file_names_resolve_without_nsswitch_plugins() {
    if !can_trace_static_binary() {
        return;
    }
    let setup = ResolverSetup::new();
    for hosts_line in HOSTS_LINES {
        let Some(run) = setup.fetch(hosts_line, "hosts") else {
            return;
        };
        let outcome = run.run();
        assert_eq!(outcome.code, 0, "{hosts_line:?}: {outcome:#?}");
        assert_eq!(
            tunnel_targets(&setup.sandbox),
            [format!("{OIDC}:443"), format!("{PORTAL}:443")],
            "{hosts_line:?}"
        );
        setup.assert_no_plugin_loaded(hosts_line);
    }
}

/// Starts a DNS server that resolves every name below corp.test to 127.0.0.1, and no other.
fn start_dns_server() -> Option<()> {
    let Ok(socket) = UdpSocket::bind("127.0.0.78:53") else {
        skip_required("the port of a resolver");
        return None;
    };
    std::thread::spawn(move || {
        let mut bytes = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            if let Some(answer) = dns_response(&bytes[..length]) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    Some(())
}

/// Returns the response to a query (RFC 1035 §4): one A record, or none.
fn dns_response(question: &[u8]) -> Option<Vec<u8>> {
    let name_end = 12 + question.get(12..)?.iter().position(|byte| *byte == 0)?;
    let kind = question.get(name_end + 1..name_end + 3)?;
    let is_known = question[..name_end].ends_with(b"\x04corp\x04test");
    let has_address = is_known && kind == [0, 1];
    let mut answer = question[..2].to_vec();
    let code = if is_known { 0x80 } else { 0x83 };
    answer.extend([0x81, code, 0, 1, 0, u8::from(has_address), 0, 0, 0, 0]);
    answer.extend(question.get(12..name_end + 5)?);
    if has_address {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    Some(answer)
}

#[test]
fn dns_names_resolve_without_nsswitch_plugins() {
    if !can_trace_static_binary() || start_dns_server().is_none() {
        return;
    }
    let setup = ResolverSetup::new();
    for hosts_line in HOSTS_LINES {
        let Some(run) = setup.fetch(hosts_line, "no-hosts") else {
            return;
        };
        let outcome = run.run();
        assert_eq!(outcome.code, 0, "{hosts_line:?}: {outcome:#?}");
        assert_eq!(setup.sandbox.server().count("GetRoleCredentials"), 1);
        setup.assert_no_plugin_loaded(hosts_line);
    }
    // An unknown proxy name is reported.
    let run = setup.fetch(HOSTS_LINES[0], "no-hosts").unwrap();
    let run = run.env("HTTPS_PROXY", "http://proxy.nobody.test:3128");
    let outcome = run.run().expect(1);
    outcome.stderr_contains(
        "the proxy does not reach the service: proxy.nobody.test:3128, set by HTTPS_PROXY: ",
    );
}

#[test]
fn the_system_certificate_store_is_the_default() {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    let store = sandbox.home().join("certs");
    let bundle = store.join("ca-certificates.crt");
    sandbox.write_file(&bundle, sandbox.emulator().ca_pem().as_bytes());
    let fetch = || {
        let run = run_with_mounts(&sandbox, &[(&store, "/etc/ssl/certs")], binary())?;
        let run = run
            .args(FETCH_DEV)
            .env_remove("AWS_ENDPOINT_URL_SSO")
            .env("HTTPS_PROXY", sandbox.emulator().url());
        Some(run.run())
    };
    let Some(outcome) = fetch() else { return };
    outcome.expect(0);
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    std::fs::remove_file(&bundle).unwrap();
    let outcome = fetch().unwrap().expect(1);
    outcome.stderr_contains("there is no usable one among the CA certificates of this computer");
}
