//! Links and files that another user may have planted: root in a user's home follows no link of
//! that user, and nobody uses a cache file of a third user.

use std::os::unix::fs::{chown, lchown, symlink};
use std::path::{Path, PathBuf};

use crate::fixture::users::{OTHER_UID, chown_home, copy_binary_to_home, has_root, run_as_user};
use crate::fixture::{ACCOUNT, Outcome, ROLE, Run, Sandbox};

/// User id of neither the owner of the home nor root.
const THIRD_UID: u32 = 54_321;

const FETCH_DEV: [&str; 3] = ["credential-process", "-p", "dev"];
const CONFIGURE: [&str; 7] = ["configure", "one", "-a", ACCOUNT, "-r", "Added", "--yes"];

/// A directory of root outside the home.
struct Outside(PathBuf);

impl Outside {
    fn of(sandbox: &Sandbox) -> Outside {
        let path = sandbox.home().with_extension("outside");
        std::fs::create_dir(&path).unwrap();
        Outside(path)
    }

    /// Moves a file or directory of the home here, and links to it.
    fn take(&self, sandbox: &Sandbox, name: &str) -> PathBuf {
        let link = sandbox.home().join(name);
        let moved = self.0.join(link.file_name().unwrap());
        std::fs::rename(&link, &moved).unwrap();
        symlink(&moved, &link).unwrap();
        moved
    }

    /// Returns the names in the directory.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Asserts that root refused to follow the link.
#[track_caller]
fn assert_refused(outcome: Outcome) {
    assert_ne!(outcome.code, 0, "{outcome:#?}");
    assert_eq!(outcome.stdout, "");
    outcome.stderr_contains("root follows no link of another user");
}

#[test]
fn root_edits_no_configuration_through_a_link_of_a_user() {
    if !has_root() {
        return;
    }
    // A link that root has made in the home counts as the user's, who could have moved it there.
    for owner_of_link in [OTHER_UID, 0] {
        for linked in [".aws/config", ".aws"] {
            let sandbox = Sandbox::new();
            sandbox.store_token(3600);
            let outside = Outside::of(&sandbox);
            let moved = outside.take(&sandbox, linked);
            chown_home(&sandbox, OTHER_UID);
            lchown(sandbox.home().join(linked), Some(owner_of_link), None).unwrap();
            let config = if moved.is_dir() {
                moved.join("config")
            } else {
                moved
            };
            let before = std::fs::read(&config).unwrap();
            let names = outside.names();
            for line in [
                CONFIGURE.as_slice(),
                &["configure", "--migrate", "--yes"],
                &["populate", "-s", "corp"],
                &["populate", "-s", "corp", "--dry-run"],
                &FETCH_DEV,
                &["status"],
            ] {
                assert_refused(sandbox.sso(line).run());
            }
            let options = ["--start-url", "https://x.awsapps.com/start", "--sso-region"];
            let run = sandbox.sso(CONFIGURE).args(options).arg("eu-west-1");
            assert_refused(run.run());
            assert_eq!(std::fs::read(&config).unwrap(), before);
            assert_eq!(outside.names(), names);
        }
    }
}

#[test]
fn root_edits_no_startup_file_through_a_link_of_a_user() {
    if !has_root() {
        return;
    }
    for (shell, name) in [
        ("bash", ".bashrc"),
        ("zsh", ".zshrc"),
        ("fish", ".config/fish/config.fish"),
        ("fish", ".config/fish"),
    ] {
        let sandbox = Sandbox::new();
        let outside = Outside::of(&sandbox);
        let file = sandbox.home().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        match name {
            ".config/fish" => std::fs::create_dir(&file).unwrap(),
            _ => std::fs::write(&file, "# of root\n").unwrap(),
        }
        outside.take(&sandbox, name);
        chown_home(&sandbox, OTHER_UID);
        let names = outside.names();
        assert_refused_setup(sandbox.sso(["setup", "--shell", shell]).run());
        assert_eq!(outside.names(), names);
        for name in names {
            let path = outside.0.join(name);
            assert!(path.is_dir() || std::fs::read(&path).unwrap() == b"# of root\n");
            assert!(path.is_file() || std::fs::read_dir(&path).unwrap().next().is_none());
        }
    }
}

/// Asserts that `setup` refused to follow the link. It prints other progress.
#[track_caller]
fn assert_refused_setup(outcome: Outcome) {
    assert_ne!(outcome.code, 0, "{outcome:#?}");
    outcome.stderr_contains("root follows no link of another user");
}

#[test]
fn root_reads_no_cache_file_through_a_link_of_a_user() {
    if !has_root() {
        return;
    }
    let linked = |sandbox: &Sandbox, path: PathBuf| {
        let name = path
            .strip_prefix(sandbox.home())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let outside = Outside::of(sandbox);
        outside.take(sandbox, &name);
        chown_home(sandbox, OTHER_UID);
        outside
    };
    // Root's own token would be sent to an endpoint that the user has configured.
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let outside = linked(&sandbox, sandbox.token_path("corp"));
    assert_refused(sandbox.credential_process().run());
    assert_refused(sandbox.sso(["roles"]).run());
    assert_eq!(sandbox.server().count(""), 0);
    sandbox.sso(["logout"]).run();
    assert_eq!(outside.names().len(), 1);
    // Root's own credentials would be printed.
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let outside = linked(&sandbox, sandbox.role_path("corp", ACCOUNT, ROLE));
    let outcome = sandbox.credential_process().run();
    assert!(
        !outcome.stdout.contains("ASIAWRITTENBYATEST"),
        "{outcome:#?}"
    );
    assert_eq!(outside.names().len(), 1);
}

#[test]
fn root_follows_its_own_links() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    let outside = Outside::of(&sandbox);
    outside.take(&sandbox, ".aws");
    sandbox.credential_process().run().expect(0);
    sandbox.sso(CONFIGURE).run().expect(0);
    assert!(outside.0.join(".aws/config.sso.bak").exists());
    // The home itself behind a link of root.
    let home = sandbox.home().with_extension("link");
    symlink(sandbox.home(), &home).unwrap();
    sandbox
        .credential_process()
        .env("HOME", &home)
        .run()
        .expect(0);
    std::fs::remove_file(&home).unwrap();
    // Under sudo, the files of the user are used.
    let sandbox = Sandbox::new();
    sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
    chown_home(&sandbox, OTHER_UID);
    sandbox.credential_process().run().expect(0);
    sandbox.sso(CONFIGURE).run().expect(0);
}

