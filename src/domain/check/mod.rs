//! Stages, findings and exit codes of `sso check`. `flow::check` collects the data.

mod configuration;
mod environment;
mod files;
mod finding;
pub mod hook_line;
mod profiles;
mod report;
mod stages;
mod token;

pub use configuration::{invalid_region, no_instance, no_profile, no_role};
pub use environment::{Shell, environment, protect_patterns};
pub use files::{Fact, Holds, files};
pub use finding::{Finding, Severity, exit};
pub use profiles::{helpers, profiles};
pub use report::{Stage, StageReport, StageState, exit_code};
pub use stages::{
    account, clock, credentials, identity, incomplete_listing, label, refused, role, role_anywhere,
};
pub use token::{TokenCheck, not_refreshed, token};
