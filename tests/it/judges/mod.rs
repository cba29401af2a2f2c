//! Judges of what `sso` hands out and shows, whom nobody here wrote: moto, which verifies
//! signatures, terraform, a real browser, and a neighbour in the cache.
//!
//! `cargo xtask setup` installs all but terraform, which no package registry has.

mod checks;
mod chromium;
mod device_page;
mod moto;
mod names;
mod neighbour;
mod pages;
mod signatures;
mod terraform;
