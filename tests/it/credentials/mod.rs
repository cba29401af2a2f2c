//! The ways in which role credentials reach a program or a browser.

mod console;
mod env;
mod exec;
mod warm_call;
