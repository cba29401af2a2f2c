//! The shell hook: how it changes the environment of an interactive shell, and restores it.
//!
//! The shell carries one variable from prompt to prompt, [`HOOK_STATE`], which holds no secret:
//! what was set (of keys only a digest) and what was there before. Nothing is restored blindly: a
//! variable that no longer has the value that the hook set belongs to the user.
//!
//! [`HOOK_STATE`]: crate::domain::role::environment_variables::HOOK_STATE

pub mod credentials_plan;
pub mod decide;
pub mod env_managers;
pub mod environment;
pub mod message;
pub mod protect;
pub mod state;
