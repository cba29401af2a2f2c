//! Stages, findings and exit codes of `sso check`. `flow::check` collects the data.

mod environment;
mod files;
mod finding;
pub mod hook_line;
mod profiles;
mod report;
mod stages;

pub use environment::{Shell, environment};
pub use files::{Fact, Holds, files};
pub use finding::{Finding, Severity, code_of, exit};
pub use profiles::{helper_lines, helpers, profiles};
pub use report::{Report, Stage, StageState, exit_code};
pub use stages::{Chosen, account, instance, listing, role, role_anywhere};
