//! The accounts and roles that a session may use: paging, rate limit, storing and filtering.

pub mod inventory;
pub mod inventory_file;
pub mod pagination;
pub mod pattern;
pub mod rate_limit;
pub mod role_selection;
