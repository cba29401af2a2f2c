//! Network rules: endpoints, proxies, signatures, failures and retries.

pub mod classify;
pub mod endpoint;
pub mod failure;
pub mod partition;
pub mod proxy;
pub mod retry;
pub mod sigv4;
pub mod sts;
pub mod url;
