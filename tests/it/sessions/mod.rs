//! Sign-in, refresh and sign-out of a session.

mod lifecycle;
pub mod login;
mod logout;
