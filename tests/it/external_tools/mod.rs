//! `sso` beside independent tools: moto, which verifies signatures, terraform, a real browser,
//! and aws-sso-util, which shares the cache.
//!
//! `cargo xtask setup` installs all but terraform, which is in no package registry.

mod aws_sso_util;
mod aws_sso_util_listing;
mod aws_sso_util_profiles;
mod check;
mod chromium;
mod device_flow_pages;
mod moto;
mod pkce_pages;
mod signatures;
mod terraform;
