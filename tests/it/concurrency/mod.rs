//! Several processes that use one session at the same time.

mod mixed_operations;
mod parallel_callers;
mod stopped_processes;
