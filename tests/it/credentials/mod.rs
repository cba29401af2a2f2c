//! Delivery of role credentials to programs, shells and browsers.

mod console;
mod env;
mod exec;
mod warm_call;
