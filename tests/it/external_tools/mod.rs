//! Judges of what `sso` hands out and shows, whom nobody here wrote: moto, which verifies
//! signatures, terraform, a real browser, and a neighbour in the cache.
//!
//! `cargo xtask setup` installs all but terraform, which no package registry has.

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
