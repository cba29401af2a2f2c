//! Credentials for AWS IAM Identity Center. (The map is written when the house stands.)

pub mod aws;
pub mod cli;
pub mod context;
pub mod domain;
pub mod error;
pub mod flow;
pub mod os;
