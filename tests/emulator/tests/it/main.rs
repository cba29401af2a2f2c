//! Tests of the emulator over HTTP, with a separate HTTP client.
//!
//! `tests/it` of the workspace tests the product against the emulator.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod control_endpoint;
#[cfg(test)]
mod device_flow;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod http;
#[cfg(test)]
mod http_client;
#[cfg(test)]
mod pkce;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod request_validation;
#[cfg(test)]
mod sts_and_console;
