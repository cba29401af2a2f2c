//! A session with IAM Identity Center: its definition, its token, and signing in.

pub mod auth_error;
pub mod callback_page;
pub mod definition;
pub mod login_flow;
pub mod oauth;
pub mod refresh_policy;
pub mod registration;
pub mod start_url;
pub mod state;
pub mod token;
