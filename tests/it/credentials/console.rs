//! `sso console`: the URL that a browser opens, and the sign-in token that only it receives.

use std::path::{Path, PathBuf};

use emulator::{Action, Emulator, Fault, Options};
use nix::sys::signal::Signal;

use crate::fixture::mounts::run_with_mounts;
use crate::fixture::parallel::{WAIT_LIMIT, wait_until};
use crate::fixture::users::{
    OTHER_UID, chown_home, has_root, request_as_user, request_script, run_as_user,
};
use crate::fixture::{Run, Sandbox, binary, emulator_binary};

const OIDC: &str = "oidc.eu-west-1.amazonaws.com";
const PORTAL: &str = "portal.sso.eu-west-1.amazonaws.com";
/// Sign-in host of the console in the region of `dev`.
const SIGNIN: &str = "eu-central-1.signin.aws.amazon.com";

/// Creates a signed-in sandbox whose emulator serves the AWS hosts over TLS.
fn sandbox() -> Sandbox {
    let names = [OIDC, PORTAL, SIGNIN];
    let sandbox = Sandbox::with(Options {
        tls: true,
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    });
    sandbox.write_file(&authority(&sandbox), sandbox.emulator().ca_pem().as_bytes());
    sandbox.store_token(3600);
    sandbox
}

/// Path of the emulator's CA certificate.
fn authority(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join("ca.pem")
}

/// Prepares `sso console` with the emulator as its proxy.
fn console<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    over_tls(
        sandbox.sso(["console", "-p", "dev"]).args(arguments),
        sandbox,
    )
}

/// Sets the emulator as the proxy of a run.
fn over_tls<'w>(run: Run<'w>, sandbox: &Sandbox) -> Run<'w> {
    run.env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("AWS_CA_BUNDLE", authority(sandbox))
        .env("SSO_TIMEOUT", "20")
}

/// Writes a browser script that records its arguments in `words` and the command lines of all
/// processes in `processes`, then does the rest.
fn browser(sandbox: &Sandbox, name: &str, rest: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = sandbox.home().join(name);
    let home = sandbox.home().display();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{home}/words'\n\
         cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' ' ' > '{home}/processes'\n{rest}\n"
    );
    sandbox.write_file(&path, script.as_bytes());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Returns the end of a browser script, which opens the URL.
fn opening() -> String {
    format!("exec '{}' browse open \"$1\"", emulator_binary().display())
}

/// Waits until the browser script has written a file, and returns its content.
#[track_caller]
fn read(sandbox: &Sandbox, name: &str) -> String {
    let path = sandbox.home().join(name);
    let mut text = String::new();
    wait_until(name, || {
        text = std::fs::read_to_string(&path).unwrap_or_default();
        !text.is_empty()
    });
    text
}

/// Returns the console operations in the order of their requests.
fn operations(sandbox: &Sandbox) -> Vec<String> {
    let log = sandbox.server().log();
    let names = log.into_iter().map(|entry| entry.operation);
    names
        .filter(|name| name.starts_with("Console") || name == "GetSigninToken")
        .collect()
}

#[track_caller]
/// Waits for a request and its response: the log has the request first, with status 0.
fn wait_for(sandbox: &Sandbox, operation: &str) {
    let arrived = sandbox.server().wait_for(operation, 1, WAIT_LIMIT);
    assert!(arrived, "no {operation}: {:?}", operations(sandbox));
    wait_until("the response", || {
        let requests = sandbox.server().requests(operation);
        requests.iter().all(|request| request.status != 0)
    });
}

#[test]
fn the_portal_link_is_one_argument_of_the_browser_and_costs_no_request() {
    let sandbox = Sandbox::new();
    let browser = browser(&sandbox, "browser", "");
    let run = sandbox.sso(["console", "-p", "dev", "-d", "s3"]);
    let outcome = run.env("BROWSER", &browser).run().expect(0);
    assert_eq!(
        outcome.stderr,
        "sso: opening the console of dev (111122223333 AdministratorAccess, eu-central-1)\n"
    );
    assert_eq!(
        read(&sandbox, "words"),
        "https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=\
         AdministratorAccess&destination=https%3A%2F%2Feu-central-1.console.aws.amazon.com%2Fs3\
         %2Fhome%3Fregion%3Deu-central-1\n"
    );
    assert!(sandbox.server().log().is_empty());
}

