//! Tests of the dialect: cases by hand, and properties against other readers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod cases;
mod editing;
mod generate;
mod oracles;
mod scanning;
