//! Names are resolved by the two ways that the static binary has in itself, /etc/hosts and
//! DNS, whatever nsswitch.conf says: its plugins belong to another C library.

use std::net::UdpSocket;
use std::path::PathBuf;

use super::{FETCHING, OIDC, PORTAL, authority, company, tunnels};
use crate::fixture::mounts::run_with_mounts;
use crate::fixture::programs::{has_required, skip_required};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

/// What distributions and administrators write.
const HOSTS_LINES: [&str; 6] = [
    "hosts: files mymachines resolve [!UNAVAIL=return] myhostname dns\n",
    "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n",
    "hosts: files mdns4_minimal [NOTFOUND=return] dns mdns4\n",
    "hosts: sss files wins\n",
    "hosts: hesiod db\n",
    "",
];

/// The name under which the proxy is known.
const PROXY: &str = "proxy.corp.test";

/// A signed-in sandbox with files that can stand in /etc.
struct Office {
    sandbox: Sandbox,
}

impl Office {
    fn new() -> Office {
        let sandbox = company(&[OIDC, PORTAL]);
        let office = Office { sandbox };
        for (name, text) in [
            ("hosts", format!("127.0.0.1 localhost {PROXY}\n")),
            ("no-hosts", "127.0.0.1 localhost\n".to_owned()),
            (
                "resolv.conf",
                "nameserver 127.0.0.78\noptions timeout:1\n".to_owned(),
            ),
        ] {
            office
                .sandbox
                .write_file(&office.file(name), text.as_bytes());
        }
        office
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.home().join(name)
    }

    /// Fetches through the proxy by its name, watched; nothing of it is there before.
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
            run.args(["-f", "-e", "trace=open,openat,connect", "-o"])
                .arg(self.file("trace"))
                .arg(binary())
                .args(FETCHING)
                .env_remove("AWS_ENDPOINT_URL_SSO")
                .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
                .env("AWS_CA_BUNDLE", authority(&self.sandbox))
                .env("HTTPS_PROXY", url.replace("127.0.0.1", PROXY)),
        )
    }

    /// Fails when anything was opened that is code, or that asks somebody else for names.
    #[track_caller]
    fn stayed_inside(&self, hosts_line: &str) {
        let trace = std::fs::read_to_string(self.file("trace")).unwrap();
        assert!(trace.contains("\"/etc/hosts\""), "{trace}");
        for foreign in ["libnss", "libc.so", ".so\"", ".so.", "/nscd/", "io.systemd"] {
            let line = trace.lines().find(|line| line.contains(foreign));
            assert_eq!(line, None, "{hosts_line:?}");
        }
    }
}

/// Whether there is what these tests are about, and what they watch it with.
fn can_be_watched() -> bool {
    let is_static = cfg!(target_feature = "crt-static");
    if !is_static {
        skip_required("a static binary");
    }
    is_static && has_required("strace")
}

#[test]
fn other_hosts_lines_load_no_plugin_and_names_resolve() {
    if !can_be_watched() {
        return;
    }
    let office = Office::new();
    for hosts_line in HOSTS_LINES {
        let Some(run) = office.fetch(hosts_line, "hosts") else {
            return;
        };
        let outcome = run.run();
        assert_eq!(outcome.code, 0, "{hosts_line:?}: {outcome:#?}");
        assert_eq!(
            tunnels(&office.sandbox),
            [format!("{OIDC}:443"), format!("{PORTAL}:443")],
            "{hosts_line:?}"
        );
        office.stayed_inside(hosts_line);
    }
}

/// A resolver that knows every name below corp.test, at 127.0.0.1, and no other.
fn resolver() -> Option<()> {
    let Ok(socket) = UdpSocket::bind("127.0.0.78:53") else {
        skip_required("the port of a resolver");
        return None;
    };
    std::thread::spawn(move || {
        let mut bytes = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            if let Some(answer) = resolved(&bytes[..length]) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    Some(())
}

/// The answer to a question (RFC 1035 §4): one A record, or none.
fn resolved(question: &[u8]) -> Option<Vec<u8>> {
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
fn other_hosts_lines_leave_dns_as_well() {
    if !can_be_watched() || resolver().is_none() {
        return;
    }
    let office = Office::new();
    for hosts_line in HOSTS_LINES {
        let Some(run) = office.fetch(hosts_line, "no-hosts") else {
            return;
        };
        let outcome = run.run();
        assert_eq!(outcome.code, 0, "{hosts_line:?}: {outcome:#?}");
        assert_eq!(office.sandbox.server().count("GetRoleCredentials"), 1);
        office.stayed_inside(hosts_line);
    }
    // A name that nobody knows is said.
    let run = office.fetch(HOSTS_LINES[0], "no-hosts").unwrap();
    let run = run.env("HTTPS_PROXY", "http://proxy.nobody.test:3128");
    let outcome = run.run().expect(1);
    outcome.stderr_contains(
        "the proxy does not reach the service: proxy.nobody.test:3128, set by HTTPS_PROXY: ",
    );
}

#[test]
fn the_store_of_the_system_is_used_where_nothing_else_is_said() {
    let sandbox = company(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    let store = sandbox.home().join("certs");
    let bundle = store.join("ca-certificates.crt");
    sandbox.write_file(&bundle, sandbox.emulator().ca_pem().as_bytes());
    let fetch = || {
        let run = run_with_mounts(&sandbox, &[(&store, "/etc/ssl/certs")], binary())?;
        let run = run
            .args(FETCHING)
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