#[test]
fn a_sign_in_token_reaches_the_browser_once_and_no_process_list() {
    let sandbox = sandbox();
    let browser = browser(&sandbox, "browser", &opening());
    let run = console(&sandbox, &["--federate", "--duration", "1h30m", "-d", "s3"]);
    run.env("BROWSER", &browser).run().expect(0);
    wait_for(&sandbox, "ConsoleLogin");
    let words = read(&sandbox, "words");
    assert!(words.starts_with("http://127.0.0.1:"), "{words}");
    for seen in [words.as_str(), &read(&sandbox, "processes")] {
        assert!(
            !seen.contains("SigninToken") && !seen.contains("SIGNIN"),
            "{seen}"
        );
    }
    // The listener is closed after the first request.
    let port = words
        .trim()
        .split(['/', ':'])
        .nth(4)
        .unwrap()
        .parse::<u16>();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port.unwrap())).is_err());

    let [asked] = sandbox
        .server()
        .requests("GetSigninToken")
        .try_into()
        .unwrap();
    assert_eq!(asked.header("host"), Some(SIGNIN));
    assert!(!asked.path.contains('?'), "{}", asked.path);
    let body = &asked.body;
    assert!(body.contains("&SessionDuration=5400&"), "{body}");
    let [login] = sandbox
        .server()
        .requests("ConsoleLogin")
        .try_into()
        .unwrap();
    assert_eq!((login.header("host"), login.status), (Some(SIGNIN), 200));
    assert_eq!(login.header("referer"), None);
    // The role credentials are cached, as by any other command.
    assert_eq!(sandbox.files(".aws/cli/cache").len(), 1);
}

#[test]
fn logout_first_ends_the_old_console_session() {
    let sandbox = sandbox();
    let browser = browser(&sandbox, "browser", &opening());
    let run = console(&sandbox, &["--federate", "--logout-first"]);
    run.env("BROWSER", &browser).run().expect(0);
    wait_for(&sandbox, "ConsoleLogin");
    assert_eq!(
        operations(&sandbox),
        ["GetSigninToken", "ConsoleLogout", "ConsoleLogin"]
    );
}

const REFUSED: &str = "asked for the console's address and did not get it";

#[track_caller]
fn assert_refused(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    assert!(!answer.contains("Location"), "{answer}");
}

#[test]
fn another_user_faster_than_the_browser_gets_no_token() {
    if !has_root() {
        return;
    }
    let sandbox = sandbox();
    let (home, script) = (sandbox.home().display(), request_script(&sandbox));
    let rest = format!(
        "setpriv --reuid={OTHER_UID} --regid={OTHER_UID} --clear-groups bash '{}' \"$1\" \
         > '{home}/answer' 2>&1\n{}",
        script.display(),
        opening()
    );
    let browser = browser(&sandbox, "browser", &rest);
    let run = console(&sandbox, &["--federate"]);
    let outcome = run.env("BROWSER", &browser).run().expect(0);
    outcome.stderr_contains(REFUSED);
    assert_refused(&read(&sandbox, "answer"));
    wait_for(&sandbox, "ConsoleLogin");
}

#[test]
fn root_is_another_user() {
    if !has_root() {
        return;
    }
    let sandbox = sandbox();
    let browser = browser(&sandbox, "browser", "exec sleep 60");
    chown_home(&sandbox, OTHER_UID);
    let run = run_as_user(&sandbox, OTHER_UID, &["console", "-p", "dev", "--federate"]);
    let mut running = over_tls(run, &sandbox).env("BROWSER", &browser).start();
    let address = read(&sandbox, "words");
    assert_refused(&request_as_user(&sandbox, 0, address.trim()));
    running.wait_for_stderr(REFUSED);
    let answer = request_as_user(&sandbox, OTHER_UID, address.trim());
    assert!(answer.starts_with("HTTP/1.1 302 Found\r\n"), "{answer}");
    running.finish().expect(0);
}

#[test]
fn without_a_readable_socket_table_nobody_gets_the_token() {
    let sandbox = sandbox();
    let (home, script) = (sandbox.home().display(), request_script(&sandbox));
    let rest = format!("bash '{}' \"$1\" > '{home}/answer' 2>&1", script.display());
    let browser = browser(&sandbox, "browser", &rest);
    // More than sso once kept in memory, without the socket.
    let tables = sandbox.home().join("net");
    std::fs::create_dir(&tables).unwrap();
    let table = std::fs::File::create(tables.join("tcp")).unwrap();
    table.set_len(80 << 20).unwrap();
    let mounts = [(tables.as_path(), "/proc/self/net")];
    let Some(run) = run_with_mounts(&sandbox, &mounts, binary()) else {
        return;
    };
    let run = run.args(["console", "-p", "dev", "--federate"]);
    let mut running = over_tls(run, &sandbox).env("BROWSER", &browser).start();
    running.wait_for_stderr(REFUSED);
    assert_refused(&read(&sandbox, "answer"));
    running.signal(Signal::SIGTERM, false);
    running.finish().stderr_contains("--federate --print");
}

