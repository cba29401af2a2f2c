//! How services are reached and how their answers are read: endpoints, proxies, signatures,
//! failures.

pub mod classify;
pub mod endpoint;
pub mod failure;
pub mod partition;
pub mod proxy;
pub mod sigv4;
pub mod sts;
pub mod url;
