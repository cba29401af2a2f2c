//! Cache files that are broken, half-written, not regular files, or of other tools.

use nix::sys::stat::Mode;
use serde_json::json;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{FETCH, REFRESH};
use crate::fixture::programs::has_required;
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox, binary};

const NESTED: usize = 100_000;

/// Name of a defect, and a function that creates it at the path of a cache file.
type Breakage = (&'static str, fn(&Path));

const BREAKAGES: [Breakage; 10] = [
    ("empty", |path| std::fs::write(path, "").unwrap()),
    ("half-written", |path| {
        std::fs::write(path, r#"{"startUrl": "https://co"#).unwrap();
    }),
    ("not JSON", |path| {
        std::fs::write(path, [0xff, 0, 7]).unwrap()
    }),
    ("not an object", |path| {
        std::fs::write(path, "[1, 2]").unwrap()
    }),
    ("without members", |path| {
        std::fs::write(path, "{}").unwrap()
    }),
    ("nested", |path| {
        std::fs::write(path, "[".repeat(NESTED) + &"]".repeat(NESTED)).unwrap();
    }),
    ("huge", |path| {
        let file = std::fs::File::create(path).unwrap();
        file.set_len(100 << 20).unwrap();
    }),
    ("a FIFO", |path| {
        nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
    }),
    ("a socket", |path| {
        drop(std::os::unix::net::UnixListener::bind(path).unwrap())
    }),
    ("a dangling link", |path| symlink("nowhere", path).unwrap()),
];

fn replace(path: &Path, breakage: fn(&Path)) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = std::fs::remove_file(path);
    breakage(path);
}

#[test]
fn a_broken_token_file_is_named_and_replaced_by_a_sign_in() {
    for (name, breakage) in BREAKAGES {
        let sandbox = Sandbox::new();
        let path = sandbox.token_path("corp");
        replace(&path, breakage);
        let outcome = sandbox.credential_process().run().expect(4);
        let outcome = outcome.stderr_contains("hint: sso login corp");
        if name != "a dangling link" {
            outcome.stderr_contains(path.to_str().unwrap());
        }
        sandbox.sso(["status", "-q"]).run().expect(4);
        sandbox.sign_in();
        sandbox.credential_process().run().expect(0);
        sandbox.assert_cache_is_valid();
    }
}

#[test]
fn a_broken_role_file_is_fetched_again() {
    for (name, breakage) in BREAKAGES {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        replace(&sandbox.role_path("corp", ACCOUNT, ROLE), breakage);
        sandbox.credential_process().run().expect(0);
        sandbox.credential_process().run().expect(0);
        assert_eq!(sandbox.server().count(FETCH), 1, "{name}");
        sandbox.assert_cache_is_valid();
    }
}

#[test]
fn a_broken_registration_is_replaced() {
    let sandbox = Sandbox::new();
    sandbox.sign_in();
    let token = sandbox.token_path("corp");
    let is_registration =
        |path: &PathBuf| *path != token && path.extension().is_some_and(|ext| ext == "json");
    let files = sandbox.files(".aws/sso/cache").into_iter();
    let registrations: Vec<PathBuf> = files
        .map(|(path, _)| path)
        .filter(is_registration)
        .collect();
    let [registration] = registrations.as_slice() else {
        panic!("{registrations:?}")
    };
    for (_, breakage) in BREAKAGES {
        replace(registration, breakage);
        let again = sandbox.sso(["login", "--force"]).approving_browser();
        again.run().expect(0);
        assert!(sandbox.read_json(registration)["clientId"].is_string());
    }
}

#[test]
fn a_directory_in_place_of_a_file_is_reported_before_a_sign_in() {
    let sandbox = Sandbox::new();
    let token = sandbox.token_path("corp");
    std::fs::create_dir_all(&token).unwrap();
    sandbox.credential_process().run().expect(4);
    let login = sandbox.sso(["login"]).approving_browser();
    login
        .run()
        .expect(1)
        .stderr_contains(token.to_str().unwrap());
    assert_eq!(sandbox.server().count("CreateToken"), 0);
    std::fs::remove_dir(&token).unwrap();

    sandbox.store_token(3600);
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    std::fs::create_dir_all(&role).unwrap();
    let outcome = sandbox.credential_process().run().expect(0);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains(role.to_str().unwrap());
    assert!(
        sandbox.temporary_files().is_empty(),
        "{:?}",
        sandbox.temporary_files()
    );
}

#[test]
fn a_lock_that_cannot_be_opened_is_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.store_token(-10);
    let token = sandbox.token_path("corp");
    let stem = token.file_stem().unwrap().to_str().unwrap();
    let lock = sandbox
        .home()
        .join(format!(".local/state/sso/lock/token-{stem}"));
    std::fs::create_dir_all(&lock).unwrap();
    let outcome = sandbox.credential_process().run().expect(0);
    outcome.stderr_contains("warning: a lock file in ");
    assert!(lock.is_dir());
}

