//! What the tests have seen of other programs, for the table in COMPATIBILITY.md.
//!
//! A test records at its end, so that nothing is recorded of a test that failed. Each thing
//! seen is a small file in `target/compatibility`; `cargo xtask compat` makes the table of
//! them, and knows the reasons for what cannot be seen.

use std::path::Path;

use serde_json::{Value, json};

/// A line of the table: something that a program and `sso` do with each other. Its words
/// are in `xtask/src/compat/lines.rs`.
#[derive(Clone, Copy, Debug)]
pub enum Direction {
    /// It uses a sign-in by `sso` to a session.
    ReadsToken,
    /// It uses a sign-in by `sso` of a profile without a session.
    ReadsLegacyToken,
    /// `sso` uses a sign-in by it.
    SignsIn,
    /// It refreshes, and `sso` goes on with what it wrote.
    Refreshes,
    /// `sso` refreshes, and it goes on.
    AfterRefresh,
    /// Each finds the role credentials that the other has stored.
    SharesRoles,
    /// A sign-out by either holds for both.
    SignsOut,
    /// It calls `sso` as a `credential_process`.
    CredentialProcess,
    /// Its user reads what `sso` has to say when that fails.
    ShowsErrors,
    /// It finds its credentials inside `sso exec`.
    Exec,
    /// It finds its credentials in a shell that has run `eval "$(sso env)"`.
    Env,
    /// It takes the endpoints from the `services` section that `sso` takes them from.
    ServicesSection,
}

/// A program did this.
pub fn record(client: &str, version: &str, direction: Direction) {
    let direction = format!("{direction:?}");
    let value = json!({ "client": client, "version": version, "direction": direction });
    write(client, &direction, &value);
}

/// A program did something that the table has no line for. The words follow its name in the
/// list below the table.
pub fn record_also(client: &str, version: &str, what: &str) {
    let value = json!({ "client": client, "version": version, "also": what });
    write(client, what, &value);
}

/// A program is not on this computer: what the table says of it stays as it is. `programs`
/// calls this for what it does not find, so a test uses one name for both.
pub fn absent(client: &str) {
    write(
        client,
        "absent",
        &json!({ "client": client, "absent": true }),
    );
}

fn write(client: &str, what: &str, value: &Value) {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = format!("{client} {what}").chars().map(plain).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/compatibility");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name + ".json"), format!("{value}\n")).unwrap();
}