/// Prepares a run as the owner of the home, in whose caches a third user has planted something.
fn run_as_owner<'a>(sandbox: &'a Sandbox, line: &[&str]) -> Run<'a> {
    run_as_user(sandbox, OTHER_UID, line)
}

/// Gives the home to its owner and makes a file readable for everybody.
fn give_home(sandbox: &Sandbox, readable: &Path) {
    copy_binary_to_home(sandbox);
    chown_home(sandbox, OTHER_UID);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(readable, mode).unwrap();
}

#[test]
fn cache_files_of_a_third_user_are_not_used() {
    if !has_root() {
        return;
    }
    for (owner, is_used) in [(THIRD_UID, false), (0, true), (OTHER_UID, true)] {
        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        sandbox.write_role("corp", ACCOUNT, ROLE, 3600);
        let role = sandbox.role_path("corp", ACCOUNT, ROLE);
        give_home(&sandbox, &role);
        chown(&role, Some(owner), None).unwrap();
        let before = std::fs::read(&role).unwrap();
        let outcome = run_as_owner(&sandbox, &FETCH_DEV).run().expect(0);
        let has_planted = outcome.stdout.contains("ASIAWRITTENBYATEST");
        assert_eq!(has_planted, is_used, "{outcome:#?}");
        assert_eq!(
            outcome.stderr.lines().count(),
            usize::from(!is_used),
            "{outcome:#?}"
        );
        assert!(
            is_used || outcome.stderr.contains(role.to_str().unwrap()),
            "{outcome:#?}"
        );
        assert_eq!(std::fs::read(&role).unwrap(), before);

        let sandbox = Sandbox::new();
        sandbox.store_token(3600);
        let token = sandbox.token_path("corp");
        give_home(&sandbox, &token);
        chown(&token, Some(owner), None).unwrap();
        let outcome = run_as_owner(&sandbox, &FETCH_DEV).run();
        assert_eq!(outcome.code == 0, is_used, "{outcome:#?}");
        assert_eq!(
            sandbox.server().count("GetRoleCredentials"),
            u64::from(is_used)
        );
        if !is_used {
            let text = format!("{}: it belongs to user {owner}", token.display());
            outcome.stderr_contains(&text);
        }
    }
}

#[test]
fn nothing_is_written_or_read_through_a_link_of_a_third_user() {
    if !has_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    sandbox.write_role("corp", ACCOUNT, "Other", 3600);
    let other = sandbox.role_path("corp", ACCOUNT, "Other");
    let role = sandbox.role_path("corp", ACCOUNT, ROLE);
    symlink(&other, &role).unwrap();
    let precious = sandbox.home().join("precious");
    std::fs::write(&precious, "mine").unwrap();
    let inventory = sandbox.inventory_path();
    std::fs::create_dir_all(inventory.parent().unwrap()).unwrap();
    symlink(&precious, &inventory).unwrap();
    give_home(&sandbox, &other);
    for link in [&role, &inventory] {
        lchown(link, Some(THIRD_UID), None).unwrap();
    }
    let before = std::fs::read(&other).unwrap();
    let outcome = run_as_owner(&sandbox, &FETCH_DEV).run().expect(0);
    assert!(
        !outcome.stdout.contains("ASIAWRITTENBYATEST"),
        "{outcome:#?}"
    );
    outcome.stderr_contains(role.to_str().unwrap());
    let run = run_as_owner(&sandbox, &["roles", "--refresh"]);
    let outcome = run.run().expect(0);
    outcome.stderr_contains(&format!("is a link of user {THIRD_UID}"));
    assert_eq!(std::fs::read(&other).unwrap(), before);
    assert_eq!(std::fs::read(&precious).unwrap(), b"mine");
    // The user's own links are followed.
    lchown(&role, Some(OTHER_UID), None).unwrap();
    let outcome = run_as_owner(&sandbox, &FETCH_DEV).run().expect(0);
    assert!(
        outcome.stdout.contains("ASIAWRITTENBYATEST"),
        "{outcome:#?}"
    );
}