#[test]
fn other_requests_get_404_and_the_browser_still_gets_the_token() {
    let sandbox = sandbox();
    let home = sandbox.home().display();
    let rest = format!(
        "rest=${{1#http://}}; port=${{rest%%/*}}; port=${{port#*:}}\n\
         for line in 'GET / HTTP/1.1' \"HEAD /${{rest#*/}} HTTP/1.1\" \"POST /${{rest#*/}} HTTP/1.1\"; do\n\
         bash -c 'exec 3<> \"/dev/tcp/127.0.0.1/$0\"; printf \"%s\\r\\nHost: x\\r\\n\\r\\n\" \"$1\" >&3; head -n 1 <&3' \
         \"$port\" \"$line\" >> '{home}/answers'; done\n{}",
        opening()
    );
    let browser = browser(&sandbox, "browser", &rest);
    let run = console(&sandbox, &["--federate"]);
    run.env("BROWSER", &browser).run().expect(0);
    wait_for(&sandbox, "ConsoleLogin");
    let answers = read(&sandbox, "answers");
    assert_eq!(answers, "HTTP/1.1 404 Not Found\r\n".repeat(3));
}

#[test]
fn a_printed_federation_url_is_called_a_secret() {
    let sandbox = sandbox();
    let outcome = console(&sandbox, &["--federate", "--print"])
        .run()
        .expect(0);
    assert_eq!(
        outcome.stderr,
        "warning: this address is a secret: whoever opens it within 15 minutes is signed in\n"
    );
    let address = outcome.stdout.trim();
    let begin = format!(
        "https://{SIGNIN}/federation?Action=login&Issuer=https%3A%2F%2Fcorp.awsapps.com%2Fstart\
         &Destination=https%3A%2F%2Feu-central-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion\
         %3Deu-central-1&SigninToken=SIGNIN"
    );
    assert!(address.starts_with(&begin), "{address}");
    assert_eq!(outcome.stdout.lines().count(), 1);
    // The portal's link contains no secret.
    let outcome = console(&sandbox, &["--print"]).run().expect(0);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_failing_federation_endpoint_is_reported_without_a_secret() {
    let sandbox = sandbox();
    for (status, message) in [(400, "answered 400"), (503, "answered 503")] {
        sandbox.server().fault(Fault::on_operation(
            "GetSigninToken",
            Action::Reply {
                status,
                headers: Vec::new(),
                body: "<html>no</html>".to_owned(),
            },
        ));
        let outcome = console(&sandbox, &["--federate", "--print"])
            .run()
            .expect(1);
        outcome
            .stderr_contains("the console gives no sign-in token")
            .stderr_contains(message);
        sandbox.server().clear_faults();
    }
}

#[test]
fn credentials_are_not_sent_to_an_untrusted_certificate() {
    let sandbox = sandbox();
    let other = Emulator::start(Options {
        tls: true,
        tls_names: vec![SIGNIN.to_owned()],
        ..Options::default()
    });
    let other = other.unwrap();
    console(&sandbox, &["--print"]).run().expect(0);
    sandbox.sso(["env", "-p", "dev"]).run().expect(0);
    let run = console(&sandbox, &["--federate", "--print"]);
    let run = run.env("HTTPS_PROXY", other.url());
    run.run()
        .expect(1)
        .stderr_contains("nobody in the CA bundle");
    assert!(other.handle().requests("GetSigninToken").is_empty());
}

#[test]
fn browser_containers_and_profiles_are_separate_arguments() {
    let link = "https%3A%2F%2Fcorp.awsapps.com%2Fstart%2F%23%2Fconsole%3Faccount_id%3D111122223333\
                %26role_name%3DAdministratorAccess";
    let plain = "https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=\
                 AdministratorAccess";
    let container = format!("ext+container:name=a%20%26b%3B%24%28x%29&url={link}\n");
    for (program, options, words) in [
        ("firefox", ["--firefox-container", "a &b;$(x)"], container),
        (
            "firefox-esr",
            ["--browser-profile", "a b"],
            format!("-P\na b\n{plain}\n"),
        ),
        (
            "chromium",
            ["--browser-profile", "Profile 1"],
            format!("--profile-directory=Profile 1\n{plain}\n"),
        ),
    ] {
        let sandbox = Sandbox::new();
        let browser = browser(&sandbox, program, "");
        let run = sandbox.sso(["console", "-p", "dev"]).args(options);
        run.env("BROWSER", &browser).run().expect(0);
        assert_eq!(read(&sandbox, "words"), words, "{program}");
    }
}

#[test]
fn a_failing_browser_is_followed_by_the_next() {
    let sandbox = Sandbox::new();
    let failing = browser(&sandbox, "failing", "exit 3");
    let good = browser(&sandbox, "good", "");
    let list = |browsers: &[&Path]| {
        let names: Vec<_> = browsers.iter().map(|path| path.to_str().unwrap()).collect();
        names.join(":")
    };
    let run = |browsers: &[&Path]| {
        let run = sandbox.sso(["console", "-p", "dev"]);
        run.env("BROWSER", list(browsers)).run()
    };
    run(&[&failing, &good]).expect(0);
    run(&[&failing])
        .expect(1)
        .stderr_contains("no browser could be opened");
}
