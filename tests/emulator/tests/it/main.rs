//! The emulator seen from outside: over the wire, with a client of its own.
//!
//! What the product makes of it is tested elsewhere.

#[cfg(test)]
mod beyond;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod client;
#[cfg(test)]
mod control;
#[cfg(test)]
mod device;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod load;
#[cfg(test)]
mod pkce;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod strict;
#[cfg(test)]
mod wire;