#[test]
fn a_half_written_file_is_read_again() {
    if !has_required("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let path = sandbox.token_path("corp");
    let complete = std::fs::read(&path).unwrap();
    std::fs::write(&path, &complete[..complete.len() / 2]).unwrap();
    // Stopped at its first sleep, it has read the half and is about to read again.
    let fetch = Run::program(&sandbox, "env")
        .args(sandbox.strace_stop("clock_nanosleep"))
        .arg(binary())
        .args(["credential-process", "-p", "dev"])
        .start();
    sandbox.wait_until_stopped();
    std::fs::write(&path, &complete).unwrap();
    fetch.resume_traced();
    fetch.finish().expect(0);
}

#[test]
fn files_of_other_tools_are_not_changed() {
    let sandbox = Sandbox::new();
    let others = [
        (
            ".aws/sso/cache/kiro-auth-token.json",
            r#"{"accessToken":"k","refreshToken":"r","expiresAt":"2020-01-01T00:00:00Z"}"#,
        ),
        (
            ".aws/sso/cache/botocore-client-id-eu-west-1.json",
            r#"{"clientId":"c","clientSecret":"s","expiresAt":"2020-01-01T00:00:00Z"}"#,
        ),
        (".aws/sso/cache/array.json", "[]"),
        (".aws/sso/cache/half.tmp-123", "{"),
        (".aws/cli/cache/session.db", "SQLite"),
        (
            ".aws/cli/cache/0123456789012345678901234567890123456789.json",
            r#"{"Credentials":{"AccessKeyId":"A"},"AssumedRoleUser":{}}"#,
        ),
    ];
    for (path, text) in others {
        sandbox.write_file(&sandbox.home().join(path), text.as_bytes());
    }
    sandbox.store_token(-10);
    sandbox.credential_process().run().expect(0);
    let again = sandbox.sso(["login", "--force"]).approving_browser();
    again.run().expect(0);
    sandbox.credential_process().run().expect(0);
    sandbox.sso(["logout"]).run().expect(0);
    for (path, text) in others {
        let now = std::fs::read_to_string(sandbox.home().join(path)).unwrap();
        assert_eq!(now, text, "{path}");
    }
}

#[test]
fn a_role_file_of_another_provider_is_kept_with_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let path = sandbox.role_path("corp", ACCOUNT, ROLE);
    let foreign = json!({"ProviderType": "assume-role", "Credentials": {}}).to_string();
    sandbox.write_file(&path, foreign.as_bytes());
    let outcome = sandbox.credential_process().run().expect(0);
    outcome
        .stderr_contains("warning: ")
        .stderr_contains("not stored");
    sandbox.sso(["logout"]).run().expect(0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), foreign);
}

#[test]
fn symbolic_links_to_directories_and_files_are_kept() {
    let sandbox = Sandbox::new();
    let real = sandbox.home().join("elsewhere");
    let (sso, cli) = (real.join("sso"), real.join("cli"));
    for directory in [&sso, &cli] {
        std::fs::create_dir_all(directory).unwrap();
    }
    std::fs::create_dir_all(sandbox.home().join(".aws/sso")).unwrap();
    std::fs::create_dir_all(sandbox.home().join(".aws/cli")).unwrap();
    let links = [
        (sandbox.home().join(".aws/sso/cache"), sso.clone()),
        (sandbox.home().join(".aws/cli/cache"), cli.clone()),
    ];
    for (link, target) in &links {
        symlink(target, link).unwrap();
    }
    // The files are links as well, into a third directory.
    let store = real.join("store");
    std::fs::create_dir_all(&store).unwrap();
    sandbox.store_token(-10);
    let token = sandbox.token_path("corp");
    std::fs::rename(&token, store.join("token")).unwrap();
    symlink(store.join("token"), &token).unwrap();
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    symlink("../store/role", &role).unwrap();

    sandbox.credential_process().run().expect(0);
    sandbox.credential_process().run().expect(0);
    assert_eq!(sandbox.server().count(REFRESH), 1);
    assert_eq!(sandbox.server().count(FETCH), 1);
    sandbox
        .sso(["login", "--force"])
        .approving_browser()
        .run()
        .expect(0);
    sandbox.credential_process().run().expect(0);
    let is_link = |path: &Path| std::fs::symlink_metadata(path).unwrap().is_symlink();
    for path in [&links[0].0, &links[1].0, &token, &role] {
        assert!(is_link(path), "{} is not a link any more", path.display());
    }
    assert_eq!(std::fs::read_dir(&store).unwrap().count(), 2);
    // A sign-out removes the targets of the links too.
    sandbox.sso(["logout"]).run().expect(0);
    assert_eq!(std::fs::read_dir(&store).unwrap().count(), 0);
    sandbox.sso(["status", "-q"]).run().expect(4);
}
