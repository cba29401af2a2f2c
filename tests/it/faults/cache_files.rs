//! Cache files that are broken, half-written, no files at all, or somebody else's.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::sys::stat::Mode;
use serde_json::json;

use super::{FETCH, REFRESH};
use crate::fixture::{ACCOUNT, ROLE, Sandbox};

const NESTED: usize = 100_000;

/// Puts something where a cache file should be.
type Breakage = (&'static str, fn(&Path));

const BREAKAGES: [Breakage; 10] = [
    ("empty", |path| std::fs::write(path, "").unwrap()),
    ("half-written", |path| {
        std::fs::write(path, r#"{"startUrl": "https://co"#).unwrap();
    }),
    ("no JSON", |path| {
        std::fs::write(path, [0xff, 0, 7]).unwrap()
    }),
    ("no object", |path| std::fs::write(path, "[1, 2]").unwrap()),
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
fn a_broken_token_is_named_and_the_next_sign_in_replaces_it() {
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
fn a_broken_role_file_is_fetched_anew() {
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
fn a_broken_registration_is_made_anew() {
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
fn directories_in_the_place_of_files_are_named_before_anybody_signs_in() {
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
fn a_lock_that_cannot_be_opened_is_said_and_gone_on_without() {
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
fn a_half_written_file_is_given_a_moment() {
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let path = sandbox.token_path("corp");
    let whole = std::fs::read(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    for attempt in 0.. {
        assert!(attempt < 50, "this machine never kept the time");
        std::fs::write(&path, half).unwrap();
        let fetch = sandbox.credential_process().start();
        let begin = Instant::now();
        std::thread::sleep(Duration::from_millis(20));
        std::fs::write(&path, &whole).unwrap();
        let kept = begin.elapsed() < Duration::from_millis(30);
        let outcome = fetch.finish();
        // A machine that was busy elsewhere has written too late, which proves nothing.
        if kept {
            outcome.expect(0);
            break;
        }
    }
}

#[test]
fn other_tools_files_are_not_touched() {
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
fn another_providers_file_under_our_name_is_left_alone_and_said() {
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
fn linked_directories_and_linked_files_stay_links() {
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
    // The files are links once more, into a third directory.
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
        assert!(is_link(path), "{} is no link any more", path.display());
    }
    assert_eq!(std::fs::read_dir(&store).unwrap().count(), 2);
    // A sign-out takes away what the links point to, not only the links.
    sandbox.sso(["logout"]).run().expect(0);
    assert_eq!(std::fs::read_dir(&store).unwrap().count(), 0);
    sandbox.sso(["status", "-q"]).run().expect(4);
}
