//! Pure rules: no clock, file, socket, thread or environment; those come in as arguments.

pub mod answer;
pub mod cache_key;
pub mod config;
pub mod credentials;
pub mod endpoint;
pub mod failure;
pub mod index;
pub mod instances;
pub mod json;
pub mod method;
pub mod network;
pub mod oauth;
pub mod page;
pub mod profile;
pub mod registration;
pub mod request;
pub mod resolve;
pub mod secret;
pub mod session;
pub mod target;
pub mod text;
pub mod time;
pub mod token;
pub mod variables;
pub mod verdict;
pub mod view;
