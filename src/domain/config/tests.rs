//! Tests of the dialect: single cases, and properties that compare the readers with others.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod cases;
mod editing;
mod generate;
mod oracles;
mod scanning;
